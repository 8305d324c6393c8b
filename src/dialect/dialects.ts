/**
 * The languages that rules are converted to, one line each.
 *
 *   plan ──emitter of the target──▶ query text, or what keeps it from being said
 */
import type { Span } from '../diagnostic/span.ts';
import type { EventPlan, Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { DialectName } from './dialect-names.ts';
import { emitEql } from './eql.ts';
import { emitEsql } from './esql.ts';
import { emitEsqlCorrelation } from './esql-window.ts';
import type { KqlEmission, KqlSettings } from './kql.ts';
import { ASIM, emitKqlAsim } from './kql-asim.ts';
import { emitKqlCorrelation } from './kql-window.ts';
import { emitKqlXdr, XDR } from './kql-xdr.ts';
import { emitLucene } from './lucene.ts';
import { type Emission, Refusals } from './saying.ts';

export interface EmitOptions extends KqlSettings {
  /** Index patterns that an ES|QL query reads, at least one. */
  readonly sources: readonly string[];
}

/** With the table that a Kusto query names, as a view over events. */
export type PlanEmission = KqlEmission;

type EmitPredicate = (predicate: Predicate, span: Span, options: EmitOptions) => PlanEmission;
type EmitCorrelation = (plan: Exclude<Plan, EventPlan>, span: Span, options: EmitOptions) => PlanEmission;

const OF_EVENTS: Readonly<Record<Exclude<DialectName, 'eql'>, EmitPredicate>> = {
  'kql-asim': emitKqlAsim,
  'kql-xdr': emitKqlXdr,
  esql: (predicate, span, { sources }) => emitEsql(predicate, sources, span),
  lucene: (predicate, span) => emitLucene(predicate, span),
};

const OF_CORRELATIONS: Readonly<Record<Exclude<DialectName, 'eql'>, EmitCorrelation>> = {
  'kql-asim': (plan, span, options) => emitKqlCorrelation(plan, span, options, ASIM),
  'kql-xdr': (plan, span, options) => emitKqlCorrelation(plan, span, options, XDR),
  esql: (plan, span, { sources }) => emitEsqlCorrelation(plan, sources, span),
  lucene: (_, span) => refused('Lucene finds events one by one, so it cannot say what several of them do.', span),
};

/** Never throws on any plan. Spans of the diagnostics are those of the plan's nodes. */
export function emitPlan(plan: Plan, to: DialectName, span: Span, options: EmitOptions): PlanEmission {
  if (to === 'eql') return emitEql(plan, span);
  if (plan.kind !== 'event') return OF_CORRELATIONS[to](plan, span, options);
  if ((plan.pipes ?? []).length > 0)
    return refused(`Vedette does not say the first or last matches only in ${to}.`, span);
  return OF_EVENTS[to](plan.predicate, span, options);
}

function refused(message: string, span: Span): Emission {
  const refusals = new Refusals();
  refusals.refuse('convert-kind', message, span);
  return refusals.emission('', span);
}
