/**
 * Text of Kibana's query language → syntax tree, or the first problem with its place.
 *
 *   text ──tokenize──▶ tokens ──recursive descent──▶ tree
 *
 *   or < and < not < ( … ) · path:{ … } · field: value · field: ( list ) · field >= value · value
 *
 * Grammar: Kibana's `kuery/grammar.peggy`. Beyond it `not not x` is taken, and `and`, `or`, `not` are words of the
 * language wherever they stand alone (Kibana reads them as values at the very start or end).
 *
 * Invariant: at most `MAX_DEPTH` levels of nesting, so no recursion over the tree runs deep.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { type Span, spanOf } from '../../diagnostic/span.ts';
import { type WildcardPart, wildcardPattern } from '../../plan/predicate/node.ts';
import type { KueryLiteral, KueryNode, RangeOperator } from './ast.ts';
import type { Token } from './token.ts';
import { tokenizeKuery } from './tokenize.ts';

export interface ParsedKuery {
  /** Absent exactly when there is an error. */
  readonly query?: KueryNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** Elastic’s rules nest six deep. */
const MAX_DEPTH = 200;
const RANGES: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
/** Words that other languages compare with. */
const FOREIGN: ReadonlySet<string> = new Set(['=', '==', '!=', '=~', 'like', 'in']);

export function parseKuery(text: string): ParsedKuery {
  try {
    return { query: new KueryParser(text).query(), diagnostics: [] };
  } catch (failure) {
    if (failure instanceof Failure) return { diagnostics: [failure.diagnostic] };
    throw failure;
  }
}

/** The control flow of the first problem. */
class Failure {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    this.diagnostic = diagnostic;
  }
}

class KueryParser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokenizeKuery(text);
  }

  query(): KueryNode {
    if (this.token().kind === 'end') return Object.freeze({ kind: 'everything', span: spanOf(0, this.text.length) });
    const query = this.either();
    if (this.token().kind !== 'end') this.unexpected();
    return query;
  }

  // --- Conditions -----------------------------------------------------------------------------------------------------

  private either(): KueryNode {
    return this.nested(() => this.chain('or', () => this.chain('and', () => this.negated(() => this.single()))));
  }

  private chain(operator: 'and' | 'or', operand: () => KueryNode): KueryNode {
    const start = this.token().start;
    const first = operand();
    if (!this.isKeyword(operator)) return first;
    const operands = [first];
    while (this.takeKeyword(operator)) operands.push(operand());
    return logical(operator, operands, this.since(start));
  }

  private negated(operand: () => KueryNode): KueryNode {
    const start = this.token().start;
    if (!this.takeKeyword('not')) return operand();
    const negated = this.nested(() => this.negated(operand));
    return Object.freeze({ kind: 'not', operand: negated, span: this.since(start) });
  }

  private single(): KueryNode {
    const start = this.token().start;
    if (this.take('(')) {
      const inner = this.either();
      this.close('(', ')', start);
      return inner;
    }
    const literal = this.literal('a condition');
    if (this.take(':')) {
      if (this.isAt('{')) return this.objects(literal, start);
      const values = this.values(literal);
      return Object.freeze({ ...values, span: this.since(start) });
    }
    const operator = this.token();
    if (operator.kind === 'symbol' && RANGES.has(operator.text)) {
      this.at += 1;
      const value = this.literal('a value');
      const span = this.since(start);
      return Object.freeze({ kind: 'range', field: literal, operator: operator.text as RangeOperator, value, span });
    }
    return is(undefined, literal, literal.span);
  }

  private objects(path: KueryLiteral, start: number): KueryNode {
    const open = this.token().start;
    this.at += 1;
    const condition = this.either();
    this.close('{', '}', open);
    return Object.freeze({ kind: 'nested', path, condition, span: this.since(start) });
  }

  // --- Values ---------------------------------------------------------------------------------------------------------

  private values(field: KueryLiteral): KueryNode {
    const start = this.token().start;
    if (!this.take('(')) {
      const value = this.literal('a value');
      return is(field, value, value.span);
    }
    const list = this.nested(() =>
      this.chain('or', () => this.chain('and', () => this.negated(() => this.values(field)))),
    );
    const stray = this.token();
    if (stray.kind === 'symbol' && (stray.text === ':' || RANGES.has(stray.text))) {
      const message = `“${stray.text}” cannot stand in a list of values.`;
      this.fail(message, stray, 'close the list with ) before the next field');
    }
    this.close('(', ')', start);
    return list;
  }

  /** Words up to the next keyword or symbol are one value, the blanks between them included. */
  private literal(what: string): KueryLiteral {
    const first = this.token();
    if (first.kind === 'string') {
      this.at += 1;
      return freezeLiteral(first.parts, true, spanOf(first.start, first.end));
    }
    if (first.kind !== 'word') this.expected(what);
    const parts: WildcardPart[] = [...first.parts];
    this.at += 1;
    for (let last = first; this.token().kind === 'word'; last = this.tokens[this.at - 1] as Token) {
      const next = this.token();
      parts.push({ text: this.text.slice(last.end, next.start) }, ...next.parts);
      this.at += 1;
    }
    return freezeLiteral(parts, false, this.since(first.start));
  }

  // --- Problems -------------------------------------------------------------------------------------------------------

  private unexpected(): never {
    const token = this.token();
    const before = this.tokens[this.at - 1];
    if (token.kind === 'error') throw new Failure(token.problem as Diagnostic);
    const shown = token.kind === 'string' ? 'a quoted text' : `“${token.text}”`;
    if (token.kind === 'symbol' && (token.text === ')' || token.text === '}')) {
      this.fail(`${shown} closes nothing.`, token, `take it out, or escape it: \\${token.text}`);
    }
    if (token.text === ':' && before !== undefined && before.kind === 'word') {
      const inside = this.tokens[this.at - 2]?.kind === 'word';
      const hint = inside
        ? `and or or is missing before ${before.text}; a : within a value is quoted or written \\:`
        : 'a : within a value is quoted or written \\:';
      this.fail('“:” cannot stand here, within a value.', token, hint);
    }
    if (before?.kind === 'word' && FOREIGN.has(before.text.toLowerCase())) {
      const at = spanOf(before.start, before.end);
      throw new Failure(
        diagnose('kuery-syntax', 'error', `“${before.text}” compares nothing here.`, at, 'write field: value'),
      );
    }
    this.fail(`${shown} cannot stand here.`, token, 'and or or is missing before it');
  }

  private expected(what: string): never {
    const token = this.token();
    if (token.kind === 'error') throw new Failure(token.problem as Diagnostic);
    const before = this.tokens[this.at - 1];
    const place = before === undefined ? 'here' : `after “${before.text}”`;
    const hint =
      token.kind === 'keyword'
        ? `quote it to search for the word: "${token.text}"`
        : what === 'a value'
          ? 'write field: value, or field: * for any value'
          : 'write field: value';
    const shown = token.kind === 'end' ? 'the query ends' : `there is “${token.text}”`;
    this.fail(`${what[0]?.toUpperCase()}${what.slice(1)} is missing ${place}: ${shown}.`, token, hint);
  }

  private fail(message: string, { start, end }: Pick<Token, 'start' | 'end'>, hint: string): never {
    throw new Failure(diagnose('kuery-syntax', 'error', message, spanOf(start, end), hint));
  }

  // --- Tokens ---------------------------------------------------------------------------------------------------------

  private token(): Token {
    return this.tokens[this.at] as Token;
  }

  private isAt(symbol: string): boolean {
    return this.token().kind === 'symbol' && this.token().text === symbol;
  }

  private take(symbol: string): boolean {
    const found = this.isAt(symbol);
    if (found) this.at += 1;
    return found;
  }

  private isKeyword(word: string): boolean {
    return this.token().kind === 'keyword' && this.token().text === word;
  }

  private takeKeyword(word: string): boolean {
    const found = this.isKeyword(word);
    if (found) this.at += 1;
    return found;
  }

  private close(open: string, symbol: string, start: number): void {
    if (this.take(symbol)) return;
    if (this.token().kind !== 'end') this.unexpected();
    this.fail(`The ${open} is not closed.`, { start, end: start + 1 }, `close it with ${symbol}`);
  }

  private since(start: number): Span {
    return spanOf(start, (this.tokens[this.at - 1] as Token).end);
  }

  private nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      const { start, end } = this.token();
      const message = `The query is nested more than ${MAX_DEPTH} levels deep.`;
      throw new Failure(diagnose('kuery-too-deep', 'error', message, spanOf(start, end)));
    }
    const result = parse();
    this.depth -= 1;
    return result;
  }
}

function is(field: KueryLiteral | undefined, value: KueryLiteral, span: Span): KueryNode {
  return Object.freeze({ kind: 'is', field, value, span });
}

function logical(operator: 'and' | 'or', operands: readonly KueryNode[], span: Span): KueryNode {
  return Object.freeze({ kind: 'logical', operator, operands: Object.freeze(operands), span });
}

function freezeLiteral(parts: readonly WildcardPart[], quoted: boolean, span: Span): KueryLiteral {
  return Object.freeze({ parts: wildcardPattern(parts), quoted, span });
}
