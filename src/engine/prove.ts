/**
 * A conversion proved by running it: the converted query is read back by its own front end, and both it and the rule are
 * asked about the same events.
 *
 *   query ──front end──▶ plan ─┐
 *   rule ───────────────▶ plan ─┴─ every event ──▶ same, or the first event on which they differ
 *
 * Rules over several events are compared where the query is EQL: both are run over the events in order, and have the same
 * matches. ES|QL has no front end here.
 */
import { type CorrelationMatch, stepPredicates } from '../correlate/correlation.ts';
import { Correlator } from '../correlate/correlator.ts';
import type { Event } from '../event/event.ts';
import { compileEql } from '../language/eql/eql.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled } from '../language/language.ts';
import { compileLucene } from '../language/lucene/lucene.ts';
import type { CorrelationPlan, Pipe, Plan, WindowPlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { Conversion } from '../rule/convert.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { Table } from '../vocabulary/table.ts';

/** Both sides of a proof; `reason` where there is none. */
export type Provable =
  /** Conditions over one event. */
  { readonly original: Predicate; readonly converted: Predicate } | CorrelatedSides | { readonly reason: string };

/** What several events say together. */
interface CorrelatedSides {
  readonly rule: CorrelationPlan | WindowPlan;
  readonly query: CorrelationPlan;
}

export type Proof =
  | { readonly verdict: 'same'; readonly events: number; readonly matched: number }
  | { readonly verdict: 'different'; readonly events: number; readonly matched: number; readonly first: Difference }
  | { readonly verdict: 'not-provable'; readonly reason: string };

export interface Difference {
  /** Of several events: the last one. */
  readonly event: Event;
  /** What the rule says of the event; the converted query says the opposite. */
  readonly fires: boolean;
}

/** Reads a converted query back. */
export async function readBack({ plan }: LoadedRule, conversion: Conversion): Promise<Provable> {
  const { to, query, table } = conversion;
  if (query === undefined) return { reason: 'The rule was not converted.' };
  if (to === 'esql') return { reason: 'ES|QL is written here, and not read.' };
  if (plan.kind !== 'event' && to !== 'eql')
    return { reason: 'Kusto’s scan, summarize and join are written, not run.' };
  if (pipesOf(plan).length > 0) return { reason: 'The first or last matches depend on what else is searched.' };
  const compiled = to === 'eql' ? compileEql(query) : await compile(to, query, table);
  if (compiled.plan?.kind === 'event' && plan.kind === 'event') {
    return { original: plan.predicate, converted: compiled.plan.predicate };
  }
  if (compiled.plan !== undefined && compiled.plan.kind !== 'event' && plan.kind !== 'event') {
    return { rule: plan, query: compiled.plan };
  }
  const error = compiled.diagnostics.find(({ severity }) => severity === 'error');
  return { reason: `Vedette’s own front end does not read the query: ${error?.message ?? 'it gives no such query'}` };
}

/** Compares the two sides on events, given one after the other. */
export class ProofRun {
  private readonly sides: Comparison;
  private events = 0;

  constructor(sides: Exclude<Provable, { readonly reason: string }>) {
    this.sides = 'rule' in sides ? new CorrelatedComparison(sides) : new EventComparison(sides);
  }

  take(event: Event): void {
    this.events += 1;
    this.sides.take(event);
  }

  /** There are no more events. */
  proof(): Proof {
    const { matched, first } = this.sides.end();
    const { events } = this;
    return first === undefined
      ? { verdict: 'same', events, matched }
      : { verdict: 'different', events, matched, first };
  }
}

interface Comparison {
  take(event: Event): void;
  end(): { readonly matched: number; readonly first: Difference | undefined };
}

class EventComparison implements Comparison {
  private readonly sides: { readonly original: Predicate; readonly converted: Predicate };
  private matched = 0;
  private first: Difference | undefined;

  constructor(sides: EventComparison['sides']) {
    this.sides = sides;
  }

  take(event: Event): void {
    const fires = evaluate(this.sides.original, event);
    if (fires) this.matched += 1;
    if (this.first === undefined && evaluate(this.sides.converted, event) !== fires) this.first = { event, fires };
  }

  end() {
    return { matched: this.matched, first: this.first };
  }
}

/**
 * Two sequences have the same matches. A rule that uses events up (a window) has the query's first match for each group,
 * and every later match of the rule ends where one of the query does.
 */
class CorrelatedComparison implements Comparison {
  private readonly sides: CorrelatedSides;
  private readonly predicates: readonly (readonly Predicate[])[];
  private readonly matches: readonly CorrelationMatch[][] = [[], []];
  private readonly correlator: Correlator;

  constructor(sides: CorrelatedSides) {
    this.sides = sides;
    const plans = [sides.rule, sides.query];
    this.predicates = plans.map(stepPredicates);
    this.correlator = new Correlator({
      plans: plans.map((plan, at) => ({ name: String(at), plan })),
      found: (name, match) => this.matches[Number(name)]?.push(match),
    });
  }

  take(event: Event): void {
    const hits = this.predicates.flatMap((predicates, plan) => {
      const steps = predicates.flatMap((predicate, step) => (evaluate(predicate, event) ? [step] : []));
      return steps.length === 0 ? [] : [{ plan, steps }];
    });
    this.correlator.observe(event, hits, 0);
  }

  end() {
    this.correlator.end();
    const [rule = [], query = []] = this.matches;
    const inQuery = new Set(query.map(sayMatch));
    const inRule = new Set(rule.map(sayMatch));
    const alone = rule.find((match) => !inQuery.has(sayMatch(match)));
    const usesUp = this.sides.rule.kind === 'window';
    const others = usesUp ? firstOfEach(query) : query;
    const surplus = others.find((match) => !inRule.has(sayMatch(match)));
    const first = alone === undefined ? differenceAt(surplus, false) : differenceAt(alone, true);
    return { matched: rule.length, first };
  }
}

function differenceAt(match: CorrelationMatch | undefined, fires: boolean): Difference | undefined {
  const last = match?.events.findLast((placed) => placed !== undefined);
  return last === undefined ? undefined : { event: last.event, fires };
}

function firstOfEach(matches: readonly CorrelationMatch[]): readonly CorrelationMatch[] {
  const firsts = new Map<string, CorrelationMatch>();
  for (const match of matches) {
    const key = JSON.stringify(match.key);
    if (!firsts.has(key)) firsts.set(key, match);
  }
  return [...firsts.values()];
}

/** Its group and its events. */
function sayMatch({ key, events }: CorrelationMatch): string {
  return JSON.stringify([key, events.map((placed) => placed?.arrival ?? null)]);
}

function pipesOf(plan: Plan): readonly Pipe[] {
  return plan.pipes ?? [];
}

function compile(
  to: Exclude<Conversion['to'], 'eql' | 'esql'>,
  query: string,
  table: Table | undefined,
): Compiled | Promise<Compiled> {
  switch (to) {
    case 'lucene':
      return compileLucene(query);
    case 'kql-asim':
    case 'kql-xdr':
      return compileKusto(query, table === undefined ? {} : { tables: tablesOf(table) });
  }
}

/** One list a table: the parser keeps what it knows of a list by the list. */
const LISTS = new WeakMap<Table, readonly Table[]>();

function tablesOf(table: Table): readonly Table[] {
  const tables = LISTS.get(table) ?? Object.freeze([table]);
  LISTS.set(table, tables);
  return tables;
}
