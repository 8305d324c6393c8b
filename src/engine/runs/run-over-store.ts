/**
 * Rules over a range of stored events: what a run on schedule, a filled gap, a manual run and a backtest do alike.
 *
 *   warm-up ─┬──── range ────┬─ what missing events wait for
 *            └─▶ stored events, oldest first ──▶ detector (the one that runs live) ──▶ decide ──▶ batches to be committed
 *
 * Only matches whose last event lies in the range count. Rules over several events are warmed up by what they look back
 * for, so that a sequence that began before the range is found; an event missing from its end is waited for beyond the
 * range. Windows of Sigma's correlations are warmed up by more, since where one begins depends on the one before.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Funnel } from '../../detect/alert.ts';
import { addFunnels, EMPTY_FUNNEL } from '../../detect/decide.ts';
import type { ExceptionSet } from '../../detect/exceptions/exception-set.ts';
import { DEFAULT_MAX_ALERTS } from '../../detect/run-grid.ts';
import type { RunWarning } from '../../detect/run-record.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Window } from '../../plan/window.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import type { EventStore } from '../../store/event-store.ts';
import type { NewAlert, RunCounters } from '../../store/state-store.ts';
import { Detector, type Ledger } from '../detector.ts';
import { eventOfRecord } from '../stored-event.ts';

export interface StoreRange {
  readonly rules: readonly LoadedRule[];
  /** Event times, epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Creates alerts beyond the rules' caps. */
  readonly uncapped?: boolean;
}

export interface RunMeans {
  readonly events: Pick<EventStore, 'scan' | 'status'>;
  readonly ledger: Ledger;
  readonly exceptions: ExceptionSet;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Every so many events: how many were read, and the time that it has come to. */
  readonly onProgress?: (progress: { readonly events: number; readonly at: number }) => void;
}

/** What a part of the range led to; the run goes on when it was taken. */
export interface RunBatch {
  readonly alerts: readonly NewAlert[];
  /** The whole funnel of each slot. */
  readonly runs: readonly RunCounters[];
}

export interface RunResult {
  /** Stored events read, those for warming up among them. */
  readonly events: number;
  readonly byRule: ReadonlyMap<string, RuleResult>;
}

export interface RuleResult {
  readonly funnel: Funnel;
  readonly warnings: readonly RunWarning[];
}

/** Events between two breaths, and matches that wait to be decided at most. */
const SLICE = 1_000;
const MOST_WAITING = 500;
/** A chain of windows depends on its beginning; after so many spans that is most likely forgotten. */
const WINDOW_WARM_UPS = 4;

/** @throws the signal's reason; {StoreError} what the stores report */
export async function runOverStore(
  { rules, from, to, uncapped }: StoreRange,
  { events, ledger, exceptions, now, signal, onProgress }: RunMeans,
  take: (batch: RunBatch) => Promise<void>,
): Promise<RunResult> {
  const reach = Math.max(0, ...rules.map(reachOf));
  const wait = Math.max(0, ...rules.map(waitOf));
  const decidable = wait === 0 ? to : Math.min(to, now() - wait);
  const detector = new Detector({
    rules,
    now,
    exceptions,
    between: { from, to: decidable },
    ...(uncapped === true ? { maxAlerts: Number.POSITIVE_INFINITY } : {}),
  });
  const funnels = new Map<string, Funnel>();
  const hand = async () => {
    if (detector.waiting === 0) return;
    const { alerts, runs } = detector.drain(ledger);
    for (const { ruleId, funnel } of runs) {
      funnels.set(ruleId, addFunnels(funnels.get(ruleId) ?? EMPTY_FUNNEL, funnel));
    }
    await take({ alerts, runs });
  };
  let read = 0;
  for await (const record of events.scan({ from: from - reach, to: decidable + wait })) {
    signal?.throwIfAborted();
    detector.observe(eventOfRecord(record), record.sample);
    read += 1;
    if (detector.waiting >= MOST_WAITING) await hand();
    if (read % SLICE === 0) {
      onProgress?.({ events: read, at: record.timeMs });
      await hand();
      await breathe();
    }
  }
  signal?.throwIfAborted();
  detector.end();
  await hand();
  const { oldest } = await events.status();
  const { forced, plans } = detector.correlation;
  const byRule = rules.map((rule): [string, RuleResult] => {
    const { id } = rule.document;
    const funnel = funnels.get(id) ?? EMPTY_FUNNEL;
    const dropped = plans.find(({ name }) => name.startsWith(`${id} `))?.dropped ?? 0;
    const lost = isCorrelating(rule.plan) ? dropped + forced : 0;
    const warnings = [
      ...cappedWarning(funnel, rule),
      ...pastRetention(oldest, from),
      ...(lost === 0 ? [] : [MEMORY]),
      ...(waitOf(rule) > 0 && decidable < to ? [undecided(decidable)] : []),
    ];
    return [id, { funnel, warnings }];
  });
  return { events: read, byRule: new Map(byRule) };
}

/** How far before a range a rule has to see events, in milliseconds. */
export function reachOf({ plan, document }: Pick<LoadedRule, 'plan' | 'document'>): number {
  const { from } = scheduleWindow(document.schedule);
  switch (plan.kind) {
    case 'event':
      return 0;
    case 'sequence':
      return Math.max(from, plan.maxspan ?? from);
    case 'sample':
      return from;
    case 'window':
      return WINDOW_WARM_UPS * spanOf(plan.window);
  }
}

/** How long after its last event a match is decided only, in milliseconds. */
function waitOf({ plan, document }: Pick<LoadedRule, 'plan' | 'document'>): number {
  if (plan.kind === 'window') return spanOf(plan.window);
  if (plan.kind !== 'sequence' || plan.steps.at(-1)?.missing !== true) return 0;
  return plan.maxspan ?? scheduleWindow(document.schedule).from;
}

/** Of a window within a window both. */
function spanOf({ timespan, members }: Window): number {
  const inner = members.map(({ from }) => (from.kind === 'window' ? spanOf(from.window) : 0));
  return timespan + Math.max(0, ...inner);
}

function isCorrelating(plan: Plan): boolean {
  return plan.kind !== 'event';
}

function cappedWarning({ capped }: Funnel, { document }: LoadedRule): readonly RunWarning[] {
  if (capped === 0) return [];
  const cap = document.maxAlerts ?? DEFAULT_MAX_ALERTS;
  const matches = capped === 1 ? '1 match was' : `${capped.toLocaleString('en-US')} matches were`;
  const message = `${matches} cut off by the rule’s maximum of ${cap.toLocaleString('en-US')} alerts an interval.`;
  return [{ code: 'run-capped', message }];
}

function pastRetention(oldest: number | undefined, from: number): readonly RunWarning[] {
  if (oldest !== undefined && oldest <= from) return [];
  const begin =
    oldest === undefined ? 'No events are stored' : `Stored events begin at ${new Date(oldest).toISOString()}`;
  return [{ code: 'run-past-retention', message: `${begin}: what happened before was not looked at.` }];
}

const MEMORY: RunWarning = {
  code: 'run-memory',
  message: 'So much had to be remembered at once that some of it was given up: matches may be missing.',
};

function undecided(until: number): RunWarning {
  const message = `What happened after ${new Date(until).toISOString()} cannot be decided yet: the rule waits for events that are not to come.`;
  return { code: 'run-undecided', message };
}
