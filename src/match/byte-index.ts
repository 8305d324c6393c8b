/**
 * Which of many texts stand in the bytes of a value, as `GramIndex` tells it of text.
 *
 *   bytes of a JSON value ──escapes undone, letters in lower case──▶ plain bytes ──grams──▶ texts that stand there
 *
 * What stands at the start or the end is told by the four bytes there. Of a text that may stand anywhere, its grams at four
 * places in a row are known, so that every fourth place of a value is looked at, and no more. Short ones are asked of every place.
 *
 * Only of ASCII: a value beyond it, or with an escape by number, is left to whoever parses. What is found is marked in bits,
 * so that asking costs no memory.
 */
import { countGrams, GRAM, gramAt, MIX } from './gram-index.ts';
import type { Literal } from './literal.ts';

/** Marks to set where the text stands in a value: at `words[i]` the bits of `masks[i]`. */
export interface Marks {
  readonly words: Int32Array;
  readonly masks: Int32Array;
}

interface Placed {
  readonly text: Uint8Array;
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
  /** Where in the text its gram stands. */
  readonly offset: number;
  readonly marks: Marks;
}

export class ByteIndex {
  /** Texts that hardly a value is without: taken to stand in each. */
  private readonly common: Marks[] = [];
  private readonly short: Placed[] = [];
  private readonly starts = new Grams(1);
  /** By the four bytes before the last four, and by the last four. */
  private readonly longEnds = new Grams(1);
  private readonly ends = new Grams(1);
  private readonly everyFourth = new Grams(GRAM);
  private readonly everywhere = new Grams(1);

  /** Literals that only a value beyond ASCII holds are left out. */
  constructor(entries: readonly (readonly [literal: Literal, marks: Marks])[]) {
    const held = entries.filter(([{ anchor }]) => anchor !== 'beyond');
    const counts = countGrams(held.map(([literal]) => literal));
    for (const [literal, marks] of held) this.place(literal, marks, counts);
    for (const grams of [this.starts, this.longEnds, this.ends, this.everyFourth, this.everywhere]) grams.close();
  }

  private place({ text, anchor }: Literal, marks: Marks, counts: ReadonlyMap<number, number>): void {
    const { length } = text;
    const isAtStart = anchor === 'start' || anchor === 'whole';
    const isAtEnd = anchor === 'end' || anchor === 'whole';
    const placed = { text: Uint8Array.from(Buffer.from(text, 'latin1')), isAtStart, isAtEnd, marks };
    const at = (offset: number) => ({ ...placed, offset });
    if (length < GRAM) {
      if (isAtStart || isAtEnd) this.short.push(at(0));
      else this.common.push(marks);
    } else if (isAtEnd) {
      if (length >= 2 * GRAM) this.longEnds.add(at(length - 2 * GRAM));
      else this.ends.add(at(length - GRAM));
    } else if (isAtStart) {
      this.starts.add(at(0));
    } else if (length < 2 * GRAM - 1) {
      this.everywhere.add(at(0));
    } else {
      const first = rarestPlaces(text, counts);
      for (let offset = first; offset < first + GRAM; offset += 1) this.everyFourth.add(at(offset));
    }
  }

  /** Sets the marks of the texts that stand in the first `length` plain bytes; of common ones also where they do not. */
  search(plain: Uint8Array, length: number, marked: Int32Array): void {
    const { common, short } = this;
    for (let at = 0; at < common.length; at += 1) mark(common[at] as Marks, marked);
    for (let at = 0; at < short.length; at += 1) {
      const placed = short[at] as Placed;
      const start = placed.isAtStart ? 0 : length - placed.text.length;
      if (stands(placed, plain, start, length)) mark(placed.marks, marked);
    }
    if (length < GRAM) return;
    this.starts.searchAt(plain, 0, length, marked);
    this.ends.searchAt(plain, length - GRAM, length, marked);
    if (length >= 2 * GRAM) this.longEnds.searchAt(plain, length - 2 * GRAM, length, marked);
    this.everyFourth.search(plain, length, marked);
    this.everywhere.search(plain, length, marked);
  }
}

/** Filter bits for each gram. */
const BITS_PER_GRAM = 32;

/** Texts by one of their grams. */
class Grams {
  private readonly stride: number;
  private readonly table = new Map<number, Placed[]>();
  private filter = new Int32Array(1);
  private shift = 31;

  /** @param stride of the places that are looked at */
  constructor(stride: number) {
    this.stride = stride;
  }

  add(placed: Placed): void {
    const gram = gramOf(placed.text, placed.offset);
    const others = this.table.get(gram);
    if (others === undefined) this.table.set(gram, [placed]);
    else others.push(placed);
  }

  close(): void {
    let bits = 256;
    while (bits < this.table.size * BITS_PER_GRAM) bits *= 2;
    this.shift = 32 - Math.log2(bits);
    this.filter = new Int32Array(bits / 32);
    for (const gram of this.table.keys()) {
      const bit = Math.imul(gram, MIX) >>> this.shift;
      this.filter[bit >>> 5] = (this.filter[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }

  search(plain: Uint8Array, length: number, marked: Int32Array): void {
    if (this.table.size === 0) return;
    const { filter, shift, stride } = this;
    for (let at = 0; at <= length - GRAM; at += stride) {
      const gram = gramOf(plain, at);
      const bit = Math.imul(gram, MIX) >>> shift;
      if (((filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0) this.compare(gram, plain, at, length, marked);
    }
  }

  searchAt(plain: Uint8Array, at: number, length: number, marked: Int32Array): void {
    if (this.table.size === 0) return;
    const gram = gramOf(plain, at);
    const bit = Math.imul(gram, MIX) >>> this.shift;
    if (((this.filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0) this.compare(gram, plain, at, length, marked);
  }

  private compare(gram: number, plain: Uint8Array, at: number, length: number, marked: Int32Array): void {
    const placed = this.table.get(gram);
    if (placed === undefined) return;
    for (let one = 0; one < placed.length; one += 1) {
      const { offset, marks } = placed[one] as Placed;
      if (stands(placed[one] as Placed, plain, at - offset, length)) mark(marks, marked);
    }
  }
}

function gramOf(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** The first of four places in a row at which the text's grams are the rarest together. */
function rarestPlaces(text: string, counts: ReadonlyMap<number, number>): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let first = 0; first + 2 * GRAM - 1 <= text.length; first += 1) {
    let sum = 0;
    for (let at = first; at < first + GRAM; at += 1) sum += counts.get(gramAt(text, at)) ?? 0;
    if (sum < least) [best, least] = [first, sum];
  }
  return best;
}

export function mark({ words, masks }: Marks, marked: Int32Array): void {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as number;
    marked[word] = (marked[word] as number) | (masks[at] as number);
  }
}

function stands({ text, isAtStart, isAtEnd }: Placed, plain: Uint8Array, start: number, length: number): boolean {
  const end = start + text.length;
  if (start < 0 || end > length || (isAtStart && start !== 0) || (isAtEnd && end !== length)) return false;
  for (let at = 0; at < text.length; at += 1) if (plain[start + at] !== text[at]) return false;
  return true;
}

/** By byte within a string: what it is in lower case; 0 for a backslash and for what is beyond ASCII. */
const LOWER = new Uint8Array(256);
for (let byte = 0x20; byte < 0x80; byte += 1) LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
LOWER[0x5c] = 0;
/** By letter after a backslash: what it stands for; 0 for `u`. */
const ESCAPED = new Uint8Array(256);
for (const [letter, stands] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  ESCAPED[(letter as string).charCodeAt(0)] = (stands as string).charCodeAt(0);
}

/**
 * Writes a JSON string's bytes, from the one after its opening quote to its closing one, plain and in lower case.
 * @returns how many they are; negative where they are not all ASCII, or may not be
 */
export function plainBytes(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let length = 0;
  for (let at = start; at < end; at += 1) {
    let byte = LOWER[bytes[at] as number] as number;
    if (byte === 0) {
      at += 1;
      byte = bytes[at - 1] === 0x5c ? (ESCAPED[bytes[at] as number] as number) : 0;
      if (byte === 0) return -1;
    }
    into[length] = byte;
    length += 1;
  }
  return length;
}
