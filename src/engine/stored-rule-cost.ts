/**
 * What rules would cost beside all that run, over stored events of a time: for a page, before a rule is enabled.
 *
 *   rules of a text ─┐
 *   rules that run ──┴─▶ CostMeter ◀── stored events, oldest first, until enough were looked at ──▶ rank, share, the dearest
 *
 * The text's rules stand last, so that of clauses which others ask for anyway they bear nothing. Rules that run on their
 * interval are no part of it: they look at no event as it comes.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { LoadedRule } from '../rule/inspect.ts';
import { openRuleCache } from '../rule/rule-cache.ts';
import type { EventReader } from '../store/event-store.ts';
import { openEventReader } from '../store/open-event-store.ts';
import { openStateStore } from '../store/open-state-store.ts';
import { CostMeter, type RuleCost } from './cost-meter.ts';
import { type RuleBookSettings, readRuleBook, ruleCacheOf, runningRules } from './rule-book.ts';
import { eventOfRecord } from './stored-event.ts';

export interface RankedCost extends RuleCost {
  /** 1 for the dearest of those that were a candidate at all. */
  readonly rank: number;
}

export interface StoredRuleCost {
  /** Event times (ISO 8601), `from` inclusive, `to` exclusive. */
  readonly from: string;
  readonly to: string;
  /** Looked at. */
  readonly events: number;
  /** There are more events in that time than were looked at. */
  readonly isCut: boolean;
  /** Rules that run on each event, beside those of the text. */
  readonly others: number;
  /** Of all rules, how many were a candidate for an event at all. */
  readonly evaluated: number;
  /** Of matching all rules, measuring included. */
  readonly milliseconds: number;
  /** Those of the text that run on each event. */
  readonly rules: readonly RankedCost[];
  /** Names of those of the text that run on their interval instead. */
  readonly onInterval: readonly string[];
  /** The dearest of all, to compare with. */
  readonly dearest: readonly RankedCost[];
}

interface StoredCostRange {
  readonly from: number;
  readonly to: number;
  /** Of memory for reading events, MiB. */
  readonly megabytes: number;
  readonly onProgress: (progress: { readonly events: number; readonly at: number }) => void;
}

/** Enough to tell rules apart; thousands of rules take some seconds for them. */
const MOST_EVENTS = 100_000;
const MOST_MS = 30_000;
const DEAREST = 5;
/** Events between two looks at the clock. */
const SLICE = 1_000;

/** Reads only. @throws {StoreError} */
export async function storedRuleCost(
  rules: readonly LoadedRule[],
  settings: RuleBookSettings,
  range: StoredCostRange,
): Promise<StoredRuleCost> {
  const own = rules.filter(({ tally }) => tally === undefined);
  const others = await othersThan(rules, settings);
  const meter = new CostMeter([...others, ...own]);
  const events = await openEventReader(settings.dataFolder, { threads: 2, memoryMb: range.megabytes });
  try {
    const isCut = events !== undefined && (await measure(meter, events, range));
    const costs = meter.costs().map((cost, at): RankedCost => ({ ...cost, rank: at + 1 }));
    const ids = new Set(own.map(({ document }) => document.id));
    return {
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      events: meter.events,
      isCut,
      others: others.length,
      evaluated: costs.filter(({ candidates }) => candidates > 0).length,
      milliseconds: meter.milliseconds,
      rules: costs.filter(({ id }) => ids.has(id)),
      onInterval: rules.filter(({ tally }) => tally !== undefined).map(({ document }) => document.name),
      dearest: costs.filter(({ candidates }) => candidates > 0).slice(0, DEAREST),
    };
  } finally {
    await events?.close();
  }
}

/** Rules that run on each event and are not among these. */
async function othersThan(rules: readonly LoadedRule[], settings: RuleBookSettings): Promise<readonly LoadedRule[]> {
  const state = openStateStore(settings.dataFolder, { readOnly: true });
  try {
    const cache = openRuleCache(ruleCacheOf(settings)).inspections;
    const ids = new Set(rules.map(({ document }) => document.id));
    const book = await readRuleBook(settings, state, { cache });
    return runningRules(book).filter(({ document, tally }) => tally === undefined && !ids.has(document.id));
  } finally {
    state.close();
  }
}

/** Whether there were more events than it looked at. */
async function measure(
  meter: CostMeter,
  events: Pick<EventReader, 'scan'>,
  { from, to, onProgress }: StoredCostRange,
): Promise<boolean> {
  const end = performance.now() + MOST_MS;
  for await (const record of events.scan({ from, to })) {
    if (meter.events >= MOST_EVENTS) return true;
    meter.observe(eventOfRecord(record));
    if (meter.events % SLICE !== 0) continue;
    if (performance.now() > end) return true;
    onProgress({ events: meter.events, at: record.timeMs });
    await breathe();
  }
  return false;
}
