/**
 * Tar archives of plain files (POSIX ustar, sizes beyond 8 GiB as GNU tar writes them), written and read as streams.
 *
 *   files ──writeTar──▶ bytes ──readTar──▶ name, size and bytes of each file
 *
 * Only what a backup needs: regular files with relative names of at most 255 bytes. Reading takes nothing else, so that an
 * archive of somebody else's making cannot reach outside of the folder that it is unpacked into.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const BLOCK = 512;
/** Octal digits hold no more in eleven places. */
const MOST_OCTAL = 8 ** 11 - 1;

export interface TarFile {
  readonly name: string;
  /** Its path, or its bytes. */
  readonly content: string | Buffer;
}

/** The archive cannot be read; the message says what is wrong with it. */
export class TarError extends Error {}

export async function* writeTar(files: AsyncIterable<TarFile>): AsyncGenerator<Buffer> {
  for await (const { name, content } of files) {
    const size = typeof content === 'string' ? (await stat(content)).size : content.length;
    yield headerOf(name, size);
    if (typeof content !== 'string') yield content;
    // What grows meanwhile is cut at the size that the header says.
    else if (size > 0) yield* createReadStream(content, { end: size - 1 }) as AsyncIterable<Buffer>;
    yield Buffer.alloc(padding(size));
  }
  yield Buffer.alloc(2 * BLOCK);
}

/**
 * The files in their order. `bytes` of each have to be read to their end before the next one is asked for.
 * @throws {TarError} for what is cut off, damaged, or more than plain files.
 */
export async function* readTar(
  archive: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly name: string; readonly size: number; readonly bytes: AsyncIterable<Buffer> }> {
  const reader = new BlockReader(archive);
  for (;;) {
    const header = await reader.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) {
      await reader.drain();
      return;
    }
    const { name, size } = readHeader(header);
    yield { name, size, bytes: reader.upTo(size) };
    await reader.exactly(padding(size));
  }
}

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const bytes = Buffer.from(name);
  // A name that is too long for its field is cut at a slash into a prefix and the rest.
  const cut = bytes.length <= 100 ? 0 : bytes.indexOf(0x2f, bytes.length - 101) + 1;
  if (cut > 156 || bytes.length - cut > 100) throw new TarError(`the name ${name} is too long for a backup`);
  bytes.copy(header, 0, cut);
  if (cut > 0) bytes.copy(header, 345, 0, cut - 1);
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  if (size <= MOST_OCTAL) header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else {
    header.writeUInt8(0x80, 124);
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.write(
    `${Math.floor(Date.now() / 1_000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  );
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function readHeader(header: Buffer): { readonly name: string; readonly size: number } {
  if (Number.parseInt(textAt(header, 148, 8), 8) !== checksumOf(header)) throw new TarError('it is no tar archive');
  const prefix = textAt(header, 345, 155);
  const name = `${prefix === '' ? '' : `${prefix}/`}${textAt(header, 0, 100)}`;
  const type = textAt(header, 156, 1);
  if (type !== '0' && type !== '') throw new TarError(`${name} in it is no plain file`);
  if (!isInside(name)) throw new TarError(`${JSON.stringify(name)} in it is no name inside a folder`);
  const isLarge = ((header[124] ?? 0) & 0x80) !== 0;
  const size = isLarge ? Number(header.readBigUInt64BE(128)) : Number.parseInt(textAt(header, 124, 12), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError(`the size of ${name} cannot be read`);
  return { name, size };
}

/** Relative, below where it begins, and of nothing that a terminal or a file system takes amiss. */
function isInside(name: string): boolean {
  const parts = name.split('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  return !/[\0-\x1f\x7f\\]/.test(name) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The header's bytes added up, its checksum field as spaces. */
function checksumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function textAt(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end).trim();
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

class BlockReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private left: Buffer = Buffer.alloc(0);

  constructor(archive: AsyncIterable<Buffer>) {
    this.chunks = archive[Symbol.asyncIterator]();
  }

  async exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.upTo(size)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** To the end, so that what stands wrong there is found. */
  async drain(): Promise<void> {
    while ((await this.chunks.next()).done !== true);
  }

  async *upTo(size: number): AsyncGenerator<Buffer> {
    for (let wanted = size; wanted > 0; ) {
      if (this.left.length === 0) {
        const next = await this.chunks.next();
        if (next.done === true) throw new TarError('it ends too early');
        this.left = next.value;
      }
      const part = this.left.subarray(0, wanted);
      this.left = this.left.subarray(part.length);
      wanted -= part.length;
      if (part.length > 0) yield part;
    }
  }
}
