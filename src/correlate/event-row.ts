/**
 * Events as JSON, so that what is remembered of them outlives the process: the whole document and the raw bytes, since
 * the alert needs both, and what tells the event apart. An event read back has the values and the identity it had.
 */
import { documentSource, Event, type Origin } from '../event/event.ts';
import type { Scalar } from '../event/field-path.ts';
import type { JsonObject } from '../event/json.ts';
import type { EventTime } from '../event/time.ts';
import type { PlacedEvent } from './placed-event.ts';

export interface EventRow {
  readonly time: TimeRow;
  readonly tiebreaker: Scalar | null;
  readonly arrival: number;
  readonly event: {
    /** The event's own time, where it was placed by another. */
    readonly time?: TimeRow;
    readonly format: string;
    readonly dataStreams: readonly string[];
    readonly standsInFor?: readonly string[];
    readonly origin?: Origin;
    readonly id?: string;
    readonly document: JsonObject;
    /** Base64. */
    readonly raw: string;
  };
}

/** Milliseconds and ticks. */
export type TimeRow = readonly [number, number];

export function toTimeRow({ ms, ticks }: EventTime): TimeRow {
  return [ms, ticks];
}

export function fromTimeRow([ms, ticks]: TimeRow): EventTime {
  return { ms, ticks };
}

export function toEventRow({ event, time, tiebreaker, arrival }: PlacedEvent): EventRow {
  return {
    time: toTimeRow(time),
    tiebreaker,
    arrival,
    event: {
      ...(event.time === time ? {} : { time: toTimeRow(event.time) }),
      format: event.format,
      dataStreams: event.dataStreams,
      ...(event.standsInFor.length === 0 ? {} : { standsInFor: event.standsInFor }),
      ...(event.origin === undefined ? {} : { origin: event.origin }),
      ...(event.id === undefined ? {} : { id: event.id }),
      document: event.document(),
      raw: Buffer.from(event.raw).toString('base64'),
    },
  };
}

export function fromEventRow({ time: row, tiebreaker, arrival, event }: EventRow): PlacedEvent {
  const time = fromTimeRow(row);
  const { document, raw, time: own, ...parts } = event;
  return {
    time,
    tiebreaker,
    arrival,
    event: new Event({
      ...parts,
      time: own === undefined ? time : fromTimeRow(own),
      source: documentSource(document),
      raw: new Uint8Array(Buffer.from(raw, 'base64')),
    }),
  };
}
