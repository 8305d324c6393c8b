/**
 * The walk over the text of a record of Snare's, as a string of JSON writes it, along ways that texts took before (`snare-parts.ts`).
 *
 *   arc: the bytes up to the next value ──▶ value, to where its kind ends ──▶ arcs that come after it … ──▶ end: number of the way
 *
 * As `line-walk.ts` it is WebAssembly with SIMD, and lies in the same memory. Of arcs that begin alike the first one counts. An arc may
 * hold values that are always the same (`text-ways.ts`), whose places come with it.
 *
 * A string in a line of JSON need not be walked before: where a way comes to its end, the string does.
 *
 * Invariants: where it comes to an end, splitting the text anew gives the same parts: a value is refused that might be taken for a label,
 * end in a space, begin with one, or hold the label of a command line; so is an escape that is none of `\t`, `\\`, `\"`, and what JSON
 * takes for no part of a string, or is beyond ASCII. What arcs hold was part of a string of JSON that is ASCII.
 */
import { COMMAND, FOLLOWS } from './snare-labels.ts';
import { COLUMN, SNARE_SIGN } from './snare-parts.ts';
import {
  add,
  addFours,
  and,
  block,
  bothBytes,
  byteAt,
  type Code,
  call,
  eitherBytes,
  equalBytes,
  fourOf,
  get,
  giveBack,
  goTo,
  goToWhen,
  highBits,
  isEqual,
  isGreater,
  isLess,
  isLessUnsigned,
  isNotEqual,
  isZero,
  keep,
  leaveUnlessSame,
  lessSignedBytes,
  loop,
  numberAt,
  or,
  set,
  shiftLeft,
  shiftRight,
  sixteenOf,
  storeByteAt,
  storeNumberAt,
  storeVectorAt,
  subtract,
  trailingZeros,
  unreachable,
  value,
  vectorAt,
  type WasmFunction,
  when,
} from './wasm-code.ts';

const [QUOTE, BACKSLASH, SPACE, COLON, LETTER_T, LETTER_P, TAB] = [0x22, 0x5c, 0x20, 0x3a, 0x54, 0x50, 0x74];
const VECTOR = 16;
/** What `Process Command Line:` begins with, and what stands eight bytes on, as numbers. */
const [PROC, COMM] = [0x636f_7250, 0x6d6d_6f43];
const COMM_AT = 8;
/** The byte after those of ASCII. */
const BEYOND = 0x80;
/** A header is not longer. */
const MOST_BEFORE = 320;

/** Instead of a kind: the arc's bytes end the text. */
export const END_OF_TEXT = 0;
/**
 * Of an arc: the next of those before it; where the first of those after it is told, and that of the arc itself, or the number of the way;
 * the kind, how many bytes, how many values are among them and where their places are told; whether there is a quote.
 */
export const [NEXT, TARGET, KIND, LENGTH, HEAD, HELD, PLACES, QUOTES, BYTES] = [
  0, 4, 8, 12, 16, 20, 24, 28, 32,
] as const;
/** Of the memory, from the start: the first arc; the member that values go to from, way, sign and end of the last text. */
export const [ROOT, FIRST, WAY, SIGN, STOP, ARCS] = [0, 4, 8, 12, 16, 32] as const;

/** Of what an arc tells of four values at once: where they start and end in its bytes, and the number that each has as a value. */
export const VECTORS_OF_PLACES = 3;

/** Where in the memory is what. */
interface Places {
  readonly ways: number;
  readonly starts: number;
  readonly ends: number;
  /** By member, the number of a value that an arc holds. */
  readonly helds: number;
  /** Not zero once there was a quote in a string. */
  readonly quoted: number;
}

/** `endOfPart(at, kind)`: where a value of a kind ends; -1 where it is refused. */
export function endOfPartWith({ quoted }: Places): WasmFunction {
  const [AT, HOW, START, MARKS, BYTE, BASE, NOW, THEN] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const is = (vector: number, byte: number): Code => [get(vector), sixteenOf(byte), equalBytes];
  const refuse: Code = [value(-1), giveBack];
  const isHow = (how: number): Code => [get(HOW), value(how), isEqual];
  const isCommandAt = (place: number): Code => [
    ...[get(AT), numberAt(place), value(PROC), isEqual, get(AT), numberAt(place + COMM_AT), value(COMM), isEqual, and],
  ];
  /** So many bytes on, where the marks of the sixteen at hand are known; the loop over these is so many levels out. */
  const goOn = (bytes: 1 | 2, depth: number): Code => [
    ...[get(MARKS), value(-1), get(AT), get(BASE), subtract, value(bytes), add, shiftLeft, and, keep(MARKS)],
    goToWhen(depth),
    // Of two, the second may be the first of the next sixteen.
    ...(bytes === 1
      ? [get(BASE)]
      : [get(BASE), get(AT), get(BASE), subtract, value(1), add, value(4), shiftRight, add]),
    ...[value(VECTOR), add, set(BASE), goTo(depth + 1)],
  ];
  const body = [
    ...[get(AT), set(START), get(AT), set(BASE)],
    when(
      [isHow(COLUMN), isZero],
      when([get(AT), byteAt(0), value(SPACE), isEqual], refuse),
      when([isHow(COMMAND), isZero], when(isCommandAt(0), refuse)),
    ),
    block(
      loop(
        ...[get(BASE), vectorAt(0), set(NOW), get(BASE), vectorAt(1), set(THEN)],
        ...[is(THEN, SPACE), is(THEN, LETTER_P), eitherBytes, is(NOW, SPACE), bothBytes],
        ...[is(THEN, SPACE), is(NOW, COLON), bothBytes, eitherBytes],
        ...[is(NOW, BACKSLASH), eitherBytes, is(NOW, QUOTE), eitherBytes],
        ...[get(NOW), sixteenOf(SPACE), lessSignedBytes, eitherBytes],
        when([highBits, keep(MARKS), isZero], get(BASE), value(VECTOR), add, set(BASE), goTo(1)),
        loop(
          ...[get(BASE), get(MARKS), trailingZeros, add, keep(AT), byteAt(0), keep(BYTE)],
          ...[value(QUOTE), isEqual, goToWhen(2)],
          when(
            [get(BYTE), value(BACKSLASH), isEqual],
            ...[get(AT), byteAt(1), keep(BYTE), value(TAB), isEqual, goToWhen(3)],
            when([get(BYTE), value(BACKSLASH), isNotEqual, get(BYTE), value(QUOTE), isNotEqual, and], refuse),
            noted(quoted, [get(BYTE), value(QUOTE), isEqual]),
            goOn(2, 1),
          ),
          when([get(BYTE), value(SPACE), subtract, value(BEYOND - SPACE), isLessUnsigned, isZero], refuse),
          when(isHow(COLUMN), goOn(1, 1)),
          when([get(BYTE), value(COLON), isEqual], when(isHow(FOLLOWS), refuse), goOn(1, 1)),
          when(
            [get(AT), byteAt(1), value(SPACE), isNotEqual],
            when([isHow(COMMAND), isZero], when(isCommandAt(1), refuse)),
            goOn(1, 1),
          ),
          when([isHow(COMMAND), isZero], goTo(3)),
          // Of a command line spaces are a part, but before what Windows explains of it.
          ...[get(AT), set(MARKS)],
          loop(when([get(MARKS), byteAt(0), value(SPACE), isEqual], get(MARKS), value(1), add, set(MARKS), goTo(1))),
          ...[get(MARKS), byteAt(0), value(LETTER_T), isEqual, goToWhen(2)],
          ...[get(MARKS), set(BASE), goTo(1)],
        ),
      ),
    ),
    when(
      [isHow(COLUMN), isZero],
      when([get(AT), get(START), isEqual], refuse),
      // The byte before.
      when([get(AT), value(1), subtract, byteAt(0), keep(BYTE), value(SPACE), isEqual], refuse),
      when([isHow(FOLLOWS), get(BYTE), value(COLON), isEqual, and], refuse),
    ),
    get(AT),
  ];
  return { name: 'endOfPart', takes: 2, numbers: 4, vectors: 2, body };
}

/** Sets a byte where something holds. */
function noted(place: number, what: Code): Code {
  return [value(0), value(0), byteAt(place), what, or, storeByteAt(place)];
}

/**
 * `walkText(at, count)`: the number of the way that the text took up to the quote behind it, its values being members from `count` on;
 * -1 for none.
 */
export function walkTextWith(endOfPart: number, { ways, starts, ends, helds, quoted }: Places): WasmFunction {
  const [AT, COUNT, ARC, PLACE, OTHER, LEFT, MARKS, END] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const member: Code = [get(COUNT), value(2), shiftLeft];
  const isEnd: Code = [get(ARC), numberAt(KIND), isZero];
  const goOn = (local: number, bytes: number): Code => [get(local), value(bytes), add, set(local)];
  const body = [
    ...[value(0), numberAt(ways + ROOT), set(ARC)],
    loop(
      when([get(ARC), isZero], value(-1), giveBack),
      block(
        ...[get(AT), set(PLACE), get(ARC), set(OTHER), get(ARC), numberAt(LENGTH), set(LEFT)],
        leaveUnlessSame({ place: PLACE, other: OTHER, left: LEFT, marks: MARKS }, BYTES),
        ...[get(PLACE), get(LEFT), add, set(PLACE)],
        // It is not escaped: values end before escapes, and arcs that end a text are the end of one.
        when(isEnd, get(PLACE), byteAt(0), value(QUOTE), isNotEqual, goToWhen(1)),
        noted(quoted, [get(ARC), numberAt(QUOTES)]),
        when(
          [get(ARC), numberAt(HELD), keep(LEFT)],
          // Four at a time: those behind the last are written over.
          ...[get(ARC), numberAt(PLACES), set(OTHER), member, set(MARKS)],
          loop(
            ...[get(MARKS), get(AT), fourOf, get(OTHER), vectorAt(0), addFours, storeVectorAt(starts)],
            ...[get(MARKS), get(AT), fourOf, get(OTHER), vectorAt(VECTOR), addFours, storeVectorAt(ends)],
            ...[get(MARKS), get(OTHER), vectorAt(2 * VECTOR), storeVectorAt(helds)],
            ...[
              goOn(OTHER, VECTORS_OF_PLACES * VECTOR),
              goOn(MARKS, VECTOR),
              get(LEFT),
              value(4),
              subtract,
              keep(LEFT),
            ],
            ...[value(0), isGreater, goToWhen(0)],
          ),
          ...[get(COUNT), get(ARC), numberAt(HELD), add, set(COUNT)],
        ),
        when(isEnd, value(0), get(PLACE), storeNumberAt(ways + STOP), get(ARC), numberAt(HEAD), giveBack),
        when(
          [get(PLACE), get(ARC), numberAt(KIND), call(endOfPart), keep(END), value(-1), isEqual],
          ...[value(-1), giveBack],
        ),
        // As a string's place holds its quotes.
        ...[member, get(PLACE), value(1), subtract, storeNumberAt(starts)],
        ...[member, get(END), value(1), add, storeNumberAt(ends), member, value(0), storeNumberAt(helds)],
        ...[goOn(COUNT, 1), get(END), set(AT), get(ARC), numberAt(TARGET), numberAt(0), set(ARC), goTo(1)],
      ),
      ...[get(ARC), numberAt(NEXT), set(ARC), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'walkText', takes: 2, numbers: 6, vectors: 0, body };
}

/**
 * `walkRecord(at, count)`: of a string from the byte after its quote, which is the member `count`, the byte after it, where a record behind
 * a header takes a way; else 0. Values are the members from that on which texts before had theirs.
 */
export function walkRecordWith(walkText: number, { ways }: Places): WasmFunction {
  const [AT, COUNT, PLACE, MARKS, SIXTEEN] = [0, 1, 2, 3, 4] as const;
  const is = (byte: number): Code => [get(SIXTEEN), sixteenOf(byte), equalBytes];
  const none: Code = [value(0), giveBack];
  const body = [
    when([value(0), numberAt(ways + FIRST), get(COUNT), isGreater, isZero], none),
    ...[value(0), value(-1), storeNumberAt(ways + WAY), value(0), value(-1), storeNumberAt(ways + SIGN)],
    ...[get(AT), set(PLACE)],
    loop(
      ...[get(PLACE), vectorAt(0), keep(SIXTEEN), sixteenOf(SPACE), lessSignedBytes],
      ...[is(QUOTE), eitherBytes, is(BACKSLASH), eitherBytes],
      when(
        [highBits, keep(MARKS), isZero],
        ...[get(PLACE), value(VECTOR), add, keep(PLACE), get(AT), subtract, value(MOST_BEFORE), isLess, goToWhen(1)],
        none,
      ),
    ),
    ...[get(PLACE), get(MARKS), trailingZeros, add, keep(PLACE)],
    when([byteAt(0), value(BACKSLASH), isNotEqual], none),
    // The first escape is that of the sign.
    when([get(PLACE), value(SNARE_SIGN.length - TAB_LENGTH), subtract, keep(PLACE), get(AT), isLess], none),
    ...[value(0), get(PLACE), storeNumberAt(ways + SIGN)],
    ...[value(0), get(PLACE), value(0), numberAt(ways + FIRST), call(walkText), keep(MARKS), storeNumberAt(ways + WAY)],
    when([get(MARKS), value(-1), isEqual], none),
    ...[value(0), numberAt(ways + STOP), value(1), add],
  ];
  return { name: 'walkRecord', takes: 2, numbers: 2, vectors: 1, body };
}

const TAB_LENGTH = 2;
