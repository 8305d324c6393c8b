/**
 * Lucene's query string as Elasticsearch's `query_string` reads it: text → tree, or what is wrong and where.
 *
 *   list   := clause ((AND | OR | && | "||")? clause)*        clause := (NOT | ! | + | -)? (field ":")? item
 *   item   := "(" list ")" | term | "quoted" | /regex/ | [low TO high] | {low TO high} | >bound …     then ^boost
 *
 * There is no precedence. A clause is required after AND, and AND makes the one before it required too; else it may
 * hold. So `a OR b AND c` asks for b and c, and `a` does not matter. Source: Lucene's classic query parser (`addClause`)
 * with OR as default operator; Elasticsearch adds `>bound`, `_exists_` and clauses that are only negated.
 *
 * Boosts change the score only and are dropped. Fuzzy terms (`~`), distances and terms without a field are refused.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { type Span, spanOf } from '../../diagnostic/span.ts';
import { type WildcardPart, type WildcardPattern, wildcardPattern } from '../../plan/predicate/node.ts';
import type { LuceneBound, LuceneField, LuceneNode, Occurrence } from './ast.ts';

export type ParsedLucene = { readonly query: LuceneNode } | { readonly problem: Diagnostic };

/** UTF-16 units; a converted rule can be long. */
const LONGEST = 1_000_000;
const DEEPEST = 100;

const SPACE = /[ \t\n\r\u3000]/;
/** Ends a term; `+`, `-` and `!` only keep one from beginning. */
const NO_TERM = /[ \t\n\r\u3000():^[\]"{}~/]/;

class Fault extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Never throws on any text. */
export function parseLucene(text: string): ParsedLucene {
  if (text.length > LONGEST) {
    const message = `The query is longer than ${LONGEST.toLocaleString('en-US')} characters.`;
    return { problem: diagnose('lucene-syntax', 'error', message, spanOf(0, 0)) };
  }
  try {
    return { query: new Parser(text).whole() };
  } catch (error) {
    if (error instanceof Fault) return { problem: error.diagnostic };
    throw error;
  }
}

class Parser {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): LuceneNode {
    const query = this.list(undefined);
    if (this.at < this.text.length) this.fail('This closes nothing.', this.at, 'write \\) for the character');
    return query;
  }

  private list(field: LuceneField | undefined): LuceneNode {
    const start = this.skipSpace();
    const clauses: { occurrence: Occurrence; node: LuceneNode }[] = [];
    while (this.at < this.text.length && !this.looksAt(')')) {
      const conjunction = this.conjunction();
      if (conjunction !== undefined && clauses.length === 0) {
        this.fail(`A clause is missing before ${conjunction}.`, start, 'quote the word to look for it');
      }
      const modifier = this.modifier();
      const node = this.clause(field);
      const last = clauses.at(-1);
      if (conjunction === 'AND' && last?.occurrence === 'should') last.occurrence = 'must';
      const required = modifier === 'must' || (modifier === undefined && conjunction === 'AND');
      clauses.push({ occurrence: modifier === 'must-not' ? modifier : required ? 'must' : 'should', node });
      this.skipSpace();
    }
    if (clauses.length === 0) this.fail('A clause is missing here.', this.at, 'write field:value');
    const [only] = clauses;
    if (clauses.length === 1 && only !== undefined && only.occurrence !== 'must-not') return only.node;
    return { kind: 'list', clauses, span: spanOf(start, this.at) };
  }

  private conjunction(): 'AND' | 'OR' | undefined {
    if (this.takeWord('AND') || this.take('&&')) return 'AND';
    return this.takeWord('OR') || this.take('||') ? 'OR' : undefined;
  }

  private modifier(): 'must' | 'must-not' | undefined {
    this.skipSpace();
    if (this.take('+')) return 'must';
    return this.take('-') || this.take('!') || this.takeWord('NOT') ? 'must-not' : undefined;
  }

  private clause(outer: LuceneField | undefined): LuceneNode {
    const start = this.skipSpace();
    if (this.looksAt('*:')) {
      this.at += 2;
      this.skipSpace();
      if (this.looksAt('*') && this.term().every((part) => part === '*')) {
        return this.boosted({ kind: 'everything', span: spanOf(start, this.at) });
      }
      this.refuse('A search over all fields', start);
    }
    const field = this.field() ?? outer;
    return this.boosted(this.item(field, start));
  }

  /** `name:`; nothing is read where none stands here. */
  private field(): LuceneField | undefined {
    const start = this.at;
    if (this.at >= this.text.length || NO_TERM.test(this.text.charAt(start))) return undefined;
    const pattern = this.term();
    const end = this.at;
    this.skipSpace();
    if (pattern.length === 0 || !this.take(':')) {
      this.at = start;
      return undefined;
    }
    if (pattern.some((part) => typeof part !== 'object')) this.refuse('A pattern for the names of fields', start);
    this.skipSpace();
    return { name: textOf(pattern), span: spanOf(start, end) };
  }

  private item(field: LuceneField | undefined, start: number): LuceneNode {
    const character = this.text.charAt(this.at);
    if (character === '(') return this.group(field);
    if (field === undefined) {
      if (character === '' || NO_TERM.test(character))
        this.fail('A clause is missing here.', this.at, 'write field:value');
      return this.refuse('A term without a field', start, 'write field:value');
    }
    switch (character) {
      case '"':
        return this.quotedTerm(field, start);
      case '/':
        return this.regex(field, start);
      case '[':
      case '{':
        return this.range(field, start);
      case '<':
      case '>':
        return this.oneSided(field, start);
      default:
        return this.plainTerm(field, start);
    }
  }

  private group(field: LuceneField | undefined): LuceneNode {
    const start = this.at;
    this.at += 1;
    this.depth += 1;
    if (this.depth > DEEPEST) this.fail('The query is nested too deeply.', start);
    const list = this.list(field);
    this.depth -= 1;
    if (!this.take(')')) this.fail('The parenthesis is not closed.', start, 'write \\( for the character');
    return list;
  }

  private plainTerm(field: LuceneField, start: number): LuceneNode {
    const from = this.at;
    const pattern = this.term();
    if (this.at === from) {
      return this.fail('A value is missing here.', from, 'write “"” around a text, or \\ before a special character');
    }
    const span = spanOf(start, this.at);
    if (field.name === '_exists_')
      return { kind: 'exists', field: { name: textOf(pattern), span: spanOf(from, this.at) }, span };
    if (pattern.length === 1 && pattern[0] === '*') return { kind: 'exists', field, span };
    return { kind: 'term', field, pattern, quoted: false, span };
  }

  private quotedTerm(field: LuceneField, start: number): LuceneNode {
    const text = this.quoted();
    const span = spanOf(start, this.at);
    if (field.name === '_exists_') return { kind: 'exists', field: { name: text, span }, span };
    return { kind: 'term', field, pattern: wildcardPattern([{ text }]), quoted: true, span };
  }

  private quoted(): string {
    const start = this.at;
    let value = '';
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const character = this.text.charAt(this.at);
      if (character === '"') {
        this.at += 1;
        return value;
      }
      if (character === '\\') this.at += 1;
      value += this.text.charAt(this.at);
    }
    return this.fail('The quoted text is not closed.', start, 'write \\" for the character');
  }

  /** From slash to slash; a slash after a backslash belongs to the expression, and is taken where a later one follows. */
  private regex(field: LuceneField, start: number): LuceneNode {
    const from = this.at;
    let end = this.at + 1;
    let fallback = -1;
    for (; end < this.text.length && this.text.charAt(end) !== '/'; end += 1) {
      if (this.text.startsWith('\\/', end)) {
        fallback = end + 1;
        end += 1;
      }
    }
    if (end >= this.text.length) end = fallback;
    if (end === -1) this.fail('The regular expression is not closed.', from, 'write \\/ for the character');
    this.at = end + 1;
    return { kind: 'regex', field, source: this.text.slice(from + 1, end), span: spanOf(start, this.at) };
  }

  private range(field: LuceneField, start: number): LuceneNode {
    const lowInclusive = this.text.charAt(this.at) === '[';
    this.at += 1;
    const low = this.bound(lowInclusive);
    this.skipSpace();
    if (!this.takeWord('TO')) this.fail('A range needs TO between its ends.', this.at, 'write [1 TO 5]');
    const high = this.bound(true);
    this.skipSpace();
    const highInclusive = this.looksAt(']');
    if (!highInclusive && !this.looksAt('}')) this.fail('The range is not closed.', start, 'close it with ] or }');
    this.at += 1;
    return {
      kind: 'range',
      field,
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high: { ...high, inclusive: highInclusive } }),
      span: spanOf(start, this.at),
    };
  }

  private bound(inclusive: boolean): LuceneBound | undefined {
    const start = this.skipSpace();
    if (this.looksAt('"')) return { text: this.quoted(), inclusive, span: spanOf(start, this.at) };
    while (this.at < this.text.length && !/[\s\]}]/.test(this.text.charAt(this.at))) this.at += 1;
    const raw = this.text.slice(start, this.at);
    if (raw === '') this.fail('An end of the range is missing.', start, 'write * for an open end');
    return raw === '*'
      ? undefined
      : { text: raw.replaceAll(/\\([\s\S])/g, '$1'), inclusive, span: spanOf(start, this.at) };
  }

  private oneSided(field: LuceneField, start: number): LuceneNode {
    const [operator = ''] = /^[<>]=?/.exec(this.text.slice(this.at, this.at + 2)) ?? [];
    this.at += operator.length;
    const from = this.skipSpace();
    const text = this.looksAt('"') ? this.quoted() : textOf(this.term());
    if (text === '') this.fail('A value is missing here.', from);
    const bound = { text, inclusive: operator.length === 2, span: spanOf(from, this.at) };
    const span = spanOf(start, this.at);
    return operator.startsWith('>')
      ? { kind: 'range', field, low: bound, span }
      : { kind: 'range', field, high: bound, span };
  }

  /** Up to what ends a term, escapes resolved, `*` and `?` as wildcards. */
  private term(): WildcardPattern {
    const parts: WildcardPart[] = [];
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text.charAt(this.at);
      if (character === '*' || character === '?') {
        parts.push(character);
        continue;
      }
      if (NO_TERM.test(character)) break;
      if (parts.length === 0 && /[+\-!]/.test(character)) break;
      if (character === '\\') {
        this.at += 1;
        if (this.at >= this.text.length)
          this.fail('The backslash escapes nothing.', this.at - 1, 'write \\\\ for the character');
      }
      parts.push({ text: this.text.charAt(this.at) });
    }
    return wildcardPattern(joinTexts(parts));
  }

  private boosted(node: LuceneNode): LuceneNode {
    if (this.looksAt('~')) return this.refuse('A fuzzy term, or a distance', this.at);
    const boost = /^\^\d+(?:\.\d+)?/.exec(this.text.slice(this.at, this.at + 20));
    if (boost !== null) this.at += boost[0].length;
    else if (this.looksAt('^')) this.fail('A boost needs a number.', this.at, 'write \\^ for the character');
    return node;
  }

  private takeWord(word: string): boolean {
    this.skipSpace();
    if (!this.looksAt(word)) return false;
    const next = this.text.charAt(this.at + word.length);
    // A term goes on with anything but what ends one.
    if (next !== '' && !NO_TERM.test(next)) return false;
    this.at += word.length;
    return true;
  }

  private take(symbol: string): boolean {
    if (!this.looksAt(symbol)) return false;
    this.at += symbol.length;
    return true;
  }

  private looksAt(symbol: string): boolean {
    return this.text.startsWith(symbol, this.at);
  }

  private skipSpace(): number {
    while (this.at < this.text.length && SPACE.test(this.text.charAt(this.at))) this.at += 1;
    return this.at;
  }

  private refuse(what: string, start: number, hint?: string): never {
    const span: Span = spanOf(start, Math.max(this.at, start + 1));
    throw new Fault(diagnose('lucene-unsupported', 'error', `${what} is not supported.`, span, hint));
  }

  private fail(message: string, start: number, hint?: string): never {
    const end = Math.min(start + 1, this.text.length);
    throw new Fault(diagnose('lucene-syntax', 'error', message, spanOf(Math.min(start, end), end), hint));
  }
}

function textOf(pattern: WildcardPattern): string {
  return pattern.map((part) => (typeof part === 'object' ? part.text : part)).join('');
}

/** One part for each run of characters: adding them up one by one costs the square of a long term. */
function joinTexts(parts: readonly WildcardPart[]): readonly WildcardPart[] {
  const joined: WildcardPart[] = [];
  let run: string[] = [];
  const flush = () => {
    if (run.length > 0) joined.push({ text: run.join('') });
    run = [];
  };
  for (const part of parts) {
    if (typeof part === 'object') run.push(part.text);
    else {
      flush();
      joined.push(part);
    }
  }
  flush();
  return joined;
}
