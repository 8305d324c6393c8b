/**
 * A regular expression in RE2's syntax, searched for anywhere, as one of Lucene that matches the whole value.
 *
 *   pattern ──parse──▶ branches of items ──write, anchors resolved at both ends──▶ Lucene's syntax
 *
 * What differs: RE2 searches, so an end without anchor becomes `.*`; its `.` stops at line ends, Lucene's does not; `\d`
 * and its like are written out; Lucene's own operators (`" # @ & < > ~`) are escaped. What Lucene has no word for is
 * refused by name: word boundaries, an anchor in the middle, `\p{…}`, `\Q…\E`, lines (`(?m)` with an anchor).
 * Lazy and greedy find the same values, so the difference is dropped.
 */
import type { CaseFold, Re2Flags } from '../plan/predicate/node.ts';
import { casesOf } from './letters.ts';

type Item =
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'atom'; readonly text: string; readonly repeat: string }
  | { readonly kind: 'group'; readonly branches: readonly (readonly Item[])[]; readonly repeat: string };

type Branches = readonly (readonly Item[])[];

class Unsayable {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

const DIGIT = '0-9';
const WORD = '0-9A-Za-z_';
const SPACE = '\t\n\f\r ';
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', a: '\x07' };
const DEEPEST = 50;

export type LuceneRegex = { readonly pattern: string } | { readonly unsayable: string };

/** @param pattern one that `checkRe2` finds nothing wrong with */
export function luceneOfRe2(pattern: string, flags: Re2Flags): LuceneRegex {
  try {
    const branches = new Parser(pattern, flags).whole();
    return { pattern: union(branches, true, true) };
  } catch (error) {
    if (error instanceof Unsayable) return { unsayable: error.what };
    throw error;
  }
}

/** A character that stands for itself in Lucene's syntax. */
function luceneCharacter(character: string): string {
  return /^[\0-\x7f]$/.test(character) && /[^0-9A-Za-z\s_\-/:=,;%!'`]/.test(character) ? `\\${character}` : character;
}

/** A text that stands for itself, its letters in every case that the fold takes for the same. */
export function luceneText(text: string, fold: CaseFold): string {
  const folds = (character: string) => fold === 'unicode' || (fold === 'ascii' && /[A-Za-z]/.test(character));
  return [...text].map((each) => (folds(each) ? insensitive(each) : luceneCharacter(each))).join('');
}

function insensitive(character: string): string {
  const cases = casesOf(character);
  return cases.length === 1 ? luceneCharacter(character) : `[${cases.join('')}]`;
}

class Parser {
  private readonly pattern: string;
  private at = 0;
  private depth = 0;
  private flags: Re2Flags;

  constructor(pattern: string, flags: Re2Flags) {
    this.pattern = pattern;
    this.flags = flags;
  }

  whole(): Branches {
    const branches = this.branches();
    if (this.at < this.pattern.length) throw new Unsayable('a parenthesis that closes nothing');
    return branches;
  }

  private branches(): Branches {
    const branches: Item[][] = [[]];
    while (this.at < this.pattern.length && this.peek() !== ')') {
      if (this.take('|')) {
        branches.push([]);
        continue;
      }
      const item = this.item();
      if (item !== undefined) (branches.at(-1) as Item[]).push(item);
    }
    return branches;
  }

  private item(): Item | undefined {
    const character = this.next();
    switch (character) {
      case '^':
        return this.anchor('start');
      case '$':
        return this.anchor('end');
      case '.':
        return this.atom(this.flags.dotAll ? '.' : '[^\n]');
      case '(':
        return this.group();
      case '[':
        return this.atom(this.characterClass());
      case '\\':
        return this.escape();
      default:
        return this.atom(luceneText(character, this.fold()));
    }
  }

  private anchor(kind: 'start' | 'end'): Item {
    if (this.flags.multiline) throw new Unsayable('an anchor at line ends');
    if (/[*+?{]/.test(this.peek())) throw new Unsayable('an anchor that is repeated');
    return { kind };
  }

  private atom(text: string): Item {
    return { kind: 'atom', text, repeat: this.repeat() };
  }

  private repeat(): string {
    const [found] = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.pattern.slice(this.at)) ?? [];
    if (found === undefined) return '';
    this.at += found.length;
    this.take('?');
    return found;
  }

  private group(): Item | undefined {
    const before = this.flags;
    if (this.take('?')) {
      const [head = '', on = '', off = '', end = ''] =
        /^([imsU]*)(?:-([imsU]+))?([:)])/.exec(this.pattern.slice(this.at)) ?? [];
      const name = /^P?<\w+>/.exec(this.pattern.slice(this.at))?.[0];
      if (name === undefined && end === '') throw new Unsayable('a group of this kind');
      this.at += name?.length ?? head.length;
      if (name === undefined) this.flags = withFlags(this.flags, on, off);
      // Flags alone hold to the end of the group that they stand in.
      if (end === ')') return undefined;
    }
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Unsayable('so deep a nesting');
    const branches = this.branches();
    this.depth -= 1;
    if (!this.take(')')) throw new Unsayable('a group that is not closed');
    this.flags = before;
    return { kind: 'group', branches, repeat: this.repeat() };
  }

  private escape(): Item {
    const letter = this.next();
    switch (letter) {
      case 'A':
        return { kind: 'start' };
      case 'z':
        return { kind: 'end' };
      case 'd':
      case 'w':
      case 's':
        return this.atom(`[${members(letter)}]`);
      case 'D':
      case 'W':
      case 'S':
        return this.atom(`[^${members(letter.toLowerCase())}]`);
      default:
        return this.atom(luceneText(this.escaped(letter), this.fold()));
    }
  }

  /** The character that an escape stands for. */
  private escaped(letter: string): string {
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    if (letter === 'x') {
      const [found, braced, plain] =
        /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(this.pattern.slice(this.at)) ?? [];
      const point = Number.parseInt(braced ?? plain ?? '', 16);
      if (found === undefined || !(point <= 0x10ffff)) throw new Unsayable(`\\${letter}`);
      this.at += found.length;
      return String.fromCodePoint(point);
    }
    if (/[0-9A-Za-z]/.test(letter) || letter === '')
      throw new Unsayable(letter === 'b' ? 'a word boundary' : `\\${letter}`);
    return letter;
  }

  private characterClass(): string {
    const negated = this.take('^');
    let text = '';
    let first = true;
    while (first || this.peek() !== ']') {
      if (this.at >= this.pattern.length) throw new Unsayable('a class that is not closed');
      first = false;
      text += this.classMember();
    }
    this.at += 1;
    return `[${negated ? '^' : ''}${text}]`;
  }

  private classMember(): string {
    const low = this.classCharacter();
    if ('members' in low) return low.members;
    if (this.peek() !== '-' || this.pattern.charAt(this.at + 1) === ']')
      return this.classRange(low.character, low.character);
    this.at += 1;
    const high = this.classCharacter();
    if ('members' in high) throw new Unsayable('a range of classes');
    return this.classRange(low.character, high.character);
  }

  private classCharacter(): { readonly character: string } | { readonly members: string } {
    const character = this.next();
    if (character === '[' && this.peek() === ':') throw new Unsayable('a class like [:alpha:]');
    if (character !== '\\') return { character };
    const letter = this.next();
    if (/[dws]/.test(letter)) return { members: members(letter) };
    if (/[DWS]/.test(letter)) throw new Unsayable(`\\${letter} in a class`);
    return { character: this.escaped(letter) };
  }

  private classRange(low: string, high: string): string {
    if (low === high) {
      const cases = this.flags.ignoreCase ? casesOf(low) : [low];
      return cases.map(inClass).join('');
    }
    const plain = `${inClass(low)}-${inClass(high)}`;
    if (!this.flags.ignoreCase) return plain;
    if (high > '\x7f') throw new Unsayable('a range of letters beyond A–Z in any case');
    return plain + otherCase(low, high, 'a', 'z', -32) + otherCase(low, high, 'A', 'Z', 32);
  }

  private fold(): CaseFold {
    return this.flags.ignoreCase ? 'unicode' : 'none';
  }

  private peek(): string {
    return this.pattern.charAt(this.at);
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  private next(): string {
    const point = this.pattern.codePointAt(this.at);
    if (point === undefined) throw new Unsayable('an expression that ends early');
    const character = String.fromCodePoint(point);
    this.at += character.length;
    return character;
  }
}

/** The branches between the ends of the value (`atStart`, `atEnd`), or inside of something. */
function union(branches: Branches, atStart: boolean, atEnd: boolean): string {
  return branches.map((items) => concat(items, atStart, atEnd)).join('|');
}

function concat(items: readonly Item[], atStart: boolean, atEnd: boolean): string {
  let rest = items;
  let [prefix, suffix] = [atStart ? '.*' : '', atEnd ? '.*' : ''];
  while (atStart && rest[0]?.kind === 'start') {
    rest = rest.slice(1);
    prefix = '';
  }
  while (atEnd && rest.at(-1)?.kind === 'end') {
    rest = rest.slice(0, -1);
    suffix = '';
  }
  const texts = rest.map((item, index) => {
    const first = index === 0 && prefix !== '' && holds(item, 'start');
    const last = index === rest.length - 1 && suffix !== '' && holds(item, 'end');
    if (first) prefix = '';
    if (last) suffix = '';
    return write(item, first, last);
  });
  // Of nothing at all, `.*` once.
  if (texts.length === 0 && prefix !== '' && suffix !== '') return prefix;
  const text = prefix + texts.join('') + suffix;
  return text === '' ? '()' : text;
}

function write(item: Item, atStart: boolean, atEnd: boolean): string {
  switch (item.kind) {
    case 'start':
    case 'end':
      throw new Unsayable('an anchor in the middle');
    case 'atom':
      return item.text + item.repeat;
    case 'group':
      return `(${union(item.branches, atStart, atEnd)})${item.repeat}`;
  }
}

/** Whether an anchor stands at that end of a group that is not repeated. */
function holds(item: Item, kind: 'start' | 'end'): boolean {
  if (item.kind !== 'group' || item.repeat !== '') return false;
  return item.branches.some((items) => {
    const end = kind === 'start' ? items[0] : items.at(-1);
    return end !== undefined && (end.kind === kind || holds(end, kind));
  });
}

function members(letter: string): string {
  return letter === 'd' ? DIGIT : letter === 'w' ? WORD : SPACE;
}

function inClass(character: string): string {
  return /^[!-/:-@[-`{-~]$/.test(character) ? `\\${character}` : character;
}

function otherCase(low: string, high: string, first: string, last: string, by: number): string {
  const [from, to] = [low > first ? low : first, high < last ? high : last];
  if (from > to) return '';
  const moved = (character: string) => String.fromCharCode(character.charCodeAt(0) + by);
  return `${moved(from)}-${moved(to)}`;
}

function withFlags(flags: Re2Flags, on: string, off: string): Re2Flags {
  if (`${on}${off}`.includes('U')) throw new Unsayable('the flag U');
  const set = (letter: string, now: boolean) => (on.includes(letter) ? true : off.includes(letter) ? false : now);
  return {
    ignoreCase: set('i', flags.ignoreCase),
    multiline: set('m', flags.multiline),
    dotAll: set('s', flags.dotAll),
  };
}
