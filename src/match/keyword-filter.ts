/**
 * Whether a search for keywords can find anything in an event, without making its document.
 *
 *   literals ──the longest run of plain characters of each──▶ words ──one pass over the raw bytes──▶ none / maybe
 *
 * Sound by what formats promise (`OwnWords`): a run of plain characters that stands in a value of the event stands in its raw
 * bytes too, unless the format says it itself or made it, which is looked through here as well, or an escape or a letter beyond
 * ASCII may hide it.
 * Where there is no such promise, or a literal has no such run, the answer is maybe.
 *
 * The pass skips (Wu and Manber): of the last three bytes of a window as long as the shortest word, a table says how far
 * the next window may be. Bytes are folded to few bits there, so that the case of letters does not count.
 */
import type { Event, OwnWords } from '../event/event.ts';
import { ODD_LETTERS } from '../event/odd-letters.ts';
import { LOOKED_FOR } from '../format/line-search.ts';
import { FewTexts, MOST_FEW_TEXTS, type SearchedLine } from './few-texts.ts';
import { countGrams } from './gram-index.ts';
import type { Literal } from './literal.ts';
import { writePlain } from './odd-escapes.ts';

const BLOCK = 3;
/** Of a block: five bits of its last byte, four of the others. A table of 8 KiB stays in the processor's nearest cache. */
const BLOCK_BITS = 13;
const [FOUR_BITS, FIVE_BITS] = [15, 31];
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

/** Words that may stand in the id of a flow. */
const IN_FLOW = /^:?[a-z]*$/;

/** For texts that are searched as bytes. */
const ROOM = Buffer.alloc(65_536);

export class KeywordFilter {
  private readonly words: readonly string[];
  /** Some literal has no word. */
  private readonly isBlind: boolean;
  private readonly window: number;
  private readonly longest: number;
  private readonly shifts: Uint8Array;
  /** Whether one of the words may stand in `1:` and what is written in base64. */
  private readonly mayBeInFlow: boolean;
  private readonly byBlock = new Map<number, Uint8Array[]>();
  /** The words for lines of JSON, where they are few; null where they are not. */
  private few: FewTexts | null | undefined;
  /** By what a format says itself, whether none of the words stands there. */
  private readonly fixed = new Map<string, boolean>();

  /** @param withoutFew for tests: few words are looked for as many are */
  constructor(literals: readonly (Literal | undefined)[], withoutFew = false) {
    if (withoutFew) this.few = null;
    const words = new Set<string>();
    let isBlind = false;
    for (const literal of literals) {
      const word = literal === undefined ? undefined : wordOf(literal.text);
      if (word === undefined) isBlind = true;
      else words.add(word);
    }
    this.words = [...words];
    this.isBlind = isBlind;
    this.mayBeInFlow = this.words.some((word) => IN_FLOW.test(word));
    this.window = Math.min(255, ...this.words.map(({ length }) => length));
    this.longest = Math.max(0, ...this.words.map(({ length }) => length));
    this.shifts = new Uint8Array(1 << BLOCK_BITS).fill(this.window - BLOCK + 1);
    for (const word of this.words) this.add(asBytes(word));
  }

  /** False only where no value of the event holds any of the literals. */
  mayHold(event: Event): boolean {
    const own = event.words();
    if (own === undefined || !this.isApart(own)) return true;
    return this.mayStandIn(event.raw, event.raw.length) || hidesLetters(event.raw) || foldsOddly(event.raw);
  }

  private mayStandIn(raw: Uint8Array, length: number): boolean {
    return this.isBlind || this.standsIn(raw, length);
  }

  /**
   * Of a line of JSON without odd escapes, and events that do not say the words themselves (`isApart`): false only where no word
   * stands in the line, also with quotes left out.
   */
  mayStandInLine(line: UnquotedLine): boolean {
    if (this.isBlind) return true;
    if (this.standsBetween(line, 0, line.length)) return true;
    return line.hasQuotes && this.standsBetween(line, ...line.unquote(this.longest));
  }

  /** As `mayStandInLine`, of a line with odd escapes. */
  mayStandInEscaped(line: Uint8Array): boolean {
    if (this.isBlind) return true;
    const length = writePlain(line, ROOM);
    return length === undefined || this.standsIn(ROOM, length);
  }

  private standsBetween(line: UnquotedLine, start: number, end: number): boolean {
    const few = this.fewWords();
    if (few !== undefined) return few.someStands(line, start, end);
    return this.standsIn(line.bytes.subarray(start, end), end - start);
  }

  private fewWords(): FewTexts | undefined {
    if (this.few === undefined) {
      const { words } = this;
      const isFew = words.length <= MOST_FEW_TEXTS && words.every(({ length }) => length >= LOOKED_FOR);
      this.few = isFew ? new FewTexts(words.map(asBytes), countGrams([])) : null;
    }
    return this.few ?? undefined;
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

  /** Whether none of the words stands in what an event has beside its raw bytes. */
  isApart(own: OwnWords): boolean {
    return this.isApartButUnquoted(own) && !own.unquoted().some((text) => this.standsInText(text));
  }

  /** As `isApartButUnquoted`, of all events that say what this one says, but for the ids of their flows. */
  isApartOfAll(own: OwnWords): boolean {
    return !(this.mayBeInFlow && own.flow !== undefined) && this.isApartButUnquoted(own);
  }

  /** As `isApart`, but for texts of the line without quotes: these are in what `mayStandInLine` looks through. */
  isApartButUnquoted({ fixed, made, flow, encoding }: Omit<OwnWords, 'unquoted'>): boolean {
    // What stands in the bytes says nothing of words.
    if (encoding !== undefined) return false;
    let isApart = this.fixed.get(fixed);
    if (isApart === undefined) {
      isApart = !this.words.some((word) => fixed.includes(word));
      this.fixed.set(fixed, isApart);
    }
    if (!isApart) return false;
    for (const text of made) if (this.standsInText(text)) return false;
    return !(this.mayBeInFlow && flow !== undefined && this.standsInText(flow() ?? ''));
  }

  private standsInText(text: string): boolean {
    const lower = text.toLowerCase();
    if (lower.length > ROOM.length) return this.words.some((word) => lower.includes(word));
    // Of a character that takes two bytes one is left: what is no word may look like one, but no word is lost.
    return this.standsIn(ROOM, ROOM.write(lower, 'latin1'));
  }

  private standsIn(raw: Uint8Array, length: number): boolean {
    const { shifts, window } = this;
    for (let at = window - 1; at < length; ) {
      const block =
        (((raw[at - 2] as number) & FOUR_BITS) << 9) |
        (((raw[at - 1] as number) & FOUR_BITS) << 5) |
        ((raw[at] as number) & FIVE_BITS);
      const shift = shifts[block] as number;
      if (shift > 0) {
        at += shift;
        continue;
      }
      for (const word of this.byBlock.get(block) as readonly Uint8Array[]) {
        if (isAt(word, raw, at - window + 1, length)) return true;
      }
      at += 1;
    }
    return false;
  }
}

/** A line that can be searched without its quotes. */
export interface UnquotedLine extends SearchedLine {
  readonly length: number;
  /** Whether one of its strings has a quote in it. */
  readonly hasQuotes: boolean;
  /** Where all texts of at most so many bytes stand that have quotes or backslashes within, without these. */
  unquote(longest: number): readonly [start: number, end: number];
}

function asBytes(word: string): Uint8Array {
  return Uint8Array.from(Buffer.from(word, 'latin1'));
}

/** Filters by what they look for, so that those who look for the same share one. */
export class KeywordFilters {
  private readonly made = new Map<string, KeywordFilter>();
  private readonly withoutFew: boolean;

  /** @param withoutFew as of `KeywordFilter` */
  constructor(withoutFew = false) {
    this.withoutFew = withoutFew;
  }

  of(literals: readonly (Literal | undefined)[]): KeywordFilter {
    const key = JSON.stringify([...new Set(literals.map((literal) => literal?.text ?? null))].sort());
    let filter = this.made.get(key);
    if (filter === undefined) {
      filter = new KeywordFilter(literals, this.withoutFew);
      if (this.made.size >= MOST_FILTERS) this.made.clear();
      this.made.set(key, filter);
    }
    return filter;
  }
}

/** Few sets of rules search for keywords. */
const MOST_FILTERS = 64;

function blockAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at - 2] as number) & FOUR_BITS) << 9) |
    (((bytes[at - 1] as number) & FOUR_BITS) << 5) |
    ((bytes[at] as number) & FIVE_BITS)
  );
}

/** @param word in lower case */
function isAt(word: Uint8Array, raw: Uint8Array, start: number, length: number): boolean {
  if (start + word.length > length) return false;
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

/** Whether a letter beyond ASCII stands there that is one of ASCII in lower case: the Kelvin sign, an `I` with a dot, the long s. */
export function foldsOddly(raw: Uint8Array): boolean {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  return ODD_LETTERS.some(([first, ...rest]) => {
    for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
      if (rest.every((byte, place) => bytes[at + 1 + place] === byte)) return true;
    }
    return false;
  });
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
