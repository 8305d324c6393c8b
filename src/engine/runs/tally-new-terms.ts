/**
 * Rules that alert on values, or combinations of values, that were not there before.
 *
 *   history ──────────────┬── window ──▶ event by event in order: when was each value there last? Not in the history: match
 *                         └─ when each was there last is kept from window to window
 *
 * An event that brings several new values is one match, which names them all: Elastic makes one alert of each. Where
 * windows overlap, a value that was seen in the one before is known, so that no second event alerts on it either, which
 * Elastic's rules do.
 */
import type { Event } from '../../event/event.ts';
import type { NewTerms } from '../../plan/tally.ts';
import {
  combinationsOf,
  type TallyFinder,
  type TallyMatch,
  type TallyWindow,
  TimedEvents,
  timedEvent,
} from './tally-finder.ts';

/** Of a rule's history so many values are kept; a value takes some 200 bytes. */
const MOST_TERMS = 500_000;

export class NewTermsFinder implements TallyFinder {
  dropped = 0;
  private readonly plan: NewTerms;
  private readonly rows = new TimedEvents();
  /** When a combination was there last, epoch milliseconds; the one that was seen longest ago first. */
  private readonly seen = new Map<string, number>();

  constructor(plan: NewTerms) {
    this.plan = plan;
  }

  get held(): number {
    return this.rows.size;
  }

  observe(event: Event, ms?: number): void {
    this.rows.add(timedEvent(event, ms));
  }

  /** An event of the history: it makes its values known, and is not held. */
  learn(event: Event, ms = event.time.ms): void {
    for (const terms of combinationsOf(event, this.plan.fields)) this.see(JSON.stringify(terms), ms);
  }

  giveUp(): void {
    for (const { event, ms } of this.rows.takeHalf()) {
      this.learn(event, ms);
      this.dropped += 1;
    }
  }

  find({ end, to }: TallyWindow): readonly TallyMatch[] {
    const start = end - this.plan.historyMs;
    const matches: TallyMatch[] = [];
    for (const { event, ms, id } of this.rows.takeBefore(to)) {
      const fresh = combinationsOf(event, this.plan.fields).filter((terms) => {
        const key = JSON.stringify(terms);
        const last = this.seen.get(key);
        this.see(key, ms);
        return last === undefined || last < start;
      });
      if (fresh.length === 0) continue;
      const terms = fresh.map((values) =>
        values.map((value, at) => ({ field: this.plan.fields[at] as string, value })),
      );
      matches.push({ identity: [id], events: [event], tallied: { kind: 'new-terms', terms } });
    }
    return matches;
  }

  /** What was there is in the stored events. */
  memory(): ReadonlyMap<string, string | undefined> {
    return new Map();
  }

  private see(key: string, ms: number): void {
    const last = this.seen.get(key);
    if (last !== undefined) this.seen.delete(key);
    this.seen.set(key, Math.max(ms, last ?? ms));
    if (this.seen.size <= MOST_TERMS) return;
    const [oldest] = this.seen.keys();
    if (oldest !== undefined) this.seen.delete(oldest);
    this.dropped += 1;
  }
}
