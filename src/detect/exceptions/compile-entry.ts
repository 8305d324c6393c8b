/**
 * One entry of an exception as a test of an event.
 *
 *   entry ──fields, values, wildcards──▶ predicate of the plan ──▶ the engine's own evaluation
 *     ├── list: some value of the field is in it
 *     └── nested: the entries as predicates over one object of the array after another
 *
 * Semantics (Elastic's `must_not` over the item, docs of Elastic Security 9, "Add and manage exceptions"): an operator
 * holds for any value of an array; a negated one is the negation of that, so it holds too where the field is missing.
 */

import { NO_SPAN } from '../../diagnostic/span.ts';
import { ecsFieldType } from '../../event/ecs-fields.ts';
import { documentSource, Event } from '../../event/event.ts';
import { isJsonObject, type Json } from '../../event/json.ts';
import { type Clauses, compilePredicate, createClauses } from '../../match/compile.ts';
import {
  and,
  type CaseFold,
  exists,
  type FieldRef,
  matchAny,
  not,
  type Predicate,
  type Test,
} from '../../plan/predicate/node.ts';
import type { ExceptionEntry, NestedEntry } from '../exception.ts';
import { parsedFieldType } from './parsed-fields.ts';
import type { CompiledList } from './value-list.ts';
import { parseWildcard } from './wildcard-text.ts';

export type Holds = (event: Event) => boolean;

/** Elasticsearch's multi-field for comparing without case (`process.name.caseless`); documents do not hold it. */
const CASELESS = '.caseless';

/** The field that an entry reads, and whether its name asks for a comparison without case. */
export function fieldOf(name: string): { readonly field: FieldRef; readonly caseless: boolean } {
  const caseless = name.endsWith(CASELESS) && ecsFieldType(name) === undefined;
  const plain = caseless ? name.slice(0, -CASELESS.length) : name;
  return { field: { name: plain, type: parsedFieldType(plain) ?? ecsFieldType(plain) ?? 'unknown' }, caseless };
}

/**
 * Only for entries without an error: lists are there.
 * @param clauses shares equal clauses of all exceptions; `next` is called before each event
 */
export function compileEntry(entry: ExceptionEntry, lists: ReadonlyMap<string, CompiledList>, clauses: Clauses): Holds {
  switch (entry.operator) {
    case 'in_list':
    case 'not_in_list': {
      const list = lists.get(entry.list);
      if (list === undefined) throw new Error(`the value list ${entry.list} is not there`);
      const { field, caseless } = fieldOf(entry.field);
      const fold = foldOf(entry.ignore_case, caseless);
      const isIn: Holds = (event) => event.values(field.name).some((value) => list.has(String(value), fold));
      return entry.operator === 'in_list' ? isIn : (event) => !isIn(event);
    }
    case 'nested':
      return compileNested(entry);
    default:
      return compilePredicate(entryPredicate(entry), clauses);
  }
}

/** Entries of these kinds mean what the predicate says. */
type PlainEntry = Exclude<ExceptionEntry, { operator: 'in_list' | 'not_in_list' | 'nested' }>;

function entryPredicate(entry: PlainEntry): Predicate {
  const { field, caseless } = fieldOf(entry.field);
  const matches = (test: Test) => matchAny(field, test, NO_SPAN);
  switch (entry.operator) {
    case 'is':
      return matches(equalsAny([entry.value], foldOf(entry.ignore_case, caseless)));
    case 'is_not':
      return not(matches(equalsAny([entry.value], foldOf(entry.ignore_case, caseless))), NO_SPAN);
    case 'is_one_of':
      return matches(equalsAny(entry.values, foldOf(entry.ignore_case, caseless)));
    case 'is_not_one_of':
      return not(matches(equalsAny(entry.values, foldOf(entry.ignore_case, caseless))), NO_SPAN);
    case 'exists':
      return exists(field, NO_SPAN);
    case 'does_not_exist':
      return not(exists(field, NO_SPAN), NO_SPAN);
    case 'matches':
      return matches(wildcard(entry.value, foldOf(entry.ignore_case, caseless)));
    case 'does_not_match':
      return not(matches(wildcard(entry.value, foldOf(entry.ignore_case, caseless))), NO_SPAN);
  }
}

function equalsAny(values: readonly string[], fold: CaseFold): Test {
  return { kind: 'equals', anyOf: [...values], fold };
}

function wildcard(pattern: string, fold: CaseFold): Test {
  return { kind: 'wildcard', anyOf: [parseWildcard(pattern)], fold };
}

function foldOf(ignoreCase: boolean | undefined, caseless: boolean): CaseFold {
  return ignoreCase === true || caseless ? 'unicode' : 'none';
}

/** As Elasticsearch's nested query: negated entries negate within the object, and without an object nothing holds. */
function compileNested(entry: NestedEntry): Holds {
  const clauses = createClauses();
  // Types belong to whole names, values are read from the object by the names below it.
  const whole = entry.entries.map((part) => entryPredicate({ ...part, field: `${entry.field}.${part.field}` }));
  const holds = compilePredicate(below(and(whole, NO_SPAN), `${entry.field}.`), clauses);
  return (event) =>
    objectsOf(event.json(entry.field)).some((object) => {
      clauses.next();
      return holds(objectEvent(event, object));
    });
}

/** The predicate with field names relative to an object. */
function below(predicate: Predicate, prefix: string): Predicate {
  switch (predicate.kind) {
    case 'and':
      return and(
        predicate.children.map((child) => below(child, prefix)),
        NO_SPAN,
      );
    case 'not':
      return not(below(predicate.child, prefix), NO_SPAN);
    case 'exists':
      return exists({ ...predicate.field, name: predicate.field.name.slice(prefix.length) }, NO_SPAN);
    case 'match-any':
      return matchAny({ ...predicate.field, name: predicate.field.name.slice(prefix.length) }, predicate.test, NO_SPAN);
    default:
      throw new Error(`a nested entry makes no ${predicate.kind}`);
  }
}

function objectsOf(value: Json | undefined): readonly { readonly [name: string]: Json }[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return isJsonObject(value) ? [value] : [];
}

function objectEvent({ time, raw, format }: Event, object: { readonly [name: string]: Json }): Event {
  return new Event({ time, raw, format, source: documentSource(object), dataStreams: [] });
}
