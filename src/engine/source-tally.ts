/**
 * What one live source brings, counted as it comes.
 *
 *   event ─┬─▶ EventTally ──────────────┬─▶ profile
 *          ├─▶ RecentEvents ────────────┤
 *          └─LookBudget─▶ FieldTally ───┤
 *   reject ──▶ RejectTally ─────────────┘
 *
 * Bounded in memory and in time: a source may run for months and bring anything.
 */
import type { Event } from '../event/event.ts';
import type { Reject } from '../format/format.ts';
import { EventTally } from './event-tally.ts';
import { FieldTally } from './field-report.ts';
import type { SourceStatus } from './live-status.ts';
import { LookBudget } from './look-budget.ts';
import { RecentEvents } from './recent-events.ts';
import { RejectTally } from './reject-tally.ts';
import type { SourceProfile, SourceRate, SourceSummary } from './source-profile.ts';

const MOST_NAMES = 2_000;
const MOST_FIELDS = 1_000;
const MOST_VALUES = 16;
const SUMMARY_TOP = 3;
const PROFILE_TOP = 12;
const COLUMNS = 60;

const SLOT_MS = 5_000;
const MINUTE_SLOTS = 60_000 / SLOT_MS;
const QUARTER_HOUR_SLOTS = 15 * MINUTE_SLOTS;

export class SourceTally {
  private readonly events = new EventTally(MOST_NAMES);
  private readonly fields = new FieldTally(MOST_FIELDS, MOST_VALUES);
  private readonly recent = new RecentEvents();
  private readonly rejects = new RejectTally(undefined);
  private readonly arrivals = new Arrivals();
  private readonly budget = new LookBudget();
  private seen = 0;
  private sampled = 0;

  /** `now`: when it came in, epoch ms. After whatever enriches the event. */
  addEvent(event: Event, now: number): void {
    this.events.add(event);
    this.arrivals.add(now);
    this.seen += 1;
    this.recent.add(event, this.seen);
    if (!this.budget.take(now)) return;
    this.sampled += 1;
    this.fields.add(event);
  }

  addReject(reject: Reject): void {
    this.rejects.add(reject);
  }

  summary(status: SourceStatus, now: number): SourceSummary {
    const { formats, hosts } = this.events.summary(SUMMARY_TOP, COLUMNS);
    return { ...status, formats, hosts: hosts.different, rate: this.arrivals.rate(now) };
  }

  profile(status: SourceStatus, now: number): SourceProfile {
    return {
      ...this.summary(status, now),
      counts: this.events.summary(PROFILE_TOP, COLUMNS),
      rejects: this.rejects.summary(),
      fields: { ...this.fields.summary(), sampled: this.sampled },
      recent: this.recent.list(),
    };
  }
}

/** How many events came in of late, in slots of five seconds, for a quarter of an hour. */
class Arrivals {
  private readonly slots = new Map<number, number>();

  add(now: number): void {
    const slot = Math.floor(now / SLOT_MS);
    const count = this.slots.get(slot);
    this.slots.set(slot, (count ?? 0) + 1);
    if (count === undefined) this.forget(slot);
  }

  rate(now: number): SourceRate {
    const slot = Math.floor(now / SLOT_MS);
    const within = (slots: number) =>
      [...this.slots].reduce((sum, [at, count]) => (at > slot - slots && at <= slot ? sum + count : sum), 0);
    return { last_minute: within(MINUTE_SLOTS), last_quarter_hour: within(QUARTER_HOUR_SLOTS) };
  }

  /** Also what lies ahead of a clock that was set back. */
  private forget(slot: number): void {
    for (const at of this.slots.keys()) if (at <= slot - QUARTER_HOUR_SLOTS || at > slot) this.slots.delete(at);
  }
}
