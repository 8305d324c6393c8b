/**
 * What finds the matches of one rule that does not alert on each of its events, over windows of time that rise.
 *
 *   events that the rule's query holds for and no exception removes ──observe──▶ finder ──find(window)──▶ matches
 *
 * Invariant: what is found depends on the events, the windows and what was remembered alone, never on when or in which
 * order events came before `find`. So runs on schedule, over any range and over files give the same.
 */
import type { Tallied } from '../../detect/tallied.ts';
import type { Event } from '../../event/event.ts';
import { eventIdentity } from '../../event/identity.ts';
import { compareTimes } from '../../event/time.ts';

export interface TallyWindow {
  /** The slot that its matches count in: its start and its end, epoch milliseconds. */
  readonly slot: number;
  readonly end: number;
  /** Event times that it looks at, epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface TallyMatch {
  /** What its alert's id is made of, besides the rule's. */
  readonly identity: readonly string[];
  /** In the order of time; at least one. */
  readonly events: readonly Event[];
  readonly tallied: Tallied;
}

/** An event at the time by which its rule counts it. */
export interface TimedEvent {
  readonly ms: number;
  readonly ticks: number;
  readonly id: string;
  readonly event: Event;
}

export interface TallyFinder {
  /** @param ms the time that the rule counts it by, where that is not the event's own */
  observe(event: Event, ms?: number): void;
  /** What a window holds, and forgets what no later one looks at. Windows must rise. */
  find(window: TallyWindow): readonly TallyMatch[];
  /** Events that it holds. */
  readonly held: number;
  /** Gives up the oldest of what it holds. */
  giveUp(): void;
  /** How much was given up so far: matches may be missing. */
  readonly dropped: number;
  /** What the next window's finder has to be made with, otherwise than before; `undefined` forgets. */
  memory(): ReadonlyMap<string, string | undefined>;
}

export function timedEvent(event: Event, ms?: number): TimedEvent {
  event.keep();
  const time = ms === undefined ? event.time : { ms, ticks: 0 };
  return { ...time, id: eventIdentity(event), event };
}

/** By time; of one time by identity, so that the order is the same however events came. */
export function compareTimed(a: TimedEvent, b: TimedEvent): number {
  return compareTimes(a, b) || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** Events in order, put in order only when something was added since: windows are many, and most hold little. */
export class TimedEvents<Row extends TimedEvent = TimedEvent> {
  private rows: Row[] = [];
  private isOrdered = true;

  get size(): number {
    return this.rows.length;
  }

  add(row: Row): void {
    const last = this.rows.at(-1);
    if (last !== undefined && compareTimed(last, row) > 0) this.isOrdered = false;
    this.rows.push(row);
  }

  /** Takes out what lies before a time. */
  takeBefore(ms: number): readonly Row[] {
    const later = this.ordered().findIndex((row) => row.ms >= ms);
    return this.rows.splice(0, later === -1 ? this.rows.length : later);
  }

  takeHalf(): readonly Row[] {
    return this.ordered().splice(0, Math.ceil(this.rows.length / 2));
  }

  ordered(): Row[] {
    if (!this.isOrdered) this.rows.sort(compareTimed);
    this.isOrdered = true;
    return this.rows;
  }
}

/** An event must not make groups without end out of several long arrays. */
const MOST_COMBINATIONS = 1_000;

/**
 * The combinations of an event's values of some fields, each once: of an array every member on its own, as Elastic groups.
 * None where a field is missing; one that is empty for no fields.
 */
export function combinationsOf(event: Event, fields: readonly string[]): readonly (readonly string[])[] {
  let combinations: readonly (readonly string[])[] = [[]];
  for (const field of fields) {
    const values = [...new Set(event.values(field).map(String))];
    combinations = combinations.flatMap((begun) => values.map((value) => [...begun, value]));
    if (combinations.length > MOST_COMBINATIONS) combinations = combinations.slice(0, MOST_COMBINATIONS);
  }
  return combinations;
}
