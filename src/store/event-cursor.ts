/**
 * Where a page of events ends: the place of its last event in the order of time, written as `<ms>.<ticks>.<arrival>`.
 */
export interface EventPlace {
  readonly timeMs: number;
  readonly ticks: number;
  readonly arrival: number;
}

const CURSOR = /^(-?\d{1,16})\.(\d{1,4})\.(\d{1,15})$/;

/** Whether a text has the form of a cursor of an event store. */
export function isEventCursor(text: string): boolean {
  return CURSOR.test(text);
}

export function writeCursor({ timeMs, ticks, arrival }: EventPlace): string {
  return `${timeMs}.${ticks}.${arrival}`;
}

/** @throws {TypeError} for a text that was not checked. */
export function readCursor(cursor: string): EventPlace {
  const match = CURSOR.exec(cursor);
  if (match === null) throw new TypeError(`not a cursor of the event store: ${JSON.stringify(cursor)}`);
  const [timeMs, ticks, arrival] = match.slice(1).map(Number) as [number, number, number];
  return { timeMs, ticks, arrival };
}

/** Earlier first; of one time, whichever arrived first. */
export function comparePlaces(a: EventPlace, b: EventPlace): number {
  return a.timeMs - b.timeMs || a.ticks - b.ticks || a.arrival - b.arrival;
}
