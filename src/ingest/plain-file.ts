/**
 * Files whose bytes are their text: lines may be read from any place, by any thread.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { isPlainText } from './byte-source.ts';

export interface PlainFile {
  readonly descriptor: number;
  /** Bytes, when it was opened. */
  readonly size: number;
}

/** Long enough to tell what a file is. */
const START = 8;

/** @returns undefined where it is none, or cannot be opened; to be closed with `closePlain` */
export function openPlain(path: string): PlainFile | undefined {
  let descriptor: number | undefined;
  try {
    // A pipe would not open until somebody writes.
    if (!statSync(path).isFile()) return undefined;
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    const start = Buffer.alloc(START);
    const read = readSync(descriptor, start, 0, START, 0);
    if (isPlainText(start.subarray(0, read))) return { descriptor, size };
  } catch {
    // Who reads it as any other input tells why.
  }
  if (descriptor !== undefined) closeSync(descriptor);
  return undefined;
}

export function closePlain({ descriptor }: PlainFile): void {
  closeSync(descriptor);
}
