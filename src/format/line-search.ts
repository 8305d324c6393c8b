/**
 * Searching a line for one of a few texts at once, sixteen places at a time, and a line without what quotes its values.
 *
 *   texts ──four bytes of each──▶ tables of halves of bytes ──▶ places where one may stand, and which of eight sorts
 *
 * And for one of very many, every fourth place at a time, by a filter of bits for four bytes (`findGramIn`).
 *
 * For each of four bytes in a row two tables say, by the lower and the upper half of a byte, which sorts of texts have such a byte
 * there; a place where all eight agree on a sort may have a text of it (as Hyperscan's Teddy does it). Letters are looked for in
 * either case; whoever asks compares.
 */
import {
  add,
  and,
  anyByte,
  bothBytes,
  byteAt,
  type Code,
  eitherBytes,
  equalBytes,
  get,
  giveBack,
  goTo,
  highBits,
  isLess,
  isNotEqual,
  isZero,
  keep,
  loop,
  multiply,
  notEqualBytes,
  numberAt,
  or,
  set,
  shiftBytesRight,
  shiftLeft,
  shiftRight,
  sixteenOf,
  storeVectorAt,
  subtract,
  swizzle,
  trailingZeros,
  unreachable,
  value,
  vectorAt,
  type WasmFunction,
  when,
} from './wasm-code.ts';

const VECTOR = 16;
/** Bytes of a text that are looked for. */
export const LOOKED_FOR = 4;
export const SORTS = 8;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const FOLD = 0x20;
/** From where the search has its memory: a table for each half of each byte, and what was found. */
const FOUND = 2 * LOOKED_FOR * VECTOR;
export const SEARCH_ROOM = FOUND + VECTOR;

/**
 * `findAny(at, end)`: the first place from `at` where a text may stand, by 256, and its sorts as bits; negative where there is
 * none before `end`.
 */
export function findAnyWith(start: number): WasmFunction {
  const [AT, END, PLACE, BYTES, SORTED, LOWER] = [0, 1, 2, 3, 4, 5] as const;
  const upper = (byte: number) => LOWER + 1 + byte;
  const lower = (byte: number) => LOWER + 1 + LOOKED_FOR + byte;
  const bytes = Array.from({ length: LOOKED_FOR }, (_, byte) => byte);
  const sortsOf = (byte: number): Code => [
    ...[get(AT), vectorAt(byte), sixteenOf(FOLD), eitherBytes, set(BYTES)],
    ...[get(lower(byte)), get(BYTES), sixteenOf(0x0f), bothBytes, swizzle],
    ...[get(upper(byte)), get(BYTES), value(4), shiftBytesRight, swizzle, bothBytes],
    ...(byte === 0 ? [] : [get(SORTED), bothBytes]),
    set(SORTED),
  ];
  const body = [
    ...bytes.flatMap((byte) => [
      ...[value(start + 2 * byte * VECTOR), vectorAt(0), set(lower(byte))],
      ...[value(start + (2 * byte + 1) * VECTOR), vectorAt(0), set(upper(byte))],
    ]),
    loop(
      when([get(AT), get(END), isLess, isZero], value(-1), giveBack),
      ...bytes.map(sortsOf),
      when(
        [get(SORTED), anyByte],
        ...[value(start), get(SORTED), storeVectorAt(FOUND)],
        ...[get(SORTED), sixteenOf(0), notEqualBytes, highBits, trailingZeros, keep(PLACE)],
        ...[get(AT), add, get(END), isLess],
        when([isZero], value(-1), giveBack),
        ...[get(AT), get(PLACE), add, value(8), shiftLeft],
        ...[get(PLACE), byteAt(start + FOUND), or, giveBack],
      ),
      ...[get(AT), value(VECTOR), add, set(AT), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'findAny', takes: 2, numbers: 1, vectors: 3 + 2 * LOOKED_FOR, body };
}

/** `unquote(length)`: writes the line again, without quotes and backslashes, from `start`; how many bytes that are. */
export function unquoteTo(start: number): WasmFunction {
  const [LENGTH, AT, TO, MARKS, COUNT, BYTES] = [0, 1, 2, 3, 4, 5] as const;
  const isOf = (byte: number): Code => [get(BYTES), sixteenOf(byte), equalBytes];
  const body = [
    loop(
      ...[get(TO), get(AT), vectorAt(0), keep(BYTES), storeVectorAt(start)],
      ...[isOf(QUOTE), isOf(BACKSLASH), eitherBytes, highBits, keep(MARKS)],
      // How many bytes are before the first of them.
      ...[value(1 << VECTOR), or, trailingZeros, keep(COUNT), get(TO), add, set(TO)],
      ...[get(AT), get(COUNT), add, keep(AT), get(LENGTH), isLess],
      when([isZero], get(TO), get(AT), subtract, get(LENGTH), add, giveBack),
      ...[get(AT), get(MARKS), value(0), isNotEqual, add, set(AT), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'unquote', takes: 1, numbers: 4, vectors: 1, body };
}

/** What makes a bit's number of four bytes, as whoever fills the filter makes it. */
export const MIX = 0x9e3779b1;
/** Makes letters of either case alike, in each of four bytes. */
export const FOLD_FOUR = 0x20202020;

/**
 * `findGram(filter, shift, at, last)`: from `at`, by fours, the first place up to `last` whose four bytes have their bit in the
 * filter; -1 where there is none.
 */
export function findGramIn(): WasmFunction {
  const [FILTER, SHIFT, AT, LAST, BIT] = [0, 1, 2, 3, 4] as const;
  const body = [
    loop(
      when([get(LAST), get(AT), isLess], value(-1), giveBack),
      ...[get(AT), numberAt(0), value(FOLD_FOUR), or, value(MIX | 0), multiply, get(SHIFT), shiftRight, set(BIT)],
      ...[get(FILTER), get(BIT), value(3), shiftRight, add, byteAt(0), get(BIT), value(7), and, shiftRight],
      when([value(1), and], get(AT), giveBack),
      ...[get(AT), value(4), add, set(AT), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'findGram', takes: 4, numbers: 1, vectors: 0, body };
}
