/**
 * Whether members of a line hold what those of a line before did, or the like, told of all of them at once.
 *
 *   members with the least and the most that each byte may be ──record──▶ compared sixteen bytes at a time ──▶ all within / not
 *
 * Memory is bounded: when there is no room, all records are forgotten, and whoever has one is told by another `book`.
 */
import {
  add,
  bothBytes,
  type Code,
  everyByte,
  get,
  giveBack,
  goTo,
  isGreater,
  isNotEqual,
  isZero,
  keep,
  loop,
  notLessBytes,
  notMoreBytes,
  numberAt,
  set,
  subtract,
  unreachable,
  value,
  vectorAt,
  type WasmFunction,
  when,
} from './wasm-code.ts';

const VECTOR = 16;
/** Of a record, how many members it has; after that of each where its place is told and how long it is, then two vectors again and again. */
const [COUNT, MEMBERS] = [0, VECTOR];
const [MEMBER, LENGTH, BYTES] = [0, 4, VECTOR];
/** A longer record is not kept: what it is for seldom comes again. */
const LONGEST_RECORD = 4_096;

/** A member, and of each of its bytes the least and the most that it may be. */
export interface ValueRange {
  readonly member: number;
  readonly least: Uint8Array;
  readonly most: Uint8Array;
}

/**
 * Whether each of the sixteen bytes at a place is within its range.
 * @param at the variable that says where they are
 * @param range the variable and the bytes behind it where the least that they may be stand, and behind these the most
 * @param sixteen a variable for them
 */
export function sixteenWithin(
  at: number,
  [range, behind]: readonly [number, number],
  sixteen: number,
): readonly Code[] {
  return [
    ...[get(at), vectorAt(0), keep(sixteen), get(range), vectorAt(behind), notLessBytes],
    ...[get(sixteen), get(range), vectorAt(behind + VECTOR), notMoreBytes, bothBytes, everyByte],
  ];
}

/** @param places where it is told, by number of member, where values begin and end */
export function isWithinWith(places: { readonly starts: number; readonly ends: number }): WasmFunction {
  const [RECORD, LEFT_MEMBERS, START, LEFT, SIXTEEN] = [0, 1, 2, 3, 4] as const;
  const body = [
    ...[get(RECORD), numberAt(COUNT), set(LEFT_MEMBERS), get(RECORD), value(MEMBERS), add, set(RECORD)],
    loop(
      when([get(LEFT_MEMBERS), isZero], value(1), giveBack),
      ...[get(RECORD), numberAt(MEMBER), numberAt(places.starts), set(START)],
      ...[get(RECORD), numberAt(MEMBER), numberAt(places.ends), get(START), subtract, keep(LEFT)],
      when([get(RECORD), numberAt(LENGTH), isNotEqual], value(0), giveBack),
      loop(
        ...sixteenWithin(START, [RECORD, BYTES], SIXTEEN),
        when([isZero], value(0), giveBack),
        ...[get(START), value(VECTOR), add, set(START), get(RECORD), value(2 * VECTOR), add, set(RECORD)],
        ...[get(LEFT), value(VECTOR), subtract, keep(LEFT), value(0)],
        when([isGreater], goTo(1)),
      ),
      ...[get(RECORD), value(BYTES), add, set(RECORD)],
      ...[get(LEFT_MEMBERS), value(1), subtract, set(LEFT_MEMBERS), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'isWithin', takes: 1, numbers: 3, vectors: 1, body };
}

/** A memory that has these, of which the part from `start` to `end` is theirs alone. */
export interface RangeMemory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly start: number;
  readonly end: number;
  readonly isWithin: (record: number) => number;
}

export class ValueRanges {
  /** Another when all records are forgotten. */
  book = {};
  private readonly memory: RangeMemory;
  private free: number;

  constructor(memory: RangeMemory) {
    this.memory = memory;
    this.free = memory.start;
  }

  /** Whether the line that was scanned last has all of these members as the record says. */
  holds(record: number): boolean {
    return this.memory.isWithin(record) !== 0;
  }

  /** @returns the record; -1 where it would be too long */
  add(ranges: readonly ValueRange[]): number {
    const size = ranges.reduce((sum, { least }) => sum + BYTES + 2 * padded(least), MEMBERS);
    if (size > LONGEST_RECORD) return -1;
    const { bytes, words, start, end } = this.memory;
    if (this.free + size > end) {
      this.free = start;
      this.book = {};
    }
    const record = this.free;
    this.free += size;
    words[(record + COUNT) >> 2] = ranges.length;
    let at = record + MEMBERS;
    for (const { member, least, most } of ranges) {
      words[(at + MEMBER) >> 2] = member * Int32Array.BYTES_PER_ELEMENT;
      words[(at + LENGTH) >> 2] = least.length;
      at += BYTES;
      for (let from = 0; from < least.length; from += VECTOR, at += 2 * VECTOR) {
        // What follows a value may be anything.
        bytes.fill(0, at, at + VECTOR).set(least.subarray(from, from + VECTOR), at);
        bytes.fill(0xff, at + VECTOR, at + 2 * VECTOR).set(most.subarray(from, from + VECTOR), at + VECTOR);
      }
    }
    return record;
  }
}

function padded({ length }: Uint8Array): number {
  return Math.ceil(length / VECTOR) * VECTOR;
}
