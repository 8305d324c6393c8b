/**
 * Whether members of a line hold what those of a line before did, or the like, told of all of them at once.
 *
 *   members with the least and the most that each byte may be ──record──▶ compared sixteen bytes at a time ──▶ all within / not
 *                                                    └──some, in a row──▶ the number of the first one that the line is within
 *
 * Memory is bounded: when there is no room, all records are forgotten, and whoever has one is told by another `book`.
 */
import {
  add,
  and,
  bothBytes,
  type Code,
  call,
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
/**
 * Of a record, how many members it has, the one that is looked at after it, and its number; after that of each member where its place is
 * told, how long it is, and whether it is longer than that, then two vectors again and again.
 */
const [COUNT, NEXT, NUMBER, MEMBERS] = [0, 4, 8, VECTOR];
const [MEMBER, LENGTH, IS_BEGINNING, BYTES] = [0, 4, 8, VECTOR];
/** A longer record is not kept: what it is for seldom comes again. */
const LONGEST_RECORD = 4_096;

/** A member, and of each of its bytes the least and the most that it may be. */
export interface ValueRange {
  readonly member: number;
  readonly least: Uint8Array;
  readonly most: Uint8Array;
  /** Whether the member may go on after these. */
  readonly isBeginning?: boolean;
}

/** No record: none is there. */
export const NO_RECORD = 0;

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
      ...[get(RECORD), numberAt(LENGTH), set(LEFT)],
      when(
        [
          ...[get(RECORD), numberAt(MEMBER), numberAt(places.ends), get(START), subtract, get(LEFT), isNotEqual],
          ...[get(RECORD), numberAt(IS_BEGINNING), isZero, and],
        ],
        ...[value(0), giveBack],
      ),
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

/** `firstWithin(record)`: the number of the first one, of the record and those after it, that the line is within; 0 where there is none. */
export function firstWithinWith(isWithin: number): WasmFunction {
  const [RECORD] = [0] as const;
  const body = [
    loop(
      when([get(RECORD), isZero], value(0), giveBack),
      when([get(RECORD), call(isWithin)], get(RECORD), numberAt(NUMBER), giveBack),
      ...[get(RECORD), numberAt(NEXT), set(RECORD), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'firstWithin', takes: 1, numbers: 0, vectors: 0, body };
}

/** A memory that has these, of which the part from `start` to `end` is theirs alone. */
export interface RangeMemory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly start: number;
  readonly end: number;
  readonly isWithin: (record: number) => number;
  readonly firstWithin: (record: number) => number;
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

  /** The number of the first record that the line is within, of the record and those behind it; 0 where there is none. */
  first(record: number): number {
    return this.memory.firstWithin(record);
  }

  /**
   * @param number of the record, for `first`
   * @param next of the same book, which is looked at after it
   * @returns the record; -1 where it would be too long
   */
  add(ranges: readonly ValueRange[], number = 0, next = NO_RECORD): number {
    const size = ranges.reduce((sum, { least }) => sum + BYTES + 2 * padded(least), MEMBERS);
    if (size > LONGEST_RECORD) return -1;
    const { bytes, words, start, end } = this.memory;
    const { book } = this;
    if (this.free + size > end) {
      this.free = start;
      this.book = {};
    }
    const record = this.free;
    this.free += size;
    words[(record + COUNT) >> 2] = ranges.length;
    words[(record + NEXT) >> 2] = this.book === book ? next : NO_RECORD;
    words[(record + NUMBER) >> 2] = number;
    let at = record + MEMBERS;
    for (const { member, least, most, isBeginning } of ranges) {
      words[(at + MEMBER) >> 2] = member * Int32Array.BYTES_PER_ELEMENT;
      words[(at + LENGTH) >> 2] = least.length;
      words[(at + IS_BEGINNING) >> 2] = isBeginning === true ? 1 : 0;
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
