/**
 * Since when rules do not run because somebody wanted it so: a person here, or whoever keeps their files.
 *
 *   rules that are on ──another than before──▶ off: remembered since when · on again: the time between is a gap
 *   at the start ──on when the service ended, off now──▶ the time in between is a gap at once
 *
 * Which rules are on, and that the service runs, is kept in the store: what happens to files while it does not run shows
 * when it starts again.
 */
import type { Gap } from '../detect/run-record.ts';
import type { StateStore } from '../store/state-store.ts';
import { StoreError } from '../store/store-error.ts';
import { offSince, type RuleEntry } from './rule-book.ts';

export interface RuleSwitchesOptions {
  readonly store: Pick<StateStore, 'setting' | 'setSetting'> & {
    readonly runLog: Pick<StateStore['runLog'], 'covered'>;
  };
  readonly runs: { wasOff(ruleId: string, since: number, reason: Extract<Gap['reason'], 'paused' | 'disabled'>): void };
  readonly now: () => number;
}

const ON_SETTING = 'rules-on';
const RUNNING_SETTING = 'service-running-at';
/** After a crash a gap begins so much too early at most. */
const ALIVE_MS = 60_000;

export class RuleSwitches {
  private readonly options: RuleSwitchesOptions;
  private on: ReadonlySet<string>;
  private kept: string;
  /** When the service ran last before this start, epoch milliseconds. */
  private endedAt: number | undefined;
  private aliveAt = Number.NEGATIVE_INFINITY;

  constructor(options: RuleSwitchesOptions) {
    this.options = options;
    const { store } = options;
    this.kept = store.setting(ON_SETTING) ?? '[]';
    this.on = new Set(JSON.parse(this.kept) as string[]);
    const at = store.setting(RUNNING_SETTING);
    this.endedAt = at === undefined ? undefined : Number(at);
  }

  /** After each reading of the rules, when what runs has them. */
  follow(entries: readonly Pick<RuleEntry, 'document' | 'enabled'>[]): void {
    const { store, runs } = this.options;
    const { on: before, endedAt } = this;
    // Before any gap is written, so that the next one joins it.
    const now = this.options.now();
    this.on = new Set(entries.flatMap(({ document, enabled }) => (enabled ? [document.id] : [])));
    for (const { document, enabled } of entries) {
      const { id } = document;
      // At the start those that are on may have been off before: then it is remembered since when.
      if (enabled === before.has(id) && !(enabled && endedAt !== undefined)) continue;
      if (!enabled && endedAt !== undefined && endedAt < now) {
        runs.wasOff(id, Math.min(store.runLog.covered(id) ?? endedAt, endedAt), 'disabled');
      }
      this.switched(id, enabled, 'disabled', now);
    }
    this.endedAt = undefined;
    const kept = JSON.stringify([...this.on].sort());
    if (kept !== this.kept && this.keep(ON_SETTING, kept)) this.kept = kept;
    this.alive(true);
  }

  /** A person has stopped the rule for a while, or let it go on. */
  paused(id: string, isPaused: boolean): void {
    this.switched(id, !isPaused, 'paused', this.options.now());
  }

  /**
   * Keeps that the service runs, now and then.
   * @param isCertain even if that was kept a moment ago, as when the service ends
   */
  alive(isCertain = false): void {
    const now = this.options.now();
    if (!isCertain && Math.abs(now - this.aliveAt) < ALIVE_MS) return;
    if (this.keep(RUNNING_SETTING, String(now))) this.aliveAt = now;
  }

  /** What cannot be kept, as on a full disk, is kept when it is tried next; until then a gap would begin earlier. */
  private keep(key: string, value: string): boolean {
    try {
      this.options.store.setSetting(key, value);
      return true;
    } catch (error) {
      if (error instanceof StoreError) return false;
      throw error;
    }
  }

  /** From when a rule is off to when it is on again lies a gap. */
  private switched(id: string, runsNow: boolean, reason: 'paused' | 'disabled', now: number): void {
    const { store, runs } = this.options;
    const since = offSince(store, { id, reason, ...(runsNow ? {} : { now }) });
    if (runsNow && since !== undefined) runs.wasOff(id, since, reason);
  }
}
