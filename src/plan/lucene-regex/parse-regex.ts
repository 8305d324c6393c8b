/**
 * Lucene's regular expression syntax, as `regexp` queries and EQL's `regex` run it: text → tree, or what is wrong and
 * where.
 *
 *   union  := inter ('|' inter)*          inter := concat ('&' concat)*      concat := repeat+
 *   repeat := compl ('?' | '*' | '+' | '{n}' | '{n,}' | '{n,m}')*            compl  := '~' compl | class | simple
 *
 * All optional operators are on (`ALL`), but there are no named automata. Source of the semantics: Lucene 10's
 * `org.apache.lucene.util.automaton.RegExp`, including its surprises: an operator where an operand is expected stands
 * for itself (`*.exe` begins with a star), `^` and `$` are ordinary characters, `.` also matches line ends.
 */
import { decimalInterval } from './decimal-interval.ts';
import { type CodePointRange, characters, concat, LAST_CODE_POINT, type Regex, repeat, union } from './regex-tree.ts';

export interface RegexError {
  readonly message: string;
  /** UTF-16 offset in the pattern. */
  readonly offset: number;
}

/** Deeper nesting of groups and complements than anyone writes; keeps every recursion over a tree shallow. */
const MAX_NESTING = 100;
/** Postfix operators after one another (`a*?+`), for the same reason. */
const MAX_POSTFIX = 20;
/** Java's largest `int`, the bound of `<n-m>` and `{n,m}`. */
const MAX_INTEGER = 2_147_483_647;

const PREDEFINED: Readonly<Record<string, readonly CodePointRange[]>> = withNegations({
  d: [[0x30, 0x39]],
  s: [
    [0x09, 0x0a],
    [0x0d, 0x0d],
    [0x20, 0x20],
  ],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
});

export function parseRegexTree(pattern: string): { readonly tree: Regex } | { readonly error: RegexError } {
  const parser = new RegexParser(pattern);
  const tree = parser.parse();
  return parser.error === undefined ? { tree } : { error: parser.error };
}

const NOTHING: Regex = { kind: 'nothing' };
const EMPTY: Regex = { kind: 'text', text: '' };

/**
 * The first error is kept and the position moved to the end, so that every loop winds down by itself.
 */
class RegexParser {
  error: RegexError | undefined;
  private readonly pattern: string;
  private at = 0;
  private depth = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  parse(): Regex {
    if (this.pattern === '') return EMPTY;
    const tree = this.union();
    if (this.more()) this.fail('“)” closes nothing; write \\) for the character', this.at);
    return tree;
  }

  private union(): Regex {
    const items = [this.intersection()];
    while (this.take('|')) items.push(this.intersection());
    return union(items);
  }

  private intersection(): Regex {
    const items = [this.concat()];
    while (this.take('&')) items.push(this.concat());
    return items.length === 1 ? (items[0] as Regex) : { kind: 'intersection', items };
  }

  private concat(): Regex {
    const items = [this.repeat()];
    while (this.more() && !this.peek(')|&')) items.push(this.repeat());
    return concat(items);
  }

  private repeat(): Regex {
    const start = this.at;
    let item = this.complement();
    for (let count = 0; this.peek('?*+{'); count += 1) {
      if (count === MAX_POSTFIX) this.fail('too many repetition operators after one another', start);
      else if (this.take('?')) item = repeat(item, 0, 1);
      else if (this.take('*')) item = repeat(item, 0, Number.POSITIVE_INFINITY);
      else if (this.take('+')) item = repeat(item, 1, Number.POSITIVE_INFINITY);
      else item = this.counted(item);
    }
    return item;
  }

  private counted(item: Regex): Regex {
    const start = this.at;
    this.at += 1;
    const min = this.integer();
    if (min === undefined) return this.fail('“{” needs a number, as in {2,5}; write \\{ for the character', start);
    let max: number = min;
    if (this.take(',')) max = this.integer() ?? Number.POSITIVE_INFINITY;
    if (!this.take('}')) return this.fail('“}” is missing after the count', this.at);
    if (min > max) return this.fail(`the count is out of order: ${min} is more than ${max}`, start);
    return repeat(item, min, max);
  }

  private complement(): Regex {
    if (!this.peek('~')) return this.peek('[') ? this.characterClass() : this.simple();
    return this.nested(() => {
      this.at += 1;
      return { kind: 'complement', item: this.complement() };
    });
  }

  private simple(): Regex {
    const start = this.at;
    if (this.take('.')) return { kind: 'any' };
    if (this.take('#')) return NOTHING;
    if (this.take('@')) return repeat({ kind: 'any' }, 0, Number.POSITIVE_INFINITY);
    if (this.peek('"')) return this.quoted();
    if (this.peek('(')) return this.nested(() => this.group());
    if (this.peek('<')) return this.interval();
    if (this.take('\\')) {
      const predefined = this.predefined(start);
      if (predefined !== undefined) return characters(...predefined);
    }
    return { kind: 'text', text: String.fromCodePoint(this.next()) };
  }

  private quoted(): Regex {
    const start = this.at + 1;
    const end = this.pattern.indexOf('"', start);
    if (end === -1) return this.fail('the quoted text is not closed; write \\" for the character', start - 1);
    this.at = end + 1;
    return { kind: 'text', text: this.pattern.slice(start, end) };
  }

  private group(): Regex {
    const start = this.at;
    this.at += 1;
    if (this.take(')')) return EMPTY;
    const inner = this.union();
    return this.take(')') ? inner : this.fail('“(” is not closed; write \\( for the character', start);
  }

  private interval(): Regex {
    const start = this.at;
    const end = this.pattern.indexOf('>', start);
    const match = /^(\d{1,10})-(\d{1,10})$/.exec(end === -1 ? '' : this.pattern.slice(start + 1, end));
    const [low = '', high = ''] = match?.slice(1) ?? [];
    if (match === null || Number(low) > MAX_INTEGER || Number(high) > MAX_INTEGER) {
      return this.fail('“<” begins a number interval such as <1-31>; write \\< for the character', start);
    }
    this.at = end + 1;
    const [min, max] = [Math.min(Number(low), Number(high)), Math.max(Number(low), Number(high))];
    return decimalInterval(min, max, low.length === high.length ? low.length : 0);
  }

  private characterClass(): Regex {
    const start = this.at;
    this.at += 1;
    const negated = this.take('^');
    const single: number[] = [];
    const ranges: CodePointRange[] = [];
    do {
      const from = this.at;
      if (this.take('\\')) {
        const predefined = this.predefined(from);
        if (predefined === undefined) single.push(this.next());
        else ranges.push(...predefined);
        continue;
      }
      const first = this.next();
      if (!this.take('-')) {
        single.push(first);
        continue;
      }
      this.take('\\');
      const last = this.next();
      if (first > last) return this.fail('the range is out of order', from);
      if (first === last) single.push(first);
      else ranges.push([first, last]);
    } while (this.more() && !this.peek(']'));
    if (!this.take(']')) return this.fail(unclosedClass(ranges), start);
    return { kind: 'class', negated, single, ranges };
  }

  /** After a backslash: the class of `\d` and its like; undefined where the next character stands for itself. */
  private predefined(start: number): readonly CodePointRange[] | undefined {
    const letter = this.pattern.charAt(this.at);
    if (!/[A-Za-z]/.test(letter)) return undefined;
    const ranges = PREDEFINED[letter];
    if (ranges === undefined) {
      this.fail(`“\\${letter}” is no class; there are \\d \\D \\s \\S \\w \\W, other letters need no backslash`, start);
      return [];
    }
    this.at += 1;
    return ranges;
  }

  private integer(): number | undefined {
    const start = this.at;
    while (this.peek('0123456789')) this.at += 1;
    if (start === this.at) return undefined;
    return Math.min(Number(this.pattern.slice(start, this.at)), MAX_INTEGER);
  }

  private nested(parse: () => Regex): Regex {
    if (this.depth === MAX_NESTING) return this.fail('the expression is nested too deeply', this.at);
    this.depth += 1;
    const result = parse();
    this.depth -= 1;
    return result;
  }

  private next(): number {
    const point = this.pattern.codePointAt(this.at);
    if (point === undefined) {
      this.fail('the expression ends where something to match is expected', this.at);
      return 0;
    }
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  private more(): boolean {
    return this.at < this.pattern.length;
  }

  private peek(anyOf: string): boolean {
    return this.more() && anyOf.includes(this.pattern.charAt(this.at));
  }

  private take(character: string): boolean {
    if (this.pattern.charAt(this.at) !== character) return false;
    this.at += 1;
    return true;
  }

  private fail(message: string, offset: number): Regex {
    this.error ??= { message, offset };
    this.at = this.pattern.length;
    return NOTHING;
  }
}

function unclosedClass(ranges: readonly CodePointRange[]): string {
  return ranges.some(([, to]) => to === 0x5d)
    ? '“[” is not closed: its last dash makes a range up to “]”; write \\- for the character'
    : '“[” is not closed; write \\[ for the character';
}

function withNegations(classes: Record<string, readonly CodePointRange[]>): Record<string, readonly CodePointRange[]> {
  const all: Record<string, readonly CodePointRange[]> = { ...classes };
  for (const [letter, ranges] of Object.entries(classes)) {
    const rest: CodePointRange[] = [];
    let from = 0;
    for (const [start, end] of ranges) {
      if (start > from) rest.push([from, start - 1]);
      from = end + 1;
    }
    rest.push([from, LAST_CODE_POINT]);
    all[letter.toUpperCase()] = rest;
  }
  return all;
}
