/**
 * Which of a few texts stand in bytes of a line: sixteen places at a time (`format/line-search.ts`), and where one may, by
 * comparing.
 *
 *   texts ──the rarest four bytes of each──▶ eight sorts, alike ones together ──▶ tables      place and sorts ──▶ compare
 *
 * For more texts than a few the tables say maybe too often.
 */
import { GRAM_SHIFT, LOOKED_FOR, MIX, SEARCH_TABLES, SORTS, TABLES_OF_HALVES } from '../format/line-search.ts';
import { gramOf } from './byte-text.ts';
import { rarestGram } from './gram-index.ts';

/** Eight of a sort. */
export const MOST_FEW_TEXTS = 64;
const VECTOR = 16;
const FOLD = 0x20;

/** Bytes that can be searched so. */
export interface SearchedLine {
  readonly bytes: Uint8Array;
  findText(tables: Int32Array, at: number, end: number): number;
}

interface Placed {
  /** The number of the text. */
  readonly number: number;
  readonly text: Uint8Array;
  /** Where in the text the bytes are that are looked for. */
  readonly offset: number;
}

export class FewTexts {
  private readonly tables: Int32Array;
  private readonly bySort: readonly (readonly Placed[])[];

  /**
   * @param texts in lower case, of at least `LOOKED_FOR` bytes or one less, at most `MOST_FEW_TEXTS`; one that is shorter is not found
   *   at the very end of what is searched
   * @param counts by gram, how common it is
   */
  constructor(texts: readonly Uint8Array[], counts: ReadonlyMap<number, number>) {
    const placed = texts.map((text, number) => ({
      number,
      text,
      offset: rarestGram(Buffer.from(text).toString('latin1'), counts),
    }));
    // Those that begin alike are of one sort, which then is true of fewer bytes.
    const ordered = placed.sort((a, b) => keyOf(a) - keyOf(b));
    const size = Math.ceil(ordered.length / SORTS);
    this.bySort = Array.from({ length: SORTS }, (_, sort) => ordered.slice(sort * size, (sort + 1) * size));
    const tables = new Uint8Array(SEARCH_TABLES);
    const bits = tables.subarray(TABLES_OF_HALVES);
    for (const [sort, own] of this.bySort.entries()) {
      for (const { text, offset } of own) {
        for (let byte = 0; byte < LOOKED_FOR; byte += 1) addByte(tables, byte, text[offset + byte], 1 << sort);
        addGram(bits, text, offset);
      }
    }
    this.tables = new Int32Array(tables.buffer);
  }

  /** Whether one stands in the bytes from `start` to `end`. */
  someStands(line: SearchedLine, start: number, end: number): boolean {
    let stands = false;
    this.search(line, start, end, () => {
      stands = true;
      return true;
    });
    return stands;
  }

  /** @param found told the number of a text that stands in the bytes, as often as it does, and where; says whether that is enough */
  search(line: SearchedLine, start: number, end: number, found: (number: number, from: number) => boolean): void {
    const { bySort, tables } = this;
    const last = end - LOOKED_FOR + 1;
    for (let at = line.findText(tables, start, last); at >= 0; at = line.findText(tables, (at >>> 8) + 1, last)) {
      for (let sorts = at & 0xff; sorts !== 0; sorts &= sorts - 1) {
        for (const { number, text, offset } of bySort[31 - Math.clz32(sorts & -sorts)] as readonly Placed[]) {
          const from = (at >>> 8) - offset;
          if (stands(text, line.bytes, from, start, end) && found(number, from)) return;
        }
      }
    }
  }
}

/** @param known the byte that stands there, absent where any may */
function addByte(tables: Uint8Array, byte: number, known: number | undefined, sorts: number): void {
  const lower = 2 * byte * VECTOR;
  const upper = lower + VECTOR;
  const add = (half: number) => {
    tables[half] = (tables[half] as number) | sorts;
  };
  if (known === undefined) {
    for (let half = lower; half < upper + VECTOR; half += 1) add(half);
    return;
  }
  add(lower + (known & 0x0f));
  add(upper + ((known | FOLD) >>> 4));
  add(upper + ((known & ~FOLD) >>> 4));
}

/** Sets the bit of the four bytes that are looked for, or all where the text has fewer. */
function addGram(bits: Uint8Array, text: Uint8Array, offset: number): void {
  if (offset + LOOKED_FOR > text.length) {
    bits.fill(0xff);
    return;
  }
  const bit = Math.imul(gramOf(text, offset), MIX) >>> GRAM_SHIFT;
  bits[bit >>> 3] = (bits[bit >>> 3] as number) | (1 << (bit & 7));
}

function keyOf({ text, offset }: Placed): number {
  let key = 0;
  for (let byte = 0; byte < LOOKED_FOR; byte += 1) key = key * 256 + (text[offset + byte] ?? 0);
  return key;
}

/** Whether the text stands there, letters in whatever case. */
function stands(text: Uint8Array, bytes: Uint8Array, from: number, start: number, end: number): boolean {
  if (from < start || from + text.length > end) return false;
  for (let at = 0; at < text.length; at += 1) {
    const byte = bytes[from + at] as number;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== text[at]) return false;
  }
  return true;
}
