/**
 * What a Kusto expression has become on its way into the plan: a constant, a column's fields, a condition, or a value
 * that has to be computed.
 *
 * Texts are never null: a text that is missing is "". Everything else may be null.
 */
import type { Span } from '../../diagnostic/span.ts';
import {
  call,
  choose,
  compare,
  constant,
  exists,
  type FieldRef,
  type FieldType,
  fieldValue,
  type LiteralValue,
  literal,
  type Predicate,
  type Value,
} from '../../plan/predicate/node.ts';
import { datetimeText } from '../../plan/relation/time-text.ts';
import type { KustoType } from './ast.ts';
import type { ConstantValue } from './literal.ts';
import { anyOf, type Condition, isUnknown, negation } from './truth.ts';

export type Term =
  | { readonly kind: 'constant'; readonly type: KustoType; readonly value: ConstantValue }
  /** `now()` and so many ticks, where now is the time of the event. */
  | { readonly kind: 'moment'; readonly type: 'datetime'; readonly ticks: bigint }
  | { readonly kind: 'array'; readonly type: 'dynamic'; readonly items: readonly Term[] }
  /** A dynamic value of which some parts are known, each with the fields that hold it. */
  | { readonly kind: 'parts'; readonly type: 'dynamic'; readonly parts: ReadonlyMap<string, readonly string[]> }
  | {
      readonly kind: 'fields';
      readonly type: KustoType;
      /** The values of all are those of the column. */
      readonly fields: readonly FieldRef[];
      /** In lower or upper case. */
      readonly letters?: 'lower' | 'upper';
    }
  | { readonly kind: 'condition'; readonly type: 'bool'; readonly condition: Condition }
  | { readonly kind: 'value'; readonly type: KustoType; readonly value: Value; readonly size: number }
  /** Wrong or not supported, and reported. */
  | { readonly kind: 'failed'; readonly type: 'unknown' };

export type TermGroup = 'text' | 'number' | 'datetime' | 'timespan' | 'bool' | 'other';

export const FAILED: Term = Object.freeze({ kind: 'failed', type: 'unknown' });

export function groupOf({ type }: Pick<Term, 'type'>): TermGroup {
  return GROUPS[type];
}

const GROUPS: Readonly<Record<KustoType, TermGroup>> = {
  bool: 'bool',
  datetime: 'datetime',
  decimal: 'number',
  dynamic: 'other',
  guid: 'other',
  int: 'number',
  long: 'number',
  real: 'number',
  string: 'text',
  timespan: 'timespan',
  unknown: 'other',
};

/** How the fields of a column of this type compare. A text column compares as text, whatever the field holds. */
export function fieldTypeOf(type: KustoType): FieldType {
  switch (groupOf({ type })) {
    case 'number':
      return type === 'real' || type === 'decimal' ? 'double' : 'long';
    case 'datetime':
      return 'date';
    case 'bool':
      return 'boolean';
    default:
      return 'keyword';
  }
}

/** A constant as the plan holds it. */
export function literalOf(value: ConstantValue, type: KustoType): LiteralValue {
  if (typeof value !== 'bigint') return value;
  return type === 'datetime' ? datetimeText(value) : String(value);
}

/** The term as a value of the plan; of a text never null. `undefined` where a list or a moment has none. */
export function toValue(term: Term, span: Span): { readonly value: Value; readonly size: number } | undefined {
  switch (term.kind) {
    case 'constant':
      return { value: literal(literalOf(term.value, term.type), span), size: 1 };
    case 'fields':
      return { value: fieldsValue(term, span), size: term.fields.length + 2 };
    case 'condition': {
      const { isTrue, isFalse, size } = term.condition;
      const otherwise = choose(isFalse, literal(false, span), literal(null, span), span);
      return { value: choose(isTrue, literal(true, span), otherwise, span), size: 2 * size };
    }
    case 'value':
      return term;
    case 'moment':
    case 'array':
    case 'parts':
    case 'failed':
      return undefined;
  }
}

function fieldsValue({ type, fields, letters }: Extract<Term, { kind: 'fields' }>, span: Span): Value {
  const values = fields.map((field) => fieldValue(field, span));
  if (type !== 'string') return values.length === 1 ? (values[0] as Value) : call('coalesce', values, span);
  const texts = values.map((value) => call('text', [value], span));
  const text = call('coalesce', [...texts, literal('', span)], span);
  return letters === undefined ? text : call(letters, [text], span);
}

/** Where the term is null; nowhere for a text. */
export function isNull(term: Term, span: Span): Predicate {
  if (groupOf(term) === 'text') return constant(false, span);
  switch (term.kind) {
    case 'constant':
      return constant(term.value === null, span);
    case 'fields':
      return negation(hasValue(term, span), span);
    case 'condition':
      return isUnknown(term.condition, span);
    case 'value':
      // A comparison with null is false, so only null does not equal itself.
      return negation(compare('==', term.value, term.value, span), span);
    case 'moment':
    case 'array':
    case 'parts':
    case 'failed':
      return constant(false, span);
  }
}

export function hasValue({ fields }: Extract<Term, { kind: 'fields' }>, span: Span): Predicate {
  return anyOf(
    fields.map((field) => exists(field, span)),
    span,
  );
}
