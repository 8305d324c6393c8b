/**
 * The languages that rules are converted to, one line each.
 *
 *   plan ──emitter of the target──▶ query text, or what keeps it from being said
 */
import type { Span } from '../diagnostic/span.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { DialectName } from './dialect-names.ts';
import { emitEql } from './eql.ts';
import { emitEsql } from './esql.ts';
import type { KqlEmission, KqlSettings } from './kql.ts';
import { emitKqlAsim } from './kql-asim.ts';
import { emitKqlXdr } from './kql-xdr.ts';
import { emitLucene } from './lucene.ts';
import { type Emission, Refusals } from './saying.ts';

export interface EmitOptions extends KqlSettings {
  /** Index patterns that an ES|QL query reads, at least one. */
  readonly sources: readonly string[];
}

/** With the table that a Kusto query names, as a view over events. */
export type PlanEmission = KqlEmission;

type EmitPredicate = (predicate: Predicate, span: Span, options: EmitOptions) => PlanEmission;

const OF_EVENTS: Readonly<Record<Exclude<DialectName, 'eql'>, EmitPredicate>> = {
  'kql-asim': emitKqlAsim,
  'kql-xdr': emitKqlXdr,
  esql: (predicate, span, { sources }) => emitEsql(predicate, sources, span),
  lucene: (predicate, span) => emitLucene(predicate, span),
};

/** Never throws on any plan. Spans of the diagnostics are those of the plan's nodes. */
export function emitPlan(plan: Plan, to: DialectName, span: Span, options: EmitOptions): PlanEmission {
  if (to === 'eql') return emitEql(plan, span);
  if (plan.kind === 'event' && (plan.pipes ?? []).length === 0) return OF_EVENTS[to](plan.predicate, span, options);
  return refused(plan, to, span);
}

function refused({ kind }: Plan, to: DialectName, span: Span): Emission {
  const refusals = new Refusals();
  const what = kind === 'event' ? 'the first or last matches only' : `what a ${kind} remembers from event to event`;
  refusals.refuse('convert-kind', `Vedette does not say ${what} in ${to}.`, span, 'EQL says sequences and samples.');
  return refusals.emission('', span);
}
