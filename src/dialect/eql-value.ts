/**
 * Computed values → EQL, where they come from: the functions that EQL has, named back.
 *
 * A value is null where a field that it needs is missing, and a condition on null is false, in EQL as in a plan. Functions
 * that only other languages have are refused by name; so is a comparison of two computed values.
 */

import type { Span } from '../diagnostic/span.ts';
import { isEcsArray } from '../event/ecs-fields.ts';
import type { FunctionName, LiteralValue, PredicateOf, Test, Value } from '../plan/predicate/node.ts';
import { hasLettersBeyondAscii } from './letters.ts';
import { luceneOfRe2 } from './re2-to-lucene.ts';
import { clause, type Said } from './saying.ts';

export interface EqlValueWords {
  readonly field: (name: string) => string;
  readonly text: (text: string) => string;
  readonly list: (texts: readonly string[]) => string;
  /** What EQL cannot say. */
  readonly refuse: (what: string, span: Span) => Said;
}

type Call = Extract<Value, { kind: 'call' }>;
type SayCall = (args: readonly Value[], say: (value: Value) => string) => string | undefined;

const OPERATORS: Readonly<Partial<Record<FunctionName, string>>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
};

/** By the plan's name; what is not there, or gives nothing for its arguments, EQL has no function for. */
const CALLS: Readonly<Partial<Record<FunctionName, SayCall>>> = {
  between: ([text, left, right, greedy, fold], say) =>
    call('between', fold, say, [text, left, right, ...(isLiteral(greedy, false) ? [] : [greedy])]),
  concat: (args, say) => call('concat', undefined, say, args),
  'in-networks': (args, say) => call('cidrMatch', undefined, say, args),
  number: ([text, base], say) => call('number', undefined, say, [text, ...(isLiteral(base, null) ? [] : [base])]),
  position: ([text, part, start, fold], say) => {
    const from = start?.kind === 'call' && start.name === 'coalesce' ? start.args[0] : start;
    return call('indexOf', fold, say, [text, part, ...(isLiteral(from, 0) ? [] : [from])]);
  },
  'starts-with': ([text, part, fold], say) => call('startsWith', fold, say, [text, part]),
  'ends-with': ([text, part, fold], say) => call('endsWith', fold, say, [text, part]),
  contains: ([text, part, fold], say) => call('stringContains', fold, say, [text, part]),
  substring: ([text, start, end], say) =>
    call('substring', undefined, say, [text, start, ...(isLiteral(end, null) ? [] : [end])]),
  text: (args, say) => call('string', undefined, say, args),
  units: (args, say) => call('length', undefined, say, args),
};

const BOOLEAN: ReadonlySet<FunctionName> = new Set(['starts-with', 'ends-with', 'contains', 'in-networks']);

export function eqlCompare({ operator, left, right, span }: PredicateOf<'compare'>, words: EqlValueWords): Said {
  if (right.kind !== 'literal') return words.refuse('how two computed values compare', span);
  if (left.kind === 'call' && left.name === 'is-null' && operator === '==') {
    const [value] = left.args;
    const text = value === undefined ? undefined : valueText(value, words);
    if (text !== undefined) return clause(`${text} ${right.value === true ? '==' : '!='} null`);
  }
  const text = valueText(left, words);
  if (text === undefined) return clause('');
  const isTest = left.kind === 'call' && BOOLEAN.has(left.name);
  if (isTest && operator === '==' && right.value === true) return clause(text);
  return clause(`${text} ${operator} ${literalText(right.value, words)}`);
}

export function eqlMatchValue({ value, test, span }: PredicateOf<'match-value'>, words: EqlValueWords): Said {
  const text = valueText(value, words);
  if (text === undefined) return clause('');
  return clause(`${text} ${testText(test, span, words)}`);
}

/** Of computed values EQL ignores the case of every letter. */
function testText(test: Test, span: Span, words: EqlValueWords): string {
  const fold = 'fold' in test && test.fold !== 'none' ? '~' : '';
  if ('fold' in test && test.fold === 'ascii' && JSON.stringify(test.anyOf).match(/[^\0-\x7f]/) !== null) {
    const texts = test.anyOf.map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
    if (texts.some(hasLettersBeyondAscii))
      return words.refuse('a test that ignores the case of A to Z only', span).text;
  }
  switch (test.kind) {
    case 'equals':
      return `in${fold} (${test.anyOf.map((value) => literalText(value, words)).join(', ')})`;
    case 'wildcard': {
      const hasSigns = test.anyOf.some((pattern) =>
        pattern.some((part) => typeof part === 'object' && /[*?]/.test(part.text)),
      );
      if (hasSigns)
        return words.refuse('a pattern with a * or ? that stands for itself, of a computed value', span).text;
      const patterns = test.anyOf.map((pattern) =>
        pattern.map((part) => (typeof part === 'object' ? part.text : part)).join(''),
      );
      return `like${fold} ${words.list(patterns)}`;
    }
    case 'regex': {
      if (test.syntax === 'lucene') return `regex${fold} ${words.list(test.anyOf)}`;
      const made = test.anyOf.map((source) => luceneOfRe2(source, test.flags));
      const patterns = made.flatMap((one) => ('pattern' in one ? [one.pattern] : []));
      if (patterns.length === made.length) return `regex ${words.list(patterns)}`;
      return words.refuse('such a regular expression', span).text;
    }
    default:
      return words.refuse('such a test of a computed value', span).text;
  }
}

function valueText(value: Value, words: EqlValueWords): string | undefined {
  let said = true;
  const refuse = (what: string, { span }: { readonly span: Span }): string => {
    said = false;
    return words.refuse(what, span).text;
  };
  const say = (node: Value): string => {
    switch (node.kind) {
      case 'literal':
        return literalText(node.value, words);
      case 'field':
        if (node.each === true || !isEcsArray(node.field.name)) return words.field(node.field.name);
        return refuse(`the first of several values of ${node.field.name}`, node);
      case 'if':
        return refuse('a value that depends on a condition', node);
      case 'call':
        return callText(node, say) ?? refuse(`the function ${node.name}`, node);
    }
  };
  const text = say(value);
  return said ? text : undefined;
}

function callText({ name, args }: Call, say: (value: Value) => string): string | undefined {
  const operator = OPERATORS[name];
  if (operator !== undefined) return `(${args.map(say).join(` ${operator} `)})`;
  if (name === 'negate') return `-(${args.map(say).join('')})`;
  return CALLS[name]?.(args, say);
}

function call(
  name: string,
  fold: Value | undefined,
  say: (value: Value) => string,
  args: readonly (Value | undefined)[],
): string | undefined {
  if (fold !== undefined && fold.kind !== 'literal') return undefined;
  const tilde = fold?.value === true ? '~' : '';
  return `${name}${tilde}(${args.map((arg) => (arg === undefined ? 'null' : say(arg))).join(', ')})`;
}

function isLiteral(value: Value | undefined, wanted: LiteralValue): boolean {
  return value?.kind === 'literal' && value.value === wanted;
}

function literalText(value: LiteralValue, words: EqlValueWords): string {
  // Decimal text stands for an integer beyond 2^53 where a number is meant, which EQL takes as it is.
  return typeof value === 'string' ? words.text(value) : String(value);
}
