/**
 * A condition over stored events, ready to run, and what of it a store can look up by itself.
 *
 *   EQL text ──compile──▶ predicate ──┬──▶ holds(record)
 *                                     └──▶ narrowed query: category and exact values that every match must have
 *
 * Narrowing is sound because a conjunct that must hold names the value: an event without it cannot match.
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { compileEql } from '../language/eql/eql.ts';
import { compilePredicate, createClauses } from '../match/compile.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import { type EventQuery, type EventRecord, INDEXED_FIELDS, type IndexedField } from '../store/event-store.ts';
import type { SearchCondition } from './event-search.ts';
import { eventOfRecord } from './stored-event.ts';

export interface ReadyCondition {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent where a diagnostic is an error. */
  readonly run?: {
    readonly narrow: (query: EventQuery) => EventQuery;
    readonly holds: (record: EventRecord) => boolean;
  };
}

export function readyCondition(condition: SearchCondition): ReadyCondition {
  if (condition.kind === 'predicate') {
    return { diagnostics: [], run: runOf(condition.predicate, condition.indexPatterns ?? []) };
  }
  const { plan, diagnostics } = compileEql(condition.text);
  if (plan === undefined || hasErrors(diagnostics)) return { diagnostics };
  if (plan.kind !== 'event' || plan.pipes !== undefined) return { diagnostics: [...diagnostics, notOneEvent()] };
  return { diagnostics, run: runOf(plan.predicate, []) };
}

function runOf(predicate: Predicate, indexPatterns: readonly string[]): NonNullable<ReadyCondition['run']> {
  const clauses = createClauses();
  const holds = compilePredicate(predicate, clauses);
  const reads = compileIndexPatterns(indexPatterns);
  return {
    narrow: (query) => narrow(query, predicate),
    holds: (record) => {
      if (!reads(record.dataStreams)) return false;
      clauses.next();
      return holds(eventOfRecord(record));
    },
  };
}

function notOneEvent(): Diagnostic {
  return diagnose(
    'eql-unsupported',
    'error',
    'A search takes a condition over one event: no sequence, sample or pipe.',
    undefined,
    'For example: process where process.name == "python3"',
  );
}

const FIELDS: ReadonlySet<string> = new Set(INDEXED_FIELDS);
/** Text that holds a number equals other texts that hold it (`4`, `4.0`), which a store does not look up. */
const LIKE_A_NUMBER = /^\s*[-+]?[\d.]/;

function narrow(query: EventQuery, predicate: Predicate): EventQuery {
  let { category } = query;
  const where: Partial<Record<IndexedField, string>> = { ...query.where };
  for (const [field, value] of neededValues(predicate)) {
    if (field === 'event.category') category ??= value;
    else if (FIELDS.has(field)) where[field as IndexedField] ??= value;
  }
  return { ...query, where, ...(category === undefined ? {} : { category }) };
}

function neededValues(predicate: Predicate): readonly (readonly [field: string, value: string])[] {
  if (predicate.kind === 'and') return predicate.children.flatMap(neededValues);
  if (predicate.kind !== 'match-any') return [];
  const { field, test } = predicate;
  if (test.kind !== 'equals' || test.fold !== 'none' || field.type !== 'keyword' || test.anyOf.length !== 1) return [];
  const [value] = test.anyOf;
  return typeof value === 'string' && !LIKE_A_NUMBER.test(value) ? [[field.name, value]] : [];
}
