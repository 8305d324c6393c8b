/**
 * Rules that alert on a number of events of the same values.
 *
 *   window ──group──▶ events of the same values, those alerted on already left out ──enough of them?──▶ match
 *
 * A match stands for the events up to its last one: they are not counted again for the same values, so that windows that
 * overlap do not alert twice on the same events. How far each group was counted is remembered from run to run (Elastic's
 * “signal history”). An alert is told from others by its group and its last event: whatever run finds it, and from
 * wherever that began to look, it is the same one. Elastic makes the time of the run part of the id, and alerts again
 * when a range is run again.
 */
import { createHash } from 'node:crypto';
import type { ThresholdResult } from '../../detect/tallied.ts';
import type { Event } from '../../event/event.ts';
import { compareTimes, type EventTime, formatTime } from '../../event/time.ts';
import type { Threshold } from '../../plan/tally.ts';
import {
  combinationsOf,
  compareTimed,
  type TallyFinder,
  type TallyMatch,
  type TallyWindow,
  type TimedEvent,
  TimedEvents,
  timedEvent,
} from './tally-finder.ts';

/** Of a match's events so many are shown: the last. */
const EVENTS_SHOWN = 100;
const KEYS_KEPT = 1_000;

export class ThresholdFinder implements TallyFinder {
  dropped = 0;
  private readonly threshold: Threshold;
  private readonly rows = new TimedEvents();
  /** By the key of a group, up to which time it was counted. */
  private readonly counted = new Map<string, EventTime>();
  private readonly changed = new Set<string>();
  /** Keys of groups that were seen lately. */
  private readonly keys = new Map<string, string>();

  /** @param remembered what `memory` gave */
  constructor(threshold: Threshold, remembered: ReadonlyMap<string, string> = new Map()) {
    this.threshold = threshold;
    for (const [key, text] of remembered) {
      const [, ms, ticks] = /^(-?\d+)\+(\d+)$/.exec(text) ?? [];
      if (ms !== undefined) this.counted.set(key, { ms: Number(ms), ticks: Number(ticks) });
    }
  }

  get held(): number {
    return this.rows.size;
  }

  observe(event: Event, ms?: number): void {
    this.rows.add(timedEvent(event, ms));
  }

  giveUp(): void {
    this.dropped += this.rows.takeHalf().length;
  }

  find({ from, to }: TallyWindow): readonly TallyMatch[] {
    this.rows.takeBefore(from);
    for (const [key, time] of this.counted) if (time.ms < from) this.forget(key);
    const groups = new Map<string, { readonly terms: readonly string[]; readonly rows: TimedEvent[] }>();
    for (const row of this.rows.ordered()) {
      if (row.ms >= to) break;
      for (const terms of combinationsOf(row.event, this.threshold.groupBy)) {
        const key = this.keyOf(terms);
        const counted = this.counted.get(key);
        if (counted !== undefined && compareTimes(row, counted) <= 0) continue;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, { terms, rows: [row] });
        else group.rows.push(row);
      }
    }
    const found = [...groups].flatMap(([key, { terms, rows }]) => {
      const match = this.judge(key, terms, rows);
      return match === undefined ? [] : [{ key, match, last: rows.at(-1) as TimedEvent }];
    });
    found.sort((a, b) => compareTimed(a.last, b.last) || (a.key < b.key ? -1 : 1));
    for (const { key, last } of found) {
      this.counted.set(key, { ms: last.ms, ticks: last.ticks });
      this.changed.add(key);
    }
    return found.map(({ match }) => match);
  }

  memory(): ReadonlyMap<string, string | undefined> {
    const changes = [...this.changed].map((key): [string, string | undefined] => {
      const time = this.counted.get(key);
      return [key, time === undefined ? undefined : `${time.ms}+${time.ticks}`];
    });
    this.changed.clear();
    return new Map(changes);
  }

  private judge(key: string, terms: readonly string[], rows: readonly TimedEvent[]): TallyMatch | undefined {
    const { groupBy, atLeast, cardinality } = this.threshold;
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined || rows.length < atLeast) return undefined;
    const different = cardinality === undefined ? undefined : differentValues(rows, cardinality.field);
    if (cardinality !== undefined && different !== undefined && different < cardinality.atLeast) return undefined;
    const result: ThresholdResult = {
      terms: groupBy.map((field, at) => ({ field, value: terms[at] as string })),
      count: rows.length,
      ...(cardinality === undefined || different === undefined
        ? {}
        : { cardinality: { field: cardinality.field, value: different } }),
      from: formatTime(first),
    };
    return {
      identity: [key, last.id],
      events: rows.slice(-EVENTS_SHOWN).map(({ event }) => event),
      tallied: { kind: 'threshold', result },
    };
  }

  /** Short, however long the values are, since it is kept. */
  private keyOf(terms: readonly string[]): string {
    const text = JSON.stringify([this.threshold.groupBy, terms]);
    const known = this.keys.get(text);
    if (known !== undefined) return known;
    const key = createHash('sha256').update(text).digest('hex').slice(0, 32);
    if (this.keys.size >= KEYS_KEPT) this.keys.clear();
    this.keys.set(text, key);
    return key;
  }

  private forget(key: string): void {
    this.counted.delete(key);
    this.changed.add(key);
  }
}

function differentValues(rows: readonly TimedEvent[], field: string): number {
  const values = new Set<string>();
  for (const { event } of rows) for (const value of event.values(field)) values.add(String(value));
  return values.size;
}
