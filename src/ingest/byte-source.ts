/**
 * The bytes of an input as text lines need them: opened, recognised, decompressed, as UTF-8.
 *
 *   file | standard input ──▶ first bytes ──▶ as they are | gzip | zstd ──▶ UTF-8 | UTF-16 made UTF-8 ──▶ chunks
 *
 * What an input is, its first bytes say, never its name. Memory is constant at any size and any compression ratio.
 * Input that turns out damaged gives all that stands before the damage, then throws an `InputError`.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { ByteReader } from './byte-reader.ts';
import { DamagedError, gunzip, isGzip, isZstd, unzstd } from './decompress.ts';

/** Measured on 300 MB of lines in the page cache: 256 KiB gives 0.8 GB/s, 1 MiB 2.3 to 3 GB/s, gzip and zstd about 1 GB/s of text at either. */
const CHUNK_BYTES = 1024 * 1024;

export const STANDARD_INPUT = '-';

/** An input that cannot be read, or not to its end. Thrown inside this room only; callers get the diagnostic. */
export class InputError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

export interface ByteSource {
  /** Decompressed bytes; a chunk is valid until the next one is asked for. Ends the source when left early. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Bytes taken from the file so far, as they lie there (compressed). */
  readonly read: () => number;
  /** Size of the file as it lies there; absent for pipes. */
  readonly total?: number;
}

/**
 * Opens a file, a named pipe, or standard input (`-`).
 * @throws {InputError} when it cannot be opened or is no text (an archive, a database).
 */
export async function openBytes(path: string, stdin: AsyncIterable<Uint8Array>): Promise<ByteSource> {
  if (path === STANDARD_INPUT) return await recognise(path, new ByteReader(asBuffers(stdin)));
  try {
    const handle = await open(path, 'r');
    const status = await handle.stat();
    return await recognise(path, new ByteReader(fileChunks(handle)), status.isFile() ? { total: status.size } : {});
  } catch (error) {
    throw asInputError(path, error);
  }
}

async function recognise(path: string, reader: ByteReader, total: { total?: number } = {}): Promise<ByteSource> {
  try {
    const first = await reader.peek(8);
    const other = NOT_TEXT.find(({ magic }) => first.subarray(0, magic.length).equals(magic));
    if (other !== undefined) throw notText(path, other);
    const raw = isGzip(first) ? gunzip(reader) : isZstd(first) ? unzstd(reader) : reader.chunks();
    return { chunks: guarded(path, asUtf8(raw), reader), read: () => reader.taken, ...total };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** By its first eight bytes: whether it is read as it lies there. */
export function isPlainText(first: Buffer): boolean {
  const isOther = NOT_TEXT.some(({ magic }) => first.subarray(0, magic.length).equals(magic));
  return !isOther && !isGzip(first) && !isZstd(first) && utf16In(first) === undefined;
}

async function* guarded(path: string, chunks: AsyncIterable<Buffer>, reader: ByteReader): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw error instanceof DamagedError ? damaged(path, error, reader.taken, bytes) : asInputError(path, error);
  } finally {
    await reader.close();
  }
}

/** UTF-16, as Windows tools export it, is known by its byte order mark. Offsets then count bytes of the UTF-8 form. */
async function* asUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new ByteReader(chunks);
  const encoding = utf16In(await reader.peek(2));
  if (encoding === undefined) yield* reader.chunks();
  else yield* decoded(reader.chunks(), encoding);
}

function utf16In([first, second]: Buffer): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function* fileChunks(handle: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function* asBuffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

interface OtherContent {
  readonly magic: Buffer;
  readonly name: string;
  readonly hint: string;
}

const NOT_TEXT: readonly OtherContent[] = [
  { magic: Buffer.from('PK\x03\x04'), name: 'a zip archive', hint: 'Unpack it, then name the files in it.' },
  {
    magic: Buffer.from('fd377a585a00', 'hex'),
    name: 'compressed with xz',
    hint: 'Pipe it in: `xz -dc FILE | vedette scan -`.',
  },
  { magic: Buffer.from('BZh'), name: 'compressed with bzip2', hint: 'Pipe it in: `bzip2 -dc FILE | vedette scan -`.' },
  { magic: Buffer.from('377abcaf271c', 'hex'), name: 'a 7-Zip archive', hint: 'Unpack it, then name the files in it.' },
  {
    magic: Buffer.from('ElfFile\0'),
    name: 'a binary Windows event log',
    hint: 'Export its events as JSON lines first.',
  },
  { magic: Buffer.from('PAR1'), name: 'a Parquet file', hint: 'Export its rows as JSON lines first.' },
  { magic: Buffer.from('SQLite f'), name: 'an SQLite database', hint: 'Export its rows as JSON lines first.' },
  { magic: Buffer.from('\x7fELF', 'latin1'), name: 'a program', hint: 'Name log files, or folders of them.' },
];

function notText(path: string, content: OtherContent): InputError {
  const message = `${path} is ${content.name}; Vedette reads lines of text, as they are or compressed with gzip or zstd.`;
  return new InputError(diagnose('ingest-not-text', 'error', message, NO_SPAN, content.hint));
}

function damaged(path: string, error: DamagedError, fileBytes: number, textBytes: number): InputError {
  const [at, before] = [fileBytes, textBytes].map((count) => count.toLocaleString('en-US'));
  const message = `${path} is damaged: ${error.message} (at byte ${at} of the file; ${before} bytes of text before that were read).`;
  return new InputError(diagnose('ingest-damaged', 'error', message));
}

/** What the system says, in words; an error that is none of the system's is a bug of ours and stays one. */
export function asInputError(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof InputError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InputError(diagnose('ingest-not-found', 'error', `There is no file or folder ${path}.`));
  }
  const reason = REASONS[code] ?? message;
  return new InputError(diagnose('ingest-unreadable', 'error', `${path} cannot be read: ${reason}.`));
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  EIO: 'the disk reported an error',
};
