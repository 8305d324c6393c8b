/**
 * What a line of JSON is made of, without parsing it: which members it has, of what kind, and where each stands.
 *
 *   bytes ──one pass that knows JSON's grammar──▶ shape: names and kinds, in order; a node that equal lines share
 *                                              └▶ places: of each member its first byte and the one after its last
 *
 * Lines of a log are of few shapes, so the pass guesses each next name by the last line that came this far, and a guess that
 * holds costs a comparison of bytes.
 *
 * Invariants: a line has a shape only if `JSON.parse` takes it for an object; of two lines of one shape, `JSON.parse` gives
 * objects of the same names, kinds and order; no name stands twice in an object; an array is one member, whatever is in it.
 * Names with escapes or beyond ASCII, empty objects, deep nesting and long lines have no shape: whoever asks parses them.
 */
import { LINE_ROOM, NUMBER_ESCAPED, openStringEnds, type StringEnds } from './string-end.ts';

export const [STRING, NUMBER, TRUE, FALSE, NULL, OBJECT, ARRAY] = [1, 2, 3, 4, 5, 6, 7] as const;

const MOST_MEMBERS = 512;
const MOST_DEPTH = 32;
/** Somebody may invent names: beyond so many nodes all are forgotten. About 300 bytes each. */
const MOST_NODES = 32_768;
/** Longer fractions are carried as their text where a double does not hold them, which is left to whoever parses. */
const LONGEST_FRACTION = 15;

/** A member after those before it; the last one of a line is its shape. */
export class LineShape<T> {
  readonly before: LineShape<T> | undefined;
  /** How many members stand before it. */
  readonly number: number;
  /** Name of the member, and the number of the place that it names. */
  readonly name: Uint8Array;
  readonly place: number;
  readonly kind: number;
  /** The place of the object that it is a member of. */
  readonly inside: number;
  /** What is known of lines of this shape. */
  known: T | undefined = undefined;
  guess: LineShape<T> | undefined = undefined;
  readonly after = new Map<string, LineShape<T>>();

  constructor(before: LineShape<T> | undefined, name: Uint8Array, inside: number, place: number, kind: number) {
    this.before = before;
    this.number = before === undefined ? -1 : before.number + 1;
    this.name = name;
    this.inside = inside;
    this.place = place;
    this.kind = kind;
  }
}

export class LineScanner<T> {
  /** The line that was looked at last, from 0. */
  readonly bytes: Uint8Array;
  length = 0;
  /** By number of member: where its value begins and ends. */
  readonly starts = new Int32Array(MOST_MEMBERS);
  readonly ends = new Int32Array(MOST_MEMBERS);
  private readonly endOf: StringEnds['endOf'];
  private root = rootShape<T>();
  private readonly places = new Map<string, number>();
  private readonly outer = new Int32Array(MOST_DEPTH);
  private nodes = 0;

  constructor() {
    const { room, endOf } = openStringEnds();
    this.bytes = room;
    this.endOf = endOf;
  }

  scan(line: Uint8Array): LineShape<T> | undefined {
    const { length } = line;
    if (length > LINE_ROOM || line[0] !== BRACE) return undefined;
    const { bytes, starts, ends, outer, endOf } = this;
    bytes.set(line);
    bytes[length] = 0;
    bytes[NUMBER_ESCAPED] = 0;
    this.length = length;
    let shape = this.root;
    let inside = 0;
    let depth = 0;
    let count = 0;
    let at = 1;
    for (;;) {
      while (isBlank(bytes[at] as number)) at += 1;
      if (bytes[at] !== QUOTE) return undefined;
      const name = at + 1;
      let next = shape.guess;
      let end = next !== undefined && next.inside === inside ? endOfGuess(bytes, name, next.name) : 0;
      if (end === 0) {
        next = undefined;
        end = endOfName(bytes, name);
        if (end === 0) return undefined;
      }
      at = end + 1;
      while (isBlank(bytes[at] as number)) at += 1;
      if (bytes[at] !== COLON) return undefined;
      at += 1;
      while (isBlank(bytes[at] as number)) at += 1;
      const start = at;
      const kind = KINDS[bytes[at] as number] as number;
      if (kind === STRING) {
        at = endOf(at + 1) + 1;
        if (at <= 0) return undefined;
      } else if (kind !== OBJECT) {
        at = kind === ARRAY ? this.endOfArray(at) : endOfScalar(bytes, at, kind);
        if (at === 0) return undefined;
      }
      if (next === undefined || next.kind !== kind) {
        next = this.follow(shape, inside, bytes.subarray(name, end), kind);
        if (next === undefined) return undefined;
        shape.guess = next;
      }
      shape = next;
      starts[count] = start;
      ends[count] = at;
      count += 1;
      if (kind === OBJECT) {
        if (depth === MOST_DEPTH) return undefined;
        outer[depth] = inside;
        depth += 1;
        inside = shape.place;
        at += 1;
        continue;
      }
      while (isBlank(bytes[at] as number)) at += 1;
      while (bytes[at] === CLOSING_BRACE && depth > 0) {
        depth -= 1;
        inside = outer[depth] as number;
        at += 1;
        while (isBlank(bytes[at] as number)) at += 1;
      }
      const byte = bytes[at] as number;
      at += 1;
      if (byte === COMMA) continue;
      if (byte !== CLOSING_BRACE) return undefined;
      while (isBlank(bytes[at] as number)) at += 1;
      return at === length ? shape : undefined;
    }
  }

  /** Whether some character of the line stands there by its number (`\\u0041`). */
  get hasNumberEscapes(): boolean {
    return this.bytes[NUMBER_ESCAPED] !== 0;
  }

  private follow(shape: LineShape<T>, inside: number, name: Uint8Array, kind: number): LineShape<T> | undefined {
    const text = Buffer.from(name).toString('latin1');
    const key = `${inside} ${kind} ${text}`;
    const known = shape.after.get(key);
    if (known !== undefined) return known;
    if (shape.number + 1 >= MOST_MEMBERS) return undefined;
    if (this.nodes >= MOST_NODES) {
      // The line at hand is parsed; the next ones make their shapes anew.
      this.root = rootShape();
      this.places.clear();
      this.nodes = 0;
      return undefined;
    }
    const placed = `${inside} ${text}`;
    const place = this.places.get(placed) ?? this.places.size + 1;
    this.places.set(placed, place);
    for (let other: LineShape<T> | undefined = shape; other !== undefined; other = other.before) {
      if (other.place === place) return undefined;
    }
    const next = new LineShape(shape, Uint8Array.from(name), inside, place, kind);
    shape.after.set(key, next);
    this.nodes += 1;
    return next;
  }

  /** The place after the array's bracket; 0 where it is none. */
  private endOfArray(start: number): number {
    const { bytes, endOf } = this;
    /** By depth, whether what is open is an object. */
    const isObject: boolean[] = [];
    let at = start;
    for (;;) {
      while (isBlank(bytes[at] as number)) at += 1;
      const kind = KINDS[bytes[at] as number] as number;
      if (kind === ARRAY || kind === OBJECT) {
        if (isObject.length === MOST_DEPTH) return 0;
        isObject.push(kind === OBJECT);
        at += 1;
        while (isBlank(bytes[at] as number)) at += 1;
        if (bytes[at] !== (kind === OBJECT ? CLOSING_BRACE : CLOSING_BRACKET)) {
          if (kind === OBJECT) at = this.endOfNameInArray(at);
          if (at === 0) return 0;
          continue;
        }
      } else if (kind === STRING) {
        at = endOf(at + 1) + 1;
        if (at <= 0) return 0;
      } else {
        at = endOfScalar(bytes, at, kind);
        if (at === 0) return 0;
      }
      if (kind !== ARRAY && kind !== OBJECT) while (isBlank(bytes[at] as number)) at += 1;
      for (;;) {
        const inObject = isObject.at(-1) as boolean;
        const byte = bytes[at] as number;
        if (byte === (inObject ? CLOSING_BRACE : CLOSING_BRACKET)) {
          at += 1;
          isObject.pop();
          if (isObject.length === 0) return at;
          while (isBlank(bytes[at] as number)) at += 1;
          continue;
        }
        if (byte !== COMMA) return 0;
        at += 1;
        if (inObject) {
          while (isBlank(bytes[at] as number)) at += 1;
          at = this.endOfNameInArray(at);
          if (at === 0) return 0;
        }
        break;
      }
    }
  }

  private endOfNameInArray(start: number): number {
    const { bytes } = this;
    if (bytes[start] !== QUOTE) return 0;
    let at = this.endOf(start + 1) + 1;
    if (at <= 0) return 0;
    while (isBlank(bytes[at] as number)) at += 1;
    return bytes[at] === COLON ? at + 1 : 0;
  }
}

function rootShape<T>(): LineShape<T> {
  return new LineShape<T>(undefined, new Uint8Array(0), -1, 0, OBJECT);
}

const [QUOTE, BRACE, CLOSING_BRACE, CLOSING_BRACKET, COLON, COMMA] = [0x22, 0x7b, 0x7d, 0x5d, 0x3a, 0x2c];
const [MINUS, POINT, ZERO, NINE, BACKSLASH, SPACE, BEYOND] = [0x2d, 0x2e, 0x30, 0x39, 0x5c, 0x20, 0x80];

/** By first byte, what a value is; 0 for no value. */
const KINDS = new Uint8Array(256);
for (const [first, kind] of [
  ['"', STRING],
  ['{', OBJECT],
  ['[', ARRAY],
  ['t', TRUE],
  ['f', FALSE],
  ['n', NULL],
  ...Array.from('-0123456789', (digit) => [digit, NUMBER] as const),
] as const) {
  KINDS[first.charCodeAt(0)] = kind;
}
const WORDS: readonly (Uint8Array | undefined)[] = ['', '', '', 'true', 'false', 'null'].map((word) =>
  word === '' ? undefined : Buffer.from(word),
);

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === 0x09 || byte === 0x0d;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** The place of the quote after the name, where it is the one guessed; else 0. */
function endOfGuess(bytes: Uint8Array, start: number, name: Uint8Array): number {
  const { length } = name;
  for (let at = 0; at < length; at += 1) if (bytes[start + at] !== name[at]) return 0;
  return bytes[start + length] === QUOTE ? start + length : 0;
}

function endOfName(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] as number) >= SPACE && (bytes[at] as number) < BEYOND && bytes[at] !== QUOTE) {
    if (bytes[at] === BACKSLASH) return 0;
    at += 1;
  }
  return bytes[at] === QUOTE ? at : 0;
}

function endOfScalar(bytes: Uint8Array, start: number, kind: number): number {
  if (kind === NUMBER) return endOfNumber(bytes, start);
  const word = WORDS[kind];
  if (word === undefined) return 0;
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return 0;
  return start + word.length;
}

/** JSON's grammar of numbers, without exponents. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  if (bytes[at] === ZERO) at += 1;
  else {
    if (!isDigit(bytes[at] as number)) return 0;
    while (isDigit(bytes[at] as number)) at += 1;
  }
  if (bytes[at] === POINT) {
    at += 1;
    if (!isDigit(bytes[at] as number)) return 0;
    while (isDigit(bytes[at] as number)) at += 1;
    if (at - start > LONGEST_FRACTION) return 0;
  }
  const byte = bytes[at];
  return byte === 0x65 || byte === 0x45 ? 0 : at;
}
