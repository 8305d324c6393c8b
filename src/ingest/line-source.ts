/**
 * Reads an input line by line, to its end.
 *
 *   path | `-` ──openBytes──▶ chunks ──LineSplitter──▶ onLine(line) … ──▶ what was read
 *
 * Lines are handed over synchronously, thousands for each chunk; between two chunks the reader waits for whoever
 * follows the progress, which is where a slow consumer holds it back.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { InputLine, Reject } from '../format/format.ts';
import { InputError, openBytes } from './byte-source.ts';
import { type LinePasser, LineSplitter } from './line-splitter.ts';

export interface ReadOptions {
  /** Lines that are too long to be read. */
  readonly onReject: (reject: Reject) => void;
  /** Called after each chunk; the next one is read when the promise is kept. */
  readonly onProgress?: (progress: ReadProgress) => Promise<void> | void;
  /** Ends the reading after the chunk at hand. */
  readonly signal?: AbortSignal;
  readonly maxLineBytes?: number;
  readonly passer?: LinePasser;
  /** What `-` reads; default the process's standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

export interface ReadProgress {
  /** Bytes of the file read, as they lie there (compressed). */
  readonly read: number;
  /** Size of the file as it lies there; absent for pipes. */
  readonly total?: number;
}

export interface ReadSummary {
  /** Bytes of text (decompressed). */
  readonly bytes: number;
  /** Lines met, those too long included. */
  readonly lines: number;
  /** Why the input could not be read, or not to its end. What stood before the damage was delivered. */
  readonly problem?: Diagnostic;
}

/** Reads a file, a named pipe or standard input (`-`): plain, gzip or zstd; UTF-8, or UTF-16 with a byte order mark. */
export async function readLines(
  path: string,
  onLine: (line: InputLine) => void,
  options: ReadOptions,
): Promise<ReadSummary> {
  const splitter = new LineSplitter({
    origin: (offset, line) => ({ path, offset, line }),
    onTooLong: options.onReject,
    passer: options.passer,
    ...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
  });
  const problem = await readChunks(
    path,
    (chunk) => {
      splitter.feed(chunk);
      for (let line = splitter.next(); line !== undefined; line = splitter.next()) onLine(line);
    },
    options,
  );
  if (options.signal?.aborted !== true) {
    const last = splitter.finish();
    if (last !== undefined) onLine(last);
  }
  const read = { bytes: splitter.end, lines: splitter.line - 1 };
  return problem === undefined ? read : { ...read, problem };
}

/**
 * Reads the same inputs for who splits them into lines elsewhere.
 * @param onChunk may keep the chunk until its promise is kept
 * @returns why the input could not be read, or not to its end
 */
export async function readChunks(
  path: string,
  onChunk: (chunk: Buffer) => Promise<void> | void,
  { onProgress, signal, stdin }: Pick<ReadOptions, 'onProgress' | 'signal' | 'stdin'>,
): Promise<Diagnostic | undefined> {
  try {
    const source = await openBytes(path, stdin ?? process.stdin);
    const total = source.total === undefined ? {} : { total: source.total };
    for await (const chunk of source.chunks) {
      const taken = onChunk(chunk);
      if (taken !== undefined) await taken;
      const wait = onProgress?.({ read: source.read(), ...total });
      if (wait !== undefined) await wait;
      if (signal?.aborted === true) return undefined;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostic;
  }
}
