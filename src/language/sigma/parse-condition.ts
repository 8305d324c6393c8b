/**
 * The condition of a Sigma rule: `or` binds least, then `and`, `not`, `x of …`, parentheses.
 *
 *   text ──words and parentheses──▶ tokens ──recursive descent──▶ tree, or the first mistake
 *
 * Words of the grammar are read in any case, as SigmaHQ's older rules had them. Offsets become spans through `place`,
 * since a condition may stand in a quoted YAML text.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { type Span, spanOf } from '../../diagnostic/span.ts';
import type { Condition } from './ast.ts';

/** SigmaHQ's deepest condition has three levels. */
const DEEPEST = 50;
const LONGEST = 20_000;

interface Token {
  readonly text: string;
  readonly span: Span;
}

/** @param place the span in the rule of a part of the condition's text */
export function parseCondition(
  text: string,
  place: (start: number, end: number) => Span,
): { readonly condition: Condition } | { readonly diagnostic: Diagnostic } {
  const whole = place(0, text.length);
  if (text.length > LONGEST) {
    const message = `The condition is longer than ${LONGEST} characters.`;
    return { diagnostic: diagnose('sigma-too-large', 'error', message, whole) };
  }
  const tokens = [...text.matchAll(/[()|]|[^\s()|]+/g)].map(
    ({ 0: word, index }): Token => ({ text: word, span: place(index, index + word.length) }),
  );
  try {
    return { condition: new ConditionParser(tokens, place(text.trimEnd().length, text.trimEnd().length)).parse(whole) };
  } catch (error) {
    if (error instanceof Mistake) return { diagnostic: error.diagnostic };
    throw error;
  }
}

class Mistake extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

class ConditionParser {
  private readonly tokens: readonly Token[];
  private readonly end: Span;
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], end: Span) {
    this.tokens = tokens;
    this.end = end;
  }

  parse(whole: Span): Condition {
    if (this.tokens.length === 0) {
      this.fail('sigma-condition', 'The condition is empty.', whole, 'Name a search identifier: condition: selection');
    }
    this.refuseAggregation();
    const condition = this.or();
    const token = this.tokens[this.at];
    if (token === undefined) return condition;
    const hint = token.text === ')' ? 'Every ) needs a ( before it.' : 'Link two conditions with and, or.';
    return this.fail('sigma-condition', `“${short(token.text)}” cannot stand here.`, token.span, hint);
  }

  private or(): Condition {
    return this.chain('or', () => this.and());
  }

  private and(): Condition {
    return this.chain('and', () => this.not());
  }

  private chain(kind: 'and' | 'or', next: () => Condition): Condition {
    const first = next();
    const children = [first];
    while (this.takeWord(kind) !== undefined) children.push(next());
    if (children.length === 1) return first;
    return { kind, children, span: joinSpans(first.span, (children.at(-1) as Condition).span) };
  }

  private not(): Condition {
    const word = this.takeWord('not');
    if (word === undefined) return this.operand();
    const child = this.deeper(word, () => this.not());
    return { kind: 'not', child, span: joinSpans(word.span, child.span) };
  }

  private operand(): Condition {
    const token = this.tokens[this.at];
    if (token === undefined)
      return this.expectedOperand(this.end, 'The condition ends where a search identifier belongs.');
    if (token.text === ')' || OPERATORS.has(token.text.toLowerCase())) {
      return this.expectedOperand(token.span, `A search identifier belongs before “${token.text}”.`);
    }
    this.at += 1;
    if (token.text === '(') {
      const condition = this.deeper(token, () => this.or());
      const close = this.tokens[this.at];
      if (close?.text !== ')') {
        this.fail('sigma-condition', 'The ( is not closed.', token.span, 'Close it with ).');
      }
      this.at += 1;
      return { ...condition, span: joinSpans(token.span, close.span) };
    }
    if (this.takeWord('of') !== undefined) return this.quantified(token);
    return { kind: 'identifier', name: token.text, span: token.span };
  }

  private quantified(token: Token): Condition {
    const pattern = this.tokens[this.at];
    if (pattern === undefined || /[()]/.test(pattern.text)) {
      const hint = 'Write 1 of them, all of them, or a pattern like 1 of selection_*.';
      return this.fail('sigma-condition', `“${token.text} of” names no identifiers.`, pattern?.span ?? this.end, hint);
    }
    this.at += 1;
    const quantifier = QUANTIFIERS.get(token.text.toLowerCase());
    if (quantifier === undefined) {
      const message = `“${short(token.text)} of” is not part of Sigma.`;
      this.fail(
        'sigma-quantifier',
        message,
        token.span,
        'Sigma has 1 of, any of and all of; spell others out with and, or.',
      );
    }
    return { kind: 'some', quantifier, pattern: pattern.text, span: joinSpans(token.span, pattern.span) };
  }

  /** The older aggregations made one rule of several events; correlation rules took their place. */
  private refuseAggregation(): void {
    const pipe = this.tokens.find(({ text }) => text === '|');
    if (pipe === undefined) return;
    const kind = this.tokens[this.tokens.indexOf(pipe) + 1]?.text ?? '';
    const message = `The aggregation “| ${short(kind)}” is from an older Sigma and is not run.`;
    const hint =
      kind.toLowerCase() === 'near'
        ? 'Make it a correlation rule of type temporal over two rules.'
        : 'Make it a correlation rule: event_count counts events, value_count the values of a field.';
    this.fail('sigma-aggregation', message, pipe.span, hint);
  }

  private takeWord(word: string): Token | undefined {
    const token = this.tokens[this.at];
    if (token?.text.toLowerCase() !== word) return undefined;
    this.at += 1;
    return token;
  }

  private deeper<T>(token: Token, parse: () => T): T {
    this.depth += 1;
    if (this.depth > DEEPEST) {
      this.fail('sigma-too-large', `The condition nests deeper than ${DEEPEST} levels.`, token.span);
    }
    const result = parse();
    this.depth -= 1;
    return result;
  }

  private expectedOperand(span: Span, message: string): never {
    return this.fail('sigma-condition', message, span, 'For example: selection and not filter');
  }

  private fail(code: Diagnostic['code'], message: string, span: Span, hint?: string): never {
    throw new Mistake(diagnose(code, 'error', message, span, hint));
  }
}

const OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'of']);

const QUANTIFIERS: ReadonlyMap<string, 'any' | 'all'> = new Map([
  ['1', 'any'],
  ['any', 'any'],
  ['all', 'all'],
]);

function joinSpans(first: Span, last: Span): Span {
  return spanOf(first.start, Math.max(first.end, last.end));
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
