/**
 * A conversion proved by running it: the converted query is read back by its own front end, and both it and the rule are
 * asked about the same events.
 *
 *   query ──front end──▶ plan ─┐
 *   rule ───────────────▶ plan ─┴─ every event ──▶ same, or the first event on which they differ
 *
 * ES|QL has no front end here, and only conditions over one event are compared.
 */
import type { Event } from '../event/event.ts';
import { compileEql } from '../language/eql/eql.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled } from '../language/language.ts';
import { compileLucene } from '../language/lucene/lucene.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { Conversion } from '../rule/convert.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { Table } from '../vocabulary/table.ts';

/** Both sides of a proof; `reason` where there is none. */
export type Provable = { readonly original: Predicate; readonly converted: Predicate } | { readonly reason: string };

export type Proof =
  | { readonly verdict: 'same'; readonly events: number; readonly matched: number }
  | { readonly verdict: 'different'; readonly events: number; readonly matched: number; readonly first: Difference }
  | { readonly verdict: 'not-provable'; readonly reason: string };

export interface Difference {
  readonly event: Event;
  /** What the rule says of the event; the converted query says the opposite. */
  readonly fires: boolean;
}

/** Reads a converted query back. */
export async function readBack({ plan }: LoadedRule, conversion: Conversion): Promise<Provable> {
  const { to, query, table } = conversion;
  if (query === undefined) return { reason: 'The rule was not converted.' };
  if (to === 'esql') return { reason: 'ES|QL is written here, and not read.' };
  if (plan.kind !== 'event') return { reason: 'Only conditions over one event are compared.' };
  const compiled = await compile(to, query, table);
  if (compiled.plan?.kind === 'event') return { original: plan.predicate, converted: compiled.plan.predicate };
  const error = compiled.diagnostics.find(({ severity }) => severity === 'error');
  return { reason: `Vedette’s own front end does not read the query: ${error?.message ?? 'it gives no event query'}` };
}

/** Compares the two on events, one after the other. */
export class ProofRun {
  private readonly sides: Extract<Provable, { readonly original: Predicate }>;
  private events = 0;
  private matched = 0;
  private first: Difference | undefined;

  constructor(sides: Extract<Provable, { readonly original: Predicate }>) {
    this.sides = sides;
  }

  take(event: Event): void {
    const fires = evaluate(this.sides.original, event);
    this.events += 1;
    if (fires) this.matched += 1;
    if (this.first === undefined && evaluate(this.sides.converted, event) !== fires) this.first = { event, fires };
  }

  proof(): Proof {
    const { events, matched, first } = this;
    return first === undefined
      ? { verdict: 'same', events, matched }
      : { verdict: 'different', events, matched, first };
  }
}

function compile(
  to: Exclude<Conversion['to'], 'esql'>,
  query: string,
  table: Table | undefined,
): Compiled | Promise<Compiled> {
  switch (to) {
    case 'eql':
      return compileEql(query);
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
