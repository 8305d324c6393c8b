/**
 * Texts as `ByteIndex` looks for them: escaped as JSON escapes them, with the places of each by whose grams it is found.
 *
 *   literal ──escaped──▶ bytes ──where it may stand, how long it is──▶ sort of place ──the rarest there──▶ grams
 *
 * Made once for all indexes that a text is in: plans of lines look for the same ones. How rare a gram is, is told by all texts that
 * were made before, which decides nothing but how often is compared in vain.
 */
import { FOLD_FOUR } from '../format/line-search.ts';
import { COMMON_TEXT, countGrams, GRAM, gramAt } from './gram-index.ts';
import type { Literal } from './literal.ts';

/**
 * Where it is looked for: nowhere, since hardly a value is without it; by itself, too short for a gram; at either end of a value; at
 * each fourth, each second or each place.
 */
export type Sought = 'common' | 'short' | 'starts' | 'ends' | 'everyFourth' | 'everySecond' | 'everywhere';

export interface ByteText {
  readonly bytes: Uint8Array;
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
  readonly sought: Sought;
  /** Of what may stand anywhere, its grams at places in a row, the first of which stands at the offset. */
  readonly offset: number;
  readonly grams: readonly number[];
}

export class ByteTexts {
  /** By gram, how many texts have it. */
  readonly counts = countGrams([], escaped(COMMON_TEXT));
  /** By place in the text at hand. */
  private readonly room: number[] = [];
  /** Texts are short and many: of each that has memory of its own, more of it says where that is than holds the text. */
  private slab = NOTHING;
  private taken = 0;

  /** @param literal not one that only a value beyond ASCII holds, and no number */
  of({ text: plain, anchor }: Literal): ByteText {
    const text = escaped(plain);
    const { length } = text;
    const bytes = this.bytesFor(length);
    for (let at = 0; at < length; at += 1) bytes[at] = text.charCodeAt(at);
    const isAtStart = anchor === 'start' || anchor === 'whole';
    const isAtEnd = anchor === 'end' || anchor === 'whole';
    const by = (sought: Sought, offset: number, places: number): ByteText => {
      const grams =
        places === 0 ? NO_GRAMS : Array.from({ length: places }, (_, place) => gramOf(bytes, offset + place));
      return { bytes, isAtStart, isAtEnd, sought, offset, grams };
    };
    if (length < GRAM) return by(isAtStart || isAtEnd ? 'short' : 'common', 0, 0);
    if (isAtStart || isAtEnd) return by(isAtEnd ? 'ends' : 'starts', 0, 0);
    const stride = length >= 2 * GRAM - 1 ? 4 : length > GRAM ? 2 : 1;
    const first = this.rarestPlaces(text, stride);
    return by(stride === 4 ? 'everyFourth' : stride === 2 ? 'everySecond' : 'everywhere', first, stride);
  }

  private bytesFor(length: number): Uint8Array {
    if (length > LONGEST_IN_SLAB) return new Uint8Array(length);
    if (this.taken + length > this.slab.length) {
      this.slab = new Uint8Array(SLAB);
      this.taken = 0;
    }
    this.taken += length;
    return this.slab.subarray(this.taken - length, this.taken);
  }

  /** The first of so many places in a row at which the text's grams are the rarest together. */
  private rarestPlaces(text: string, places: number): number {
    const { counts, room } = this;
    const last = text.length - GRAM;
    let sum = 0;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at <= last; at += 1) {
      const count = counts.get(gramAt(text, at)) ?? 0;
      room[at] = count;
      sum += count;
      if (at >= places) sum -= room[at - places] as number;
      if (at >= places - 1 && sum < least) [best, least] = [at - places + 1, sum];
    }
    for (let at = best; at < best + places; at += 1) counts.set(gramAt(text, at), (room[at] as number) + 1);
    return best;
  }
}

const SLAB = 8_192;
const LONGEST_IN_SLAB = 1_024;
const NOTHING = new Uint8Array(0);
const NO_GRAMS: readonly number[] = [];

export function gramOf(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24) |
    FOLD_FOUR
  );
}

/** @param from where the text is to begin, in the value between `start` and `end` */
export function standsAt(
  { bytes: text, isAtStart, isAtEnd }: ByteText,
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
  return IS_ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

/** Control characters among them. */
const IS_ESCAPED = /[^ !#-[\]-~]/;
