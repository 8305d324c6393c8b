/**
 * EQL asked of files of logs as Elasticsearch's EQL search API is asked: events, sequences or samples, with the API's
 * options, answered in its shape.
 *
 *   files ──events──▶ (as documents) ──▶ filter ──steps passed──▶ correlator (put in order) ──matches──▶ cut by pipes or size ──▶ answer
 *
 * Where the API needs a setting (`timestamp_field`, `tiebreaker_field`, `event_category_field`, the mapping) so does
 * this, for events that are not ECS. Source: Elasticsearch's reference, “EQL search API”.
 */
import { type CorrelationMatch, stepPredicates } from '../correlate/correlation.ts';
import { Correlator, type CorrelatorStatus } from '../correlate/correlator.ts';
import { type Cut, ResultList } from '../correlate/result-list.ts';
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import type { Event } from '../event/event.ts';
import type { EventTime } from '../event/time.ts';
import { compileEql, type EqlOptions } from '../language/eql/eql.ts';
import { compileMatcher, type Matcher } from '../match/matcher.ts';
import type { CorrelationPlan, EventPlan, Plan } from '../plan/plan.ts';
import { toTime } from '../plan/predicate/scalar.ts';
import { asDocument } from './as-document.ts';
import { fieldMapping } from './field-mapping.ts';
import { type EventsRead, readEvents } from './read-events.ts';

/** The options of the API, under names of this program. */
export interface EqlSearchOptions {
  /** Matches given at most, where the query has neither `head` nor `tail`; absent for all. */
  readonly size?: number;
  /** Which of them: the first, or the last. Default `head`. The API's `result_position`. */
  readonly order?: 'head' | 'tail';
  /** An EQL event query: events that it does not hold for are not seen. */
  readonly filter?: string;
  /** The field that events are put in order by; the events' own time by default. */
  readonly timestampField?: string;
  /** The field that decides between events of one time; by default the order in which they stand. */
  readonly tiebreakerField?: string;
  /** Default `event.category`. */
  readonly eventCategoryField?: string;
  /** Default 1. */
  readonly maxSamplesPerKey?: number;
  /** Field → its type (`keyword`, `long`, `date`, `ip`, …), or `alias:FIELD`. Other fields are those of ECS. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface EqlSearchQuery extends EqlSearchOptions {
  readonly query: string;
  /** Files, folders, or `-` for standard input. */
  readonly over: readonly string[];
}

export type EqlSearch =
  /** The query or an option is wrong: nothing was read. Places are in the query. */
  | { readonly diagnostics: readonly Diagnostic[]; readonly read?: undefined }
  | {
      readonly diagnostics: readonly Diagnostic[];
      readonly read: EventsRead;
      readonly kind: (EventPlan | CorrelationPlan)['kind'];
      readonly matches: readonly CorrelationMatch[];
      readonly correlation: CorrelatorStatus;
    };

/** Never throws on any query, option or log. */
export async function searchEql(options: EqlSearchQuery): Promise<EqlSearch> {
  const mapping = fieldMapping(options.fields ?? {});
  const eql: EqlOptions = {
    ...(options.fields === undefined ? {} : { fieldType: mapping.typeOf }),
    ...(options.eventCategoryField === undefined ? {} : { categoryField: options.eventCategoryField }),
  };
  const { plan, diagnostics } = compileEql(options.query, eql);
  const filter = compileFilter(options.filter, eql);
  const problems = [...diagnostics, ...mapping.diagnostics, ...filter.diagnostics];
  if (plan === undefined || hasErrors(problems)) return { diagnostics: problems };
  const found = new ResultList({ cuts: cutsOf(plan, options), ordered: plan.kind !== 'sample' });
  const finder = finderOf(plan, found, options);
  const named = [...mapping.named, options.eventCategoryField, options.timestampField, options.tiebreakerField].filter(
    (field) => field !== undefined,
  );
  const read = await readEvents(options.over, (event) => {
    const seen = mapping.applied(asDocument(event, named));
    if (filter.holds(seen)) finder.see(seen);
    return true;
  });
  const correlation = finder.end();
  return { diagnostics: problems, read, kind: plan.kind, matches: found.results(), correlation };
}

interface Finder {
  see(event: Event): void;
  end(): CorrelatorStatus;
}

function finderOf(plan: EventPlan | CorrelationPlan, found: ResultList, options: EqlSearchOptions): Finder {
  const placing = {
    ...(options.tiebreakerField === undefined ? {} : { tiebreaker: options.tiebreakerField }),
    ...(options.timestampField === undefined ? {} : { timeOf: timeBy(options.timestampField) }),
  };
  const correlator = new Correlator({
    plans: [{ name: 'query', plan: plan.kind === 'event' ? singleEvent(plan) : plan }],
    found: (_, match) => found.add(match),
    ...placing,
    ...(options.maxSamplesPerKey === undefined ? {} : { samplesPerKey: options.maxSamplesPerKey }),
  });
  const matcher = stepMatcher(plan);
  return {
    see(event) {
      const steps: number[] = [];
      matcher.match(event, (step) => steps.push(step));
      if (steps.length > 0) correlator.observe(event, [{ plan: 0, steps }], 0);
    },
    end() {
      correlator.end();
      return correlator.status;
    },
  };
}

/** Single events come through the same order: as sequences of one. */
function singleEvent({ version, predicate }: EventPlan): CorrelationPlan {
  const step = { predicate, keys: [], missing: false, span: predicate.span };
  return { kind: 'sequence', version, steps: [step], pipes: [] };
}

function stepMatcher(plan: EventPlan | CorrelationPlan): Matcher {
  const predicates = plan.kind === 'event' ? [plan.predicate] : stepPredicates(plan);
  return compileMatcher(predicates.map((predicate) => ({ predicate, reads: () => true })));
}

function cutsOf(plan: Plan, { size, order = 'head' }: EqlSearchOptions): readonly Cut[] {
  if (plan.pipes !== undefined && plan.pipes.length > 0) return plan.pipes;
  return size === undefined ? [] : [{ kind: order, count: size }];
}

function timeBy(field: string): (event: Event) => EventTime {
  return (event) => {
    const value = event.values(field)[0];
    return (typeof value === 'boolean' || value === undefined ? undefined : toTime(value)) ?? event.time;
  };
}

interface Filter {
  readonly diagnostics: readonly Diagnostic[];
  readonly holds: (event: Event) => boolean;
}

function compileFilter(text: string | undefined, options: EqlOptions): Filter {
  if (text === undefined) return { diagnostics: [], holds: () => true };
  const { plan, diagnostics } = compileEql(text, options);
  const problems = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, hint }) => diagnose(code, 'error', `In the filter: ${message}`, undefined, hint));
  if (plan?.kind !== 'event') {
    const message = 'The filter has to be a query of single events.';
    return {
      diagnostics: problems.length > 0 ? problems : [diagnose('hunt-option', 'error', message)],
      holds: () => false,
    };
  }
  const matcher = stepMatcher(plan);
  return {
    diagnostics: problems,
    holds(event) {
      let holds = false;
      matcher.match(event, () => {
        holds = true;
      });
      return holds;
    },
  };
}
