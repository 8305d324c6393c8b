/**
 * What rules would have alerted on, had they run: the same runs over stored events as the service's, with a ledger in
 * memory, so that nothing is written.
 *
 *   rules, range ──runOverStore (exceptions, suppression, caps)──▶ batches ──▶ funnel, slots, bars, alerts ──┐
 *   alerts that exist in the range ──────────────────────────────────────────────▶ new, gone, same ◀─────────┘
 *
 * It starts from nothing: alerts that exist suppress none and are no duplicates. An alert's id is made of the rule's id and
 * its events, so alerts of a changed rule are compared by what they are about.
 */
import type { Alert, Funnel } from '../../detect/alert.ts';
import { addFunnels, EMPTY_FUNNEL } from '../../detect/decide.ts';
import { DEFAULT_MAX_ALERTS } from '../../detect/run-grid.ts';
import type { RunWarning } from '../../detect/run-record.ts';
import { valuesAt } from '../../event/field-path.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import type { Severity } from '../../rule/rule.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import type { StateStore } from '../../store/state-store.ts';
import { MemoryLedger } from '../detector.ts';
import type { RemovedBy } from '../scan-summary.ts';
import { runOverStore } from './run-over-store.ts';
import type { RunBatch, RunMeans, StoreRange } from './run-range.ts';

export interface BacktestMeans extends Omit<RunMeans, 'ledger' | 'remembered' | 'histories'> {
  /** Where alerts exist that the result is compared with; without it nothing is. */
  readonly existing?: Pick<StateStore, 'alerts'>;
  /** Exception id → name. */
  readonly exceptionNames?: ReadonlyMap<string, string>;
}

export interface BacktestReport {
  /** Event times (ISO 8601), `from` inclusive, `to` exclusive. */
  readonly from: string;
  readonly to: string;
  readonly rules: readonly RuleBacktest[];
  /** Stored events read, those before and after the range for warming up among them. */
  readonly events: number;
  readonly milliseconds: number;
}

export interface RuleBacktest {
  readonly id: string;
  readonly name: string;
  readonly funnel: Funnel;
  readonly warnings: readonly RunWarning[];
  /** The exceptions that removed matches, and how many. */
  readonly byException: readonly RemovedBy[];
  /** Alerts a run creates at most; absent without a maximum. */
  readonly cap?: number;
  /** Length of a run's slot, in milliseconds. */
  readonly interval: number;
  /** How many slots the range touches. */
  readonly runs: number;
  readonly bars: BacktestBars;
  /** The first hundred, in the order in which they were decided. */
  readonly alerts: readonly BacktestAlert[];
  readonly difference?: BacktestDifference;
}

export interface BacktestBars {
  /** Where the first bar begins (ISO 8601). */
  readonly from: string;
  /** Length of a bar: one slot, or several where there are more than a hundred and twenty. */
  readonly width: number;
  readonly counts: readonly Funnel[];
}

export interface BacktestAlert {
  readonly id: string;
  /** The event's time. */
  readonly time: string;
  readonly severity: Severity;
  readonly reason: string;
  readonly host?: string;
  readonly user?: string;
  readonly command_line?: string;
  /** Matches that are counted on it. */
  readonly suppressed?: number;
}

/** Against the alerts that exist for the rule in the range. */
export interface BacktestDifference {
  readonly created: number;
  readonly gone: number;
  readonly same: number;
  /** Of those that are gone, how many are suppressed now. */
  readonly suppressed: number;
  /** The first twenty of each. */
  readonly first: { readonly created: readonly BacktestAlert[]; readonly gone: readonly BacktestAlert[] };
  /** There are so many alerts that not all were compared. */
  readonly isCut: boolean;
}

const MOST_ALERTS = 100;
const MOST_DIFFERENCES = 20;
/** Alerts compared; about 100 bytes of memory each. */
const MOST_COMPARED = 100_000;
const MOST_BARS = 120;
const PAGE = 500;
const LONGEST_TEXT = 2_000;

/** @throws the signal's reason; {StoreError} what the stores report */
export async function backtest(range: StoreRange, means: BacktestMeans): Promise<BacktestReport> {
  const begun = performance.now();
  const { existing, exceptionNames = new Map(), ...others } = means;
  const ledger = new MemoryLedger();
  const found = new Map(range.rules.map((rule) => [rule.document.id, new RuleFindings(rule, range)]));
  const result = await runOverStore(range, { ...others, ledger }, async (batch) => {
    ledger.record(batch);
    for (const one of found.values()) one.add(batch);
  });
  const rules = range.rules.map(({ document: { id } }): RuleBacktest => {
    const findings = found.get(id) as RuleFindings;
    const difference = existing && differenceOf(findings, existing, ledger, range);
    const { warnings = [] } = result.byRule.get(id) ?? {};
    return { ...findings.report(warnings, exceptionNames), ...(difference === undefined ? {} : { difference }) };
  });
  const times = { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  return { ...times, rules, events: result.events, milliseconds: performance.now() - begun };
}

/** What a backtest finds of one rule. */
class RuleFindings {
  readonly rule: LoadedRule;
  /** Ids of alerts; of very many the first. */
  readonly ids = new Set<string>();
  isCut = false;
  private readonly range: StoreRange;
  private readonly slots = new Map<number, Funnel>();
  private readonly byException = new Map<string, number>();
  private readonly alerts: BacktestAlert[] = [];
  /** Alert → matches counted on it, of those that are shown. */
  private readonly suppressed = new Map<string, number>();

  constructor(rule: LoadedRule, range: StoreRange) {
    this.rule = rule;
    this.range = range;
  }

  add({ alerts, runs, suppressed }: RunBatch): void {
    const { id } = this.rule.document;
    for (const { ruleId, slot, funnel, byException } of runs) {
      if (ruleId !== id) continue;
      this.slots.set(slot, addFunnels(this.slots.get(slot) ?? EMPTY_FUNNEL, funnel));
      for (const [exception, count] of byException ?? []) {
        this.byException.set(exception, (this.byException.get(exception) ?? 0) + count);
      }
    }
    for (const { alert } of alerts) {
      if (alert.rule.id !== id) continue;
      if (this.ids.size < MOST_COMPARED) this.ids.add(alert.id);
      else this.isCut = true;
      if (this.alerts.length >= MOST_ALERTS) continue;
      this.alerts.push(lineOf(alert));
      this.suppressed.set(alert.id, 0);
    }
    for (const { alertId, counted } of suppressed) {
      const before = this.suppressed.get(alertId);
      if (before !== undefined) this.suppressed.set(alertId, before + counted.length);
    }
  }

  report(warnings: readonly RunWarning[], names: ReadonlyMap<string, string>): RuleBacktest {
    const { id, name, maxAlerts, schedule } = this.rule.document;
    const { interval } = scheduleWindow(schedule);
    const first = Math.floor(this.range.from / interval);
    const runs = Math.max(0, Math.ceil(this.range.to / interval) - first);
    return {
      id,
      name,
      funnel: [...this.slots.values()].reduce(addFunnels, EMPTY_FUNNEL),
      warnings,
      byException: [...this.byException].map(([one, removed]) => ({ id: one, name: names.get(one) ?? one, removed })),
      ...(this.range.uncapped === true ? {} : { cap: maxAlerts ?? DEFAULT_MAX_ALERTS }),
      interval,
      runs,
      bars: this.bars(first * interval, interval, runs),
      alerts: this.shown(),
    };
  }

  /** The first alerts, with what is counted on them by now. */
  shown(): readonly BacktestAlert[] {
    return this.alerts.map((alert) => {
      const count = this.suppressed.get(alert.id) ?? 0;
      return count === 0 ? alert : { ...alert, suppressed: count };
    });
  }

  private bars(from: number, interval: number, runs: number): BacktestBars {
    const width = interval * Math.max(1, Math.ceil(runs / MOST_BARS));
    const counts = Array.from({ length: Math.ceil((runs * interval) / width) }, () => EMPTY_FUNNEL);
    for (const [slot, funnel] of this.slots) {
      const at = Math.min(counts.length - 1, Math.max(0, Math.floor((slot - from) / width)));
      counts[at] = addFunnels(counts[at] ?? EMPTY_FUNNEL, funnel);
    }
    return { from: new Date(from).toISOString(), width, counts };
  }
}

function lineOf(alert: Alert): BacktestAlert {
  const event = alert.events.at(-1) ?? {};
  const text = (field: string) => {
    const value = valuesAt(event, field)[0];
    return value === undefined ? undefined : String(value).slice(0, LONGEST_TEXT);
  };
  const [host, user, command] = [text('host.name'), text('user.name'), text('process.command_line')];
  return {
    id: alert.id,
    time: alert.original_time,
    severity: alert.severity,
    reason: alert.reason.slice(0, LONGEST_TEXT),
    ...(host === undefined ? {} : { host }),
    ...(user === undefined ? {} : { user }),
    ...(command === undefined ? {} : { command_line: command }),
  };
}

function differenceOf(
  findings: RuleFindings,
  existing: Pick<StateStore, 'alerts'>,
  ledger: MemoryLedger,
  { from, to }: StoreRange,
): BacktestDifference {
  const gone: BacktestAlert[] = [];
  const known = new Set<string>();
  let [goneCount, suppressed, seen] = [0, 0, 0];
  let cursor: string | undefined;
  do {
    const page = existing.alerts({
      rule: findings.rule.document.id,
      status: 'open,acknowledged,closed',
      building_block: 'any',
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      sort: 'time',
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, time, severity, reason, host, user, command_line } of page.alerts) {
      seen += 1;
      if (findings.ids.has(id)) {
        known.add(id);
        continue;
      }
      goneCount += 1;
      if (ledger.isSuppressed(id)) suppressed += 1;
      if (gone.length >= MOST_DIFFERENCES) continue;
      gone.push({
        id,
        time,
        severity,
        reason,
        ...(host === undefined ? {} : { host }),
        ...(user === undefined ? {} : { user }),
        ...(command_line === undefined ? {} : { command_line }),
      });
    }
    cursor = page.next;
  } while (cursor !== undefined && seen < MOST_COMPARED);
  const created = findings.shown().filter(({ id }) => !known.has(id));
  return {
    created: findings.ids.size - known.size,
    gone: goneCount,
    same: known.size,
    suppressed,
    first: { created: created.slice(0, MOST_DIFFERENCES), gone },
    isCut: findings.isCut || cursor !== undefined,
  };
}
