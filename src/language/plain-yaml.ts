/**
 * YAML as rules are written nearly always, fast: block maps and lists of texts on one line, quoted or not, and `|` blocks.
 *
 *   text ──one pass, line by line──▶ the tree that the library would give, or nothing: then the library is asked
 *
 * Invariant: what is given is what `parseYaml` gives by the library, spans included, which a property test and others'
 * rules hold it to. So everything that is seldom, ambiguous or wrong (flow collections, anchors, folded texts, values that
 * are left out, tabs, mistakes…) is given up at once, and no mistake is ever told from here.
 *
 * Spans are the library's: a text ends with its last character; a map or list ends where what trails its last value does,
 * which is its line end and the comment lines below it that are indented deeper than the map or list.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-tree.ts';

/** Below either of these none of the bounds on words and values can be reached: a line here has at most twelve words. */
const FEW_CHARACTERS = 50_000;
const FEW_LINES = 8_000;
const DEEPEST = 20;
/** Characters; the library refuses keys that are longer than 1,024. */
const LONGEST_KEY = 500;

/** The document of a text that holds one; `undefined` for what is not plain. */
export function parsePlainYaml(text: string): YamlDocument | undefined {
  if (text.length > FEW_CHARACTERS && hasManyLines(text)) return undefined;
  if (CONTROL.test(text)) return undefined;
  return new PlainReader(text).document();
}

/** Line feeds alone part lines here; some others mean something to the library. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f\ufeff]/;

const [NEWLINE, SPACE, HASH, DASH, COLON, QUOTE, DOUBLE_QUOTE, BACKSLASH, BAR, PLUS, DOT] = [
  0x0a, 0x20, 0x23, 0x2d, 0x3a, 0x27, 0x22, 0x5c, 0x7c, 0x2b, 0x2e,
];
/** What a text without quotes cannot begin with, or not always. */
const INDICATORS = new Set([...'-?:,[]{}#&*!|>\'"%@`'].map((each) => each.charCodeAt(0)));

/** What the core schema reads as a number; integers of few digits are left, which are the same everywhere. */
const NUMBER =
  /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\d+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/;
const SMALL_INTEGER = /^(?:0|[1-9]\d{0,14})$/;
const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** Not plain. Compared by identity, since throwing costs more than reading. */
const GIVEN_UP = Symbol('not plain');
type GivenUp = typeof GIVEN_UP;

class PlainReader {
  private readonly text: string;
  /** The next place to be read. */
  private at = 0;
  /** Column of what stands at `at`; -1 at the end of the text. Known between values. */
  private column = 0;
  /** The deepest comment line above `at` that belongs to no value yet; -1 for none. */
  private comments = -1;
  /** Where the value that was read last ends, with what trails it. */
  private trail = 0;
  /** Of the text that `plain` or `quoted` went over: where it ends. */
  private end = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): YamlDocument | undefined {
    this.skipLines(Number.POSITIVE_INFINITY, false);
    const start = this.at;
    if (this.column !== 0) return undefined;
    const root = this.map(0, 0);
    if (root === GIVEN_UP || this.at < this.text.length) return undefined;
    return { root, span: spanOf(start, this.trail), hasAliases: false, diagnostics: [] };
  }

  private map(column: number, depth: number): YamlMap | GivenUp {
    if (depth > DEEPEST) return GIVEN_UP;
    const start = this.at;
    const entries: YamlEntry[] = [];
    const keys = new Set<string>();
    do {
      this.comments = -1;
      const keyStart = this.at;
      const key = this.key(column);
      if (key === GIVEN_UP || key === '<<' || keys.has(key)) return GIVEN_UP;
      keys.add(key);
      const keySpan = spanOf(keyStart, this.end);
      const value = this.value(column, depth);
      if (value === GIVEN_UP) return GIVEN_UP;
      entries.push({ key, keySpan, value });
    } while (this.column === column);
    return this.column > column ? GIVEN_UP : { kind: 'map', entries, span: this.close(start, column) };
  }

  private list(column: number, depth: number): YamlNode | GivenUp {
    if (depth > DEEPEST) return GIVEN_UP;
    const { text } = this;
    const start = this.at;
    const items: YamlNode[] = [];
    do {
      this.comments = -1;
      const dash = this.at;
      if (text.charCodeAt(dash + 1) !== SPACE) return GIVEN_UP;
      this.at = this.afterSpaces(dash + 1);
      const item = this.item(column, column + this.at - dash, depth);
      if (item === GIVEN_UP) return GIVEN_UP;
      items.push(item);
    } while (this.column === column && this.isDash());
    return this.column > column ? GIVEN_UP : { kind: 'list', items, span: this.close(start, column) };
  }

  /** @param own the column of the item itself */
  private item(column: number, own: number, depth: number): YamlNode | GivenUp {
    const { text, at } = this;
    const first = text.charCodeAt(at);
    if (first === QUOTE || first === DOUBLE_QUOTE) {
      if (this.quoted() === GIVEN_UP) return GIVEN_UP;
      this.at = at;
      return text.charCodeAt(this.end) === COLON ? this.map(own, depth + 1) : this.scalar(column);
    }
    if (INDICATORS.has(first)) return first === BAR ? this.block(column) : this.scalar(column);
    return this.plain() === COLON ? this.map(own, depth + 1) : this.scalar(column);
  }

  /** Ends behind the colon, with `end` where the key ends. */
  private key(column: number): string | GivenUp {
    const { text, at } = this;
    const first = text.charCodeAt(at);
    let key: string | GivenUp;
    if (first === QUOTE || first === DOUBLE_QUOTE) {
      key = this.quoted();
      if (text.charCodeAt(this.end) !== COLON || !isBlank(text, this.end + 1)) return GIVEN_UP;
    } else {
      // At the beginning of a line dots may end the document.
      if (INDICATORS.has(first) || (first === DOT && column === 0)) return GIVEN_UP;
      if (this.plain() !== COLON || text.charCodeAt(this.end) !== COLON) return GIVEN_UP;
      key = text.slice(at, this.end);
    }
    if (this.end - at > LONGEST_KEY) return GIVEN_UP;
    this.at = this.end + 1;
    return key;
  }

  /** What follows a key. */
  private value(column: number, depth: number): YamlNode | GivenUp {
    const { text } = this;
    const at = this.afterSpaces(this.at);
    const first = text.charCodeAt(at);
    if (at < text.length && first !== NEWLINE && first !== HASH) {
      this.at = at;
      return first === BAR ? this.block(column) : this.scalar(column);
    }
    if (first === HASH && at === this.at) return GIVEN_UP;
    this.at = this.lineEnd(at);
    this.skipLines(Number.POSITIVE_INFINITY, false);
    if (this.column > column) {
      return this.isDash() ? this.list(this.column, depth + 1) : this.map(this.column, depth + 1);
    }
    return this.column === column && this.isDash() ? this.list(column, depth + 1) : GIVEN_UP;
  }

  /** A text on one line, and what trails it. @param column of the map or list that it is a value of */
  private scalar(column: number): YamlScalar | GivenUp {
    const { text, at } = this;
    const first = text.charCodeAt(at);
    let value: YamlScalar['value'] | GivenUp;
    if (first === QUOTE || first === DOUBLE_QUOTE) {
      value = this.quoted();
    } else {
      if (first === DASH ? isBlank(text, at + 1) : INDICATORS.has(first)) return GIVEN_UP;
      value = this.plain() === COLON ? GIVEN_UP : plainValue(text.slice(at, this.end));
    }
    const { end } = this;
    if (value === GIVEN_UP || end === at) return GIVEN_UP;
    const rest = this.afterSpaces(end);
    const next = text.charCodeAt(rest);
    if (rest < text.length && next !== NEWLINE && (next !== HASH || rest === end)) return GIVEN_UP;
    this.at = this.lineEnd(rest);
    this.trail = this.at;
    this.skipLines(column, true);
    return { kind: 'scalar', value, span: spanOf(at, end) };
  }

  /** A text of several lines, as they stand. */
  private block(column: number): YamlScalar | GivenUp {
    const { text, at: start } = this;
    let at = start + 1;
    const strips = text.charCodeAt(at) === DASH;
    if (strips) at += 1;
    if (text.charCodeAt(at) === PLUS) return GIVEN_UP;
    at = this.afterSpaces(at);
    if (text.charCodeAt(at) !== NEWLINE) return GIVEN_UP;
    const first = at + 1;
    const indent = this.afterSpaces(first) - first;
    if (indent <= column || first + indent === text.length || text.charCodeAt(first + indent) === NEWLINE)
      return GIVEN_UP;
    const lines: string[] = [];
    let filled = 0;
    let end = first;
    for (at = first; at < text.length; ) {
      const content = this.afterSpaces(at);
      const lineEnd = this.lineEnd(content);
      const isEmpty = text.charCodeAt(content) === NEWLINE || content === text.length;
      if (!isEmpty && content - at < indent) break;
      // Spaces that go beyond the indentation may be part of the text.
      if (isEmpty && (content - at > indent || content === text.length)) return GIVEN_UP;
      lines.push(
        isEmpty ? '' : text.slice(at + indent, text.charCodeAt(lineEnd - 1) === NEWLINE ? lineEnd - 1 : lineEnd),
      );
      at = lineEnd;
      if (isEmpty) continue;
      filled = lines.length;
      end = lineEnd;
    }
    this.at = end;
    this.trail = end;
    this.skipLines(column, false);
    const value = `${lines.slice(0, filled).join('\n')}${strips ? '' : '\n'}`;
    return { kind: 'scalar', value, span: spanOf(start, end) };
  }

  /** Goes over a text in quotes on one line, up to `end`. */
  private quoted(): string | GivenUp {
    const { text, at } = this;
    const quote = text.charCodeAt(at);
    let hasEscapes = false;
    for (let next = at + 1; next < text.length; next += 1) {
      const code = text.charCodeAt(next);
      if (code === NEWLINE) return GIVEN_UP;
      if (code === BACKSLASH && quote === DOUBLE_QUOTE) {
        next += 1;
        const escaped = text.charCodeAt(next);
        if (escaped !== BACKSLASH && escaped !== DOUBLE_QUOTE) return GIVEN_UP;
        hasEscapes = true;
      } else if (code === quote) {
        if (quote === QUOTE && text.charCodeAt(next + 1) === QUOTE) {
          next += 1;
          hasEscapes = true;
          continue;
        }
        this.end = next + 1;
        const inside = text.slice(at + 1, next);
        if (!hasEscapes) return inside;
        return quote === QUOTE ? inside.replaceAll("''", "'") : inside.replaceAll(/\\(.)/g, '$1');
      }
    }
    return GIVEN_UP;
  }

  /** Goes over a text without quotes, up to `end`. @returns the colon that makes a key of it, or what else it ends before */
  private plain(): number {
    const { text } = this;
    let { at } = this;
    let end = at;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) break;
      if (code === SPACE) {
        if (text.charCodeAt(at + 1) === HASH) break;
        continue;
      }
      if (code === COLON && isBlank(text, at + 1)) {
        this.end = end;
        return COLON;
      }
      end = at + 1;
    }
    this.end = end;
    return NEWLINE;
  }

  /**
   * Goes over empty lines and comments to what stands next.
   * @param column of the map or list that a text was read in: comments deeper than that trail the text
   */
  private skipLines(column: number, mayTrail: boolean): void {
    const { text } = this;
    let isOpen = mayTrail;
    for (;;) {
      const at = this.afterSpaces(this.at);
      const indent = at - this.at;
      if (at >= text.length) {
        this.at = text.length;
        this.column = -1;
        return;
      }
      const code = text.charCodeAt(at);
      if (code === HASH) {
        const next = this.lineEnd(at);
        if (isOpen && indent > column) this.trail = next;
        else {
          isOpen = false;
          this.comments = Math.max(this.comments, indent);
        }
        this.at = next;
      } else if (code === NEWLINE) this.at = at + 1;
      else {
        this.at = at;
        this.column = indent;
        return;
      }
    }
  }

  /** Ends a map or list: comments above what follows that are not less indented are the last that it holds. */
  private close(start: number, column: number): Span {
    const span = spanOf(start, this.trail);
    if (column > 0 && this.comments >= column) {
      this.trail = this.at;
      this.comments = -1;
    }
    return span;
  }

  private isDash(): boolean {
    return this.text.charCodeAt(this.at) === DASH && isBlank(this.text, this.at + 1);
  }

  private afterSpaces(from: number): number {
    let at = from;
    while (this.text.charCodeAt(at) === SPACE) at += 1;
    return at;
  }

  /** Where the next line begins. */
  private lineEnd(from: number): number {
    const newline = this.text.indexOf('\n', from);
    return newline === -1 ? this.text.length : newline + 1;
  }
}

function hasManyLines(text: string): boolean {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines > FEW_LINES) return true;
  }
  return false;
}

function isBlank(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const code = text.charCodeAt(at);
  return code === SPACE || code === NEWLINE;
}

function plainValue(text: string): YamlScalar['value'] | GivenUp {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (SMALL_INTEGER.test(text)) return Number(text);
  return NUMBER.test(text) ? GIVEN_UP : text;
}
