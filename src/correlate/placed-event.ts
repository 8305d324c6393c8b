/**
 * An event and its place in the order in which a correlation sees events: by time, then by a tiebreaker, then by
 * arrival. The order is strict: of two events one comes first, always the same one. That is Elasticsearch's order of
 * events in a sequence (timestamp, tiebreaker with missing ones last, the order within the index).
 */
import type { Event } from '../event/event.ts';
import type { Scalar } from '../event/field-path.ts';
import { compareTimes, type EventTime } from '../event/time.ts';
import { compareNumbers, compareText } from '../plan/predicate/scalar.ts';

export interface PlacedEvent {
  readonly event: Event;
  readonly time: EventTime;
  /** Null where the event has none. */
  readonly tiebreaker: Scalar | null;
  /** The how manieth event it is; no two are alike. */
  readonly arrival: number;
}

export function comparePlaces(a: PlacedEvent, b: PlacedEvent): number {
  return compareTimes(a.time, b.time) || compareTiebreakers(a.tiebreaker, b.tiebreaker) || a.arrival - b.arrival;
}

/** Whether from one time to another is more than so many milliseconds; exactly so many are not more. */
export function isLonger(from: EventTime, to: EventTime, span: number | undefined): boolean {
  return span !== undefined && compareTimes(to, after(from, span)) > 0;
}

/** The time so many milliseconds later. */
export function after(time: EventTime, ms: number): EventTime {
  return { ms: time.ms + ms, ticks: time.ticks };
}

// Numbers before text before nothing: what decides a tie must order any two values.
function compareTiebreakers(a: Scalar | null, b: Scalar | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  const [left, right] = [isNumber(a), isNumber(b)];
  if (left !== right) return left ? -1 : 1;
  return left ? (compareNumbers(a as string | number, b as string | number) ?? 0) : compareText(String(a), String(b));
}

function isNumber(value: Scalar): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.length <= 40 && /^-?\d+$/.test(value));
}
