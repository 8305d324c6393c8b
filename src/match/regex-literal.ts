/**
 * Texts of which at least one stands in whatever a regular expression matches.
 *
 *   RE2:    pattern ──read conservatively──▶ for each alternative the longest run of plain characters
 *   Lucene: tree ──the same──▶ …
 *
 * What is not understood gives nothing, and nothing is always right: the expression is then run on every value. A run ends
 * where a character may be missing or be another; the case of letters does not count (`literal.ts`).
 */
import { parseRegexTree } from '../plan/lucene-regex/parse-regex.ts';
import type { Regex } from '../plan/lucene-regex/regex-tree.ts';
import type { Literal } from './literal.ts';

/** One of these texts, each at least one character; `undefined` where nothing is known. */
type Texts = readonly string[] | undefined;

export function literalsOfRe2(pattern: string): readonly Literal[] | undefined {
  const reader = new Re2Reader(pattern);
  const texts = reader.alternatives();
  return reader.isDone ? asLiterals(texts) : undefined;
}

export function literalsOfLucene(pattern: string): readonly Literal[] | undefined {
  const parsed = parseRegexTree(pattern);
  return 'error' in parsed ? undefined : asLiterals(textsOfTree(parsed.tree));
}

function asLiterals(texts: Texts): readonly Literal[] | undefined {
  return texts?.map((text) => ({ text: text.toLowerCase(), anchor: 'anywhere' }));
}

/** Of two, the one whose shortest text is longer. */
function better(one: Texts, other: Texts): Texts {
  if (one === undefined || other === undefined) return one ?? other;
  return shortest(other) > shortest(one) ? other : one;
}

function shortest(texts: readonly string[]): number {
  return texts.reduce((least, text) => Math.min(least, text.length), Number.POSITIVE_INFINITY);
}

/** Alternatives that one expression may have; more are not worth an index. */
const MOST_TEXTS = 64;

// --- RE2 --------------------------------------------------------------------------------------------------------------

const DEEPEST = 50;
/** Escapes of one letter that stand for a class of characters or a place. */
const CLASS_ESCAPES = 'dDwWsSbBAzv';
const CONTROL_ESCAPES = 'nrtfa';

class Re2Reader {
  private readonly pattern: string;
  private at = 0;
  private depth = 0;
  /** Something that is not understood was met. */
  private gaveUp = false;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  get isDone(): boolean {
    return !this.gaveUp && this.at === this.pattern.length;
  }

  alternatives(): Texts {
    let all: string[] | undefined = [];
    do {
      const texts = this.branch();
      if (texts === undefined || all === undefined) all = undefined;
      else all.push(...texts);
    } while (this.take('|'));
    return all === undefined || all.length > MOST_TEXTS ? undefined : all;
  }

  private branch(): Texts {
    let best: Texts;
    let run = '';
    const endRun = () => {
      if (run !== '') best = better(best, [run]);
      run = '';
    };
    while (!this.gaveUp && this.at < this.pattern.length && !'|)'.includes(this.pattern[this.at] as string)) {
      const atom = this.atom();
      const least = this.quantifier();
      if (typeof atom === 'string') {
        if (least === 'once') {
          run += atom;
          continue;
        }
        if (least === 'some') run += atom;
        endRun();
      } else {
        endRun();
        if (least !== 'maybe') best = better(best, atom);
      }
    }
    endRun();
    return best;
  }

  /** A character that must stand there, or what a group or class says. */
  private atom(): string | Texts {
    const character = this.next();
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.characterClass();
      case '\\':
        return this.escape();
      case '.':
      case '^':
      case '$':
        return undefined;
      case '*':
      case '+':
      case '?':
      case '{':
        this.gaveUp = true;
        return undefined;
      default:
        return character.charCodeAt(0) < 0x80 ? character : undefined;
    }
  }

  private group(): Texts {
    this.depth += 1;
    if (this.depth > DEEPEST) this.gaveUp = true;
    const flags = /^\?(?:P?<[A-Za-z0-9_]+>|[imsU-]*:)/.exec(this.rest(64));
    if (flags !== null) this.at += flags[0].length;
    else {
      const alone = /^\?[imsU-]+\)/.exec(this.rest(16));
      if (alone !== null) {
        this.at += alone[0].length;
        this.depth -= 1;
        return undefined;
      }
      if (this.pattern[this.at] === '?') this.gaveUp = true;
    }
    if (this.gaveUp) return undefined;
    const texts = this.alternatives();
    if (!this.take(')')) this.gaveUp = true;
    this.depth -= 1;
    return texts;
  }

  /** `[Cc]` and `[.]` are a character; all else may be many. */
  private characterClass(): string | undefined {
    const simple = /^([A-Za-z0-9 .,_:;=@#%&!"'<>/~`*+?(){}|$-])([A-Za-z])?\]/.exec(this.rest(3));
    if (simple !== null) {
      const [whole, first = '', second] = simple;
      if (second === undefined || second.toLowerCase() === first.toLowerCase()) {
        this.at += whole.length;
        return first;
      }
    }
    this.take('^');
    this.take(']');
    while (this.at < this.pattern.length) {
      const character = this.next();
      if (character === ']') return undefined;
      if (character === '\\') this.at += 1;
      else if (character === '[' && this.pattern[this.at] === ':') {
        const end = this.pattern.indexOf(':]', this.at);
        if (end === -1) break;
        this.at = end + 2;
      }
    }
    this.gaveUp = true;
    return undefined;
  }

  private escape(): string | undefined {
    const character = this.next();
    if (/^[!-/:-@[-`{-~ ]$/.test(character)) return character;
    if (CLASS_ESCAPES.includes(character) || CONTROL_ESCAPES.includes(character)) return undefined;
    const code = character === 'x' ? /^(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,6}\})/.exec(this.rest(8)) : null;
    if (code === null) this.gaveUp = true;
    else this.at += code[0].length;
    return undefined;
  }

  /** How often the atom before must stand there. After a quantifier another one makes it less greedy, or counts again. */
  private quantifier(): 'once' | 'some' | 'maybe' {
    let isOptional = false;
    let isRepeated = false;
    for (;;) {
      if (this.take('*')) isOptional = true;
      else if (this.take('?')) isOptional ||= !isRepeated;
      else if (!this.take('+')) {
        const counted = /^\{(\d{1,6})(?:,\d{0,6})?\}/.exec(this.rest(20));
        if (counted === null) break;
        this.at += counted[0].length;
        isOptional ||= Number(counted[1]) === 0;
      }
      isRepeated = true;
    }
    // What is no count is a brace like any other.
    if (this.pattern[this.at] === '{') this.gaveUp = true;
    if (isOptional) return 'maybe';
    return isRepeated ? 'some' : 'once';
  }

  private rest(length: number): string {
    return this.pattern.slice(this.at, this.at + length);
  }

  private next(): string {
    const character = this.pattern[this.at] ?? '';
    if (character === '') this.gaveUp = true;
    this.at += 1;
    return character;
  }

  private take(character: string): boolean {
    if (this.pattern[this.at] !== character) return false;
    this.at += 1;
    return true;
  }
}

// --- Lucene -----------------------------------------------------------------------------------------------------------

function textsOfTree(tree: Regex): Texts {
  switch (tree.kind) {
    case 'text':
      return better(...asciiRuns(tree.text));
    case 'concat': {
      let best: Texts;
      let run = '';
      for (const item of tree.items) {
        const certain = certainText(item);
        if (certain !== undefined) run += certain.text;
        if (certain?.isWhole === true) continue;
        best = better(best, better(...asciiRuns(run)));
        if (certain === undefined) best = better(best, textsOfTree(item));
        run = '';
      }
      return better(best, better(...asciiRuns(run)));
    }
    case 'union': {
      const all: string[] = [];
      for (const item of tree.items) {
        const texts = textsOfTree(item);
        if (texts === undefined) return undefined;
        all.push(...texts);
      }
      return all.length > MOST_TEXTS ? undefined : all;
    }
    case 'intersection':
      return tree.items.map(textsOfTree).reduce(better, undefined);
    case 'repeat':
    case 'class': {
      const certain = certainText(tree);
      if (certain !== undefined) return better(...asciiRuns(certain.text));
      return tree.kind === 'repeat' && tree.min > 0 ? textsOfTree(tree.item) : undefined;
    }
    case 'any':
    case 'nothing':
    case 'complement':
      return undefined;
  }
}

/** Of a repeated text no more is looked for. */
const LONGEST_REPEATED = 16;

/** What whatever the tree matches begins with, where that is one text; and whether that is all of it. */
function certainText(tree: Regex): { readonly text: string; readonly isWhole: boolean } | undefined {
  if (tree.kind === 'text') return { text: tree.text, isWhole: true };
  if (tree.kind === 'class') {
    const [point, ...others] = tree.single;
    if (tree.negated || point === undefined || others.length > 0 || tree.ranges.length > 0) return undefined;
    return { text: String.fromCodePoint(point), isWhole: true };
  }
  if (tree.kind !== 'repeat' || tree.min === 0) return undefined;
  const once = certainText(tree.item);
  if (once?.isWhole !== true) return once;
  const times = Math.max(1, Math.min(tree.min, Math.floor(LONGEST_REPEATED / once.text.length)));
  return { text: once.text.repeat(times), isWhole: times === tree.max };
}

function asciiRuns(text: string): [Texts, Texts] {
  let longest = '';
  for (const run of text.split(/[^\0-\x7f]+/)) if (run.length > longest.length) longest = run;
  return [longest === '' ? undefined : [longest], undefined];
}
