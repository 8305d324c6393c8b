/**
 * The expression grammar, by recursive descent, with the precedence of Elasticsearch's `EqlBase.g4`:
 *
 *   or < and < not < comparison (they do not chain) < + - < * / % < unary + - < in, like, regex, : < operand
 *
 * So `not a == b and c` is `(not (a == b)) and c`, and `1 + x : 2` is `1 + (x : 2)`.
 *
 * Invariants: at most `MAX_DEPTH` levels of nesting and `MAX_ARITHMETIC` operators, so no recursion over the tree runs
 * deep; the first problem ends parsing (`Failure` is thrown and caught in `parseEql`, never seen outside).
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { type Span, spanOf } from '../../diagnostic/span.ts';
import {
  type ComparisonOperator,
  type EqlArithmetic,
  type EqlExpression,
  type EqlLiteral,
  freezeNode,
  type MatchOperator,
} from './ast.ts';
import { operatorHint } from './foreign-words.ts';
import { FOREIGN_SYMBOLS, type Token } from './token.ts';

/** Real rules nest less than 20 deep. */
const MAX_DEPTH = 200;
const MAX_ARITHMETIC = 1_000;
const LAST_LONG = 2n ** 63n - 1n;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const MATCHES: ReadonlySet<string> = new Set([':', 'like', 'like~', 'regex', 'regex~']);

/** The control flow of the first syntax problem. */
export class Failure {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    this.diagnostic = diagnostic;
  }
}

export class ExpressionParser {
  protected readonly tokens: readonly Token[];
  protected at = 0;
  private depth = 0;
  private arithmetic = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  protected expression(): EqlExpression {
    return this.nested(() => this.logical('or', () => this.logical('and', () => this.not())));
  }

  private logical(operator: 'and' | 'or', operand: () => EqlExpression): EqlExpression {
    const start = this.token();
    const first = operand();
    if (!this.isAt(operator)) return first;
    const operands = [first];
    while (this.take(operator)) operands.push(operand());
    const flat = operands.flatMap((node) =>
      node.kind === 'logical' && node.operator === operator ? node.operands : [node],
    );
    return freezeNode({ kind: 'logical', operator, operands: flat, span: this.since(start) });
  }

  private not(): EqlExpression {
    const start = this.token();
    if (!this.take('not')) return this.comparison();
    const operand = this.nested(() => this.not());
    return freezeNode({ kind: 'not', operand, span: this.since(start) });
  }

  private comparison(): EqlExpression {
    const start = this.token();
    const left = this.sum();
    if (!COMPARISONS.has(this.operator())) return left;
    const operator = this.advance().text as ComparisonOperator;
    const right = this.sum();
    if (COMPARISONS.has(this.operator())) {
      this.fail('Comparisons do not chain.', this.token(), 'compare twice and join with and: a < b and b < c');
    }
    return freezeNode({ kind: 'comparison', operator, left, right, span: this.since(start) });
  }

  private sum(): EqlExpression {
    return this.binary(['+', '-'], () => this.binary(['*', '/', '%'], () => this.unary()));
  }

  private binary(operators: readonly EqlArithmetic['operator'][], operand: () => EqlExpression): EqlExpression {
    const start = this.token();
    let left = operand();
    for (;;) {
      const operator = operators.find((symbol) => symbol === this.operator());
      if (operator === undefined) return left;
      this.arithmetic += 1;
      if (this.arithmetic > MAX_ARITHMETIC) this.failDeep(`more than ${MAX_ARITHMETIC} arithmetic operators`);
      this.advance();
      const right = operand();
      left = freezeNode({ kind: 'arithmetic', operator, left, right, span: this.since(start) });
    }
  }

  private unary(): EqlExpression {
    const start = this.token();
    if (!this.isAt('-') && !this.isAt('+')) return this.matched();
    const operator = this.advance().text as '-' | '+';
    const operand = this.nested(() => this.unary());
    return freezeNode({ kind: 'unary', operator, operand, span: this.since(start) });
  }

  /** An operand with what may follow it directly: a list to be in, or patterns to match. */
  private matched(): EqlExpression {
    const start = this.token();
    const operand = this.operand();
    if (MATCHES.has(this.operator())) return this.match(operand, start);
    const negation = this.token();
    const negated = this.take('not');
    if (this.isAt('in') || this.isAt('in~')) {
      const insensitive = this.advance().text === 'in~';
      this.expect('(', `“${insensitive ? 'in~' : 'in'}” takes a list in parentheses: in ("a", "b")`);
      const items = this.list(() => this.expression());
      return freezeNode({ kind: 'in', operand, negated, insensitive, items, span: this.since(start) });
    }
    if (negated) this.fail('“not” stands before a condition or before in.', negation, 'write not field like "…"');
    return operand;
  }

  private match(operand: EqlExpression, start: Token): EqlExpression {
    const operator = this.advance().text as MatchOperator;
    const patterns = this.take('(') ? this.list(() => this.pattern(operator)) : [this.pattern(operator)];
    return freezeNode({ kind: 'match', operator, operand, patterns, span: this.since(start) });
  }

  private pattern(operator: MatchOperator): EqlLiteral {
    const literal = this.literal();
    if (literal !== undefined) return literal;
    return this.fail(
      `After “${operator}” stands a string, a number, true, false or null, or a list of them in parentheses.`,
      this.token(),
      operator === ':' ? 'to compare with anything else write ==' : undefined,
    );
  }

  private list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.take(',')) items.push(item());
    this.expect(')', 'a list is closed with ), its items are separated by commas');
    return items;
  }

  private operand(): EqlExpression {
    const literal = this.literal();
    if (literal !== undefined) return literal;
    const token = this.token();
    const following = this.tokens[this.at + 1];
    if ((token.kind === 'name' && isSymbol(following, '(')) || token.kind === 'tilde-name') return this.call();
    if (token.kind === 'name' || token.kind === 'quoted-name' || this.isAt('?')) return this.field();
    if (this.take('(')) {
      const inner = this.expression();
      this.expect(')', 'a parenthesis is not closed');
      return inner;
    }
    return this.failExpected('a field, a value or a parenthesis');
  }

  private call(): EqlExpression {
    const name = this.advance();
    this.expect('(', `${name.text}~ is a function: its arguments follow in parentheses`);
    const args = this.take(')') ? [] : this.list(() => this.expression());
    return freezeNode({
      kind: 'call',
      name: name.text,
      nameSpan: spanOfToken(name),
      insensitive: name.kind === 'tilde-name',
      args,
      span: this.since(name),
    });
  }

  private field(): EqlExpression {
    const start = this.token();
    const optional = this.take('?');
    const names = [this.name()];
    for (;;) {
      if (this.isAt('[') && this.tokens[this.at + 1]?.kind === 'integer') {
        this.unsupported(
          'Elasticsearch’s EQL does not read single elements of an array.',
          this.token(),
          'a condition on a field holds if it holds for any of its values',
        );
      }
      if (!this.take('.')) break;
      names.push(this.name());
    }
    return freezeNode({ kind: 'field', name: names.join('.'), optional, span: this.since(start) });
  }

  private name(): string {
    const token = this.token();
    if (token.kind === 'name' || token.kind === 'quoted-name') return this.advance().text;
    if (token.kind === 'keyword') {
      this.fail(
        `“${token.text}” is a word of EQL.`,
        token,
        `as part of a field’s name it is quoted: \`${token.text}\``,
      );
    }
    return this.failExpected('a field name');
  }

  private literal(): EqlLiteral | undefined {
    const token = this.token();
    const make = (type: EqlLiteral['type'], value: EqlLiteral['value']): EqlLiteral => {
      this.advance();
      const floating = token.kind === 'decimal';
      return freezeNode({ kind: 'literal', type, value, floating, span: spanOfToken(token) });
    };
    if (token.kind === 'string') return make('string', token.text);
    if (token.kind === 'integer' || token.kind === 'decimal') return make('number', this.number(token));
    if (token.kind !== 'keyword') return undefined;
    if (token.text === 'null') return make('null', null);
    if (token.text === 'true' || token.text === 'false') return make('boolean', token.text === 'true');
    return undefined;
  }

  /** As Elasticsearch: whole numbers to 64 bits are exact, larger ones are floating point. */
  private number(token: Token): number | string {
    const value = Number(token.text);
    if (!Number.isFinite(value)) this.fail('The number is too large.', token);
    if (token.kind === 'decimal' || Number.isSafeInteger(value) || token.text.length > 40) return value;
    const exact = BigInt(token.text);
    return exact <= LAST_LONG ? String(exact) : value;
  }

  protected nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.failDeep(`more than ${MAX_DEPTH} levels`);
    const result = parse();
    this.depth -= 1;
    return result;
  }

  protected token(): Token {
    return this.tokens[this.at] as Token;
  }

  protected advance(): Token {
    const token = this.token();
    if (token.problem !== undefined) throw new Failure(token.problem);
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  /** The text of a keyword or symbol, empty for other tokens. */
  protected operator(): string {
    const token = this.token();
    return token.kind === 'symbol' || token.kind === 'keyword' ? token.text : '';
  }

  protected isAt(text: string): boolean {
    return this.operator() === text;
  }

  protected take(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.at += 1;
    return true;
  }

  protected expect(text: string, hint: string): void {
    if (!this.take(text)) this.failExpected(`“${text}”`, hint);
  }

  /** From a place to the end of the last token. */
  protected since(start: Token): Span {
    return spanOf(start.start, (this.tokens[this.at - 1] as Token).end);
  }

  protected failExpected(what: string, hint?: string): never {
    const token = this.token();
    const foreign =
      token.kind === 'foreign' ? FOREIGN_SYMBOLS.get(token.text) : isSymbol(token, '=') ? 'write ==' : undefined;
    const word = token.kind === 'name' ? operatorHint(token.text) : undefined;
    const found =
      token.kind === 'end' ? 'the query ends' : `there is ${token.kind === 'string' ? 'a string' : `“${token.text}”`}`;
    if (foreign !== undefined) this.fail(`“${token.text}” is no operator of EQL.`, token, foreign);
    this.fail(`Expected ${what}, but ${found}.`, token, word ?? hint);
  }

  protected fail(message: string, token: Token, hint?: string): never {
    throw new Failure(token.problem ?? diagnose('eql-syntax', 'error', message, spanOfToken(token), hint));
  }

  protected unsupported(message: string, token: Token, hint?: string): never {
    throw new Failure(diagnose('eql-unsupported', 'error', message, spanOfToken(token), hint));
  }

  private failDeep(what: string): never {
    throw new Failure(
      diagnose('eql-too-deep', 'error', `The query is nested too deeply: ${what}.`, spanOfToken(this.token())),
    );
  }
}

export function spanOfToken(token: Token): Span {
  return spanOf(token.start, token.end);
}

function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}
