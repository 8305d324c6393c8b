/**
 * Events in, alerts out: the path that scan, watch and the service share.
 *
 *   event ──process table──▶ enriched ──matcher──▶ match ──(held)──drain──▶ decide, per rule and slot ──▶ alert
 *
 * Matching and deciding are apart because deciding needs to know what exists: the service decides where it commits, in
 * the transaction that also moves the read position; a scan decides after each batch.
 */
import type { Alert } from '../detect/alert.ts';
import { alertId } from '../detect/alert-id.ts';
import { decide, EMPTY_FUNNEL, type Match } from '../detect/decide.ts';
import { type ExceptionSet, NO_EXCEPTIONS } from '../detect/exceptions/exception-set.ts';
import { renderAlert } from '../detect/render-alert.ts';
import { DEFAULT_MAX_ALERTS, slotOf } from '../detect/run-grid.ts';
import type { Event } from '../event/event.ts';
import { eventIdentity } from '../event/identity.ts';
import type { KnownProcess } from '../format/known-process.ts';
import { ProcessTable } from '../format/process-table.ts';
import { compileMatcher, type Matcher } from '../match/matcher.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { scheduleWindow } from '../rule/schedule.ts';
import type { NewAlert, RunCounters, StateStore } from '../store/state-store.ts';

/** What deciding needs to know of the past. */
export type Ledger = Pick<StateStore, 'hasAlert' | 'runCounters'>;

export interface Decided {
  readonly alerts: readonly NewAlert[];
  /** What this batch adds to each run's counters. */
  readonly runs: readonly RunCounters[];
}

export interface DetectorOptions {
  readonly rules: readonly LoadedRule[];
  /** Alerts a rule creates at most in a slot, instead of the rule's own maximum; `Infinity` for no cap. */
  readonly maxAlerts?: number;
  /** None where they are left out. */
  readonly exceptions?: ExceptionSet;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Pending {
  readonly rule: LoadedRule;
  readonly slot: number;
  readonly match: Match;
  readonly raw: Uint8Array;
  readonly ancestry: readonly KnownProcess[];
  readonly sample: boolean;
}

export class Detector {
  /** Parents and ancestry; may be taught of processes that were there before the first event. */
  readonly processes = new ProcessTable();
  private readonly options: DetectorOptions;
  private rules: readonly LoadedRule[];
  private matcher: Matcher;
  private exceptions: ExceptionSet;
  private pending: Pending[] = [];

  constructor(options: DetectorOptions) {
    this.options = options;
    this.rules = options.rules;
    this.matcher = compileRules(options.rules);
    this.exceptions = options.exceptions ?? NO_EXCEPTIONS;
  }

  /** Goes on with other rules from the next event on; what has matched already stays. */
  replaceRules(rules: readonly LoadedRule[]): void {
    this.rules = rules;
    this.matcher = compileRules(rules);
  }

  /** Decides by other exceptions from now on, also what has matched already and was not decided yet. */
  replaceExceptions(exceptions: ExceptionSet): void {
    this.exceptions = exceptions;
  }

  /** Matches one event. Events of one host must come in the order in which they happened, as far as known. */
  observe(event: Event, sample = false): void {
    this.processes.observe(event);
    this.matcher.match(event, (index) => {
      const rule = this.rules[index] as LoadedRule;
      this.pending.push({
        rule,
        slot: slotOf(event.time.ms, scheduleWindow(rule.document.schedule).interval),
        match: { alertId: alertId(rule.document.id, [eventIdentity(event)]), events: [event] },
        raw: Uint8Array.from(event.raw),
        ancestry: this.processes.ancestry(event),
        sample,
      });
    });
  }

  /** How many matches wait to be decided. */
  get waiting(): number {
    return this.pending.length;
  }

  /** Decides what has matched since the last time. */
  drain(ledger: Ledger): Decided {
    const pending = this.pending;
    this.pending = [];
    const created = new Set<Match>();
    const runs = [...groupByRun(pending)].map(([, group]) => {
      const { rule, slot } = group[0] as Pending;
      const before = ledger.runCounters(rule.document.id, slot);
      const cap = this.options.maxAlerts ?? rule.document.maxAlerts ?? DEFAULT_MAX_ALERTS;
      const decision = decide(
        { cap, created: before.created },
        group.map(({ match }) => match),
        {
          isKnown: (id) => ledger.hasAlert(id),
          exceptedBy: ({ events }) => this.exceptions.exceptedBy(rule.document.id, events)?.id,
        },
      );
      for (const match of decision.created) created.add(match);
      return { ruleId: rule.document.id, slot, funnel: decision.funnel, byException: decision.byException };
    });
    const alerts = pending.filter(({ match }) => created.has(match)).map((one) => this.render(one));
    return { alerts, runs };
  }

  private render({ rule, match, ancestry, sample, raw }: Pending): NewAlert {
    const now = this.options.now();
    const alert: Alert = renderAlert(match, { rule: rule.document, plan: rule.plan, now, ancestry, sample });
    return { alert, raw };
  }
}

/** What has been created, kept in memory: for a scan, which has no store. */
export class MemoryLedger implements Ledger {
  private readonly alerts = new Set<string>();
  private readonly created = new Map<string, number>();

  hasAlert(id: string): boolean {
    return this.alerts.has(id);
  }

  runCounters(ruleId: string, slot: number) {
    return { ...EMPTY_FUNNEL, created: this.created.get(`${slot} ${ruleId}`) ?? 0 };
  }

  record(decided: Decided): void {
    for (const { alert } of decided.alerts) this.alerts.add(alert.id);
    for (const { ruleId, slot, funnel } of decided.runs) {
      if (funnel.created === 0) continue;
      const key = `${slot} ${ruleId}`;
      this.created.set(key, (this.created.get(key) ?? 0) + funnel.created);
    }
  }
}

function compileRules(rules: readonly LoadedRule[]): Matcher {
  return compileMatcher(
    rules.map(({ document, plan }) => ({
      predicate: plan.predicate,
      reads: compileIndexPatterns(document.indexPatterns),
    })),
  );
}

function groupByRun(pending: readonly Pending[]): ReadonlyMap<string, Pending[]> {
  const groups = new Map<string, Pending[]>();
  for (const one of pending) {
    const key = `${one.slot} ${one.rule.document.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
