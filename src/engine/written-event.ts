/**
 * An event as the event store takes it, with its document written out.
 */
import type { Event, Origin } from '../event/event.ts';
import { eventIdentity } from '../event/identity.ts';
import type { JsonObject } from '../event/json.ts';
import type { NewEvent } from '../store/event-store.ts';

export type WrittenEvent = NewEvent & { readonly json: string };

/**
 * As `writtenEvent`, of one that waits to be stored: of its document only the text is held. A document is a hundred objects, which
 * would live just long enough to be moved by the collector of garbage twice.
 */
export function waitingEvent(event: Event, sample: boolean): WrittenEvent | undefined {
  const written = writtenEvent(event, sample);
  return written && new WaitingEvent(written);
}

class WaitingEvent implements WrittenEvent {
  readonly id: string;
  readonly timeMs: number;
  readonly ticks: number;
  readonly format: string;
  readonly dataStreams: readonly string[];
  readonly standsInFor: readonly string[];
  readonly origin?: Origin;
  readonly sample: boolean;
  readonly json: string;

  constructor({ id, timeMs, ticks, format, dataStreams, standsInFor, origin, sample, json }: WrittenEvent) {
    this.id = id;
    this.timeMs = timeMs;
    this.ticks = ticks;
    this.format = format;
    this.dataStreams = dataStreams;
    this.standsInFor = standsInFor;
    if (origin !== undefined) this.origin = origin;
    this.sample = sample;
    this.json = json;
  }

  /** Made anew each time. */
  get document(): JsonObject {
    return JSON.parse(this.json) as JsonObject;
  }
}

/** `undefined` for a document nested so deep that it cannot be written. */
export function writtenEvent(event: Event, sample: boolean): WrittenEvent | undefined {
  const document = event.sharedDocument();
  try {
    const { time, format, dataStreams, standsInFor, origin } = event;
    return {
      id: eventIdentity(event),
      timeMs: time.ms,
      ticks: time.ticks,
      format,
      dataStreams,
      standsInFor,
      document,
      ...(origin === undefined ? {} : { origin }),
      sample,
      json: JSON.stringify(document),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
