/**
 * The walk over the bytes of a line of JSON, along ways that lines took before, sixteen bytes at a time.
 *
 *   node ──arcs: the bytes up to the next value, and its kind──▶ value's start and end ──▶ next node … ──▶ end of the line
 *
 * A node stands for the members so far. An arc holds all that stands between two values as it is written (`","Image":"`), so
 * that a line like one before costs a comparison of vectors a member, and a search for the quote, a backslash or a control in
 * each string. It is WebAssembly with SIMD: a loop over bytes in JavaScript takes five times as long, as long as parsing.
 *
 * Where no arc goes on, the walk stops and says where it is: whoever knows JSON's grammar (`line-shape.ts`) adds one.
 *
 * Invariants: it reads nothing beyond `LINE_ROOM` and what follows it here; whatever the bytes, it ends: each turn goes on by
 * a byte, or to another arc, and the bytes after a line are no part of a value (a zero ends it).
 */
import { endOfArrayWith } from './array-walk.ts';
import { endOfLineIn, findAnyWith, findGramIn, unquoteTo } from './line-search.ts';
import { findValueAt, LineValues, type ValueMemory } from './line-values.ts';
import type { HeaderForm } from './syslog-forms.ts';
import { type FormMemory, formOfWith, ROOM_OF_FORMS, TextForms } from './text-forms.ts';
import { endOfPartWith, walkRecordWith, walkTextWith } from './text-walk.ts';
import { type TextMemory, TextWays } from './text-ways.ts';
import { firstWithinWith, isWithinWith, type RangeMemory, ValueRanges } from './value-ranges.ts';
import {
  add,
  and,
  anyByte,
  block,
  byteAt,
  type Code,
  call,
  compileWasm,
  eitherBytes,
  equalBytes,
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
  loop,
  notMoreBytes,
  numberAt,
  or,
  set,
  shiftLeft,
  sixteenOf,
  storeByteAt,
  storeNumberAt,
  subtract,
  trailingZeros,
  unreachable,
  value,
  vectorAt,
  type WasmFunction,
  when,
} from './wasm-code.ts';

/** Kinds of values; what an arc leads to. */
export const [STRING, NUMBER, TRUE, FALSE, NULL, OBJECT, ARRAY] = [1, 2, 3, 4, 5, 6, 7] as const;
/** Instead of a kind: the arc's bytes end the line. */
const END_OF_LINE = 0;
/** And of a string that may be a record with a way of its own (`text-walk.ts`). */
export const TEXT = 8;

/** The longest line that fits. */
export const LINE_ROOM = 65_536;
export const MOST_MEMBERS = 512;
export const MOST_NODES = 32_768;
/** Longer fractions are carried as their text where a double does not hold them, which is left to whoever parses. */
const LONGEST_FRACTION = 15;

/** A vector that begins at the last byte ends here; so does an escape. */
const MARGIN = 64;
/** By byte after a backslash: 1 where it is an escape by itself, 2 for `u`, 3 for a slash, which needs none. */
const ESCAPES = LINE_ROOM + MARGIN;
/** By byte: 1 for a hexadecimal digit. */
const DIGITS = ESCAPES + 256;
/** Not zero once a string had an escape of what may be written otherwise: `\\u0041`, `\\/`. */
const ODDLY_ESCAPED = DIGITS + 256;
/** Not zero once a string, or what stands right after it, had a byte beyond ASCII. */
const BEYOND_ASCII = ODDLY_ESCAPED + 1;
/** Not zero once a string had a quote in it. */
const QUOTED = BEYOND_ASCII + 1;
/** Where the walk stopped: the node, the place in the line, how many members there are. */
const STOPPED = ODDLY_ESCAPED + 16;
/** By number of member: where its value begins and ends. */
const STARTS = STOPPED + 16;
const ENDS = STARTS + MOST_MEMBERS * 4;
/** By number of node, its first arc. */
/** And of a part of a text, the number of its value where that is held (`text-ways.ts`). */
const HELDS = ENDS + MOST_MEMBERS * 4;
const NODES = HELDS + MOST_MEMBERS * 4;
const ARCS = NODES + MOST_NODES * 4;
const PAGE = 65_536;
const END_OF_ARCS = 48 * PAGE;
/** Values that come again (`line-values.ts`). */
const VALUES = END_OF_ARCS;
const END_OF_VALUES = 64 * PAGE;
/** What was found (`line-search.ts`), and what is made of the line to be searched: the line without quotes, its texts decoded. */
const FOUND = END_OF_VALUES;
export const BESIDE = FOUND + 16;
/** Tables and filters of what is searched for, as they are asked for. */
const FILTERS = 66 * PAGE;
export const BESIDE_ROOM = FILTERS - BESIDE;
const END_OF_FILTERS = 74 * PAGE;
/** Ways along texts (`text-walk.ts`). */
const TEXT_WAYS = END_OF_FILTERS;
const END_OF_TEXT_WAYS = 76 * PAGE;
/** What members of lines held before (`value-ranges.ts`). */
const RANGES = END_OF_TEXT_WAYS;
const END_OF_TABLES = 78 * PAGE;
/** What texts began with before (`text-forms.ts`): lines of syslog, and dates in them. */
const DATES = END_OF_TABLES - ROOM_OF_FORMS;
const HEADERS = DATES - ROOM_OF_FORMS;
const END_OF_RANGES = HEADERS;
/** A block of lines; vectors that begin in it end in the page behind it. */
export const BLOCK = END_OF_TABLES;
const BLOCK_ROOM = PAGE;
const PAGES = 80;
/** A larger one is left to whoever asks. */
const LARGEST_FILTER = 2 * PAGE;

/** Instead of a line's length: a newline ends it. */
const TO_NEWLINE = -1;

/** Of an arc: the next of its node, where it leads, the value's kind, how many bytes there are, how many of them are the value's. */
const [NEXT, TARGET, KIND, LENGTH, BACK, BYTES] = [0, 4, 8, 12, 16, 32];
/** Of a node; one more, and all are forgotten. */
const MOST_ARCS_OF_NODE = 64;
const VECTOR = 16;

/** Among the functions of the module. */
const [PLACE_OF_END_OF_PART, PLACE_OF_WALK_TEXT, PLACE_OF_WALK_RECORD] = [7, 8, 10];
const [PLACE_OF_IS_WITHIN, PLACE_OF_END_OF_ARRAY] = [11, 12];
const PLACES_OF_TEXTS = { ways: TEXT_WAYS, starts: STARTS, ends: ENDS, helds: HELDS, quoted: QUOTED };

/** How a walk ends: whole, in want of an arc, in what is no JSON (or none that is walked). */
export const [DONE, STUCK, BROKEN] = [0, 1, 2] as const;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly endOf: (start: number) => number;
  readonly walk: (node: number, at: number, count: number, length: number) => number;
  readonly findValue: ValueMemory['findValue'];
  readonly findAny: (tables: number, at: number, end: number) => number;
  readonly unquote: (length: number, reach: number) => number;
  readonly walkText: TextMemory['walkText'];
  readonly findGram: (filter: number, shift: number, at: number, last: number) => number;
  readonly endOfLine: (at: number, end: number) => number;
  readonly isWithin: RangeMemory['isWithin'];
  readonly firstWithin: RangeMemory['firstWithin'];
  readonly formOf: FormMemory['formOf'];
}

/** Once for all; each walk has a memory of its own, of which it touches little. */
let compiled: (() => unknown) | undefined;

export class LineWalk {
  /** The line, from 0, and a zero after its last byte. */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly helds: Int32Array;
  /** The place of a string's closing quote, from the byte after the opening one; negative where there is none. */
  readonly endOf: Exports['endOf'];
  /** Where a line of a string's text ends, from a byte on that is not behind a backslash. */
  readonly endOfLine: Exports['endOfLine'];
  /** The bytes four by four; the first byte is the lowest. */
  readonly words: Int32Array;
  /** Values of lines that come again. */
  readonly values: LineValues;
  /** Ways along texts. */
  readonly texts: TextWays;
  /** What members hold again and again. */
  readonly ranges: ValueRanges;
  /** How lines of syslog in texts began, and dates of Snare's. */
  readonly headers: TextForms<HeaderForm>;
  readonly dates: TextForms<true>;
  private readonly walk: Exports['walk'];
  private readonly findAny: Exports['findAny'];
  private readonly takeQuotes: Exports['unquote'];
  private readonly findGramAt: Exports['findGram'];
  /** Where tables and filters are that were asked for. */
  private readonly filters = new Map<Int32Array, number>();
  private freeForFilters = FILTERS;
  private length = 0;
  private free = ARCS;

  constructor() {
    compiled ??= compileWasm(
      [
        ...[END_OF_STRING, END_OF_NUMBER, WALK],
        ...[findValueAt(VALUES), findAnyWith(FOUND), unquoteTo(BESIDE), findGramIn()],
        ...[endOfPartWith(PLACES_OF_TEXTS), walkTextWith(PLACE_OF_END_OF_PART, PLACES_OF_TEXTS)],
        ...[endOfLineIn(), walkRecordWith(PLACE_OF_WALK_TEXT, PLACES_OF_TEXTS)],
        ...[isWithinWith({ starts: STARTS, ends: ENDS }), endOfArrayWith({ endOf: 0, endOfNumber: 1 })],
        ...[formOfWith(), firstWithinWith(PLACE_OF_IS_WITHIN)],
      ],
      PAGES,
    );
    const opened = compiled() as Exports;
    const { memory, endOf, walk, findValue, findAny, unquote, findGram, walkText, endOfLine, formOf } = opened;
    const { isWithin, firstWithin } = opened;
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    const { bytes, words } = this;
    this.values = new LineValues({ bytes, words, start: VALUES, end: END_OF_VALUES, findValue });
    this.texts = new TextWays({ bytes, words, start: TEXT_WAYS, end: END_OF_TEXT_WAYS, walkText });
    this.ranges = new ValueRanges({ bytes, words, start: RANGES, end: END_OF_RANGES, isWithin, firstWithin });
    this.headers = new TextForms({ bytes, words, start: HEADERS, formOf });
    this.dates = new TextForms({ bytes, words, start: DATES, formOf });
    this.starts = new Int32Array(memory.buffer, STARTS, MOST_MEMBERS);
    this.ends = new Int32Array(memory.buffer, ENDS, MOST_MEMBERS);
    this.helds = new Int32Array(memory.buffer, HELDS, MOST_MEMBERS);
    this.endOf = endOf;
    this.endOfLine = endOfLine;
    this.findAny = findAny;
    this.takeQuotes = unquote;
    this.findGramAt = findGram;
    this.walk = walk;
    for (const letter of '"\\bfnrt') this.bytes[ESCAPES + letter.charCodeAt(0)] = 1;
    this.bytes[ESCAPES + '/'.charCodeAt(0)] = 3;
    this.bytes[ESCAPES + 'u'.charCodeAt(0)] = 2;
    for (const digit of '0123456789abcdefABCDEF') this.bytes[DIGITS + digit.charCodeAt(0)] = 1;
  }

  /** @param line of at most `LINE_ROOM` bytes */
  begin(line: Uint8Array): void {
    const { bytes } = this;
    this.length = line.length;
    bytes.set(line);
    bytes[line.length] = 0;
    bytes[ODDLY_ESCAPED] = 0;
    bytes[BEYOND_ASCII] = 0;
    bytes[QUOTED] = 0;
    this.texts.begin();
  }

  /**
   * Takes the bytes from `from` on for a block of lines beside the line, as many as there is room for.
   * @returns how many; the first one stands at `BLOCK`
   */
  beginBlock(bytes: Uint8Array, from: number): number {
    const length = Math.min(bytes.length - from, BLOCK_ROOM);
    this.bytes.set(bytes.subarray(from, from + length), BLOCK);
    this.bytes[BLOCK + length] = 0;
    return length;
  }

  /** Goes along a line of the block, as far as its ways are known, to the newline behind it. @returns `DONE`, `STUCK` or `BROKEN` */
  goAlong(start: number): number {
    const { bytes } = this;
    bytes[ODDLY_ESCAPED] = 0;
    bytes[BEYOND_ASCII] = 0;
    bytes[QUOTED] = 0;
    this.texts.begin();
    return this.walk(0, start, 0, TO_NEWLINE);
  }

  /** Goes on from a node. @returns `DONE`, `STUCK` or `BROKEN` */
  goOn(node: number, at: number, count: number): number {
    return this.walk(node, at, count, this.length);
  }

  /** Where it stopped: at the end, the node of the whole line; at an array, the array's. */
  get node(): number {
    return this.words[STOPPED >> 2] as number;
  }

  /** The byte after the last value, or the array's first; at the end, the byte after the line. */
  get at(): number {
    return this.words[(STOPPED >> 2) + 1] as number;
  }

  get count(): number {
    return this.words[(STOPPED >> 2) + 2] as number;
  }

  /** False only where each character of the line’s strings is ASCII, and stands there as itself or by the only escape that it has. */
  get isOdd(): boolean {
    return this.bytes[ODDLY_ESCAPED] !== 0 || this.bytes[BEYOND_ASCII] !== 0;
  }

  /** Whether one of the line's strings has a quote in it. */
  get hasQuotes(): boolean {
    return this.bytes[QUOTED] !== 0;
  }

  /** Whether some character of the line’s strings is escaped that need not be. */
  get hasOddEscapes(): boolean {
    return this.bytes[ODDLY_ESCAPED] !== 0;
  }

  /**
   * The first place from `at` and before `end` where one of the texts may stand, by 256, and its sorts as bits; negative where there
   * is none. @param tables as `line-search.ts` has them
   */
  findText(tables: Int32Array, at: number, end: number): number {
    return this.findAny(this.filters.get(tables) ?? this.addFilter(tables), at, end);
  }

  /**
   * From `at`, by fours, the first place up to `last` whose four bytes have their bit in the filter (`line-search.ts`); -1 where there
   * is none.
   */
  findGram(filter: Int32Array, shift: number, at: number, last: number): number {
    return this.findGramAt(this.filters.get(filter) ?? this.addFilter(filter), shift, at, last);
  }

  /** Whether `findGram` takes it. */
  takesFilter(filter: Int32Array): boolean {
    return filter.byteLength <= LARGEST_FILTER;
  }

  private addFilter(filter: Int32Array): number {
    if (this.freeForFilters + filter.byteLength > END_OF_FILTERS) {
      this.filters.clear();
      this.freeForFilters = FILTERS;
    }
    const at = this.freeForFilters;
    this.words.set(filter, at >> 2);
    this.filters.set(filter, at);
    this.freeForFilters += filter.byteLength;
    return at;
  }

  /**
   * Writes what stands around the line's backslashes beside it, without these and without quotes: all texts of at most so many bytes
   * that have some of them within.
   * @returns where that begins and ends
   */
  unquote(longest: number): readonly [start: number, end: number] {
    // A quote stands behind its backslash.
    return [BESIDE, BESIDE + this.takeQuotes(this.length, longest + 1)];
  }

  /**
   * Adds a way on from a node: the bytes of the line from `start` to `end`, of which the last are the value's first (`valueStart`).
   * @param to absent where the line ends there
   * @returns false where there is no room for it
   */
  addArc(node: number, start: number, end: number, to?: { node: number; kind: number; valueStart: number }): boolean {
    const { words: memory, bytes } = this;
    const length = end - start;
    const size = BYTES + Math.ceil((length + 1) / VECTOR) * VECTOR;
    if (this.free + size > END_OF_ARCS) return false;
    const first = (NODES >> 2) + node;
    let last = 0;
    let arcs = 0;
    for (let arc = memory[first] as number; arc !== 0; arc = memory[(arc + NEXT) >> 2] as number) {
      last = arc;
      arcs += 1;
    }
    const arc = this.free;
    this.free += size;
    // Somebody invents names: what came first is not likelier than what comes now.
    if (last === 0 || arcs >= MOST_ARCS_OF_NODE) memory[first] = arc;
    else memory[(last + NEXT) >> 2] = arc;
    memory[(arc + NEXT) >> 2] = 0;
    memory[(arc + TARGET) >> 2] = to?.node ?? node;
    memory[(arc + KIND) >> 2] = to?.kind ?? END_OF_LINE;
    memory[(arc + LENGTH) >> 2] = length;
    memory[(arc + BACK) >> 2] = to === undefined ? 0 : end - to.valueStart;
    bytes.copyWithin(arc + BYTES, start, end);
    return true;
  }

  /** Forgets all arcs. */
  clear(): void {
    this.words.fill(0, NODES >> 2, ARCS >> 2);
    this.free = ARCS;
  }
}

const [QUOTE, BACKSLASH, SPACE, MINUS, POINT, ZERO] = [0x22, 0x5c, 0x20, 0x2d, 0x2e, 0x30];
const NEWLINE = 0x0a;

/**
 * From the byte after the opening quote. Most strings end within sixteen bytes; of those that do not, thirty-two are looked at at once:
 * of a message of a thousand bytes that takes a third less.
 */
const END_OF_STRING: WasmFunction = (() => {
  const [AT, MARKS, BYTE, PLACE, SIXTEEN, NEXT, SEEN, STOPS, NEXT_STOPS] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const note = (place: number, what: Code): Code => [value(0), value(0), byteAt(place), what, or, storeByteAt(place)];
  const isOf = (vector: number, byte: number): Code => [get(vector), sixteenOf(byte), equalBytes];
  const see = (vector: number): Code => [get(SEEN), get(vector), eitherBytes, set(SEEN)];
  const goOn = (from: number, bytes: number): Code => [get(from), value(bytes), add, set(AT)];
  const stopsIn = (vector: number): Code => [
    ...[isOf(vector, QUOTE), isOf(vector, BACKSLASH), eitherBytes],
    ...[get(vector), sixteenOf(SPACE - 1), notMoreBytes, eitherBytes],
  ];
  const body = [
    loop(
      ...[get(AT), vectorAt(0), set(SIXTEEN), see(SIXTEEN), stopsIn(SIXTEEN), highBits, keep(MARKS)],
      when(
        [isZero],
        goOn(AT, VECTOR),
        loop(
          ...[get(AT), vectorAt(0), set(SIXTEEN), get(AT), vectorAt(VECTOR), set(NEXT)],
          ...[stopsIn(SIXTEEN), keep(STOPS), stopsIn(NEXT), keep(NEXT_STOPS), eitherBytes, anyByte],
          when([isZero], see(SIXTEEN), see(NEXT), goOn(AT, 2 * VECTOR), goTo(1)),
        ),
        ...[see(SIXTEEN), get(STOPS), highBits, keep(MARKS)],
        when([isZero], goOn(AT, VECTOR), see(NEXT), get(NEXT_STOPS), highBits, set(MARKS)),
      ),
      loop(
        ...[get(AT), get(MARKS), trailingZeros, add, keep(PLACE), byteAt(0), keep(BYTE)],
        when(
          [value(QUOTE), isEqual],
          ...[note(BEYOND_ASCII, [get(SEEN), highBits, value(0), isNotEqual]), get(PLACE), giveBack],
        ),
        when([get(BYTE), value(BACKSLASH), isNotEqual], value(-1), giveBack),
        when(
          [get(PLACE), byteAt(1), byteAt(ESCAPES), keep(BYTE), value(1), isEqual],
          note(QUOTED, [get(PLACE), byteAt(1), value(QUOTE), isEqual]),
          // What stands behind the escape is known, too.
          ...[get(MARKS), value(-4), get(PLACE), get(AT), subtract, shiftLeft, and, keep(MARKS), goToWhen(1)],
          ...[get(PLACE), get(AT), subtract, value(VECTOR - 1), isEqual, get(AT), value(VECTOR), add, add, set(AT)],
          goTo(2),
        ),
        when([get(BYTE), isZero], value(-1), giveBack),
        note(ODDLY_ESCAPED, value(1)),
        when([get(BYTE), value(3), isEqual], goOn(PLACE, 2), goTo(2)),
        ...[2, 3, 4, 5].flatMap((place) => [get(PLACE), byteAt(place), byteAt(DIGITS), ...(place === 2 ? [] : [and])]),
        when([isZero], value(-1), giveBack),
        ...[goOn(PLACE, 6), goTo(1)],
      ),
    ),
    unreachable,
  ];
  return { name: 'endOf', takes: 1, numbers: 3, vectors: 5, body };
})();

/** JSON's grammar of numbers, without exponents: the byte after one; 0 where none begins, -1 where it is none that is walked. */
const END_OF_NUMBER: WasmFunction = (() => {
  const [START, AT] = [0, 1] as const;
  const isDigit: Code = [get(AT), byteAt(0), value(ZERO), subtract, value(10), isLessUnsigned];
  const next: Code = [get(AT), value(1), add, set(AT)];
  const byteIs = (byte: number): Code => [get(AT), byteAt(0), value(byte), isEqual];
  const digits = loop(when(isDigit, next, goTo(1)));
  const body = [
    ...[get(START), set(AT)],
    when(byteIs(MINUS), next),
    when([isDigit, isZero], value(0), get(AT), get(START), subtract, subtract, giveBack),
    // After a zero only the point may come.
    block(when(byteIs(ZERO), next, goTo(1)), digits),
    when(
      byteIs(POINT),
      next,
      when([isDigit, isZero], value(-1), giveBack),
      digits,
      when([get(AT), get(START), subtract, value(LONGEST_FRACTION), isGreater], value(-1), giveBack),
    ),
    when([get(AT), byteAt(0), value(0x20), or, value(0x65), isEqual], value(-1), giveBack),
    get(AT),
  ];
  return { name: 'endOfNumber', takes: 1, numbers: 1, vectors: 0, body };
})();

const WALK: WasmFunction = (() => {
  const [NODE, AT, COUNT, LINE_LENGTH] = [0, 1, 2, 3] as const;
  const [ARC, PLACE, OTHER, LEFT, IS, START, END, MARKS] = [4, 5, 6, 7, 8, 9, 10, 11] as const;
  const stop = (how: number): Code => [
    ...[value(0), get(NODE), storeNumberAt(STOPPED)],
    ...[value(0), get(AT), storeNumberAt(STOPPED + 4)],
    ...[value(0), get(COUNT), storeNumberAt(STOPPED + 8)],
    ...[value(how), giveBack],
  ];
  const isKind = (kind: number): Code => [get(IS), value(kind), isEqual];
  const member: Code = [get(COUNT), value(2), shiftLeft];
  const body = [
    loop(
      ...[get(NODE), value(2), shiftLeft, numberAt(NODES), set(ARC)],
      loop(
        when([get(ARC), isZero], stop(STUCK)),
        block(
          ...[get(AT), set(PLACE), get(ARC), set(OTHER), get(ARC), numberAt(LENGTH), set(LEFT)],
          leaveUnlessSame({ place: PLACE, other: OTHER, left: LEFT, marks: MARKS }, BYTES),
          ...[get(PLACE), get(LEFT), add, set(PLACE), get(ARC), numberAt(KIND), set(IS)],
          when(
            isKind(END_OF_LINE),
            ...[get(PLACE), get(LINE_LENGTH), isNotEqual, get(LINE_LENGTH), value(TO_NEWLINE), isNotEqual],
            ...[get(PLACE), byteAt(0), value(NEWLINE), isNotEqual, or, and, goToWhen(1)],
            ...[get(PLACE), set(AT), stop(DONE)],
          ),
          ...[get(PLACE), get(ARC), numberAt(BACK), subtract, set(START), get(PLACE), set(END)],
          when(isKind(STRING), when([get(PLACE), call(0), value(1), add, keep(END), value(1), isLess], stop(BROKEN))),
          when(
            isKind(TEXT),
            when(
              [get(PLACE), get(COUNT), call(PLACE_OF_WALK_RECORD), keep(END), isZero],
              when([get(PLACE), call(0), value(1), add, keep(END), value(1), isLess], stop(BROKEN)),
            ),
          ),
          when(
            isKind(NUMBER),
            ...[get(PLACE), call(1), keep(END), isZero, goToWhen(1)],
            when([get(END), value(0), isLess], stop(BROKEN)),
          ),
          when(isKind(ARRAY), when([get(START), call(PLACE_OF_END_OF_ARRAY), keep(END), isZero], stop(BROKEN))),
          ...[member, get(START), storeNumberAt(STARTS), member, get(END), storeNumberAt(ENDS)],
          ...[get(ARC), numberAt(TARGET), set(NODE), get(END), set(AT)],
          ...[get(COUNT), value(1), add, set(COUNT), goTo(2)],
        ),
        ...[get(ARC), numberAt(NEXT), set(ARC), goTo(0)],
      ),
    ),
    unreachable,
  ];
  return { name: 'walk', takes: 4, numbers: 8, vectors: 0, body };
})();
