/**
 * Whether a search for keywords can find anything in an event, without making its document.
 *
 *   literals ──the longest run of plain characters of each──▶ words ──one pass over the raw bytes──▶ none / maybe
 *
 * Sound by what formats promise (`OwnWords`): a run of plain characters that stands in a value of the event stands in its raw
 * bytes too, unless the format says it itself or made it, which is looked through here as well, or an escape may hide it.
 * Where there is no such promise, or a literal has no such run, the answer is maybe.
 *
 * The pass skips (Wu and Manber): of the last three bytes of a window as long as the shortest word, a table says how far
 * the next window may be. Bytes are folded to five bits there, so that the case of letters does not count.
 */
import type { Event, OwnWords } from '../event/event.ts';
import type { Literal } from './literal.ts';

const BLOCK = 3;
const FIVE_BITS = 31;
/** A run that stands in nearly every event is no use, however long. */
const COMMON = [
  'event',
  'windows',
  'microsoft',
  'system',
  'process',
  'security',
  'user',
  'name',
  'kerberos',
  'privilege',
];

export class KeywordFilter {
  private readonly words: readonly string[];
  /** Some literal has no word. */
  private readonly isBlind: boolean;
  private readonly window: number;
  private readonly shifts: Uint8Array;
  private readonly byBlock = new Map<number, Uint8Array[]>();
  /** By what a format says itself, whether none of the words stands there. */
  private readonly fixed = new Map<string, boolean>();

  constructor(literals: readonly (Literal | undefined)[]) {
    const words = new Set<string>();
    let isBlind = false;
    for (const literal of literals) {
      const word = literal === undefined ? undefined : wordOf(literal.text);
      if (word === undefined) isBlind = true;
      else words.add(word);
    }
    this.words = [...words];
    this.isBlind = isBlind;
    this.window = Math.min(255, ...this.words.map(({ length }) => length));
    this.shifts = new Uint8Array(1 << 15).fill(this.window - BLOCK + 1);
    for (const word of this.words) this.add(Uint8Array.from(Buffer.from(word, 'latin1')));
  }

  /** False only where no value of the event holds any of the literals. */
  mayHold(event: Event): boolean {
    if (this.isBlind) return true;
    const own = event.words();
    if (own === undefined || !this.isApart(own)) return true;
    return this.standsIn(event.raw) || hidesLetters(event.raw);
  }

  private add(word: Uint8Array): void {
    for (let at = BLOCK - 1; at < this.window; at += 1) {
      const block = blockAt(word, at);
      const shift = this.window - 1 - at;
      if (shift < (this.shifts[block] as number)) this.shifts[block] = shift;
      if (shift > 0) continue;
      const words = this.byBlock.get(block);
      if (words === undefined) this.byBlock.set(block, [word]);
      else words.push(word);
    }
  }

  private isApart({ fixed, made }: OwnWords): boolean {
    let isApart = this.fixed.get(fixed);
    if (isApart === undefined) {
      isApart = !this.words.some((word) => fixed.includes(word));
      this.fixed.set(fixed, isApart);
    }
    if (!isApart) return false;
    for (const text of made) {
      const lower = text.toLowerCase();
      for (const word of this.words) if (lower.includes(word)) return false;
    }
    return true;
  }

  private standsIn(raw: Uint8Array): boolean {
    const { shifts, window } = this;
    const { length } = raw;
    for (let at = window - 1; at < length; ) {
      const block =
        (((raw[at - 2] as number) & FIVE_BITS) << 10) |
        (((raw[at - 1] as number) & FIVE_BITS) << 5) |
        ((raw[at] as number) & FIVE_BITS);
      const shift = shifts[block] as number;
      if (shift > 0) {
        at += shift;
        continue;
      }
      for (const word of this.byBlock.get(block) as readonly Uint8Array[]) {
        if (isAt(word, raw, at - window + 1)) return true;
      }
      at += 1;
    }
    return false;
  }
}

function blockAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at - 2] as number) & FIVE_BITS) << 10) |
    (((bytes[at - 1] as number) & FIVE_BITS) << 5) |
    ((bytes[at] as number) & FIVE_BITS)
  );
}

/** @param word in lower case */
function isAt(word: Uint8Array, raw: Uint8Array, start: number): boolean {
  if (start + word.length > raw.length) return false;
  for (let at = 0; at < word.length; at += 1) {
    const byte = raw[start + at] as number;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== word[at]) return false;
  }
  return true;
}

const [BACKSLASH, LETTER_U, ZERO] = [0x5c, 0x75, 0x30];

/**
 * Whether an ASCII character may stand there as an escape, `\\u00…`; other escapes stand for what no word holds. Looks at
 * every fourth byte, which is one of those four.
 */
function hidesLetters(raw: Uint8Array): boolean {
  for (let at = 3; at < raw.length; at += 4) {
    const byte = raw[at];
    if (byte !== ZERO && byte !== LETTER_U && byte !== BACKSLASH) continue;
    for (let start = at - 3; start <= at; start += 1) {
      if (raw[start] !== BACKSLASH || raw[start + 1] !== LETTER_U) continue;
      if (raw[start + 2] === ZERO && raw[start + 3] === ZERO) return true;
    }
  }
  return false;
}

/** The longest run of plain characters, one that events are not full of if there is such. */
function wordOf(text: string): string | undefined {
  let best: string | undefined;
  for (const [run] of text.matchAll(/[a-z :._-]{3,}/g)) {
    if (!/[g-z]/.test(run)) continue;
    if (best === undefined || worth(run) > worth(best)) best = run;
  }
  return best;
}

function worth(run: string): number {
  return COMMON.includes(run.trim()) ? 1 : run.length;
}
