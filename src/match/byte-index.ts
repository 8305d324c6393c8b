/**
 * Which of many texts stand in the bytes of a value of JSON, as `GramIndex` tells it of text.
 *
 *   texts ──escaped as JSON escapes them──▶ grams      bytes of a value, as they stand ──grams, letters folded──▶ texts that stand there
 *
 * What stands at the start or the end is told by the four bytes there. Of a text that may stand anywhere, its grams at four
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
import { FewTexts, MOST_FEW_TEXTS, type SearchedLine } from './few-texts.ts';
import { COMMON_TEXT, countGrams, GRAM, gramAt } from './gram-index.ts';
import type { Literal } from './literal.ts';

/** Marks to set where the text stands in a value: at `words[i]` the bits of `masks[i]`. */
export interface Marks {
  readonly words: Int32Array;
  readonly masks: Int32Array;
}

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

interface Placed {
  readonly text: Uint8Array;
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
  /** Where in the text its gram stands. */
  readonly offset: number;
  readonly marks: Marks;
}

export class ByteIndex {
  /** Of texts that hardly a value is without: taken to stand in each, which `search` does not mark. */
  readonly common: Marks[] = [];
  private readonly short: Placed[] = [];
  private readonly starts = new Grams();
  /** By the four bytes before the last four, and by the last four. */
  private readonly longEnds = new Grams();
  private readonly ends = new Grams();
  private readonly everyFourth = new Grams();
  private readonly everySecond = new Grams();
  private readonly everywhere = new Grams();
  /** What `everySecond` and `everywhere` look for, where that is few. */
  private readonly few: { readonly texts: FewTexts; readonly marks: readonly Marks[] } | undefined;

  /** Literals that only a value beyond ASCII holds are left out. */
  constructor(entries: readonly (readonly [literal: Literal, marks: Marks])[]) {
    const held = entries.flatMap(([literal, marks]) =>
      literal.anchor === 'beyond' ? [] : [[{ ...literal, text: escaped(literal.text) }, marks] as const],
    );
    const counts = countGrams(
      held.map(([literal]) => literal),
      COMMON_ESCAPED,
    );
    for (const [literal, marks] of held) this.place(literal, marks, counts);
    for (const grams of [this.starts, this.longEnds, this.ends, this.everyFourth, this.everySecond, this.everywhere]) {
      grams.close();
    }
    const dense = held.filter(([literal]) => strideOf(literal) < GRAM);
    if (dense.length > 0 && dense.length <= MOST_FEW_TEXTS) {
      const texts = dense.map(([{ text }]) => asBytes(text));
      this.few = { texts: new FewTexts(texts, counts), marks: dense.map(([, marks]) => marks) };
    }
  }

  private place({ text, anchor }: Literal, marks: Marks, counts: ReadonlyMap<number, number>): void {
    const { length } = text;
    const isAtStart = anchor === 'start' || anchor === 'whole';
    const isAtEnd = anchor === 'end' || anchor === 'whole';
    const placed = { text: asBytes(text), isAtStart, isAtEnd, marks };
    const at = (offset: number) => ({ ...placed, offset });
    if (length < GRAM) {
      if (isAtStart || isAtEnd) this.short.push(at(0));
      else this.common.push(marks);
    } else if (isAtEnd) {
      if (length >= 2 * GRAM) this.longEnds.add(at(length - 2 * GRAM));
      else this.ends.add(at(length - GRAM));
    } else if (isAtStart) {
      this.starts.add(at(0));
    } else {
      const stride = strideOf({ text, anchor });
      const grams = stride === 4 ? this.everyFourth : stride === 2 ? this.everySecond : this.everywhere;
      const first = rarestPlaces(text, stride, counts);
      for (let offset = first; offset < first + stride; offset += 1) grams.add(at(offset));
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
      const placed = short[at] as Placed;
      const from = placed.isAtStart ? start : end - placed.text.length;
      if (stands(placed, bytes, from, start, end)) mark(placed.marks, marked);
    }
    if (end - start < GRAM) return;
    this.starts.searchAt(bytes, start, start, end, marked);
    this.ends.searchAt(bytes, end - GRAM, start, end, marked);
    if (end - start >= 2 * GRAM) this.longEnds.searchAt(bytes, end - 2 * GRAM, start, end, marked);
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
}

type SearchedInLine = SearchedBytes & SearchedLine & Required<SearchedBytes>;

function isLine(searched: SearchedBytes): searched is SearchedInLine {
  return searched.findText !== undefined;
}

function asBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** Of how many places in a row of a value one has to be looked at for a text that may stand anywhere; `GRAM` for all others. */
function strideOf({ text: { length }, anchor }: Literal): number {
  if (anchor !== 'anywhere' || length < GRAM || length >= 2 * GRAM - 1) return GRAM;
  return length > GRAM ? 2 : 1;
}

/** Filter bits for each gram. */
const BITS_PER_GRAM = 32;

/** Texts by one of their grams. */
class Grams {
  private readonly table = new Map<number, Placed[]>();
  private filter = new Int32Array(1);
  private shift = 31;

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

  searchFourths(bytes: Uint8Array, words: Int32Array, start: number, end: number, marked: Int32Array): void {
    if (this.table.size === 0) return;
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
    if (this.table.size === 0) return;
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
    if (this.table.size === 0) return;
    const { filter, shift } = this;
    for (let at = start; at <= end - GRAM; at += stride) {
      const gram = gramOf(bytes, at);
      const bit = Math.imul(gram, MIX) >>> shift;
      if (((filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0) this.compare(gram, bytes, at, start, end, marked);
    }
  }

  searchAt(bytes: Uint8Array, at: number, start: number, end: number, marked: Int32Array): void {
    if (this.table.size === 0) return;
    const gram = gramOf(bytes, at);
    const bit = Math.imul(gram, MIX) >>> this.shift;
    if (((this.filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0) {
      this.compare(gram, bytes, at, start, end, marked);
    }
  }

  private compare(gram: number, bytes: Uint8Array, at: number, start: number, end: number, marked: Int32Array): void {
    const placed = this.table.get(gram);
    if (placed === undefined) return;
    for (let one = 0; one < placed.length; one += 1) {
      const candidate = placed[one] as Placed;
      if (stands(candidate, bytes, at - candidate.offset, start, end)) mark(candidate.marks, marked);
    }
  }
}

function gramOf(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24) |
    FOLD_FOUR
  );
}

/** The first of so many places in a row at which the text's grams are the rarest together. */
function rarestPlaces(text: string, places: number, counts: ReadonlyMap<number, number>): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let first = 0; first + places - 1 + GRAM <= text.length; first += 1) {
    let sum = 0;
    for (let at = first; at < first + places; at += 1) sum += counts.get(gramAt(text, at)) ?? 0;
    if (sum < least) [best, least] = [first, sum];
  }
  return best;
}

/** Those that are set, but for those that are set in others. */
export function marksIn(marked: Int32Array, others: Int32Array): Marks {
  const words: number[] = [];
  const masks: number[] = [];
  for (let word = 0; word < marked.length; word += 1) {
    const mask = (marked[word] as number) & ~(others[word] ?? 0);
    if (mask === 0) continue;
    words.push(word);
    masks.push(mask);
  }
  return { words: Int32Array.from(words), masks: Int32Array.from(masks) };
}

export function mark({ words, masks }: Marks, marked: Int32Array): void {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as number;
    marked[word] = (marked[word] as number) | (masks[at] as number);
  }
}

/** @param from where the text is to begin, in the value between `start` and `end` */
function stands(
  { text, isAtStart, isAtEnd }: Placed,
  bytes: Uint8Array,
  from: number,
  start: number,
  end: number,
): boolean {
  const to = from + text.length;
  if (from < start || to > end || (isAtStart && from !== start) || (isAtEnd && to !== end)) return false;
  for (let at = 0; at < text.length; at += 1) {
    const byte = bytes[from + at] as number;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== text[at]) return false;
  }
  return true;
}

/** As JSON writes it between quotes. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const COMMON_ESCAPED = escaped(COMMON_TEXT);

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
