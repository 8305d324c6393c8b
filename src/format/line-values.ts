/**
 * Values that lines hold again and again, by their bytes: each has a number, found in the time that comparing it takes.
 *
 *   bytes of a value ──hash──▶ values with that hash ──compared sixteen bytes at a time──▶ its number
 *
 * Whoever makes something of a value remembers that under its number. Bytes are compared whole, so that nothing is known by a
 * hash alone. Memory is bounded: when there is no room, all are forgotten, and numbers begin anew (`generation`).
 */
import {
  add,
  and,
  block,
  type Code,
  exclusiveOr,
  get,
  giveBack,
  goTo,
  isEqual,
  isGreater,
  isLess,
  isZero,
  leaveUnlessSame,
  loop,
  multiply,
  numberAt,
  rotateLeft,
  set,
  shiftLeft,
  shiftRight,
  storeNumberAt,
  subtract,
  unreachable,
  value,
  type WasmFunction,
  when,
} from './wasm-code.ts';

/** A longer value seldom comes again. */
export const LONGEST_VALUE = 512;
const HEAD_BITS = 13;
const VECTOR = 16;
/** Of the memory, from the start: the hash that was looked for last, heads of the lists by hash, and what is in these. */
const HEADS = VECTOR;
const ENTRIES = HEADS + (4 << HEAD_BITS);
/** Of an entry: the next of its list, the value's hash, length and number; then its bytes. */
const [NEXT, HASH, LENGTH, NUMBER, BYTES] = [0, 4, 8, 12, 16];
const MULTIPLIER = -1640531527;

/** @param start where there are `size` bytes of room in the memory, for these alone */
export function findValueAt(start: number): WasmFunction {
  const [START, END, SUM, ENTRY, PLACE, OTHER, LEFT, MARKS] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const mix = (with4: Code): Code => [
    ...[get(SUM), value(5), rotateLeft, with4, exclusiveOr, value(MULTIPLIER), multiply, set(SUM)],
  ];
  const length: Code = [get(END), get(START), subtract];
  const body = [
    ...[length, set(SUM), get(START), set(PLACE)],
    when(
      [length, value(4), isLess],
      // The bytes beyond are of something else.
      mix([get(START), numberAt(0), value(1), length, value(3), shiftLeft, shiftLeft, value(1), subtract, and]),
    ),
    when(
      [length, value(3), isGreater],
      loop(
        when(
          [get(END), value(4), subtract, get(PLACE), isGreater],
          ...[mix([get(PLACE), numberAt(0)]), get(PLACE), value(4), add, set(PLACE), goTo(1)],
        ),
      ),
      mix([get(END), value(4), subtract, numberAt(0)]),
    ),
    ...[value(0), get(SUM), storeNumberAt(start)],
    ...[get(SUM), value(32 - HEAD_BITS), shiftRight, value(2), shiftLeft, numberAt(start + HEADS), set(ENTRY)],
    loop(
      when([get(ENTRY), isZero], value(-1), giveBack),
      when(
        [get(ENTRY), numberAt(HASH), get(SUM), isEqual, get(ENTRY), numberAt(LENGTH), length, isEqual, and],
        ...[get(START), set(PLACE), get(ENTRY), set(OTHER), length, set(LEFT)],
        block(
          leaveUnlessSame({ place: PLACE, other: OTHER, left: LEFT, marks: MARKS }, BYTES),
          ...[get(ENTRY), numberAt(NUMBER), giveBack],
        ),
      ),
      ...[get(ENTRY), numberAt(NEXT), set(ENTRY), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'findValue', takes: 2, numbers: 6, vectors: 0, body };
}

/** A memory that has these, of which the part from `start` to `end` is theirs alone. */
export interface ValueMemory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly start: number;
  readonly end: number;
  readonly findValue: (start: number, end: number) => number;
}

export class LineValues {
  /** Another when numbers have begun anew. */
  generation = 0;
  private readonly memory: ValueMemory;
  private free: number;
  private count = 0;

  constructor(memory: ValueMemory) {
    this.memory = memory;
    this.free = memory.start + ENTRIES;
  }

  /** The number of the value that stands from `start` to `end`; -1 where it is not known. */
  find(start: number, end: number): number {
    return end - start > LONGEST_VALUE ? -1 : this.memory.findValue(start, end);
  }

  /** Adds a value that was not found just now. @returns its number; -1 where it is too long */
  add(start: number, end: number): number {
    const { bytes, words, start: base, end: beyond } = this.memory;
    const length = end - start;
    if (length > LONGEST_VALUE) return -1;
    const size = BYTES + Math.ceil((length + 1) / VECTOR) * VECTOR;
    if (this.free + size > beyond) this.forget();
    const entry = this.free;
    this.free += size;
    const hash = words[base >> 2] as number;
    const head = ((base + HEADS) >> 2) + (hash >>> (32 - HEAD_BITS));
    words[(entry + NEXT) >> 2] = words[head] as number;
    words[(entry + HASH) >> 2] = hash;
    words[(entry + LENGTH) >> 2] = length;
    words[(entry + NUMBER) >> 2] = this.count;
    bytes.copyWithin(entry + BYTES, start, end);
    words[head] = entry;
    this.count += 1;
    return this.count - 1;
  }

  private forget(): void {
    const { words, start } = this.memory;
    words.fill(0, (start + HEADS) >> 2, (start + ENTRIES) >> 2);
    this.free = start + ENTRIES;
    this.count = 0;
    this.generation += 1;
  }
}
