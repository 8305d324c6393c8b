/**
 * The syntax tree of EQL: what was written, with its place. Every node is frozen and has a span.
 *
 *   statement ──▶ query (one event, a sequence, a sample) ──▶ terms ──▶ event queries ──▶ expressions
 *             └─▶ pipes
 */
import type { Span } from '../../diagnostic/span.ts';

/** `process where …`; `any` has no category name. */
export interface EqlEventQuery {
  readonly kind: 'event-query';
  readonly category: { readonly name: string | undefined; readonly span: Span };
  readonly condition: EqlExpression;
  readonly span: Span;
}

/** `[process where …] by field with runs=2`; `![…]` is a missing event. */
export interface EqlTerm {
  readonly kind: 'term';
  readonly query: EqlEventQuery;
  readonly missing: boolean;
  readonly by: readonly EqlField[];
  /** How often it stands one after the other; 1 where nothing is said. */
  readonly runs: number;
  readonly span: Span;
}

/** Events one after another. Every term and `until` have the same number of own keys. */
export interface EqlSequence {
  readonly kind: 'sequence';
  readonly by: readonly EqlField[];
  /** Milliseconds. */
  readonly maxspan: number | undefined;
  readonly terms: readonly EqlTerm[];
  readonly until: EqlTerm | undefined;
  readonly span: Span;
}

/** Events in any order that share their keys. */
export interface EqlSample {
  readonly kind: 'sample';
  readonly by: readonly EqlField[];
  readonly terms: readonly EqlTerm[];
  readonly span: Span;
}

/** `| head 10` */
export interface EqlPipe {
  readonly kind: 'pipe';
  readonly name: 'head' | 'tail';
  readonly count: number;
  readonly span: Span;
}

export type EqlQuery = EqlEventQuery | EqlSequence | EqlSample;

export interface EqlStatement {
  readonly kind: 'statement';
  readonly query: EqlQuery;
  readonly pipes: readonly EqlPipe[];
  readonly span: Span;
}

export interface EqlLiteral {
  readonly kind: 'literal';
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** A number beyond 2^53 that fits 64 bits is its decimal text. */
  readonly value: string | number | boolean | null;
  /** A number written with a point or an exponent: arithmetic with it is floating, so that `7.0 / 2` is 3.5. */
  readonly floating: boolean;
  readonly span: Span;
}

export interface EqlField {
  readonly kind: 'field';
  /** Dotted, without quotes. */
  readonly name: string;
  /** `?field`: missing where no schema knows it. */
  readonly optional: boolean;
  readonly span: Span;
}

export interface EqlCall {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  /** Written with `~`. */
  readonly insensitive: boolean;
  readonly args: readonly EqlExpression[];
  readonly span: Span;
}

export interface EqlUnary {
  readonly kind: 'unary';
  readonly operator: '-' | '+';
  readonly operand: EqlExpression;
  readonly span: Span;
}

export interface EqlArithmetic {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-' | '*' | '/' | '%';
  readonly left: EqlExpression;
  readonly right: EqlExpression;
  readonly span: Span;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export interface EqlComparison {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: EqlExpression;
  readonly right: EqlExpression;
  readonly span: Span;
}

/** `in`, `in~`, `not in`, `not in~`. */
export interface EqlIn {
  readonly kind: 'in';
  readonly operand: EqlExpression;
  readonly negated: boolean;
  readonly insensitive: boolean;
  readonly items: readonly EqlExpression[];
  readonly span: Span;
}

export type MatchOperator = ':' | 'like' | 'like~' | 'regex' | 'regex~';

/** A value against one or several patterns. */
export interface EqlMatch {
  readonly kind: 'match';
  readonly operator: MatchOperator;
  readonly operand: EqlExpression;
  readonly patterns: readonly EqlLiteral[];
  readonly span: Span;
}

export interface EqlNot {
  readonly kind: 'not';
  readonly operand: EqlExpression;
  readonly span: Span;
}

/** A chain of one operator; never a chain of the same operator within. */
export interface EqlLogical {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly EqlExpression[];
  readonly span: Span;
}

export type EqlExpression =
  | EqlLiteral
  | EqlField
  | EqlCall
  | EqlUnary
  | EqlArithmetic
  | EqlComparison
  | EqlIn
  | EqlMatch
  | EqlNot
  | EqlLogical;

export function freezeNode<T extends EqlExpression | EqlQuery | EqlTerm | EqlPipe | EqlStatement>(node: T): T {
  for (const value of Object.values(node)) if (Array.isArray(value)) Object.freeze(value);
  return Object.freeze(node);
}

/** The nodes directly below. */
export function childrenOf(node: EqlExpression): readonly EqlExpression[] {
  switch (node.kind) {
    case 'literal':
    case 'field':
      return [];
    case 'call':
      return node.args;
    case 'unary':
    case 'not':
      return [node.operand];
    case 'arithmetic':
    case 'comparison':
      return [node.left, node.right];
    case 'in':
      return [node.operand, ...node.items];
    case 'match':
      return [node.operand, ...node.patterns];
    case 'logical':
      return node.operands;
  }
}
