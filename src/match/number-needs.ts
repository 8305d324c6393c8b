/**
 * Needs that are met by a number, however it is written.
 *
 *   value's bytes ──digits──▶ the number ──▶ needs      anything else: all of them, since it may be a number yet
 */
import type { Scalar } from '../event/field-path.ts';
import { type Marks, mark } from './byte-marks.ts';
import { numberText } from './literal.ts';

/** More may be beyond 2^53, where two numbers are one. */
const MOST_DIGITS = 15;
const MOST_HEX_DIGITS = 12;
const [ZERO, NINE, SMALL_A, SMALL_F, SMALL_X, LOWER] = [0x30, 0x39, 0x61, 0x66, 0x78, 0x20];

export class NumberNeeds {
  readonly isEmpty: boolean;
  private readonly byNumber: ReadonlyMap<number, Marks>;
  private readonly all: readonly Marks[];

  /** @param byText as `numberText` writes them */
  constructor(byText: ReadonlyMap<string, Marks>) {
    this.byNumber = new Map([...byText].map(([text, marks]) => [Number(text), marks]));
    this.all = [...byText.values()];
    this.isEmpty = byText.size === 0;
  }

  meetValue(value: Scalar, met: Int32Array): void {
    const text = this.isEmpty ? undefined : numberText(value);
    if (text !== undefined) this.meetNumber(Number(text), met);
  }

  /** @param start where the value begins that JSON writes there, with nothing around it */
  meetBytes(bytes: Uint8Array, start: number, end: number, met: Int32Array): void {
    if (this.isEmpty) return;
    const number = decimalAt(bytes, start, end);
    if (number === -1) this.meetAll(met);
    else this.meetNumber(number, met);
  }

  /** As `meetBytes`, where what is written `0x…` is a number, too. */
  meetDecoded(bytes: Uint8Array, start: number, end: number, met: Int32Array): void {
    const isHex = end - start > 2 && bytes[start] === ZERO && ((bytes[start + 1] as number) | LOWER) === SMALL_X;
    const number = isHex ? hexAt(bytes, start + 2, end) : decimalAt(bytes, start, end);
    if (number === -1) this.meetAll(met);
    else this.meetNumber(number, met);
  }

  meetAll(met: Int32Array): void {
    for (const marks of this.all) mark(marks, met);
  }

  private meetNumber(number: number, met: Int32Array): void {
    const marks = this.byNumber.get(number);
    if (marks !== undefined) mark(marks, met);
  }
}

/** -1 where it is not written in digits alone. */
function decimalAt(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > MOST_DIGITS) return -1;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return -1;
    number = number * 10 + byte - ZERO;
  }
  return number;
}

function hexAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MOST_HEX_DIGITS) return -1;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    const letter = byte | LOWER;
    if (byte >= ZERO && byte <= NINE) number = number * 16 + byte - ZERO;
    else if (letter >= SMALL_A && letter <= SMALL_F) number = number * 16 + letter - SMALL_A + 10;
    else return -1;
  }
  return number;
}
