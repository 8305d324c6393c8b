/**
 * A stored event as the `Event` it was: same values, data streams and place, so a condition holds for it exactly if it
 * did when it came.
 */
import { documentSource, Event } from '../event/event.ts';
import type { EventRecord } from '../store/event-store.ts';

/** Its identity is kept with it: the bytes that it was taken from are not stored. */
export function eventOfRecord(record: EventRecord): Event {
  return new Event({
    time: { ms: record.timeMs, ticks: record.ticks },
    source: documentSource(record.document),
    raw: new Uint8Array(),
    identity: record.id,
    format: record.format,
    dataStreams: record.dataStreams,
    standsInFor: record.standsInFor,
    ...(record.origin === undefined ? {} : { origin: record.origin }),
  });
}
