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
import type { Plan } from '../../plan/plan.ts';
import type { Window } from '../../plan/window.ts';
import { readsAlerts, readsOnlyAlerts } from '../../rule/alert-index.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import { Detector } from '../detector.ts';
import { eventOfRecord } from '../stored-event.ts';
import { alertSource } from './alert-source.ts';
import type { RuleResult, RunBatch, RunMeans, RunProgress, RunResult, StoreRange } from './run-range.ts';
import { runTallies } from './run-tallies.ts';
import { cappedWarning, MEMORY, pastRetention, undecided } from './run-warnings.ts';

/** Events between two breaths, and matches that wait to be decided at most. */
const SLICE = 1_000;
const MOST_WAITING = 500;
/** A chain of windows depends on its beginning; after so many spans that is most likely forgotten. */
const WINDOW_WARM_UPS = 4;

/** @throws the signal's reason; {StoreError} what the stores report */
export async function runOverStore(
  range: StoreRange,
  means: RunMeans,
  take: (batch: RunBatch) => Promise<void>,
): Promise<RunResult> {
  // A rule over alerts on schedule has run over events live, where it looks at those too.
  const overEvents = range.rules.filter(
    (rule) => !readsOnlyAlerts(rule.document) && !(range.slot !== undefined && isOverAlerts(rule)),
  );
  const groups: RunGroup[] = [
    { rules: overEvents.filter(({ tally }) => tally === undefined), run: runInOrder },
    // What was there before takes reading much further back, so these go by themselves.
    {
      rules: overEvents.filter(({ tally }) => tally?.kind === 'threshold' || tally?.kind === 'indicators'),
      run: runTallies,
    },
    { rules: overEvents.filter(({ tally }) => tally?.kind === 'new-terms'), run: runTallies },
    {
      rules: overEvents.filter(({ tally }) => tally?.kind === 'rows'),
      // Only these rules need DuckDB.
      run: async (own, ...rest) => {
        const { runTables } = await import('./run-tables.ts');
        return runTables({ ...own, isOnlyRule: range.rules.length === 1 }, ...rest);
      },
    },
  ];
  const { alerts } = means;
  for (const rule of range.rules) {
    if (alerts === undefined || !readsAlerts(rule.document)) continue;
    const run = rule.tally === undefined ? runInOrder : runTallies;
    groups.push({ rules: [rule], run, events: alertSource(alerts, rule.document.id) });
  }
  const byRule = new Map<string, RuleResult>();
  let read = 0;
  const { onProgress } = means;
  for (const { rules, run, events } of groups) {
    if (rules.length === 0) continue;
    const before = read;
    const progress = onProgress && ((one: RunProgress) => onProgress({ ...one, events: before + one.events }));
    const seen = events === undefined ? {} : { events, overAlerts: true };
    const own = { ...means, ...seen, ...(progress && { onProgress: progress }) };
    const result = await run({ ...range, rules }, own, take);
    read += result.events;
    for (const [id, one] of result.byRule) byRule.set(id, together(byRule.get(id), one));
  }
  return { events: read, byRule };
}

interface RunGroup {
  readonly rules: readonly LoadedRule[];
  readonly run: typeof runTallies;
  /** What is run over instead of the stored events. */
  readonly events?: RunMeans['events'];
}

/** A rule that looks at alerts, but does not count what it finds: it has nothing to read twice. */
function isOverAlerts({ document, tally }: LoadedRule): boolean {
  return tally === undefined && readsAlerts(document);
}

/** Of a rule over events and over alerts. */
function together(a: RuleResult | undefined, b: RuleResult): RuleResult {
  if (a === undefined) return b;
  const memory = new Map([...(a.memory ?? []), ...(b.memory ?? [])]);
  return { funnel: addFunnels(a.funnel, b.funnel), warnings: [...a.warnings, ...b.warnings], memory };
}

/** Rules over one event, and over several in order. */
async function runInOrder(
  { rules, from, to, uncapped }: StoreRange,
  { events, ledger, exceptions, now, overAlerts, signal, onProgress }: RunMeans,
  take: (batch: RunBatch) => Promise<void>,
): Promise<RunResult> {
  const reach = Math.max(0, ...rules.map(reachOf));
  const wait = Math.max(0, ...rules.map(waitOf));
  const decidable = wait === 0 ? to : Math.min(to, now() - wait);
  const detector = new Detector({
    rules,
    now,
    exceptions,
    overAlerts: overAlerts === true,
    between: { from, to: decidable },
    ...(uncapped === true ? { maxAlerts: Number.POSITIVE_INFINITY } : {}),
  });
  const funnels = new Map<string, Funnel>();
  const hand = async () => {
    if (detector.waiting === 0) return;
    const { alerts, runs, suppressed } = detector.drain(ledger);
    for (const { ruleId, funnel } of runs) {
      funnels.set(ruleId, addFunnels(funnels.get(ruleId) ?? EMPTY_FUNNEL, funnel));
    }
    await take({ alerts, runs, suppressed });
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
      ...(overAlerts === true ? [] : pastRetention(oldest, from)),
      ...(lost === 0 ? [] : [MEMORY]),
      ...(waitOf(rule) > 0 && decidable < to
        ? [undecided(decidable, 'the rule waits for events that are not to come')]
        : []),
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
export function waitOf({ plan, document }: Pick<LoadedRule, 'plan' | 'document'>): number {
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
