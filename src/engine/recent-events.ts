/**
 * The last events of a source, raw and in ECS: so many, and of a long one only the beginning.
 *
 * Putting a document together costs far more than matching an event, so it is done for whoever asks, never as they come.
 * Sound because an event's values do not come from its `raw` bytes, which may be reused and are copied.
 */
import type { Event } from '../event/event.ts';
import { formatTime } from '../event/time.ts';
import { kindOf } from './event-tally.ts';
import type { RecentEvent } from './source-profile.ts';

const KEPT = 20;
const LONGEST_RAW = 32 * 1024;
const LONGEST_KIND = 300;

export class RecentEvents {
  private readonly kept: (() => RecentEvent)[] = [];

  /** `number`: the how manieth of the source it is. */
  add(event: Event, number: number): void {
    this.kept.push(keep(event, number));
    if (this.kept.length > KEPT) this.kept.shift();
  }

  /** Newest first. */
  list(): readonly RecentEvent[] {
    return this.kept.map((show) => show()).reverse();
  }
}

function keep(event: Event, number: number): () => RecentEvent {
  const raw = Buffer.from(event.raw.subarray(0, LONGEST_RAW));
  if (event.raw.length <= LONGEST_RAW) {
    return () => ({ ...inWords(event, raw, number), is_cut: false, document: event.document() });
  }
  // The event itself is let go.
  const shown = { ...inWords(event, raw, number), is_cut: true };
  return () => shown;
}

function inWords(event: Event, raw: Uint8Array, number: number): Omit<RecentEvent, 'is_cut' | 'document'> {
  const { time, format } = event;
  const kind = kindOf(event).slice(0, LONGEST_KIND);
  return { number, time: formatTime(time), format, kind, raw: Buffer.from(raw).toString('utf8') };
}
