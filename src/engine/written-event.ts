/**
 * An event as the event store takes it, with its document written out.
 */
import type { Event } from '../event/event.ts';
import { eventIdentity } from '../event/identity.ts';
import type { NewEvent } from '../store/event-store.ts';

export type WrittenEvent = NewEvent & { readonly json: string };

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
