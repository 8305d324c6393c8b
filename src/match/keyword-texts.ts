/**
 * Which texts that rules search the whole event for stand in a line, and what that decides of the rules.
 *
 *   texts ──one look through the line──▶ in the member that the document holds as a whole · elsewhere · nowhere
 *         ──▶ needs that may be met (`sieve-plan.ts`)      rule's searches ──▶ holds · does not · not told
 *
 * For formats that promise such a member (`OwnWords.whole`), or as much of the others (`isWritten`). Why it is sound: a text that
 * stands in the member stands in a value of the event, so that the search finds it. One that stands nowhere in the line, and is not what
 * the format itself says, stands in no value: no number and no time has what it has, and any other value is a part of the line as it is
 * written, or of that without quotes, which is looked through, too, where a text that JSON escapes nothing of looks as it is. Of lines beyond ASCII, and of those with odd escapes, nothing is
 * told but what a filter for words does (`keyword-filter.ts`).
 *
 * Where texts stand in the line in a code (`OwnWords.encoding`), they are looked for in these decoded (`format/decoded-values.ts`): however many
 * there are, in one pass, and what was found tells of searches by themselves, too, in rules that ask for more (`toldSearch`).
 */
import type { OwnWords } from '../event/event.ts';
import type { DecodedValues } from '../format/decoded-values.ts';
import { LOOKED_FOR } from '../format/line-search.ts';
import { BESIDE, type LineScanner, type LineShape } from '../format/line-shape.ts';
import type { Predicate, PredicateOf } from '../plan/predicate/node.ts';
import { ByteIndex } from './byte-index.ts';
import { type Marks, mark, marksAt, NO_MARKS } from './byte-marks.ts';
import { ByteTexts, escaped } from './byte-text.ts';
import { clauseKey } from './clause-key.ts';
import type { ToldSearch } from './compile.ts';
import { FewTexts } from './few-texts.ts';
import { countGrams, GRAM } from './gram-index.ts';
import { isAscii } from './literal.ts';

/** Texts that are looked for at once: of more, too many places look like one. */
const AT_ONCE = 32;

/** What a rule's predicate says by its searches; `undefined` is what they do not tell. */
type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  /** Some of these texts, by their numbers, stands in a value; or of others of which nobody tells, where these are not all. */
  | Search
  | boolean
  | undefined;

/** Texts of which one is to stand in a value, by their numbers, and others, of which it may be that these are not all. */
interface Search {
  readonly kind: 'texts';
  readonly texts: readonly number[];
  readonly others: readonly OtherText[];
  readonly areAll: boolean;
}

/** One that is looked for where somebody asks. */
interface OtherText {
  readonly bytes: Uint8Array;
  /** Whether it may stand in a value, and nowhere in the line. */
  readonly mayBeMade: boolean;
}

const [NOWHERE, ELSEWHERE, WITHIN] = [0, 1, 2];
/** What no number and no time has, in lower case; but for one number. */
const OF_NO_NUMBER = /[^-+.:0-9etz]/;
const INFINITY = '-infinity';
const SHORTEST = LOOKED_FOR - 1;
/** After it stands a part of an escape: in `\nc` there is no `nc`. */
const BACKSLASH = 0x5c;
/** What JSON writes otherwise than it is. */
const ESCAPED = /[^ !#-[\]-~]+/;
/** A group of a network's address, or a part of one. */
const OF_ADDRESS = /^[\da-f]{0,4}$/;

export class KeywordTexts {
  private readonly member: LineShape<unknown> | undefined;
  private readonly own: OwnWords;
  private readonly mayStandInOdd: (scanner: LineScanner<unknown>) => boolean;
  private readonly decoded: DecodedValues | undefined;
  private readonly numbers = new Map<string, number>();
  private readonly texts: Uint8Array[] = [];
  private longest = 0;
  /** By number of text, whether the format says it itself, and what it meets where it stands. */
  private readonly isSaid: boolean[] = [];
  private readonly needs: (Marks | undefined)[] = [];
  /** Whether it is looked for whole. */
  private readonly isWhole: boolean[] = [];
  private readonly conditions = new Map<number, Condition>();
  private readonly bySearch = new Map<string, Search>();
  /** What a search by itself finds in the line that was looked through last. */
  readonly toldSearch: ToldSearch = (key) => {
    const search = this.isTold ? this.bySearch.get(key) : undefined;
    return search && this.someStands(search);
  };
  private all = NO_MARKS;
  /** What texts meet that the format says itself. */
  private readonly said: Marks[] = [];
  private searches: readonly {
    readonly few: FewTexts;
    readonly found: (text: number, from: number) => boolean;
  }[] = [];
  /** Of texts that are decoded, those that are no shorter than a gram; and a bit for each that stands there. */
  private index: ByteIndex | undefined;
  private standing = new Int32Array(0);
  private readonly found: number[] = [];
  /** Of the line that was looked through last, by number of text, where it stands. */
  private places = new Uint8Array(0);
  private isTold = false;
  /** Where the member begins and ends there, with its quotes. */
  private start = 0;
  private end = 0;
  private bytes: Uint8Array = new Uint8Array(0);

  /**
   * @param member that holds the whole text, if one does
   * @param own what the events of all these lines promise
   * @param mayStandInOdd whether one of the texts may stand in a line that is written oddly
   * @param decoded where texts stand in the line in a code
   */
  constructor(
    member: LineShape<unknown> | undefined,
    own: OwnWords,
    mayStandInOdd: (scanner: LineScanner<unknown>) => boolean,
    decoded?: DecodedValues,
  ) {
    this.member = member;
    this.own = own;
    this.mayStandInOdd = mayStandInOdd;
    this.decoded = decoded;
  }

  /** Takes a rule, of whose predicate `holds` is asked. */
  addRule(rule: number, predicate: Predicate): void {
    const condition = this.conditionOf(predicate);
    if (condition !== undefined) this.conditions.set(rule, condition);
  }

  /** Takes a text that rules need, in lower case. @returns its number; undefined where nobody tells whether it stands in an event */
  numberOf(text: string): number | undefined {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const part = this.decoded === undefined ? this.partOf(text) : decodedPart(text);
    if (part === undefined || part.length < SHORTEST) return undefined;
    const number = this.texts.length;
    this.numbers.set(text, number);
    this.longest = Math.max(this.longest, text.length);
    this.texts.push(Uint8Array.from(Buffer.from(part, 'latin1')));
    this.isSaid.push(this.saysItself(part));
    this.isWhole.push(part === text);
    this.needs.push(undefined);
    return number;
  }

  /** As `numberOf`, of the longest part of the text that the line has as it is. */
  numberOfPart(text: string): number | undefined {
    return this.numberOf(longestOf(text.split(ESCAPED)));
  }

  /** What of the text stands in the line as it is. */
  private partOf(text: string): string | undefined {
    if (escaped(text) !== text) return undefined;
    const { joint } = this.own;
    // Of what stands around a joint, too, there are the parts.
    const part = joint === undefined ? text : longestOf(text.split(joint));
    return INFINITY.includes(part) || !OF_NO_NUMBER.test(part) ? undefined : part;
  }

  /** All texts were taken. @param needs by number of text, what it meets */
  close(needs: ReadonlyMap<number, Marks>, all: Marks): void {
    this.all = all;
    for (const [number, marks] of needs) {
      this.needs[number] = marks;
      if (this.isSaid[number] === true) this.said.push(marks);
    }
    const { texts } = this;
    // Many begin alike.
    const counts = countGrams([...this.numbers.keys()].map((text) => ({ text, anchor: 'anywhere' })));
    const isShort = (text: number) => (texts[text] as Uint8Array).length < LOOKED_FOR;
    const numbers = [...texts.keys()].filter((text) => this.decoded === undefined || isShort(text));
    if (this.decoded !== undefined) this.index = indexOf(texts);
    this.standing = new Int32Array(Math.ceil(texts.length / 32));
    // Apart, since they look like more places.
    this.searches = [numbers.filter(isShort), numbers.filter((text) => !isShort(text))].flatMap((some) =>
      Array.from({ length: Math.ceil(some.length / AT_ONCE) }, (_, at) => {
        const own = some.slice(at * AT_ONCE, (at + 1) * AT_ONCE);
        const few = new FewTexts(
          own.map((text) => texts[text] as Uint8Array),
          counts,
        );
        return { few, found: (text: number, from: number) => this.stands(own[text] as number, from) };
      }),
    );
    this.places = new Uint8Array(texts.length);
  }

  /** Looks through the line that was scanned last, and marks what may be met there. */
  meet(scanner: LineScanner<unknown>, met: Int32Array): void {
    const isOdd = this.decoded === undefined ? scanner.isOdd : scanner.hasOddEscapes;
    const end = isOdd ? -1 : this.decoded?.write(scanner);
    this.isTold = end !== -1;
    if (!this.isTold) {
      if (this.mayStandInOdd(scanner)) mark(this.all, met);
      return;
    }
    const { member, places, needs, found } = this;
    const { starts, ends, length, bytes } = scanner;
    this.bytes = bytes;
    if (member !== undefined) {
      this.start = starts[member.number] as number;
      this.end = ends[member.number] as number;
    }
    for (let at = 0; at < found.length; at += 1) places[found[at] as number] = NOWHERE;
    found.length = 0;
    // What stands before the first value is no value.
    if (end === undefined) this.search(scanner, starts[0] as number, length);
    else this.searchDecoded(scanner, end);
    if (this.own.isWritten === 'unquoted' && scanner.hasQuotes) this.search(scanner, ...scanner.unquote(this.longest));
    for (let at = 0; at < found.length; at += 1) {
      const marks = needs[found[at] as number];
      if (marks !== undefined) mark(marks, met);
    }
    for (const marks of this.said) mark(marks, met);
  }

  private searchDecoded(scanner: LineScanner<unknown>, end: number): void {
    const { standing, places, decoded } = this;
    this.search(scanner, BESIDE, end);
    standing.fill(0);
    this.index?.search(scanner, BESIDE, end, standing);
    for (let word = 0; word < standing.length; word += 1) {
      for (let bits = standing[word] as number; bits !== 0; bits &= bits - 1) {
        const text = word * 32 + 31 - Math.clz32(bits & -bits);
        this.found.push(text);
        places[text] =
          this.isWhole[text] === true && decoded?.holds(this.texts[text] as Uint8Array) ? WITHIN : ELSEWHERE;
      }
    }
  }

  private search(scanner: LineScanner<unknown>, start: number, end: number): void {
    const { searches } = this;
    for (let at = 0; at < searches.length; at += 1) {
      const { few, found } = searches[at] as (typeof searches)[number];
      few.search(scanner, start, end, found);
    }
  }

  /** A text stands at a place of the line. @returns false, to look on */
  private stands(text: number, from: number): boolean {
    const { places } = this;
    if (places[text] === NOWHERE) {
      this.found.push(text);
      places[text] = ELSEWHERE;
    }
    if (
      from > this.start &&
      from + (this.texts[text] as Uint8Array).length < this.end &&
      this.bytes[from - 1] !== BACKSLASH
    )
      places[text] = WITHIN;
    return false;
  }

  /** Whether the rule holds of the line that was looked through last; undefined where that does not tell. */
  holds(rule: number): boolean | undefined {
    const condition = this.isTold ? this.conditions.get(rule) : undefined;
    return condition === undefined ? undefined : this.value(condition);
  }

  private value(condition: Condition): boolean | undefined {
    if (typeof condition !== 'object') return condition;
    if (condition.kind === 'texts') return this.someStands(condition);
    if (condition.kind === 'not') {
      const value = this.value(condition.part);
      return value === undefined ? undefined : !value;
    }
    const decides = condition.kind === 'or';
    let isKnown = true;
    for (const part of condition.parts) {
      const value = this.value(part);
      if (value === decides) return decides;
      if (value === undefined) isKnown = false;
    }
    return isKnown ? !decides : undefined;
  }

  private someStands({ texts, others, areAll }: Search): boolean | undefined {
    const { places, decoded } = this;
    let isNowhere = areAll;
    for (let at = 0; at < texts.length; at += 1) {
      const text = texts[at] as number;
      const place = places[text];
      if (place === WITHIN) return true;
      if (place === ELSEWHERE || this.isSaid[text] === true) isNowhere = false;
    }
    for (let at = 0; at < others.length; at += 1) {
      const { bytes, mayBeMade: isOpen } = others[at] as OtherText;
      if (decoded?.holds(bytes)) return true;
      if (isNowhere && (isOpen || decoded?.stands(bytes))) isNowhere = false;
    }
    return isNowhere ? false : undefined;
  }

  private conditionOf(predicate: Predicate): Condition {
    switch (predicate.kind) {
      case 'constant':
        return predicate.value;
      case 'not': {
        const part = this.conditionOf(predicate.child);
        return part === undefined ? undefined : { kind: 'not', part };
      }
      case 'and':
      case 'or': {
        const parts = predicate.children.map((child) => this.conditionOf(child));
        return parts.every((part) => part === undefined) ? undefined : { kind: predicate.kind, parts };
      }
      case 'match-anywhere': {
        const search = this.searchOf(predicate);
        if (search !== undefined) this.bySearch.set(clauseKey(predicate), search);
        return search;
      }
      default:
        return undefined;
    }
  }

  private searchOf({ test, fields }: PredicateOf<'match-anywhere'>): Search | undefined {
    if (fields !== undefined || test.kind !== 'wildcard' || test.fold === 'none') return undefined;
    const texts: number[] = [];
    const others: OtherText[] = [];
    let areAll = true;
    for (const [before, part, after, ...more] of test.anyOf) {
      const isSimple = before === '*' && after === '*' && more.length === 0 && typeof part === 'object';
      const text = isSimple && isAscii(part.text) ? part.text.toLowerCase() : undefined;
      const number = text === undefined ? undefined : this.numberOf(text);
      if (number !== undefined) texts.push(number);
      else if (this.decoded === undefined) return undefined;
      else if (text === undefined || text === '' || ESCAPED.test(text)) areAll = false;
      else others.push({ bytes: Buffer.from(text, 'latin1'), mayBeMade: mayBeMade(text) || this.saysItself(text) });
    }
    return { kind: 'texts', texts, others, areAll };
  }

  private saysItself(text: string): boolean {
    const { fixed, made, flow } = this.own;
    // Another in each line.
    return flow !== undefined || fixed.includes(text) || made.some((one) => one.toLowerCase().includes(text));
  }
}

/** What of a text stands in the texts of a line, decoded, wherever it stands in a value; undefined where it may be made. */
function decodedPart(text: string): string | undefined {
  // As an abstract socket's name, and an event's id.
  const whole = text.replace(/^@/, '').replace(/(?<=\/)[\d.:]+$/, '');
  const part = longestOf(whole.split(ESCAPED));
  return mayBeMade(part) ? undefined : part;
}

/** Whether a text may stand in a number, a time or the address of a network, or in what comes of a part of it. */
function mayBeMade(text: string): boolean {
  if (OF_NUMBER.test(text) || /^@|\/[\d.:]+$/.test(text)) return true;
  const digits = text.replace(/\d+/g, '0');
  if (TIMES.some((time) => time.includes(digits))) return true;
  return text.split(/[.:]/).every((group) => OF_ADDRESS.test(group));
}

/** And of an event's id. */
const OF_NUMBER = /^[-+.:\d]*(?:e[-+]?\d*)?$/;
const TIMES = ['0-0-0t0:0:0.0z', '0-0-0t0:0:0z'];

/** Of those that are no shorter than a gram. */
function indexOf(texts: readonly Uint8Array[]): ByteIndex {
  const made = new ByteTexts();
  const sought = texts.flatMap((bytes, number) => {
    if (bytes.length < GRAM) return [];
    const text = made.of({ text: Buffer.from(bytes).toString('latin1'), anchor: 'anywhere' });
    return [[text, marksAt([number])] as const];
  });
  return new ByteIndex(sought, made.counts);
}

function longestOf(parts: readonly string[]): string {
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}
