/**
 * Searching a line for one of a few texts at once, sixteen places at a time, and a line without what quotes its values.
 *
 *   texts ──four bytes of each──▶ tables of halves of bytes ──▶ places where one may stand, and which of eight sorts
 *
 * And for one of very many, every fourth place at a time, by a filter of bits for four bytes (`findGramIn`).
 *
 * For each of four bytes in a row two tables say, by the lower and the upper half of a byte, which sorts of texts have such a byte
 * there; a place where all eight agree on a sort may have a text of it (as Hyperscan's Teddy does it), if its four bytes have their
 * bit among those of the texts. Letters are looked for in either case; whoever asks compares.
 */
import {
  add,
  and,
  anyByte,
  before,
  bothBytes,
  byteAt,
  type Code,
  eitherBytes,
  equalBytes,
  get,
  giveBack,
  goTo,
  goToWhen,
  highBits,
  isEqual,
  isLess,
  isZero,
  keep,
  loop,
  multiply,
  notEqualBytes,
  numberAt,
  or,
  pick,
  set,
  shiftLeft,
  shiftPairsRight,
  shiftRight,
  sixteenOf,
  storeByteAt,
  storeVectorAt,
  subtract,
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
const [QUOTE, BACKSLASH, LETTER_N] = [0x22, 0x5c, 0x6e];
/** Of what a search is told: a table for each half of each byte, and after them bits for four bytes in a row, as `findGram` has them. */
export const TABLES_OF_HALVES = 2 * LOOKED_FOR * VECTOR;
const GRAM_BITS = 11;
export const GRAM_SHIFT = 32 - GRAM_BITS;
export const SEARCH_TABLES = TABLES_OF_HALVES + (1 << GRAM_BITS) / 8;

/**
 * `findAny(tables, at, end)`: the first place from `at` where a text may stand, by 256, and its sorts as bits; negative where there is
 * none before `end`. Each sixteen bytes are looked up once: what they say of the bytes of a text is put beside what those before said.
 *
 * @param found where there is room for a vector
 */
export function findAnyWith(found: number): WasmFunction {
  const [TABLES, AT, END, MARKS, PLACE, BIT] = [0, 1, 2, 3, 4, 5] as const;
  const [BYTES, LOW, HALF, SORTED, LOWER] = [6, 7, 8, 9, 10] as const;
  const all = Array.from({ length: LOOKED_FOR }, (_, byte) => byte);
  const upper = (byte: number) => LOWER + LOOKED_FOR + byte;
  /** Which sorts have the byte there, of these sixteen and of those before. */
  const now = (byte: number) => LOWER + 2 * LOOKED_FOR + byte;
  const last = (byte: number) => LOWER + 3 * LOOKED_FOR + byte;
  const look: Code = [
    ...[get(AT), vectorAt(0), keep(BYTES), get(HALF), bothBytes, set(LOW)],
    ...[get(BYTES), value(4), shiftPairsRight, get(HALF), bothBytes, set(BYTES)],
    ...all.flatMap((byte) => [
      ...[get(LOWER + byte), get(LOW), pick, get(upper(byte)), get(BYTES), pick, bothBytes, set(now(byte))],
      ...[get(last(byte)), get(now(byte)), before(LOOKED_FOR - 1 - byte)],
      ...(byte === 0 ? [set(SORTED)] : [get(SORTED), bothBytes, set(SORTED)]),
      ...[get(now(byte)), set(last(byte))],
    ]),
  ];
  const isOfGram: Code = [
    ...[
      get(PLACE),
      numberAt(0),
      value(FOLD_FOUR),
      or,
      value(MIX | 0),
      multiply,
      value(GRAM_SHIFT),
      shiftRight,
      keep(BIT),
    ],
    ...[value(3), shiftRight, get(TABLES), add, byteAt(TABLES_OF_HALVES), get(BIT), value(7), and, shiftRight],
    ...[value(1), and],
  ];
  const body = [
    ...all.flatMap((byte) => [
      ...[get(TABLES), vectorAt(2 * byte * VECTOR), set(LOWER + byte)],
      ...[get(TABLES), vectorAt((2 * byte + 1) * VECTOR), set(upper(byte))],
    ]),
    ...[sixteenOf(0x0f), set(HALF)],
    loop(
      when([get(AT), value(LOOKED_FOR - 1), subtract, get(END), isLess, isZero], value(-1), giveBack),
      look,
      when(
        [get(SORTED), anyByte],
        ...[value(found), get(SORTED), storeVectorAt(0)],
        ...[get(SORTED), sixteenOf(0), notEqualBytes, highBits, set(MARKS)],
        loop(
          ...[get(AT), value(LOOKED_FOR - 1), subtract, get(MARKS), trailingZeros, add, keep(PLACE)],
          when([get(END), isLess, isZero], value(-1), giveBack),
          when(isOfGram, ...[get(PLACE), value(8), shiftLeft, get(MARKS), trailingZeros, byteAt(found), or, giveBack]),
          ...[get(MARKS), get(MARKS), value(1), subtract, and, keep(MARKS), goToWhen(0)],
        ),
      ),
      ...[get(AT), value(VECTOR), add, set(AT), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'findAny', takes: 3, numbers: 3, vectors: 4 + 4 * LOOKED_FOR, body };
}

/**
 * `unquote(length, reach)`: writes what stands around backslashes in the line, from so many bytes before one to so many after, without
 * these and without quotes, from `start`; how many bytes that are. A zero stands where something was left out.
 */
export function unquoteTo(start: number): WasmFunction {
  const [LENGTH, REACH, AT, TO, DONE, END, MARKS, COUNT, BYTES] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const isOf = (byte: number): Code => [get(BYTES), sixteenOf(byte), equalBytes];
  const copy = loop(
    ...[get(TO), get(AT), vectorAt(0), keep(BYTES), storeVectorAt(start)],
    ...[isOf(QUOTE), isOf(BACKSLASH), eitherBytes, highBits, keep(MARKS)],
    // How many bytes are before the first of them.
    ...[value(1 << VECTOR), or, trailingZeros, keep(COUNT), get(TO), add, set(TO)],
    ...[get(AT), get(COUNT), add, keep(AT), get(LENGTH), isLess],
    when([isZero], get(TO), get(AT), subtract, get(LENGTH), add, giveBack),
    when(
      [get(MARKS)],
      when([get(AT), byteAt(0), value(BACKSLASH), isEqual], get(AT), get(REACH), add, set(END)),
      ...[get(AT), value(1), add, set(AT)],
    ),
    ...[get(AT), get(END), isLess, goToWhen(0)],
  );
  const body = [
    loop(
      when([get(AT), get(LENGTH), isLess, isZero], get(TO), giveBack),
      ...[get(AT), vectorAt(0), set(BYTES), isOf(BACKSLASH), highBits, keep(MARKS)],
      when([isZero], get(AT), value(VECTOR), add, set(AT), goTo(1)),
      ...[get(AT), get(MARKS), trailingZeros, add, keep(AT), get(LENGTH), isLess],
      when([isZero], get(TO), giveBack),
      ...[get(AT), get(REACH), add, set(END), get(AT), get(REACH), subtract, set(AT)],
      when([get(AT), get(DONE), isLess], get(DONE), set(AT)),
      when([get(DONE), get(AT), isLess], get(TO), value(0), storeByteAt(start), get(TO), value(1), add, set(TO)),
      copy,
      ...[get(AT), set(DONE), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'unquote', takes: 2, numbers: 6, vectors: 1, body };
}

/** `endOfLine(at, end)`: the first place from `at` where JSON writes the end of a line, a backslash and an `n`; `end` where none does. */
export function endOfLineIn(): WasmFunction {
  const [AT, END, MARKS] = [0, 1, 2] as const;
  const isAtEnd: Code = [get(AT), get(END), isLess, isZero];
  const body = [
    loop(
      when(isAtEnd, get(END), giveBack),
      ...[get(AT), vectorAt(0), sixteenOf(BACKSLASH), equalBytes, highBits, keep(MARKS)],
      when([isZero], get(AT), value(VECTOR), add, set(AT), goTo(1)),
      ...[get(AT), get(MARKS), trailingZeros, add, set(AT)],
      when(isAtEnd, get(END), giveBack),
      when([get(AT), byteAt(1), value(LETTER_N), isEqual], get(AT), giveBack),
      ...[get(AT), value(2), add, set(AT), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'endOfLine', takes: 2, numbers: 1, vectors: 0, body };
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
