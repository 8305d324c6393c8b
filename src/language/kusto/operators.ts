/**
 * Kusto's operators by the kinds that Microsoft's parser gives them. (`InCs` there is `in~`, `In` is `in`.)
 */
import type { ComparisonOperator, KustoArithmetic, KustoMembership, KustoTextMatch } from './ast.ts';

export const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  EqualExpression: '==',
  NotEqualExpression: '!=',
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
};

export const ARITHMETIC: Readonly<Record<string, KustoArithmetic['operator']>> = {
  AddExpression: '+',
  SubtractExpression: '-',
  MultiplyExpression: '*',
  DivideExpression: '/',
  ModuloExpression: '%',
};

type TextOperator = Pick<KustoTextMatch, 'relation' | 'negated' | 'caseSensitive' | 'operator'>;

/** `==` and `!=` are comparisons. Every other operator ignores case unless its name ends in `_cs`; regex minds it. */
export const TEXT_OPERATORS: Readonly<Record<string, TextOperator>> = {
  EqualTildeExpression: { relation: 'equals', negated: false, caseSensitive: false, operator: '=~' },
  BangTildeExpression: { relation: 'equals', negated: true, caseSensitive: false, operator: '!~' },
  MatchesRegexExpression: { relation: 'regex', negated: false, caseSensitive: true, operator: 'matches regex' },
  ...family('contains', 'Contains'),
  ...family('startswith', 'StartsWith'),
  ...family('endswith', 'EndsWith'),
  ...family('has', 'Has'),
  ...family('hasprefix', 'HasPrefix'),
  ...family('hassuffix', 'HasSuffix'),
};

export const MEMBERSHIPS: Readonly<Record<string, Pick<KustoMembership, 'relation' | 'negated' | 'caseSensitive'>>> = {
  InExpression: { relation: 'in', negated: false, caseSensitive: true },
  InCsExpression: { relation: 'in', negated: false, caseSensitive: false },
  NotInExpression: { relation: 'in', negated: true, caseSensitive: true },
  NotInCsExpression: { relation: 'in', negated: true, caseSensitive: false },
  HasAnyExpression: { relation: 'has_any', negated: false, caseSensitive: false },
  HasAllExpression: { relation: 'has_all', negated: false, caseSensitive: false },
};

function family(
  word: Exclude<TextOperator['relation'], 'equals' | 'regex'>,
  kind: string,
): Record<string, TextOperator> {
  const operator = (negated: boolean, caseSensitive: boolean): TextOperator => ({
    relation: word,
    negated,
    caseSensitive,
    operator: `${negated ? '!' : ''}${word}${caseSensitive ? '_cs' : ''}`,
  });
  return {
    [`${kind}Expression`]: operator(false, false),
    [`${kind}CsExpression`]: operator(false, true),
    [`Not${kind}Expression`]: operator(true, false),
    [`Not${kind}CsExpression`]: operator(true, true),
  };
}
