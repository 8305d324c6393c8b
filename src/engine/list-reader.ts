/**
 * A value list's text, as it comes in: one value a line.
 *
 *   bytes, piece by piece ──lines──▶ readListValue ─┬─▶ values, each once, in order
 *                                                   └─▶ refused, with line and reason
 *
 * Values are handed on sorted, because a store that keeps them in order writes a million sorted values to neighbouring
 * pages, and a million unsorted ones all over its file (2 s and 40 MB against 36 s and 4 GB).
 */
import type { ValueListType } from '../detect/exception.ts';
import { MOST_VALUES, readListValue } from '../detect/exceptions/value-list.ts';
import { VALUES_AT_ONCE } from './exception-change.ts';

export type ListText = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface ReadList {
  /** Values in all slices. */
  readonly count: number;
  /** Stood more than once. */
  readonly repeated: number;
  /** The first of those refused. */
  readonly refused: readonly RefusedValue[];
  readonly refusedInAll: number;
  /** Each value once, in order; to be read once. */
  readonly slices: AsyncIterable<readonly string[]> | Iterable<readonly string[]>;
}

export interface RefusedValue {
  /** From 1. */
  readonly line: number;
  readonly value: string;
  readonly message: string;
}

const MOST_REFUSED_SHOWN = 100;
const LONGEST_SHOWN = 200;

/** Bytes of a text of values that are read at most: five million lines of a usual length. */
const LARGEST_TEXT = 256 * 1024 * 1024;
/** Blank and repeated ones count too. */
const MOST_LINES = 10_000_000;
/** A longer line is refused by its beginning alone. */
const LONGEST_LINE = 16_384;
/** Bytes looked through at once. */
const PIECE = 1024 * 1024;

/** A list, or what is to be added to it, is larger than any is. */
export class ListTooLarge extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'ListTooLarge';
    this.hint = hint;
  }
}

/** Reads a whole text in this thread. @throws {ListTooLarge} */
export async function readList(type: ValueListType, text: ListText): Promise<ReadList> {
  const reader = new ListReader(type);
  for await (const piece of text) reader.push(piece);
  return reader.finish();
}

class ListReader {
  private readonly type: ValueListType;
  private readonly values = new Set<string>();
  private readonly refused: RefusedValue[] = [];
  private readonly decoder = new TextDecoder();
  private rest = '';
  private bytes = 0;
  private line = 0;
  private repeated = 0;
  private refusedInAll = 0;

  constructor(type: ValueListType) {
    this.type = type;
  }

  push(bytes: Uint8Array): void {
    this.bytes += bytes.byteLength;
    if (this.bytes > LARGEST_TEXT) throw new ListTooLarge('The text is larger than 256 MiB.');
    for (let start = 0; start < bytes.byteLength; start += PIECE) this.readPiece(bytes.subarray(start, start + PIECE));
  }

  finish(): ReadList {
    this.rest += this.decoder.decode();
    if (this.rest !== '') this.read(this.rest);
    this.rest = '';
    const values = [...this.values].sort();
    const { repeated, refused, refusedInAll } = this;
    return { count: values.length, repeated, refused, refusedInAll, slices: slicesOf(values) };
  }

  private readPiece(bytes: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
    // What is cut off here makes the line no shorter than is refused.
    this.rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) this.read(line);
  }

  private read(text: string): void {
    this.line += 1;
    if (this.line > MOST_LINES) throw new ListTooLarge('The text has more than ten million lines.');
    if (text.trim() === '') return;
    const read = readListValue(this.type, text);
    if ('message' in read) this.refuse(text.trim(), read.message);
    else if (this.values.has(read.value)) this.repeated += 1;
    else if (this.values.size === MOST_VALUES[this.type]) this.refuse(read.value, fullMessage(this.type));
    else this.values.add(read.value);
  }

  private refuse(value: string, message: string): void {
    this.refusedInAll += 1;
    if (this.refused.length === MOST_REFUSED_SHOWN) return;
    this.refused.push({ line: this.line, value: value.slice(0, LONGEST_SHOWN), message });
  }
}

function* slicesOf(values: readonly string[]): Iterable<readonly string[]> {
  for (let start = 0; start < values.length; start += VALUES_AT_ONCE) yield values.slice(start, start + VALUES_AT_ONCE);
}

export function fullMessage(type: ValueListType): string {
  return `A list of the type ${type} holds at most ${MOST_VALUES[type].toLocaleString('en-US')} values.`;
}
