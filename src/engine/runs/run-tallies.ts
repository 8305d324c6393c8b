/**
 * Rules that do not alert on each of their events, over stored events.
 *
 *   on schedule   one rule, one slot: its window is read, and what the rule remembers goes on
 *   over a range  every slot in it, as if the rule had run on schedule: warmed up from before the range, so that what
 *                 began there counts as it did then
 *
 * Matches whose last event lies in the range count. A slot that the range ends in is read to its end, so that ranges side
 * by side find what the whole finds; one that has not ended yet is left to the schedule.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Funnel } from '../../detect/alert.ts';
import { addFunnels, EMPTY_FUNNEL } from '../../detect/decide.ts';
import { slotOf } from '../../detect/run-grid.ts';
import { compileMatcher } from '../../match/matcher.ts';
import type { NewTerms } from '../../plan/tally.ts';
import { compileIndexPatterns } from '../../rule/index-pattern.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { countedAt, overridesOf } from '../../rule/overrides.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import type { EventFilter, EventRecord } from '../../store/event-store.ts';
import { Detector } from '../detector.ts';
import { eventOfRecord } from '../stored-event.ts';
import type { RuleResult, RunBatch, RunMeans, RunResult, StoreRange } from './run-range.ts';
import { cappedWarning, MEMORY, pastRetention, undecided } from './run-warnings.ts';
import type { TallyFinder, TallyWindow } from './tally-finder.ts';
import { NewTermsFinder } from './tally-new-terms.ts';
import { windowOf } from './tally-set.ts';
import { type History, TermHistories } from './term-histories.ts';

/** Events between two breaths, and matches that wait to be decided at most. */
const SLICE = 1_000;
const MOST_WAITING = 500;
/** What counts in a window can depend on the windows before; after so many it is most likely forgotten. */
const WARM_UPS = 4;
/** Of a rule that counts events by another time than their own, how much earlier that may be, in milliseconds. */
const LATEST_MS = 24 * 3_600_000;

/** @throws the signal's reason; {StoreError} what the stores report */
export async function runTallies(
  range: StoreRange,
  means: RunMeans,
  take: (batch: RunBatch) => Promise<void>,
): Promise<RunResult> {
  const { rules, slot, from, to, uncapped } = range;
  const { events, ledger, exceptions, now, indicators, remembered, overAlerts } = means;
  const history = slot === undefined ? undefined : await historyOf(range, slot, means);
  const detector = new Detector({
    rules,
    now,
    exceptions,
    between: { from, to },
    overAlerts: overAlerts === true,
    ...(uncapped === true ? { maxAlerts: Number.POSITIVE_INFINITY } : {}),
    tallies: {
      ...(indicators === undefined ? {} : { indicators }),
      ...(slot === undefined || remembered === undefined ? {} : { remembered }),
      ...(history === undefined ? {} : { finders: history.finders }),
    },
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
  const begin = slot === undefined ? from - Math.max(0, ...rules.map(warmUpOf)) : from;
  const end = slot === undefined ? Math.max(to, ...rules.map((rule) => lastWindow(rule, to).to)) : to;
  let read = await readEvents(filtersOf(rules, begin, end), means, async (record, count) => {
    detector.observe(eventOfRecord(record));
    if (count % SLICE !== 0) return;
    if (slot === undefined && record.timeMs >= begin) detector.tallies?.advance(record.timeMs);
    if (detector.waiting >= MOST_WAITING) await hand();
  });
  const known = Math.min(end, now());
  if (slot === undefined) detector.tallies?.advance(known);
  else detector.tallies?.decideSlot(slot);
  await hand();
  read += history?.read ?? 0;
  const { oldest } = await events.status();
  const lossy = new Set(detector.tallies?.lossy);
  const byRule = rules.map((rule): [string, RuleResult] => {
    const { id } = rule.document;
    const funnel = funnels.get(id) ?? EMPTY_FUNNEL;
    const reach = rule.tally?.kind === 'new-terms' ? rule.tally.historyMs : 0;
    const warnings = [
      ...cappedWarning(funnel, rule),
      // On schedule it would be told for as long as the service is younger than what the rule looks back.
      ...(slot === undefined ? pastRetention(oldest, from - reach) : []),
      ...(lossy.has(id) ? [MEMORY] : []),
      ...(slot === undefined && lastWindow(rule, to).to > known
        ? [undecided(known, 'the window that it counts in has not ended')]
        : []),
    ];
    const memory = slot === undefined ? undefined : detector.tallies?.memory(id);
    return [id, { funnel, warnings, ...(memory === undefined ? {} : { memory }) }];
  });
  history?.keep();
  return { events: read, byRule: new Map(byRule) };
}

/** How far before a range a rule has to see events, in milliseconds. */
function warmUpOf({ tally, document }: LoadedRule): number {
  const { from, interval } = scheduleWindow(document.schedule);
  const window = Math.max(from, interval);
  if (tally?.kind === 'new-terms') return tally.historyMs + window;
  return tally?.kind === 'threshold' ? WARM_UPS * window : window;
}

/** The window in which the last event before a time is seen first. */
function lastWindow({ document }: LoadedRule, time: number): TallyWindow {
  const schedule = scheduleWindow(document.schedule);
  return windowOf(slotOf(time - 1 + schedule.to, schedule.interval), schedule);
}

/** Of rules that count events by another time than their own, also events that are older and came since. */
function filtersOf(rules: readonly LoadedRule[], from: number, to: number): readonly EventFilter[] {
  const counts = rules.some(({ document }) => overridesOf(document).time !== undefined);
  return [...(counts ? [{ from: from - LATEST_MS, to: from, ingestedFrom: from }] : []), { from, to }];
}

async function readEvents(
  filters: readonly EventFilter[],
  { events, signal, onProgress }: Pick<RunMeans, 'events' | 'signal' | 'onProgress'>,
  take: (record: EventRecord, count: number) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (const filter of filters) {
    for await (const record of events.scan(filter)) {
      signal?.throwIfAborted();
      // What the sample brings is decided where it is played.
      if (record.sample) continue;
      count += 1;
      await take(record, count);
      if (count % SLICE !== 0) continue;
      onProgress?.({ events: count, at: record.timeMs });
      await breathe();
    }
  }
  signal?.throwIfAborted();
  return count;
}

/** What a new-terms rule on schedule compares its window with. */
async function historyOf({ rules, from, to }: StoreRange, slot: number, means: RunMeans) {
  const [rule] = rules;
  if (rule?.tally?.kind !== 'new-terms') return undefined;
  const { tally, document, plan } = rule;
  const { interval } = scheduleWindow(document.schedule);
  const window: TallyWindow = { slot, end: slot + interval, from, to };
  const histories = means.histories ?? new TermHistories();
  const predicate = plan.kind === 'event' ? plan.predicate : undefined;
  const reads = compileIndexPatterns(document.indexPatterns);
  const matcher = compileMatcher(predicate === undefined ? [] : [{ predicate, reads }]);
  const history = await histories.take({ ...rule, tally: tally satisfies NewTerms }, window, {
    exceptions: means.exceptions,
    events: means.events,
    open: () => new NewTermsFinder(tally),
    learn: (finder, filter) =>
      readEvents([filter], means, async (record) => {
        const event = eventOfRecord(record);
        matcher.match(event, () => {
          const ms = countedAt(overridesOf(document), event);
          if (ms === undefined || means.exceptions.exceptedBy(document.id, [event]) !== undefined) return;
          finder.learn(event, ms);
        });
      }),
  });
  return {
    finders: new Map<string, TallyFinder>([[document.id, history.finder]]),
    read: history.read,
    keep: () => histories.put(rule, history satisfies History, window, means.exceptions),
  };
}
