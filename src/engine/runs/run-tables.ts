/**
 * Rules whose query is over tables, over stored events: the query is asked anew for each slot of the rule's interval.
 *
 *   slot ──▶ (end − period, end], now() = end ──query──▶ rows ──enough?──▶ one match, or one a row ──▶ decide
 *
 * A query sees nothing outside its window, whatever it asks. On schedule a near-real-time rule sees what was stored in
 * the window, as `ingestion_time()` tells it; over a range, where everything may have been stored at once, events count
 * by their own time.
 *
 * An alert is told from others by its row. A row that holds a time of the window is the same in every window; one that
 * does not (`summarize count() by Host`) is the same within a period, so that windows that overlap do not alert twice,
 * and what comes again in the next period alerts again.
 */

import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Funnel } from '../../detect/alert.ts';
import { alertId } from '../../detect/alert-id.ts';
import { addFunnels, EMPTY_FUNNEL, type Match } from '../../detect/decide.ts';
import { slotOf } from '../../detect/run-grid.ts';
import type { RunWarning } from '../../detect/run-record.ts';
import type { QueryResult } from '../../detect/tallied.ts';
import { answerJson } from '../../plan/relation/answer-json.ts';
import { RelationRefusal } from '../../plan/relation/refusal.ts';
import { tableScans } from '../../plan/relation/table-scans.ts';
import type { Rows, RowTrigger } from '../../plan/tally.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import { sentinelSettings } from '../../rule/sentinel-settings.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import { Detector } from '../detector.ts';
import { withGivenRows } from '../tables/given-tables.ts';
import { type RangeReader, runPlanOverStore, runQueryOverStore } from '../tables/run-query.ts';
import { TABLE_LIMITS, TableRefusal, type TableResult } from '../tables/run-table.ts';
import { eventOfRow, type RowWindow, timesWithin } from './row-event.ts';
import type { RuleResult, RunBatch, RunMeans, RunResult, StoreRange } from './run-range.ts';
import { cappedWarning, pastRetention, rowsCut, unasked, undecided } from './run-warnings.ts';

/** One more than the highest threshold of Sentinel's. */
const MOST_ROWS = 10_001;
/** Rows of one alert that stand in it. */
const ROWS_SHOWN = 100;
/** Of a query; a job has ten minutes. */
const LONGEST_MS = 5 * 60_000;
/** How much older an event may be than its arrival, for near-real-time rules; what comes later they do not see. */
const OLDEST_ARRIVAL_MS = 24 * 3_600_000;
const TICKS_PER_MS = 10_000n;

interface TablesRange extends StoreRange {
  /** Then the run fails where its query cannot be run; of several rules the others go on. */
  readonly isOnlyRule?: boolean;
  /** No event comes any more, whatever time it is: the last slot is over, too. */
  readonly isComplete?: boolean;
}

type RowsRule = LoadedRule & { readonly tally: Rows };

/** @throws the signal's reason; {StoreError}; {Error} in words, where the query of the only rule cannot be run */
export async function runTables(
  range: TablesRange,
  means: RunMeans,
  take: (batch: RunBatch) => Promise<void>,
): Promise<RunResult> {
  const byRule = new Map<string, RuleResult>();
  let read = 0;
  for (const rule of range.rules) {
    if (rule.tally?.kind !== 'rows') continue;
    const { events, result } = await runRule({ ...rule, tally: rule.tally }, range, means, take, read);
    read += events;
    byRule.set(rule.document.id, result);
  }
  return { events: read, byRule };
}

async function runRule(
  rule: RowsRule,
  { from, to, slot, uncapped, isOnlyRule, isComplete }: TablesRange,
  means: RunMeans,
  take: (batch: RunBatch) => Promise<void>,
  before: number,
): Promise<{ readonly events: number; readonly result: RuleResult }> {
  const { tables, ledger, exceptions, now, signal, onProgress } = means;
  const { interval } = scheduleWindow(rule.document.schedule);
  const detector = new Detector({
    rules: [rule],
    now,
    exceptions,
    ...(uncapped === true ? { maxAlerts: Number.POSITIVE_INFINITY } : {}),
  });
  let funnel: Funnel = EMPTY_FUNNEL;
  const warnings = new Map<string, RunWarning>();
  const known = slot === undefined && isComplete !== true ? now() : Number.POSITIVE_INFINITY;
  let events = 0;
  const { oldest } = await means.events.status();
  // What happened where a slot begins is of the run before; where nothing is older, that run sees nothing else.
  const begin = oldest !== undefined && oldest >= from ? Math.min(from, oldest - 1) : from;
  const first = slot ?? slotOf(begin, interval);
  const last = slot ?? slotOf(to - 1, interval);
  for (let one = first; one <= last && tables !== undefined; one += interval) {
    signal?.throwIfAborted();
    const end = one + interval;
    if (end > known) {
      warnings.set('run-undecided', undecided(known, 'the window that it counts in has not ended'));
      break;
    }
    const asked = await ask(rule, end, slot !== undefined, { ...means, tables });
    events += asked.events;
    if ('problem' in asked) {
      // Of many rules the others go on; a run of one has failed, and what it was to fill stays a gap.
      if (isOnlyRule === true) throw new Error(asked.problem);
      warnings.set('run-query', unasked(asked.problem));
      break;
    }
    if (asked.result.isCut) warnings.set('run-rows', rowsCut(MOST_ROWS - 1));
    for (const match of matchesOf(rule, asked.result, asked.window)) detector.take(rule, match, one);
    if (detector.waiting > 0) {
      const { alerts, runs, suppressed } = detector.drain(ledger);
      for (const run of runs) funnel = addFunnels(funnel, run.funnel);
      await take({ alerts, runs, suppressed });
    }
    onProgress?.({ events: before + events, at: Math.min(end, to) });
    await breathe();
  }
  signal?.throwIfAborted();
  const result = {
    funnel,
    warnings: [
      ...cappedWarning(funnel, rule),
      ...(slot === undefined ? pastRetention(oldest, from) : []),
      ...warnings.values(),
    ],
  };
  return { events, result };
}

interface Asked {
  /** Stored events in the window. */
  readonly events: number;
}
interface Answered extends Asked {
  readonly window: RowWindow;
  readonly result: TableResult;
}
interface Unanswered extends Asked {
  readonly problem: string;
}

async function ask(
  rule: RowsRule,
  end: number,
  isOnSchedule: boolean,
  { tables: store, names, signal }: Pick<RunMeans, 'names' | 'signal'> & { readonly tables: Tables },
): Promise<Answered | Unanswered> {
  const { tally, document } = rule;
  const { interval, from } = scheduleWindow(document.schedule);
  const begin = end - Math.max(from, interval);
  const byArrival = tally.by === 'arrival' && isOnSchedule;
  const window = { after: BigInt(begin) * TICKS_PER_MS, upTo: BigInt(end) * TICKS_PER_MS };
  const options = {
    store: byArrival ? arrivedWithin(store, begin, end) : store,
    now: window.upTo,
    limits: { ...TABLE_LIMITS, rows: MOST_ROWS },
    timeMs: LONGEST_MS,
    ...names,
    ...(byArrival ? {} : { window: { ...window, isOfThePast: !isOnSchedule } }),
    ...(signal === undefined ? {} : { signal }),
  };
  const [answer, events] = await Promise.all([
    answerTo(rule, options),
    store.count(byArrival ? { from: begin - OLDEST_ARRIVAL_MS, ingestedFrom: begin } : { from: begin, to: end + 1 }),
  ]);
  return typeof answer === 'string' ? { events, problem: answer } : { events, window, result: answer };
}

type Tables = NonNullable<RunMeans['tables']>;
type Options = Parameters<typeof runPlanOverStore>[1];

/** @returns words instead of rows where the query asks for more than it may, or cannot be read */
async function answerTo({ document, tally }: RowsRule, options: Options): Promise<TableResult | string> {
  try {
    if (tally.plan !== undefined) {
      const relation = await withGivenRows(tally.plan.relation, options.given ?? []);
      return await runPlanOverStore({ ...tally.plan, relation }, options);
    }
  } catch (error) {
    if (error instanceof TableRefusal || error instanceof RelationRefusal) return error.message;
    throw error;
  }
  const { answer, diagnostics } = await runQueryOverStore(document.query, options);
  return answer ?? diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'The query gave no answer.';
}

/** Of the stored events those that came in a time, `from` inclusive, `to` exclusive. */
function arrivedWithin(store: RangeReader, from: number, to: number): RangeReader {
  return {
    withRange: (range, action, signal) =>
      store.withRange(
        { ...range, from: Math.max(range.from ?? Number.NEGATIVE_INFINITY, from - OLDEST_ARRIVAL_MS) },
        async (connection, relation, ...others) => {
          const where = `ingested_ms >= ${from} AND ingested_ms < ${to}`;
          await connection.run(`CREATE TEMP VIEW arrived AS SELECT * FROM ${relation} WHERE ${where}`);
          return action(connection, 'arrived', ...others);
        },
        signal,
      ),
  };
}

function matchesOf(rule: RowsRule, answer: TableResult, window: RowWindow): readonly Match[] {
  const { tally, document } = rule;
  const { columns, rows } = answer;
  if (!isTriggered(tally.trigger, rows.length)) return [];
  const names = tally.plan === undefined ? new Set<string>() : tableScans(tally.plan.relation);
  const tables = KUSTO_TABLES.filter((table) => names.has(table.names[0] ?? ''));
  const maker = { columns, tables, entities: sentinelSettings(document).entities, window };
  const json = answerJson(answer).rows;
  const identities = identitiesOf(rule, answer, window);
  const resultOf = (shown: QueryResult['rows'], count: number): QueryResult => ({
    columns,
    rows: shown.slice(0, ROWS_SHOWN),
    count,
    window: { after: isoOf(window.after), up_to: isoOf(window.upTo) },
  });
  if (tally.grouping === 'each' && rows.length > 0) {
    return rows.map((row, at) => ({
      alertId: alertId(document.id, [identities[at] as string]),
      events: [eventOfRow(row, maker)],
      tallied: { kind: 'rows', result: resultOf([json[at] ?? []], 1) },
    }));
  }
  const shown = rows.slice(0, ROWS_SHOWN);
  const events = shown.length === 0 ? [eventOfRow(undefined, maker)] : shown.map((row) => eventOfRow(row, maker));
  const identity = rows.length === 0 ? [`no rows at ${window.upTo}`] : identities.toSorted();
  return [
    {
      alertId: alertId(document.id, identity),
      events,
      ...(events.length > 1 ? { joined: { keys: [], steps: events } } : {}),
      tallied: { kind: 'rows', result: resultOf(json, rows.length) },
    },
  ];
}

/** Each row's own; rows that are equal are told apart by their number. */
function identitiesOf({ document }: RowsRule, answer: TableResult, window: RowWindow): readonly string[] {
  const { interval, from } = scheduleWindow(document.schedule);
  const period = Math.max(interval, from);
  const end = Number(window.upTo / TICKS_PER_MS);
  const seen = new Map<string, number>();
  return answerJson(answer).rows.map((cells, at) => {
    const row = answer.rows[at] ?? [];
    const isPlaced = timesWithin(row, answer.columns, window).length > 0;
    const text = JSON.stringify([cells, isPlaced ? null : slotOf(end - 1, period)]);
    const number = seen.get(text) ?? 0;
    seen.set(text, number + 1);
    return createHash('sha256').update(`${number}:${text}`).digest('hex');
  });
}

function isTriggered({ operator, count }: RowTrigger, rows: number): boolean {
  switch (operator) {
    case 'gt':
      return rows > count;
    case 'lt':
      return rows < count;
    case 'eq':
      return rows === count;
    case 'ne':
      return rows !== count;
  }
}

function isoOf(ticks: bigint): string {
  return new Date(Number(ticks / TICKS_PER_MS)).toISOString();
}
