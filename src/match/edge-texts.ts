/**
 * Which of many texts stand at one end of a value, in the time that it takes to look at that end, whatever their number.
 *
 *   text ──from the end of the value that it stands at, four bytes by four──▶ a hash for each part of it so begun, the last its own
 *   value ──the same, for as long as some text begins so──▶ texts of that hash ──compare──▶ found
 *
 * By its first four bytes alone a path is one of thousands.
 */
import { MIX } from '../format/line-search.ts';
import { type Marks, mark } from './byte-marks.ts';
import { type ByteText, gramOf, standsAt } from './byte-text.ts';
import { GRAM } from './gram-index.ts';

/** Fours of bytes by which a text is known; what is longer is compared. */
const MOST_GRAMS = 16;
/** Filter bits for each part of a text. */
const BITS_PER_PART = 16;
const LISTS_PER_TEXT = 2;
const SMALLEST = 32;

export class EdgeTexts {
  private readonly isAtEnd: boolean;
  /** Hashes of parts. */
  private readonly parts = new Set<number>();
  private filter = NOTHING;
  private shift = 31;
  /** By hash, the first of a list of texts, and by number of text, the next; 0 where there is none. */
  private heads = NOTHING;
  private headShift = 31;
  private nexts = NOTHING;
  /** By number, from 1. */
  private readonly hashes: number[] = [0];
  private readonly texts: (ByteText | undefined)[] = [undefined];
  private readonly marks: (Marks | undefined)[] = [undefined];

  /** @param isAtEnd whether they stand at the end of a value; else at its start */
  constructor(isAtEnd: boolean) {
    this.isAtEnd = isAtEnd;
  }

  /** @param text of at least four bytes */
  add(text: ByteText, marks: Marks): void {
    const { bytes } = text;
    const grams = Math.min(MOST_GRAMS, Math.floor(bytes.length / GRAM));
    let hash = 0;
    for (let gram = 0; gram < grams; gram += 1) {
      hash = mixed(hash, gramOf(bytes, this.placeOf(gram, 0, bytes.length)));
      this.parts.add(hash);
    }
    this.hashes.push(hash);
    this.texts.push(text);
    this.marks.push(marks);
  }

  /** All texts were added. */
  close(): void {
    const { parts, hashes } = this;
    if (hashes.length === 1) return;
    let bits = SMALLEST;
    while (bits < parts.size * BITS_PER_PART) bits *= 2;
    this.shift = 32 - Math.log2(bits);
    this.filter = new Int32Array(bits / 32);
    for (const hash of parts) {
      const bit = hash >>> this.shift;
      this.filter[bit >>> 5] = (this.filter[bit >>> 5] as number) | (1 << (bit & 31));
    }
    parts.clear();
    let lists = SMALLEST;
    while (lists < hashes.length * LISTS_PER_TEXT) lists *= 2;
    this.headShift = 32 - Math.log2(lists);
    this.heads = new Int32Array(lists);
    this.nexts = new Int32Array(hashes.length);
    for (let text = 1; text < hashes.length; text += 1) {
      const head = (hashes[text] as number) >>> this.headShift;
      this.nexts[text] = this.heads[head] as number;
      this.heads[head] = text;
    }
  }

  /** Sets the marks of the texts that stand at the end of the bytes from `start` to `end`, or at their start. */
  search(bytes: Uint8Array, start: number, end: number, marked: Int32Array): void {
    if (this.hashes.length === 1) return;
    const { filter, shift } = this;
    const grams = Math.min(MOST_GRAMS, (end - start) >> 2);
    let hash = 0;
    for (let gram = 0; gram < grams; gram += 1) {
      hash = mixed(hash, gramOf(bytes, this.placeOf(gram, start, end)));
      const bit = hash >>> shift;
      if (((filter[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return;
      this.compare(hash, bytes, start, end, marked);
    }
  }

  private placeOf(gram: number, start: number, end: number): number {
    return this.isAtEnd ? end - (gram + 1) * GRAM : start + gram * GRAM;
  }

  private compare(hash: number, bytes: Uint8Array, start: number, end: number, marked: Int32Array): void {
    const { hashes, nexts, isAtEnd } = this;
    let number = this.heads[hash >>> this.headShift] as number;
    for (; number !== 0; number = nexts[number] as number) {
      if (hashes[number] !== hash) continue;
      const text = this.texts[number] as ByteText;
      const from = isAtEnd ? end - text.bytes.length : start;
      if (standsAt(text, bytes, from, start, end)) mark(this.marks[number] as Marks, marked);
    }
  }
}

const NOTHING = new Int32Array(1);

function mixed(hash: number, gram: number): number {
  const next = Math.imul(hash ^ gram, MIX);
  return next ^ (next >>> 15);
}
