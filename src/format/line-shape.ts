/**
 * What a line of JSON is made of, without parsing it: which members it has, of what kind, and where each stands.
 *
 *   bytes ──walk along what lines were like before (`line-walk.ts`)──▶ shape: names and kinds, in order; a node that equal lines share
 *             └──nothing like it before: one step by JSON's grammar    └▶ places: of each member its first byte and the one after its last
 *
 * Invariants: a line has a shape only if `JSON.parse` takes it for an object; of two lines of one shape, `JSON.parse` gives
 * objects of the same names, kinds and order; no name stands twice in an object; an array is one member, whatever is in it.
 * Names with escapes or beyond ASCII, empty objects, deep nesting and long lines have no shape: whoever asks parses them.
 */
import { MOST_DEPTH } from './array-walk.ts';
import type { LineValues } from './line-values.ts';
import {
  ARRAY,
  BESIDE,
  BESIDE_ROOM,
  BLOCK,
  DONE,
  FALSE,
  LINE_ROOM,
  LineWalk,
  MOST_MEMBERS,
  MOST_NODES,
  NULL,
  NUMBER,
  OBJECT,
  STRING,
  STUCK,
  TEXT,
  TRUE,
} from './line-walk.ts';
import type { HeaderForm } from './syslog-forms.ts';
import type { TextForms } from './text-forms.ts';
import type { TextWays } from './text-ways.ts';
import type { ValueRanges } from './value-ranges.ts';

export { ARRAY, BESIDE, BESIDE_ROOM, BLOCK, FALSE, NULL, NUMBER, OBJECT, STRING, TRUE };

/** A member after those before it; the last one of a line is its shape. */
export class LineShape<T> {
  readonly before: LineShape<T> | undefined;
  /** How many members stand before it. */
  readonly number: number;
  /** Name of the member, and the number of the place that it names. */
  readonly name: Uint8Array;
  readonly place: number;
  readonly kind: number;
  /** The object that it is a member of, and the place of that. */
  readonly outer: LineShape<T> | undefined;
  readonly inside: number;
  /** Of its objects, how many are around each other here. */
  readonly depth: number;
  /** Its number on the walk. */
  readonly node: number;
  /** What is known of lines of this shape. */
  known: T | undefined = undefined;
  readonly after = new Map<string, LineShape<T>>();

  constructor(
    before: LineShape<T> | undefined,
    outer: LineShape<T> | undefined,
    parts: { readonly name: Uint8Array; readonly place: number; readonly kind: number; readonly node: number },
  ) {
    this.before = before;
    this.number = before === undefined ? -1 : before.number + 1;
    this.outer = outer;
    this.inside = outer?.place ?? 0;
    this.name = parts.name;
    this.place = parts.place;
    this.kind = parts.kind;
    this.node = parts.node;
    this.depth = (outer?.depth ?? 0) + (parts.kind === OBJECT ? 1 : 0);
  }
}

let turns = 0;

function nextTurn(): number {
  turns += 1;
  return turns;
}

export class LineScanner<T> {
  /** The line that was looked at last, from 0. */
  readonly bytes: Uint8Array;
  length = 0;
  /** By number of member: where its value begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  private readonly walk = new LineWalk();
  /** By number of member, the number of its value, and of which line. */
  private readonly numbers = new Int32Array(MOST_MEMBERS);
  private readonly numberedAt = new Float64Array(MOST_MEMBERS);
  private scans = 0;
  private heldFrom = 0;
  private heldTo = 0;
  private readonly places = new Map<string, number>();
  /** By number of node. */
  private shapes: LineShape<T>[] = [rootShape()];

  /** @param withoutForms for tests: headers of syslog and dates are split, however texts before were written */
  constructor(withoutForms = false) {
    const { bytes, starts, ends, headers, dates } = this.walk;
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
    if (withoutForms) for (const forms of [headers, dates]) forms.leave();
  }

  /** Of the line that was scanned last, which members are parts of a text along whose way values are held. */
  holdsParts(from: number, to: number): void {
    this.heldFrom = from;
    this.heldTo = to;
  }

  /** Where not 0, members with the same one have the same bytes, of all lines. */
  heldOf(member: number): number {
    return member >= this.heldFrom && member < this.heldTo ? (this.walk.helds[member] as number) : 0;
  }

  scan(line: Uint8Array): LineShape<T> | undefined {
    const { length } = line;
    if (length > LINE_ROOM || line[0] !== BRACE) return undefined;
    const { walk } = this;
    walk.begin(line);
    this.length = length;
    this.scans = nextTurn();
    this.heldTo = 0;
    let how = walk.goOn(0, 0, 0);
    while (how !== DONE) {
      const { node, at, count } = walk;
      if (how === STUCK) {
        // Of a way that was added the walk takes at least that one, or none.
        if (!this.addWay(this.shapes[node] as LineShape<T>, at)) return undefined;
        how = walk.goOn(node, at, count);
        if (how === STUCK && walk.node === node && walk.at === at) return undefined;
      } else {
        return undefined;
      }
    }
    return this.shapes[walk.node];
  }

  /** Takes bytes for a block of lines, from its place on (`BLOCK`). @returns how many of them there was room for */
  beginBlock(bytes: Uint8Array, from: number): number {
    return this.walk.beginBlock(bytes, from);
  }

  /**
   * As `scan`, of a line of the block, by the place of its first byte; undefined also where it goes a way that is not known. Whoever asks
   * for all of the line's bytes has to look there.
   */
  scanInBlock(start: number): LineShape<T> | undefined {
    const { walk } = this;
    this.scans = nextTurn();
    this.heldTo = 0;
    return walk.goAlong(start) === DONE ? this.shapes[walk.node] : undefined;
  }

  /** The newline behind a line of the block. */
  get endOfScanned(): number {
    return this.walk.at;
  }

  /** Another for each line that was looked at, also by other scanners. */
  get turn(): number {
    return this.scans;
  }

  /** The bytes four by four; the first byte is the lowest. */
  get words(): Int32Array {
    return this.walk.words;
  }

  get values(): LineValues {
    return this.walk.values;
  }

  /** Ways along texts of lines, in the same memory. */
  get texts(): TextWays {
    return this.walk.texts;
  }

  get ranges(): ValueRanges {
    return this.walk.ranges;
  }

  /** How lines of syslog in texts began before, and dates of Snare's. */
  get headers(): TextForms<HeaderForm> {
    return this.walk.headers;
  }

  get dates(): TextForms<true> {
    return this.walk.dates;
  }

  /** The number of a member's value, as it is written; -1 where it is not known. */
  valueOf(member: number): number {
    if (this.numberedAt[member] !== this.scans) {
      this.numberedAt[member] = this.scans;
      this.numbers[member] = this.values.find(this.starts[member] as number, this.ends[member] as number);
    }
    return this.numbers[member] as number;
  }

  /** As `valueOf`, where it is known from now on unless it is too long. */
  addValueOf(member: number): number {
    const start = this.starts[member] as number;
    const end = this.ends[member] as number;
    const known = this.values.find(start, end);
    const { generation } = this.values;
    const number = known === -1 ? this.values.add(start, end) : known;
    // Numbers of the line's other values are those of before.
    if (generation !== this.values.generation) this.scans = nextTurn();
    this.numberedAt[member] = this.scans;
    this.numbers[member] = number;
    return number;
  }

  /** As `LineWalk` has them. */
  findText(tables: Int32Array, at: number, end: number): number {
    return this.walk.findText(tables, at, end);
  }

  findGram(filter: Int32Array, shift: number, at: number, last: number): number {
    return this.walk.findGram(filter, shift, at, last);
  }

  endOfLine(at: number, end: number): number {
    return this.walk.endOfLine(at, end);
  }

  takesFilter(filter: Int32Array): boolean {
    return this.walk.takesFilter(filter);
  }

  unquote(longest: number): readonly [start: number, end: number] {
    return this.walk.unquote(longest);
  }

  get hasQuotes(): boolean {
    return this.walk.hasQuotes;
  }

  /** As `LineWalk` tells it of the line. */
  get isOdd(): boolean {
    return this.walk.isOdd;
  }

  get hasOddEscapes(): boolean {
    return this.walk.hasOddEscapes;
  }

  /** Adds how the line goes on after a member, up to its next value or its end. @returns false where it does not as JSON does, or not as shapes do */
  private addWay(shape: LineShape<T>, start: number): boolean {
    const { bytes } = this;
    let outer = shape.kind === OBJECT ? shape : shape.outer;
    let at = start;
    if (shape.number === -1) {
      at += 1;
    } else if (shape.kind !== OBJECT) {
      at = afterBlanks(bytes, at);
      while (bytes[at] === CLOSING_BRACE && outer?.outer !== undefined) {
        outer = outer.outer;
        at = afterBlanks(bytes, at + 1);
      }
      const byte = bytes[at];
      if (byte === CLOSING_BRACE) {
        at = afterBlanks(bytes, at + 1);
        return at === this.length && this.added(shape, start, at);
      }
      if (byte !== COMMA) return false;
      at += 1;
    }
    at = afterBlanks(bytes, at);
    if (bytes[at] !== QUOTE) return false;
    const name = at + 1;
    const end = endOfName(bytes, name);
    if (end === 0) return false;
    at = afterBlanks(bytes, end + 1);
    if (bytes[at] !== COLON) return false;
    const valueStart = afterBlanks(bytes, at + 1);
    const kind = KINDS[bytes[valueStart] as number] as number;
    const known = FIRST_BYTES[kind];
    if (known === undefined || !known.every((byte, index) => bytes[valueStart + index] === byte)) return false;
    const next = this.follow(shape, outer, bytes.subarray(name, end), kind);
    if (next === undefined) return false;
    const way = { node: next.node, kind: mayBeRecord(next) ? TEXT : kind, valueStart };
    return this.added(shape, start, valueStart + known.length, way);
  }

  private added(shape: LineShape<T>, start: number, end: number, to?: Parameters<LineWalk['addArc']>[3]): boolean {
    if (this.walk.addArc(shape.node, start, end, to)) return true;
    this.forget();
    return false;
  }

  private follow(
    shape: LineShape<T>,
    outer: LineShape<T> | undefined,
    name: Uint8Array,
    kind: number,
  ): LineShape<T> | undefined {
    const text = Buffer.from(name).toString('latin1');
    const inside = outer?.place ?? 0;
    const key = `${inside} ${kind} ${text}`;
    const known = shape.after.get(key);
    if (known !== undefined) return known;
    if (shape.number + 1 >= MOST_MEMBERS || (kind === OBJECT && (outer?.depth ?? 0) >= MOST_DEPTH)) return undefined;
    if (this.shapes.length >= MOST_NODES) {
      this.forget();
      return undefined;
    }
    const placed = `${inside} ${text}`;
    const place = this.places.get(placed) ?? this.places.size + 1;
    this.places.set(placed, place);
    for (let other: LineShape<T> | undefined = shape; other !== undefined; other = other.before) {
      if (other.place === place) return undefined;
    }
    const next = new LineShape(shape, outer, { name: Uint8Array.from(name), place, kind, node: this.shapes.length });
    shape.after.set(key, next);
    this.shapes.push(next);
    return next;
  }

  /** Somebody may invent names. The line at hand is parsed; the next ones make their shapes anew. */
  private forget(): void {
    this.shapes = [rootShape()];
    this.places.clear();
    this.walk.clear();
  }
}

/** Members whose text may be a line of syslog, outside of any object. */
const TEXTS = ['message'];

/** Of an entry of the journal, of which it counts whether the first word says that it is no more than text. */
const MESSAGE = 'MESSAGE';

/** Whether the last member's text is such a message. */
export function isJournalMessage({ kind, inside, name }: LineShape<unknown>): boolean {
  return kind === STRING && inside === 0 && Buffer.from(name).toString('latin1') === MESSAGE;
}

/** Whether the last member's text may be a record of its own (`text-parts.ts`). */
export function mayBeRecord({ kind, inside, name }: LineShape<unknown>): boolean {
  return kind === STRING && inside === 0 && TEXTS.includes(Buffer.from(name).toString('latin1'));
}

function rootShape<T>(): LineShape<T> {
  return new LineShape<T>(undefined, undefined, { name: new Uint8Array(0), place: 0, kind: OBJECT, node: 0 });
}

const [QUOTE, BRACE, CLOSING_BRACE, COLON, COMMA] = [0x22, 0x7b, 0x7d, 0x3a, 0x2c];
const [BACKSLASH, SPACE, BEYOND] = [0x5c, 0x20, 0x80];

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
/** By kind, the bytes that a value begins with, as far as they are always the same. */
const FIRST_BYTES: readonly (readonly number[] | undefined)[] = [
  undefined,
  ...['"', '', 'true', 'false', 'null', '{', '['].map((text) => [...Buffer.from(text)]),
];

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === 0x09 || byte === 0x0d;
}

function afterBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isBlank(bytes[at] as number)) at += 1;
  return at;
}

function endOfName(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] as number) >= SPACE && (bytes[at] as number) < BEYOND && bytes[at] !== QUOTE) {
    if (bytes[at] === BACKSLASH) return 0;
    at += 1;
  }
  return bytes[at] === QUOTE ? at : 0;
}
