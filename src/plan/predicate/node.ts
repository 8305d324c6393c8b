/**
 * The plan of a rule over one event: what a condition means, free of the language it was written in.
 *
 * Two sorts of nodes:
 *   - a `Predicate` is true or false of an event, never unknown: front ends have made missing values explicit;
 *   - a `Value` is computed from an event and may be null (functions, arithmetic).
 *
 * Arrays: `MatchAny` holds when some value of the field passes its test; negation negates that whole statement, which
 * is what Elasticsearch does. On a missing field no value passes, so `MatchAny` is false and its negation true.
 *
 * A plan is data: frozen, serialisable with `JSON.stringify`, versioned. Every node keeps the span of the text that it
 * came from, so that an explanation can be shown in the author's own words.
 */
import type { Span } from '../../diagnostic/span.ts';
import type { FieldTypeName } from '../../event/ecs-fields.ts';

/** Raised whenever the meaning or the shape of a node changes; part of every cache key. */
export const PLAN_VERSION = 4;

/** How letters are compared: exactly, A–Z alike (Lucene's case-insensitive automata), or Unicode simple lower case. */
export type CaseFold = 'none' | 'ascii' | 'unicode';

/**
 * What a field's values are, as far as known; decides how they compare.
 * `keyword` compares by code point, `long` exactly beyond 2^53, `date` by time, `ip` by address.
 */
export type FieldType = FieldTypeName | 'unknown';

export interface FieldRef {
  readonly name: string;
  readonly type: FieldType;
}

/** Decimal text stands for an integer beyond 2^53. */
export type LiteralValue = string | number | boolean | null;

// --- Tests: of one scalar value ------------------------------------------------------------------------------------

/** The value equals one of these. Strings under `fold`; numbers and text holding a number compare by value. */
export interface EqualsTest {
  readonly kind: 'equals';
  readonly anyOf: readonly LiteralValue[];
  readonly fold: CaseFold;
}

export interface OrderTest {
  readonly kind: 'order';
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly bound: string | number;
}

/** One of the patterns matches the whole value. A part is literal text, `*` any run of characters, `?` one code point. */
export interface WildcardTest {
  readonly kind: 'wildcard';
  readonly anyOf: readonly WildcardPattern[];
  readonly fold: CaseFold;
}

export type WildcardPattern = readonly WildcardPart[];
export type WildcardPart = { readonly text: string } | '*' | '?';

/** One of the expressions matches the whole value; Lucene's syntax, run in linear time. */
export interface LuceneRegexTest {
  readonly kind: 'regex';
  readonly syntax: 'lucene';
  readonly anyOf: readonly string[];
  readonly fold: CaseFold;
}

/** One of the expressions matches somewhere in the value; RE2's syntax, run in linear time. */
export interface Re2RegexTest {
  readonly kind: 'regex';
  readonly syntax: 're2';
  readonly anyOf: readonly string[];
  readonly flags: Re2Flags;
}

export interface Re2Flags {
  readonly ignoreCase: boolean;
  /** `^` and `$` also match at line ends. */
  readonly multiline: boolean;
  /** `.` also matches a line end. */
  readonly dotAll: boolean;
}

/** The value is an address in one of these networks (`10.0.0.0/8`, `fe80::/10`). */
export interface CidrTest {
  readonly kind: 'cidr';
  readonly anyOf: readonly string[];
}

/** A part of a point in time, in UTC, as a number; weeks are those of ISO 8601. False of what is no time. */
export interface TimePartTest {
  readonly kind: 'time-part';
  readonly part: TimePart;
  readonly operator: '==' | '<' | '<=' | '>' | '>=';
  readonly bound: number;
}

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/**
 * One of the texts stands in the value as whole terms. A term is a run of letters and digits, whatever the script; a
 * place between two of them is no boundary. `prefix`: a term begins there; `suffix`: one ends there; `term`: both.
 */
export interface TermTest {
  readonly kind: 'term';
  readonly bounds: 'term' | 'prefix' | 'suffix';
  readonly anyOf: readonly string[];
  readonly fold: CaseFold;
}

/**
 * One of the phrases stands in the value: its words one after the other, nothing between them, any case. A word is a
 * pattern in lower case.
 */
export interface PhraseTest {
  readonly kind: 'phrase';
  readonly split: WordSplit;
  readonly anyOf: readonly (readonly WildcardPattern[])[];
}

/**
 * How running text falls into words: as Lucene's standard tokenizer has it, or at everything but letters and digits of
 * ASCII, `_` and `-`, as Elastic indexes PowerShell scripts.
 */
export type WordSplit = 'standard' | 'script';

export type Test =
  | EqualsTest
  | OrderTest
  | WildcardTest
  | TermTest
  | PhraseTest
  | LuceneRegexTest
  | Re2RegexTest
  | CidrTest
  | TimePartTest;

// --- Values ---------------------------------------------------------------------------------------------------------

export type Value =
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly span: Span }
  /**
   * The field's first value, null when it has none. With `each`, a comparison that it stands in holds if it holds for
   * some choice of a value of each such field: what Elasticsearch does with computed conditions on arrays.
   */
  | { readonly kind: 'field'; readonly field: FieldRef; readonly each?: true; readonly span: Span }
  /** A function or an arithmetic operator by its catalogue name. */
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Value[]; readonly span: Span }
  /** One of two values. */
  | {
      readonly kind: 'if';
      readonly condition: Predicate;
      readonly then: Value;
      readonly otherwise: Value;
      readonly span: Span;
    };

/** Functions over values; `plan/predicate/functions.ts` holds their types and evaluation. */
export type FunctionName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'divide-real'
  | 'modulo'
  | 'modulo-euclid'
  | 'negate'
  | 'coalesce'
  | 'text'
  | 'integer'
  | 'wrap'
  | 'lower'
  | 'upper'
  | 'length'
  | 'concat'
  | 'slice'
  | 'index-of'
  | 'replace'
  | 'between'
  | 'contains'
  | 'ends-with'
  | 'in-networks'
  | 'is-null'
  | 'number'
  | 'position'
  | 'starts-with'
  | 'substring'
  | 'units';

// --- Predicates -----------------------------------------------------------------------------------------------------

export type Predicate =
  | { readonly kind: 'constant'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'and'; readonly children: readonly Predicate[]; readonly span: Span }
  | { readonly kind: 'or'; readonly children: readonly Predicate[]; readonly span: Span }
  | { readonly kind: 'not'; readonly child: Predicate; readonly span: Span }
  /** The field has at least one value. */
  | { readonly kind: 'exists'; readonly field: FieldRef; readonly span: Span }
  /** Some value of the field passes the test. */
  | { readonly kind: 'match-any'; readonly field: FieldRef; readonly test: Test; readonly span: Span }
  /** Some value of some field of the event passes the test: a search for keywords. */
  | {
      readonly kind: 'match-anywhere';
      readonly test: Test;
      /** Only fields whose whole name matches. */
      readonly fields?: WildcardPattern;
      readonly span: Span;
    }
  /** Some object of the array at the path meets the condition by itself; its fields are named in full. */
  | { readonly kind: 'nested'; readonly path: string; readonly condition: Predicate; readonly span: Span }
  /** Some value of one field stands in this relation to some value of the other. */
  | {
      readonly kind: 'match-fields';
      readonly field: FieldRef;
      readonly relation: FieldRelation;
      readonly other: FieldRef;
      readonly fold: CaseFold;
      readonly span: Span;
    }
  /** A computed value passes the test, as text; false when it is null. */
  | { readonly kind: 'match-value'; readonly value: Value; readonly test: Test; readonly span: Span }
  /** A comparison of computed values; false when either side is null. */
  | {
      readonly kind: 'compare';
      readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
      readonly left: Value;
      readonly right: Value;
      readonly span: Span;
    };

export type FieldRelation = 'equals' | 'starts-with' | 'ends-with' | 'contains';

export type PredicateKind = Predicate['kind'];
export type PredicateOf<K extends PredicateKind> = Extract<Predicate, { kind: K }>;

/** One function per kind: a node that is forgotten does not compile. */
export type PredicateVisitor<R> = { readonly [K in PredicateKind]: (node: PredicateOf<K>) => R };

export function visitPredicate<R>(node: Predicate, visitor: PredicateVisitor<R>): R {
  return (visitor[node.kind] as (node: Predicate) => R)(node);
}

// --- Factories ------------------------------------------------------------------------------------------------------

export const constant = (value: boolean, span: Span): Predicate => Object.freeze({ kind: 'constant', value, span });

/** A conjunction; flattens nested ones and is the child itself when there is just one. */
export const and = (children: readonly Predicate[], span: Span): Predicate => combine('and', children, span);

export const or = (children: readonly Predicate[], span: Span): Predicate => combine('or', children, span);

export const not = (child: Predicate, span: Span): Predicate => Object.freeze({ kind: 'not', child, span });

export const exists = (field: FieldRef, span: Span): Predicate =>
  Object.freeze({ kind: 'exists', field: Object.freeze(field), span });

export const matchAny = (field: FieldRef, test: Test, span: Span): Predicate =>
  Object.freeze({ kind: 'match-any', field: Object.freeze(field), test: freezeTest(test), span });

export const matchAnywhere = (test: Test, span: Span, fields?: WildcardPattern): Predicate =>
  Object.freeze({
    kind: 'match-anywhere',
    test: freezeTest(test),
    ...(fields === undefined ? {} : { fields }),
    span,
  });

export const nested = (path: string, condition: Predicate, span: Span): Predicate =>
  Object.freeze({ kind: 'nested', path, condition, span });

export const matchFields = (
  field: FieldRef,
  relation: FieldRelation,
  other: FieldRef,
  fold: CaseFold,
  span: Span,
): Predicate =>
  Object.freeze({
    kind: 'match-fields',
    field: Object.freeze(field),
    relation,
    other: Object.freeze(other),
    fold,
    span,
  });

export const matchValue = (value: Value, test: Test, span: Span): Predicate =>
  Object.freeze({ kind: 'match-value', value, test: freezeTest(test), span });

export const compare = (
  operator: PredicateOf<'compare'>['operator'],
  left: Value,
  right: Value,
  span: Span,
): Predicate => Object.freeze({ kind: 'compare', operator, left, right, span });

export const literal = (value: LiteralValue, span: Span): Value => Object.freeze({ kind: 'literal', value, span });

export const fieldValue = (field: FieldRef, span: Span): Value =>
  Object.freeze({ kind: 'field', field: Object.freeze(field), span });

/** Every value of the field in turn. */
export const eachValue = (field: FieldRef, span: Span): Value =>
  Object.freeze({ kind: 'field', field: Object.freeze(field), each: true, span });

export const call = (name: FunctionName, args: readonly Value[], span: Span): Value =>
  Object.freeze({ kind: 'call', name, args: Object.freeze([...args]), span });

export const choose = (condition: Predicate, then: Value, otherwise: Value, span: Span): Value =>
  Object.freeze({ kind: 'if', condition, then, otherwise, span });

/** Splits `*` and `?` patterns into parts; neighbouring stars become one, an empty pattern matches the empty value. */
export function wildcardPattern(parts: readonly WildcardPart[]): WildcardPattern {
  const result: WildcardPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part === '*' && last === '*') continue;
    if (typeof part === 'object') {
      if (part.text === '') continue;
      if (typeof last === 'object') {
        result[result.length - 1] = { text: last.text + part.text };
        continue;
      }
    }
    result.push(part);
  }
  return Object.freeze(result);
}

function combine(kind: 'and' | 'or', children: readonly Predicate[], span: Span): Predicate {
  const flat = children.flatMap((child) => (child.kind === kind ? child.children : [child]));
  if (flat.length === 0) return constant(kind === 'and', span);
  if (flat.length === 1) return flat[0] as Predicate;
  return Object.freeze({ kind, children: Object.freeze(flat), span }) as Predicate;
}

function freezeTest(test: Test): Test {
  if ('anyOf' in test) Object.freeze(test.anyOf);
  return Object.freeze(test);
}
