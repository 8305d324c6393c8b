/**
 * The walk over the text of a record of Snare's, as a string of JSON writes it, along ways that texts took before (`snare-parts.ts`).
 *
 *   arc: the bytes up to the next value ──▶ value, to where its kind ends ──▶ arcs that come after it … ──▶ end: number of the way
 *
 * As `line-walk.ts` it is WebAssembly with SIMD, and lies in the same memory. Of arcs that begin alike the first one counts.
 *
 * Invariant: where it comes to an end, splitting the text anew gives the same parts: a value is refused that might be taken for a label,
 * end in a space, begin with one, or hold the label of a command line; so is an escape that is none of `\t`, `\\`, `\"`.
 */
import { COMMAND, FOLLOWS } from './snare-labels.ts';
import { COLUMN, type SnarePart } from './snare-parts.ts';
import {
  add,
  and,
  block,
  bothBytes,
  byteAt,
  type Code,
  call,
  eitherBytes,
  equalBytes,
  get,
  giveBack,
  goTo,
  goToWhen,
  highBits,
  isEqual,
  isNotEqual,
  isZero,
  keep,
  leaveUnlessSame,
  loop,
  numberAt,
  set,
  shiftLeft,
  sixteenOf,
  storeNumberAt,
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
/** Instead of a kind: the arc's bytes end the text. */
const END_OF_TEXT = 0;
/** Of an arc: the next of those before it, the first of those after it or the number of the way, the kind, how many bytes. */
const [NEXT, CHILD, KIND, LENGTH, BYTES] = [0, 4, 8, 12, 16] as const;
/** Ways that are kept. */
const MOST_WAYS = 512;

/** `endOfPart(at, kind)`: where a value of a kind ends; -1 where it is refused. */
export const END_OF_PART: WasmFunction = (() => {
  const [AT, HOW, START, MARKS, BYTE, NOW, THEN] = [0, 1, 2, 3, 4, 5, 6] as const;
  const is = (vector: number, byte: number): Code => [get(vector), sixteenOf(byte), equalBytes];
  const goOn = (bytes: number, depth: number): Code => [get(AT), value(bytes), add, set(AT), goTo(depth)];
  const refuse: Code = [value(-1), giveBack];
  const isHow = (how: number): Code => [get(HOW), value(how), isEqual];
  const isCommandAt = (place: number): Code => [
    ...[get(AT), numberAt(place), value(PROC), isEqual, get(AT), numberAt(place + COMM_AT), value(COMM), isEqual, and],
  ];
  const body = [
    ...[get(AT), set(START)],
    when(
      [isHow(COLUMN), isZero],
      when([get(AT), byteAt(0), value(SPACE), isEqual], refuse),
      when([isHow(COMMAND), isZero], when(isCommandAt(0), refuse)),
    ),
    block(
      loop(
        ...[get(AT), vectorAt(0), set(NOW), get(AT), vectorAt(1), set(THEN)],
        ...[is(THEN, SPACE), is(THEN, LETTER_P), eitherBytes, is(NOW, SPACE), bothBytes],
        ...[is(THEN, SPACE), is(NOW, COLON), bothBytes, eitherBytes],
        ...[is(NOW, BACKSLASH), eitherBytes, is(NOW, QUOTE), eitherBytes],
        when([highBits, keep(MARKS), isZero], goOn(VECTOR, 1)),
        ...[
          get(AT),
          get(MARKS),
          trailingZeros,
          add,
          keep(AT),
          byteAt(0),
          keep(BYTE),
          value(QUOTE),
          isEqual,
          goToWhen(1),
        ],
        when(
          [get(BYTE), value(BACKSLASH), isEqual],
          ...[get(AT), byteAt(1), keep(BYTE), value(TAB), isEqual, goToWhen(2)],
          when([get(BYTE), value(BACKSLASH), isNotEqual, get(BYTE), value(QUOTE), isNotEqual, and], refuse),
          goOn(2, 1),
        ),
        when(isHow(COLUMN), goOn(1, 1)),
        when([get(BYTE), value(COLON), isEqual], when(isHow(FOLLOWS), refuse), goOn(1, 1)),
        when(
          [get(AT), byteAt(1), value(SPACE), isNotEqual],
          when([isHow(COMMAND), isZero], when(isCommandAt(1), refuse)),
          goOn(1, 1),
        ),
        when([isHow(COMMAND), isZero], goTo(2)),
        // Of a command line spaces are a part, but before what Windows explains of it.
        ...[get(AT), set(MARKS)],
        loop(when([get(MARKS), byteAt(0), value(SPACE), isEqual], get(MARKS), value(1), add, set(MARKS), goTo(1))),
        ...[get(MARKS), byteAt(0), value(LETTER_T), isEqual, goToWhen(1)],
        ...[get(MARKS), set(AT), goTo(0)],
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
  return { name: 'endOfPart', takes: 2, numbers: 3, vectors: 2, body };
})();

/** `walkText(at, end, count)`: the number of the way that the text took, its values being members from `count` on; -1 for none. */
export function walkTextWith(
  endOfPart: number,
  { root, starts, ends }: { readonly root: number; readonly starts: number; readonly ends: number },
): WasmFunction {
  const [AT, END, COUNT, ARC, PLACE, OTHER, LEFT, MARKS, STOP] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const member: Code = [get(COUNT), value(2), shiftLeft];
  const body = [
    ...[value(0), numberAt(root), set(ARC)],
    loop(
      when([get(ARC), isZero], value(-1), giveBack),
      block(
        ...[get(AT), set(PLACE), get(ARC), set(OTHER), get(ARC), numberAt(LENGTH), set(LEFT)],
        leaveUnlessSame({ place: PLACE, other: OTHER, left: LEFT, marks: MARKS }, BYTES),
        ...[get(PLACE), get(LEFT), add, set(PLACE)],
        when(
          [get(ARC), numberAt(KIND), isZero],
          ...[get(PLACE), get(END), isNotEqual, goToWhen(1), get(ARC), numberAt(CHILD), giveBack],
        ),
        when(
          [get(PLACE), get(ARC), numberAt(KIND), call(endOfPart), keep(STOP), value(-1), isEqual],
          ...[value(-1), giveBack],
        ),
        // As a string's place holds its quotes.
        ...[member, get(PLACE), value(1), subtract, storeNumberAt(starts)],
        ...[member, get(STOP), value(1), add, storeNumberAt(ends)],
        ...[get(COUNT), value(1), add, set(COUNT), get(STOP), set(AT), get(ARC), numberAt(CHILD), set(ARC), goTo(1)],
      ),
      ...[get(ARC), numberAt(NEXT), set(ARC), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'walkText', takes: 3, numbers: 6, vectors: 0, body };
}

/** Where ways are kept, and what walks along them. */
export interface TextMemory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly start: number;
  readonly end: number;
  readonly walkText: (at: number, end: number, count: number) => number;
}

export class TextWays {
  private readonly memory: TextMemory;
  private free: number;
  private ways = 0;

  constructor(memory: TextMemory) {
    this.memory = memory;
    this.free = memory.start + VECTOR;
  }

  /** @returns the number of the way; -1 where the text took none that is known */
  walk(at: number, end: number, count: number): number {
    return this.memory.walkText(at, end, count);
  }

  /**
   * Adds how a text goes on from value to value.
   * @param parts of the text from `start` to `end`, their places told from there
   * @returns the number of the way; -1 where there is no room for it, or one that begins so ends otherwise
   */
  add(start: number, end: number, parts: readonly SnarePart[]): number {
    const { words } = this.memory;
    if (this.ways === MOST_WAYS) return -1;
    let place = this.memory.start;
    let at = start;
    for (const part of parts) {
      const arc = this.arc(place, { start: at, end: start + part.start, kind: part.how });
      if (arc === 0) return -1;
      place = arc + CHILD;
      at = start + part.end;
    }
    const last = this.arc(place, { start: at, end, kind: END_OF_TEXT });
    if (last === 0 || words[(last + CHILD) >> 2] !== 0) return -1;
    this.ways += 1;
    words[(last + CHILD) >> 2] = this.ways;
    return this.ways;
  }

  /** The arc after a place, which is added where there is none; 0 where there is no room for it. */
  private arc(place: number, { start, end, kind }: { start: number; end: number; kind: number }): number {
    const { words, bytes } = this.memory;
    const length = end - start;
    let link = place >> 2;
    for (let arc = words[link] as number; arc !== 0; arc = words[link] as number) {
      const isSame = words[(arc + LENGTH) >> 2] === length && words[(arc + KIND) >> 2] === kind;
      if (isSame && isWritten(bytes, arc + BYTES, start, length)) return arc;
      link = (arc + NEXT) >> 2;
    }
    const size = BYTES + Math.ceil((length + 1) / VECTOR) * VECTOR;
    if (this.free + size + VECTOR > this.memory.end) return 0;
    const arc = this.free;
    this.free += size;
    words[link] = arc;
    words[(arc + KIND) >> 2] = kind;
    words[(arc + LENGTH) >> 2] = length;
    bytes.copyWithin(arc + BYTES, start, end);
    return arc;
  }
}

function isWritten(bytes: Uint8Array, place: number, other: number, length: number): boolean {
  for (let at = 0; at < length; at += 1) if (bytes[place + at] !== bytes[other + at]) return false;
  return true;
}
