/**
 * The ways that texts took (`text-walk.ts`): how each goes on from value to value.
 *
 *   texts of a way ──values that were the same in all of them──▶ arcs that hold these, too, ahead of the others
 *
 * Of a record's thirty values two thirds are the same in all of a kind, and stand beside each other: they are compared, not looked for.
 *
 * Invariant: an arc that holds values leads where those lead that it stands for, one behind the other: the bytes are the same.
 */
import type { SnarePart } from './snare-parts.ts';
import {
  ARCS,
  BYTES,
  END_OF_TEXT,
  FIRST,
  HEAD,
  HELD,
  KIND,
  LENGTH,
  NEXT,
  PLACES,
  QUOTES,
  ROOT,
  SIGN,
  TARGET,
  VECTORS_OF_PLACES,
  WAY,
} from './text-walk.ts';

const VECTOR = 16;
/** Ways that are kept. */
const MOST_WAYS = 512;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Where ways are kept, and what walks along them. */
export interface TextMemory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly start: number;
  readonly end: number;
  readonly walkText: (at: number, count: number) => number;
}

/** Bytes of the line, and what comes after them. */
interface ArcBytes {
  readonly start: number;
  readonly end: number;
  readonly kind: number;
}

/** A value's place in the line. */
interface Value {
  readonly start: number;
  readonly end: number;
}

export class TextWays {
  private readonly memory: TextMemory;
  private free: number;
  /** By number of way, from 1, its arcs, each of which has a value. */
  private readonly ways: (readonly number[])[] = [];

  constructor(memory: TextMemory) {
    this.memory = memory;
    this.free = memory.start + ARCS;
  }

  /** Where the line's record begins, where the scan told of it; else -1. */
  get sign(): number {
    const { words, start } = this.memory;
    return (words[(start + WAY) >> 2] as number) > 0 ? (words[(start + SIGN) >> 2] as number) : -1;
  }

  /** The way of the record that begins at `at`, with its values members from `count` on, where the scan told it; else -1. */
  toldAt(at: number, count: number): number {
    const { words, start } = this.memory;
    const way = words[(start + WAY) >> 2] as number;
    return way > 0 && words[(start + SIGN) >> 2] === at && words[(start + FIRST) >> 2] === count ? way : -1;
  }

  /** Another line comes. */
  begin(): void {
    this.memory.words[(this.memory.start + WAY) >> 2] = 0;
  }

  /**
   * Of a text with its first byte at `at`, whose values are members from `count` on.
   * @returns the number of the way; -1 where it took none that is known
   */
  walk(at: number, count: number): number {
    const { words, start, walkText } = this.memory;
    // The line's string may have been found to end by that alone.
    const way = words[(start + WAY) >> 2] as number;
    const isThere = words[(start + SIGN) >> 2] === at && words[(start + FIRST) >> 2] === count;
    if (way > 0 && isThere) return way;
    words[(start + FIRST) >> 2] = count;
    return way === -1 && isThere ? -1 : walkText(at, count);
  }

  /**
   * Adds how a text goes on from value to value.
   * @param parts of the text from `start` to `end`, their places told from there
   * @returns the number of the way; -1 where there is no room for it, or one that begins so ends otherwise
   */
  add(start: number, end: number, parts: readonly SnarePart[]): number {
    const { words } = this.memory;
    if (this.ways.length === MOST_WAYS) return -1;
    // As none was known, it is walked anew.
    this.begin();
    let link = this.memory.start + ROOT;
    let at = start;
    const arcs: number[] = [];
    for (const part of parts) {
      const arc = this.arc(link, { start: at, end: start + part.start, kind: part.how });
      if (arc === 0) return -1;
      arcs.push(arc);
      link = arc + HEAD;
      at = start + part.end;
    }
    const last = this.arc(link, { start: at, end, kind: END_OF_TEXT });
    if (last === 0 || words[(last + HEAD) >> 2] !== 0) return -1;
    this.ways.push(arcs);
    words[(last + HEAD) >> 2] = this.ways.length;
    return this.ways.length;
  }

  /**
   * Adds arcs that hold values of the way that are always the same, as the text from `start` to `end` has them.
   * @param values of the text, in order
   * @param isHeld whether a value is always the same
   */
  hold(way: number, start: number, end: number, values: readonly Value[], isHeld: (value: number) => boolean): void {
    const arcs = this.ways[way - 1] as readonly number[];
    let first = 0;
    for (let number = 0; number <= values.length; number += 1) {
      if (number < values.length && isHeld(number)) continue;
      const held = values.slice(first, number);
      const from = first === 0 ? start : (values[first - 1] as Value).end;
      const link = first === 0 ? this.memory.start + ROOT : (arcs[first - 1] as number) + HEAD;
      const arc = arcs[number];
      const to = arc === undefined ? end : (values[number] as Value).start;
      const kind = arc === undefined ? END_OF_TEXT : (this.memory.words[(arc + KIND) >> 2] as number);
      const target = arc === undefined ? way : arc + HEAD;
      if (held.length > 0 && !this.holdingArc(link, { start: from, end: to, kind }, held, target)) return;
      first = number + 1;
    }
  }

  /** @param target of an arc that ends the text the number of the way. @returns whether there is room for it */
  private holdingArc(link: number, of: ArcBytes, held: readonly Value[], target: number): boolean {
    const { words } = this.memory;
    for (let arc = words[link >> 2] as number; arc !== 0; arc = words[(arc + NEXT) >> 2] as number) {
      if (words[(arc + HELD) >> 2] === held.length && this.isArc(arc, of)) return true;
    }
    const places = this.take(Math.ceil(held.length / 4) * VECTORS_OF_PLACES * VECTOR);
    const arc = places === 0 ? 0 : this.newArc(of);
    if (arc === 0) return false;
    for (const [number, { start, end }] of held.entries()) {
      const place = (places >> 2) + (number >> 2) * 4 * VECTORS_OF_PLACES + (number & 3);
      words[place] = start - 1 - of.start;
      words[place + 4] = end + 1 - of.start;
      // Another for each.
      words[place + 8] = places + number;
    }
    words[(arc + HELD) >> 2] = held.length;
    words[(arc + PLACES) >> 2] = places;
    words[(arc + (of.kind === END_OF_TEXT ? HEAD : TARGET)) >> 2] = target;
    // What is the same in more lines was found out later.
    words[(arc + NEXT) >> 2] = words[link >> 2] as number;
    words[link >> 2] = arc;
    return true;
  }

  /** The arc after a place that holds no values, which is added where there is none; 0 where there is no room for it. */
  private arc(first: number, of: ArcBytes): number {
    const { words } = this.memory;
    let link = first >> 2;
    for (let arc = words[link] as number; arc !== 0; arc = words[link] as number) {
      if (words[(arc + HELD) >> 2] === 0 && this.isArc(arc, of)) return arc;
      link = (arc + NEXT) >> 2;
    }
    const arc = this.newArc(of);
    if (arc !== 0) words[link] = arc;
    return arc;
  }

  private newArc({ start, end, kind }: ArcBytes): number {
    const { words, bytes } = this.memory;
    const length = end - start;
    const arc = this.take(BYTES + Math.ceil((length + 1) / VECTOR) * VECTOR);
    if (arc === 0) return 0;
    words[(arc + TARGET) >> 2] = arc + HEAD;
    words[(arc + KIND) >> 2] = kind;
    words[(arc + LENGTH) >> 2] = length;
    words[(arc + QUOTES) >> 2] = hasQuote(bytes, start, end) ? 1 : 0;
    bytes.copyWithin(arc + BYTES, start, end);
    return arc;
  }

  private isArc(arc: number, { start, end, kind }: ArcBytes): boolean {
    const { words, bytes } = this.memory;
    const length = end - start;
    const isSame = words[(arc + LENGTH) >> 2] === length && words[(arc + KIND) >> 2] === kind;
    return isSame && isWritten(bytes, arc + BYTES, start, length);
  }

  /** 0 where there is no room. */
  private take(size: number): number {
    const at = this.free;
    if (at + size + VECTOR > this.memory.end) return 0;
    this.free += size;
    return at;
  }
}

function isWritten(bytes: Uint8Array, place: number, other: number, length: number): boolean {
  for (let at = 0; at < length; at += 1) if (bytes[place + at] !== bytes[other + at]) return false;
  return true;
}

function hasQuote(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at += 1) if (bytes[at] === QUOTE && bytes[at - 1] === BACKSLASH) return true;
  return false;
}
