/**
 * The syntax tree of Kibana's query language: what was written, with its place. Every node is frozen and has a span.
 *
 * `field: (a or not b)` is written out: a tree of `is` over the same field, each with the span of its value, the whole
 * with the span of the expression.
 */
import type { Span } from '../../diagnostic/span.ts';
import type { WildcardPattern } from '../../plan/predicate/node.ts';

/** A name or a value as written, without quotes and escapes. `*` is a part by itself unless it was quoted or escaped. */
export interface KueryLiteral {
  readonly parts: WildcardPattern;
  readonly quoted: boolean;
  readonly span: Span;
}

/** `field: value`; without a field a value that any field may have. */
export interface KueryIs {
  readonly kind: 'is';
  readonly field: KueryLiteral | undefined;
  readonly value: KueryLiteral;
  readonly span: Span;
}

export type RangeOperator = '<' | '<=' | '>' | '>=';

export interface KueryRange {
  readonly kind: 'range';
  readonly field: KueryLiteral;
  readonly operator: RangeOperator;
  readonly value: KueryLiteral;
  readonly span: Span;
}

/** `path:{ … }`: one object of an array meets the condition, whose fields are named from there on. */
export interface KueryNested {
  readonly kind: 'nested';
  readonly path: KueryLiteral;
  readonly condition: KueryNode;
  readonly span: Span;
}

export interface KueryNot {
  readonly kind: 'not';
  readonly operand: KueryNode;
  readonly span: Span;
}

export interface KueryLogical {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly KueryNode[];
  readonly span: Span;
}

/** A query of nothing: every event. */
export interface KueryEverything {
  readonly kind: 'everything';
  readonly span: Span;
}

export type KueryNode = KueryIs | KueryRange | KueryNested | KueryNot | KueryLogical | KueryEverything;

/** The literal as one text, its wildcards shown as `*`. */
export function literalText({ parts }: KueryLiteral): string {
  return parts.map((part) => (typeof part === 'object' ? part.text : part)).join('');
}

export function isPattern({ parts }: KueryLiteral): boolean {
  return parts.some((part) => typeof part !== 'object');
}

/** Nothing but wildcards: any value. */
export function isAnything({ parts }: KueryLiteral): boolean {
  return parts.length > 0 && parts.every((part) => typeof part !== 'object');
}
