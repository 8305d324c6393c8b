/**
 * Which of many texts stand in the bytes of a value of JSON, as `GramIndex` tells it of text.
 *
 *   texts ──escaped as JSON escapes them──▶ grams      bytes of a value, as they stand ──grams, letters folded──▶ texts that stand there
 *
 * What stands at the start or the end is told by the bytes there (`edge-texts.ts`). Of a text that may stand anywhere, its grams at four
 * places in a row are known, so that every fourth place of the line is looked at, and no more: as one number, since every fourth
 * place is where the processor’s are. Of shorter ones it is every second, of the shortest every place.
 *
 * Why texts may be looked for as they are escaped: of what is ASCII, JSON has one escape for each character that needs one, but
 * for the odd ones (`isOddlyWritten`). Values beyond ASCII and odd ones are left to whoever parses. Folding letters by a bit makes
 * a few others alike, too: a gram only says where to compare.
 *
 * What is found is marked in bits, so that asking costs no memory.
 */
import { FOLD_FOUR, MIX } from '../format/line-search.ts';
import { isMarked, type Marks, mark } from './byte-marks.ts';
import { type ByteText, gramOf, standsAt } from './byte-text.ts';
import { EdgeTexts } from './edge-texts.ts';
import { FewTexts, MOST_FEW_TEXTS, type SearchedLine } from './few-texts.ts';
import { GRAM } from './gram-index.ts';

/** Bytes, and the same four by four. */
export interface SearchedBytes {
  readonly bytes: Uint8Array;
  /** The first byte is the lowest. */
  readonly words: Int32Array;
  /** As `SearchedLine`, where they are a line's. */
  findText?(tables: Int32Array, at: number, end: number): number;
  findGram?(filter: Int32Array, shift: number, at: number, last: number): number;
  takesFilter?(filter: Int32Array): boolean;
}

/** Bytes from which on a value is searched for short texts sixteen places at a time: below, asking costs more than it saves. */
const LONG = 96;

export class ByteIndex {
  /** Of texts that hardly a value is without: taken to stand in each, which `search` does not mark. */
  readonly common: { readonly text: ByteText; readonly marks: Marks }[] = [];
  private readonly short: { readonly text: ByteText; readonly marks: Marks }[] = [];
  private readonly starts = new EdgeTexts(false);
  private readonly ends = new EdgeTexts(true);
  private readonly everyFourth = new Grams();
  private readonly everySecond = new Grams();
  private readonly everywhere = new Grams();
  /** What `everySecond` and `everywhere` look for, where that is few. */
  private readonly few: { readonly texts: FewTexts; readonly marks: readonly Marks[] } | undefined;

  /** @param counts by gram, how common it is */
  constructor(
    entries: readonly (readonly [text: ByteText, marks: Marks])[],
    counts: ReadonlyMap<number, number> = NO_COUNTS,
  ) {
    for (const [text, marks] of entries) {
      if (text.sought === 'common') this.common.push({ text, marks });
      else if (text.sought === 'short') this.short.push({ text, marks });
      else this[text.sought].add(text, marks);
    }
    for (const grams of [this.starts, this.ends, this.everyFourth, this.everySecond, this.everywhere]) {
      grams.close();
    }
    const dense = entries.filter(([{ sought }]) => sought === 'everySecond' || sought === 'everywhere');
    if (dense.length > 0 && dense.length <= MOST_FEW_TEXTS) {
      const texts = dense.map(([{ bytes }]) => bytes);
      this.few = { texts: new FewTexts(texts, counts), marks: dense.map(([, marks]) => marks) };
    }
  }

  /**
   * Sets the marks of the texts that stand in the bytes from `start` to `end`, but for common ones.
   * @param searched not odd there (`isOddlyWritten`)
   */
  search(searched: SearchedBytes, start: number, end: number, marked: Int32Array): void {
    const { bytes, words } = searched;
    const { short } = this;
    for (let at = 0; at < short.length; at += 1) {
      const { text, marks } = short[at] as (typeof short)[number];
      const from = text.isAtStart ? start : end - text.bytes.length;
      if (standsAt(text, bytes, from, start, end)) mark(marks, marked);
    }
    if (end - start < GRAM) return;
    this.starts.search(bytes, start, end, marked);
    this.ends.search(bytes, start, end, marked);
    const { few } = this;
    const isLong = end - start >= LONG && isLine(searched);
    if (isLong) this.everyFourth.searchLong(searched, start, end, marked);
    else this.everyFourth.searchFourths(bytes, words, start, end, marked);
    if (few !== undefined && isLong) {
      few.texts.search(searched, start, end, (text) => {
        mark(few.marks[text] as Marks, marked);
        return false;
      });
      return;
    }
    this.everySecond.search(bytes, 2, start, end, marked);
    this.everywhere.search(bytes, 1, start, end, marked);
  }

  /** Sets the marks of common texts that stand in the bytes, each looked for by itself. */
  searchCommon(bytes: Uint8Array, start: number, end: number, marked: Int32Array): void {
    for (const { text, marks } of this.common) {
      for (let from = start; from + text.bytes.length <= end; from += 1) {
        if (!standsAt(text, bytes, from, start, end)) continue;
        mark(marks, marked);
        break;
      }
    }
  }
}

type SearchedInLine = SearchedBytes & SearchedLine & Required<SearchedBytes>;

function isLine(searched: SearchedBytes): searched is SearchedInLine {
  return searched.findText !== undefined;
}

/** Filter bits for each gram. */
const BITS_PER_GRAM = 32;
/** Lists of texts for each gram. */
const LISTS_PER_GRAM = 2;

/** Texts by one of their grams. */
class Grams {
  private filter = NO_FILTER;
  private shift = 31;
  /** By hash of a gram, the first of a list of entries; 0 where there is none. */
  private heads = NO_FILTER;
  private headShift = 31;
  /** By number of entry, from 1. */
  private nexts = NO_FILTER;
  /** By number of entry, the gram after its own in the text, so that few texts are looked at in vain; 0 where it ends before. */
  private followers = NO_FILTER;
  private readonly grams: number[] = [0];
  private readonly offsets: number[] = [0];
  private readonly texts: (ByteText | undefined)[] = [undefined];
  private readonly marks: (Marks | undefined)[] = [undefined];

  add(text: ByteText, marks: Marks): void {
    for (let place = 0; place < text.grams.length; place += 1) {
      this.grams.push(text.grams[place] as number);
      this.offsets.push(text.offset + place);
      this.texts.push(text);
      this.marks.push(marks);
    }
  }

  close(): void {
    const { grams } = this;
    if (this.isEmpty) return;
    let bits = 256;
    while (bits < grams.length * BITS_PER_GRAM) bits *= 2;
    this.shift = 32 - Math.log2(bits);
    this.filter = new Int32Array(bits / 32);
    const lists = Math.max(2, (bits * LISTS_PER_GRAM) / BITS_PER_GRAM);
    this.headShift = 32 - Math.log2(lists);
    this.heads = new Int32Array(lists);
    this.nexts = new Int32Array(grams.length);
    this.followers = Int32Array.from(this.texts, (text, entry) => (text ? this.followerOf(text, entry) : 0));
    for (let entry = 1; entry < grams.length; entry += 1) {
      const hash = Math.imul(grams[entry] as number, MIX);
      const bit = hash >>> this.shift;
      this.filter[bit >>> 5] = (this.filter[bit >>> 5] as number) | (1 << (bit & 31));
      const head = hash >>> this.headShift;
      this.nexts[entry] = this.heads[head] as number;
      this.heads[head] = entry;
    }
  }

  private followerOf({ bytes }: ByteText, entry: number): number {
    const after = (this.offsets[entry] as number) + GRAM;
    return after + GRAM <= bytes.length ? gramOf(bytes, after) : 0;
  }

  private get isEmpty(): boolean {
    return this.grams.length === 1;
  }

  searchFourths(bytes: Uint8Array, words: Int32Array, start: number, end: number, marked: Int32Array): void {
    if (this.isEmpty) return;
    const { filter, shift } = this;
    const last = (end - GRAM) >> 2;
    for (let word = (start + 3) >> 2; word <= last; word += 1) {
      const gram = (words[word] as number) | FOLD_FOUR;
      const bit = Math.imul(gram, MIX) >>> shift;
      if (((filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0) {
        this.compare(gram, bytes, word << 2, start, end, marked);
      }
    }
  }

  searchLong(line: SearchedInLine, start: number, end: number, marked: Int32Array): void {
    if (this.isEmpty) return;
    const { filter, shift } = this;
    if (!line.takesFilter(filter)) {
      this.searchFourths(line.bytes, line.words, start, end, marked);
      return;
    }
    const last = end - GRAM;
    for (let at = (start + 3) & ~3; ; at += GRAM) {
      at = line.findGram(filter, shift, at, last);
      if (at < 0) return;
      this.compare((line.words[at >> 2] as number) | FOLD_FOUR, line.bytes, at, start, end, marked);
    }
  }

  search(bytes: Uint8Array, stride: number, start: number, end: number, marked: Int32Array): void {
    if (this.isEmpty) return;
    const { filter, shift } = this;
    for (let at = start; at <= end - GRAM; at += stride) {
      const gram = gramOf(bytes, at);
      const bit = Math.imul(gram, MIX) >>> shift;
      if (((filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0) this.compare(gram, bytes, at, start, end, marked);
    }
  }

  private compare(gram: number, bytes: Uint8Array, at: number, start: number, end: number, marked: Int32Array): void {
    const { grams, nexts, followers } = this;
    let entry = this.heads[Math.imul(gram, MIX) >>> this.headShift] as number;
    for (; entry !== 0; entry = nexts[entry] as number) {
      if (grams[entry] !== gram) continue;
      const follower = followers[entry] as number;
      if (follower !== 0 && follower !== gramOf(bytes, at + GRAM)) continue;
      const marks = this.marks[entry] as Marks;
      // A text of one letter stands at each place of a long run of it.
      if (isMarked(marks, marked)) continue;
      const text = this.texts[entry] as ByteText;
      if (standsAt(text, bytes, at - (this.offsets[entry] as number), start, end)) mark(marks, marked);
    }
  }
}

const NO_FILTER = new Int32Array(1);
const NO_COUNTS: ReadonlyMap<number, number> = new Map();

/** Whether a string's bytes hold what is beyond ASCII, or an escape of what may be written otherwise. */
export function isOddlyWritten(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x80) return true;
    if (byte !== 0x5c) continue;
    at += 1;
    if (bytes[at] === 0x75 || bytes[at] === 0x2f) return true;
  }
  return false;
}
