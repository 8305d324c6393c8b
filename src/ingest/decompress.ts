/**
 * gzip (RFC 1952) and zstd (RFC 8878) as streams of bytes, member after member and frame after frame.
 *
 *   ByteReader ──header──▶ one raw stream ──▶ chunks ──trailer: length, checksum──▶ next member …
 *
 * Why not zlib's own gunzip stream: when a file is cut off, damaged or has something behind its end, that one drops
 * text it had already decompressed, and its zstd stream stops silently after the first frame. Here everything before
 * the damage comes out, and then a `DamagedError` says what is wrong.
 */
import { crc32, createInflateRaw, createZstdDecompress, type InflateRaw, type ZstdDecompress } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';

/** Bytes of text made at once, which bounds what a damaged block can take with it. */
const TEXT_CHUNK_BYTES = 256 * 1024;
/** Longest name, comment or extra field of a gzip header; real ones are file names. */
const MOST_HEADER_BYTES = 64 * 1024;

/** `bytesWritten` of such a stream counts the bytes that it used, not those it was given. */
type RawStream = InflateRaw | ZstdDecompress;

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

export class DamagedError extends Error {}

export function isGzip(start: Buffer): boolean {
  return start.subarray(0, 3).equals(GZIP_MAGIC);
}

/** A frame, or one of the skippable frames that parallel compressors put first. */
export function isZstd(start: Buffer): boolean {
  return start.subarray(0, 4).equals(ZSTD_MAGIC) || isSkippable(start);
}

/**
 * Decompresses every member of a gzip stream; zeros behind the last one are padding.
 * @throws {DamagedError} after everything that stands before the damage was given.
 */
export async function* gunzip(reader: ByteReader): AsyncGenerator<Buffer> {
  while (await anotherStarts(reader, isGzip, 'gzip')) {
    await skipGzipHeader(reader);
    let checksum = 0;
    let length = 0;
    for await (const chunk of inflateOne(reader, createInflateRaw({ chunkSize: TEXT_CHUNK_BYTES }), 'gzip')) {
      checksum = crc32(chunk, checksum);
      length = (length + chunk.length) % 2 ** 32;
      yield chunk;
    }
    const trailer = await reader.take(8);
    if (trailer === undefined) throw new DamagedError('its gzip data ends too early');
    if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== length) {
      throw new DamagedError('its gzip checksum does not fit the text');
    }
  }
}

/**
 * Decompresses every frame of a zstd stream.
 * @throws {DamagedError} after everything that stands before the damage was given.
 */
export async function* unzstd(reader: ByteReader): AsyncGenerator<Buffer> {
  while (await anotherStarts(reader, isZstd, 'zstd')) {
    if (isSkippable(await reader.peek(4))) await skipZstdFrame(reader);
    else yield* inflateOne(reader, createZstdDecompress({ chunkSize: TEXT_CHUNK_BYTES }), 'zstd');
  }
}

async function anotherStarts(reader: ByteReader, isStart: (start: Buffer) => boolean, kind: string): Promise<boolean> {
  const start = await reader.peek(4);
  if (start.length === 0) return false;
  if (isStart(start)) return true;
  if (start.every((byte) => byte === 0)) {
    for await (const chunk of reader.chunks()) if (chunk.some((byte) => byte !== 0)) throw trailing(kind);
    return false;
  }
  throw trailing(kind);
}

function trailing(kind: string): DamagedError {
  return new DamagedError(`something that is no ${kind} data follows its text`);
}

/** Runs one raw stream to its own end, and gives the reader back what lies behind that. */
async function* inflateOne(reader: ByteReader, stage: RawStream, kind: string): AsyncGenerator<Buffer> {
  const fed = { bytes: 0, last: Buffer.alloc(0) as Buffer };
  const closed = new Promise<void>((resolve) => stage.once('close', resolve));
  let failure: unknown;
  const feeding = feed(reader, stage, closed, fed).catch((error) => {
    failure = error;
    stage.destroy();
  });
  try {
    for await (const chunk of stage) yield chunk as Buffer;
  } catch (error) {
    // A stream that fails keeps what it had already made: `read` still gives it.
    for (let chunk = stage.read(); chunk !== null; chunk = stage.read()) yield chunk as Buffer;
    failure ??= error;
  } finally {
    stage.destroy();
    await feeding;
  }
  if (failure !== undefined) throw asDamage(failure, kind);
  const unused = fed.bytes - stage.bytesWritten;
  if (unused > 0) reader.unread(fed.last.subarray(fed.last.length - unused));
}

/** Feeds one chunk at a time, so that only the last one can be unused when the stream has found its end. */
async function feed(
  reader: ByteReader,
  stage: RawStream,
  closed: Promise<void>,
  fed: { bytes: number; last: Buffer },
): Promise<void> {
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
    fed.bytes += chunk.length;
    fed.last = chunk;
    await Promise.race([closed, new Promise<void>((resolve) => stage.write(chunk, () => resolve()))]);
    if (stage.destroyed || stage.bytesWritten < fed.bytes) return;
  }
  stage.end();
}

function asDamage(error: unknown, kind: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return new DamagedError(`its ${kind} data ends too early`);
  if (code === 'ZSTD_error_prefix_unknown') return trailing(kind);
  if (code.startsWith('Z_') || code.startsWith('ZSTD_')) return new DamagedError(`its ${kind} data is not valid`);
  return error;
}

async function skipGzipHeader(reader: ByteReader): Promise<void> {
  const header = await taken(reader, 10);
  const flags = header[3] as number;
  if ((flags & 0x04) !== 0) await taken(reader, (await taken(reader, 2)).readUInt16LE(0));
  if ((flags & 0x08) !== 0) await skipText(reader);
  if ((flags & 0x10) !== 0) await skipText(reader);
  if ((flags & 0x02) !== 0) await taken(reader, 2);
}

async function taken(reader: ByteReader, size: number): Promise<Buffer> {
  const bytes = await reader.take(size);
  if (bytes === undefined) throw new DamagedError('its gzip data ends too early');
  return bytes;
}

async function skipText(reader: ByteReader): Promise<void> {
  for (let length = 0; length < MOST_HEADER_BYTES; length += 1) if ((await taken(reader, 1))[0] === 0) return;
  throw new DamagedError('its gzip header is not valid');
}

function isSkippable(start: Buffer): boolean {
  return start.length >= 4 && start.readUInt32LE(0) >>> 4 === 0x184d2a5;
}

async function skipZstdFrame(reader: ByteReader): Promise<void> {
  const header = await reader.take(8);
  let left = header?.readUInt32LE(4) ?? -1;
  while (left > 0) {
    const chunk = await reader.next();
    if (chunk === undefined) break;
    if (chunk.length > left) reader.unread(chunk.subarray(left));
    left -= Math.min(left, chunk.length);
  }
  if (left !== 0) throw new DamagedError('its zstd data ends too early');
}
