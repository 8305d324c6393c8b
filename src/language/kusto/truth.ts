/**
 * Kusto's three truth values as pairs of two-valued predicates: where a condition is true, and where it is false. In
 * neither it is null, and `where` drops the row as it does when it is false; only `not` and `==` tell the two apart.
 *
 *   and:  true where all are true, false where any is false     (so `null and false` is false)
 *   not:  the two change places                                 (so `not(null)` is null)
 */
import type { Span } from '../../diagnostic/span.ts';
import { and, constant, not, or, type Predicate } from '../../plan/predicate/node.ts';

export interface Condition {
  readonly isTrue: Predicate;
  readonly isFalse: Predicate;
  /** Nodes of the larger of the two, written out: what must be bounded, since parts are used more than once. */
  readonly size: number;
}

/** A condition that is never null. */
export function twoValued(isTrue: Predicate, span: Span, size = 1): Condition {
  return { isTrue, isFalse: negation(isTrue, span), size };
}

export function always(value: boolean, span: Span): Condition {
  return twoValued(constant(value, span), span);
}

/** Null wherever it is asked. */
export function unknown(span: Span): Condition {
  return { isTrue: constant(false, span), isFalse: constant(false, span), size: 1 };
}

export function conjunction(conditions: readonly Condition[], span: Span): Condition {
  return {
    isTrue: allOf(
      conditions.map(({ isTrue }) => isTrue),
      span,
    ),
    isFalse: anyOf(
      conditions.map(({ isFalse }) => isFalse),
      span,
    ),
    size: sizeOf(conditions),
  };
}

export function disjunction(conditions: readonly Condition[], span: Span): Condition {
  return negate(conjunction(conditions.map(negate), span));
}

export function negate({ isTrue, isFalse, size }: Condition): Condition {
  return { isTrue: isFalse, isFalse: isTrue, size };
}

/** `condition ? then : otherwise`, where null counts as false. */
export function either(condition: Condition, then: Condition, otherwise: Condition, span: Span): Condition {
  const no = negation(condition.isTrue, span);
  const pick = (a: Predicate, b: Predicate) => anyOf([allOf([condition.isTrue, a], span), allOf([no, b], span)], span);
  return {
    isTrue: pick(then.isTrue, otherwise.isTrue),
    isFalse: pick(then.isFalse, otherwise.isFalse),
    size: 2 * condition.size + then.size + otherwise.size,
  };
}

/** Where a condition is null. */
export function isUnknown({ isTrue, isFalse }: Condition, span: Span): Predicate {
  return allOf([negation(isTrue, span), negation(isFalse, span)], span);
}

/** `==` of two conditions: null equals no truth value, and whether null equals null is null. */
export function sameTruth(left: Condition, right: Condition, span: Span): Condition {
  const isTrue = anyOf([allOf([left.isTrue, right.isTrue], span), allOf([left.isFalse, right.isFalse], span)], span);
  const bothNull = allOf([isUnknown(left, span), isUnknown(right, span)], span);
  return {
    isTrue,
    isFalse: allOf([negation(isTrue, span), negation(bothNull, span)], span),
    size: 4 * (left.size + right.size),
  };
}

export function allOf(parts: readonly Predicate[], span: Span): Predicate {
  if (parts.some((part) => isConstant(part, false))) return constant(false, span);
  return and(
    parts.filter((part) => !isConstant(part, true)),
    span,
  );
}

export function anyOf(parts: readonly Predicate[], span: Span): Predicate {
  if (parts.some((part) => isConstant(part, true))) return constant(true, span);
  return or(
    parts.filter((part) => !isConstant(part, false)),
    span,
  );
}

export function negation(part: Predicate, span: Span): Predicate {
  if (part.kind === 'constant') return constant(!part.value, span);
  return part.kind === 'not' ? part.child : not(part, span);
}

function isConstant(part: Predicate, value: boolean): boolean {
  return part.kind === 'constant' && part.value === value;
}

function sizeOf(conditions: readonly Condition[]): number {
  return conditions.reduce((sum, { size }) => sum + size, 1);
}
