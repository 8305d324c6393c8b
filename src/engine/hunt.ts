/**
 * A question asked of files of logs: which events does this query, in any of the languages, hold for?
 *
 * A hunt decides nothing: no duplicates, no cap, no alert. It reads every event that the query reads, whatever data
 * stream it is in. A Kusto query may choose columns, take some events only, or ask for their number; its `now()` is the
 * moment of the hunt.
 */
import type { CorrelationMatch } from '../correlate/correlation.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/diagnostic.ts';
import type { Event } from '../event/event.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled, OutputColumn } from '../language/language.ts';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import type { Pipeline } from '../language/sigma/pipeline/pipeline.ts';
import { compileMatcher } from '../match/matcher.ts';
import type { CorrelationPlan } from '../plan/plan.ts';
import { evaluateValue } from '../plan/predicate/evaluate.ts';
import type { LiteralValue } from '../plan/predicate/node.ts';
import { compileRule } from '../rule/compile.ts';
import type { QueryLanguage } from '../rule/rule.ts';
import { type EqlSearchOptions, searchEql } from './eql-search.ts';
import { type EventsRead, readEvents } from './read-events.ts';

export interface HuntOptions {
  /** An EQL query, a Sigma rule (or its `detection` and `logsource`), or a Kusto query. */
  readonly query: string;
  readonly language: QueryLanguage;
  /** Changes a Sigma rule before it is run; `loadPipelines` reads it. */
  readonly pipeline?: Pipeline;
  /** For a query in Sigma: values of its placeholders. */
  readonly placeholders?: Placeholders;
  /** Files, folders, or `-` for standard input. */
  readonly over: readonly string[];
  /** Events given at most, of a sequence or a sample matches; absent for all. */
  readonly limit?: number;
  /** What Elasticsearch's EQL search can be told besides; for EQL alone. */
  readonly eql?: Omit<EqlSearchOptions, 'size'>;
}

export type Hunt =
  /** The query does not compile: nothing was read. Places are in the query. */
  | { readonly diagnostics: readonly Diagnostic[]; readonly read?: undefined }
  /** `count` names the column where the query asks for the number of events alone; `kind` is there where events come in groups. */
  | {
      readonly diagnostics: readonly Diagnostic[];
      readonly read: EventsRead;
      readonly found: number;
      readonly count?: string;
      readonly kind?: CorrelationPlan['kind'];
    };

/** Columns that the query computes of an event, by name. */
export type HuntRow = Readonly<Record<string, LiteralValue>>;

/** What a query asks of each event: `only` these columns, or these beside the event. */
export interface HuntColumns {
  readonly row: HuntRow;
  readonly only: boolean;
}

export interface HuntTaker {
  event(event: Event, columns?: HuntColumns): void;
  match(match: CorrelationMatch): void;
}

/**
 * Hands over each event that the query holds for, in order, with the columns that the query asks for. Where it asks for
 * the number of events, none is handed over. Of a sequence or a sample its matches are handed over instead.
 */
export async function runHunt(options: HuntOptions, take: HuntTaker): Promise<Hunt> {
  // With a mapping its fields are known, so there is nothing to be said of the query without it.
  if (options.language === 'eql' && options.eql !== undefined) return huntEql(options, take);
  const { plan, diagnostics, output } = await compileQuery(options);
  if (plan === undefined || hasErrors(diagnostics)) return { diagnostics };
  // The first events, and the last, are those of the earliest and the latest time, however they stand in files.
  if (plan.kind !== 'event' || (plan.pipes ?? []).length > 0) return huntEql(options, take);
  const counts = output?.count !== undefined;
  const columns = output?.columns ?? output?.extended ?? [];
  const only = output?.columns !== undefined;
  const matcher = compileMatcher([{ predicate: plan.predicate, reads: () => true }]);
  const limit = Math.min(
    counts ? Number.POSITIVE_INFINITY : (options.limit ?? Number.POSITIVE_INFINITY),
    output?.take ?? Number.POSITIVE_INFINITY,
  );
  let found = 0;
  const read = await readEvents(options.over, (event) => {
    matcher.match(event, () => {
      if (found >= limit) return;
      found += 1;
      if (counts) return;
      if (columns.length === 0 && !only) take.event(event);
      else take.event(event, { row: rowOf(columns, event), only });
    });
    return found < limit;
  });
  return { diagnostics, read, found, ...(output?.count === undefined ? {} : { count: output.count }) };
}

async function huntEql({ query, over, limit, eql }: HuntOptions, take: HuntTaker): Promise<Hunt> {
  const search = await searchEql({ ...eql, query, over, ...(limit === undefined ? {} : { size: limit }) });
  if (search.read === undefined) return search;
  const { diagnostics, read, kind, matches } = search;
  const given = matches.slice(0, limit);
  for (const match of given) {
    const [placed] = match.events;
    if (kind !== 'event') take.match(match);
    else if (placed !== undefined) take.event(placed.event);
  }
  return { diagnostics, read, found: given.length, ...(kind === 'event' ? {} : { kind }) };
}

function compileQuery({ language, query, pipeline, placeholders }: HuntOptions): Compiled | Promise<Compiled> {
  if (language === 'kusto') return compileKusto(query, { now: Date.now() });
  return compileRule(
    { language, query },
    {
      ...(pipeline === undefined ? {} : { pipeline }),
      ...(placeholders === undefined ? {} : { placeholders }),
    },
  );
}

function rowOf(columns: readonly OutputColumn[], event: Event): HuntRow {
  return Object.fromEntries(columns.map(({ name, value }) => [name, evaluateValue(value, event)]));
}
