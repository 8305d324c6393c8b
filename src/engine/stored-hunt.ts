/**
 * A compiled query asked of the stored events, a slice at a time.
 *
 *   one event:        newest first ──holds?──▶ counted, in the histogram ──▶ the first `limit` handed over
 *   several, pipes:   oldest first ──steps──▶ correlator ──▶ groups counted ──▶ the last `limit` handed over
 *
 * Invariants: the thread is free for others between slices; what is kept is bounded by `limit`, the histogram's bars and
 * the correlator's limits, whatever is found; where the time is up, everything up to `stoppedAt` was looked at.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { type CorrelationMatch, stepPredicates } from '../correlate/correlation.ts';
import { Correlator } from '../correlate/correlator.ts';
import { ResultList } from '../correlate/result-list.ts';
import type { Event } from '../event/event.ts';
import { compileMatcher } from '../match/matcher.ts';
import { throughPipes } from '../plan/pipes.ts';
import type { CorrelationPlan, EventPlan } from '../plan/plan.ts';
import { evaluateValue } from '../plan/predicate/evaluate.ts';
import type { EventFilter, EventQuery, EventReader, EventRecord } from '../store/event-store.ts';
import { histogramGrid } from '../store/histogram-grid.ts';
import { TIEBREAKER } from './detector.ts';
import type { HuntAsk, HuntBars, HuntedEvent, HuntFinds, HuntOptions } from './event-search.ts';
import { readyCondition } from './search-condition.ts';
import { eventOfRecord } from './stored-event.ts';

/** Events of a question to the store: what it costs to begin one is shared by so many. */
const SLICE = 2_000;
/** Events looked at before others get their turn, some 10 ms. */
const STRETCH = 200;
const BARS = 90;
const DEFAULT_LIMIT = 100;
const DEFAULT_DEADLINE_MS = 10_000;
/** Stored events have no raw bytes to be measured by, so their number bounds memory; they come in order. */
const CORRELATOR_LIMITS = { heldEvents: 5_000, events: 50_000 };

/** @param longestMs no hunt goes on for longer */
export async function huntStore(
  store: EventReader,
  filter: EventFilter,
  { plan, columns = [], take }: HuntAsk,
  options: HuntOptions,
  longestMs: number,
): Promise<HuntFinds> {
  const limits = {
    limit: options.limit ?? DEFAULT_LIMIT,
    until: performance.now() + Math.min(options.deadlineMs ?? DEFAULT_DEADLINE_MS, longestMs),
    signal: options.signal,
  };
  const bars = await barsOver(store, filter);
  const rowOf = (event: Event) =>
    Object.fromEntries(columns.map(({ name, value }) => [name, evaluateValue(value, event)]));
  const handed = (record: EventRecord, event: Event): HuntedEvent =>
    columns.length === 0 ? { record } : { record, row: rowOf(event) };
  const finder =
    plan.kind === 'event'
      ? eventFinder(plan, filter, { limit: limits.limit, most: take, handed }, bars)
      : groupFinder(plan, filter, limits.limit, bars);
  const ended = await readThrough(store, finder, limits);
  return { ...finder.end(), ...ended, ...(bars === undefined ? {} : { bars: bars.result() }) };
}

/** What is done with the events that are read. */
interface Finder {
  readonly query: EventQuery;
  /** False when no further event can change what is found. */
  look(record: EventRecord): boolean;
  end(): Pick<HuntFinds, 'kind' | 'events' | 'groups' | 'found' | 'dropped'>;
}

interface Limits {
  readonly until: number;
  readonly signal: AbortSignal | undefined;
}

async function readThrough(
  store: EventReader,
  finder: Finder,
  { until, signal }: Limits,
): Promise<Pick<HuntFinds, 'read' | 'stoppedAt'>> {
  let read = 0;
  let query: EventQuery = { ...finder.query, limit: SLICE };
  for (;;) {
    signal?.throwIfAborted();
    const page = await store.query(query);
    for (const record of page.events) {
      if (read > 0 && performance.now() >= until) return { read, stoppedAt: record.timeMs };
      read += 1;
      if (!finder.look(record)) return { read };
      if (read % STRETCH === 0) {
        await breathe();
        signal?.throwIfAborted();
      }
    }
    if (page.next === undefined) return { read };
    query = { ...query, cursor: page.next };
  }
}

interface Handing {
  readonly limit: number;
  /** Found at most, where the query says so. */
  readonly most: number | undefined;
  readonly handed: (record: EventRecord, event: Event) => HuntedEvent;
}

function eventFinder(
  { predicate, pipes = [] }: EventPlan,
  filter: EventFilter,
  { limit, most = Number.POSITIVE_INFINITY, handed }: Handing,
  bars: Bars | undefined,
): Finder {
  const { run } = readyCondition({ kind: 'predicate', predicate });
  const events: HuntedEvent[] = [];
  let found = 0;
  const matches = throughPipes<EventRecord>(pipes, (record) => {
    found += 1;
    bars?.add(record.timeMs);
    if (events.length < limit) events.push(handed(record, eventOfRecord(record)));
  });
  const inOrder: EventQuery = { ...filter, order: pipes.length === 0 ? 'newest' : 'oldest' };
  return {
    query: run === undefined ? inOrder : run.narrow(inOrder),
    look: (record) => run?.holds(record) !== true || (matches.give(record) && found < most),
    end() {
      matches.end();
      return { kind: 'events', events, groups: [], found, dropped: 0 };
    },
  };
}

function groupFinder(plan: CorrelationPlan, filter: EventFilter, limit: number, bars: Bars | undefined): Finder {
  const cuts = plan.pipes.length > 0 ? plan.pipes : [{ kind: 'tail', count: limit } as const];
  const results = new ResultList({ cuts, ordered: plan.kind !== 'sample' });
  let found = 0;
  const correlator = new Correlator({
    plans: [{ name: 'query', plan }],
    found: (_, match) => {
      found += 1;
      const last = match.events.findLast((placed) => placed !== undefined);
      if (last !== undefined) bars?.add(last.time.ms);
      results.add(match);
    },
    tiebreaker: TIEBREAKER,
    limits: CORRELATOR_LIMITS,
  });
  const matcher = compileMatcher(stepPredicates(plan).map((predicate) => ({ predicate, reads: () => true })));
  const recordOf = new WeakMap<Event, EventRecord>();
  return {
    query: { ...filter, order: 'oldest' },
    look(record) {
      const event = eventOfRecord(record);
      const steps: number[] = [];
      matcher.match(event, (step) => steps.push(step));
      if (steps.length === 0) return true;
      recordOf.set(event, record);
      correlator.observe(event, [{ plan: 0, steps }], 0);
      return true;
    },
    end() {
      correlator.end();
      const dropped = correlator.status.plans.reduce((sum, each) => sum + each.dropped, 0);
      const groups = results.results().slice(-limit).reverse();
      return {
        kind: 'groups',
        events: [],
        groups: groups.map((match) => ({ key: match.key, events: recordsOf(match, recordOf) })),
        found: plan.pipes.length > 0 ? groups.length : found,
        dropped,
      };
    },
  };
}

function recordsOf(
  { events }: CorrelationMatch,
  recordOf: WeakMap<Event, EventRecord>,
): readonly (EventRecord | null)[] {
  return events.map((placed) => (placed === undefined ? null : (recordOf.get(placed.event) ?? null)));
}

interface Bars {
  add(ms: number): void;
  result(): HuntBars;
}

/** Over what is stored of the time asked for; nothing where that is empty. */
async function barsOver(store: EventReader, { from, to }: EventFilter): Promise<Bars | undefined> {
  const { oldest, newest } = await store.status();
  if (oldest === undefined || newest === undefined) return undefined;
  const [begin, end] = [Math.max(from ?? oldest, oldest), Math.min(to ?? newest + 1, newest + 1)];
  if (begin >= end) return undefined;
  const { start, width, count } = histogramGrid(begin, end, BARS);
  const counts = Array.from({ length: count }, () => 0);
  return {
    add(ms) {
      const bar = Math.floor((ms - start) / width);
      if (bar >= 0 && bar < count) counts[bar] = (counts[bar] ?? 0) + 1;
    },
    result: () => ({ start, width, counts }),
  };
}
