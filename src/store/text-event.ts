/**
 * An event on its way into the store, of whose document only the text is held.
 *
 * A document is a hundred objects. Those of a batch, held together, live just long enough to be moved by the collector of garbage
 * twice; made for one event at a time, they are gone before that.
 */
import type { Origin } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import type { NewEvent } from './event-store.ts';

type Written = Omit<NewEvent, 'document' | 'json'> & { readonly json: string };

export class TextEvent implements NewEvent {
  readonly id: string;
  readonly timeMs: number;
  readonly ticks: number;
  readonly format: string;
  readonly dataStreams: readonly string[];
  readonly standsInFor: readonly string[];
  readonly origin?: Origin;
  readonly sample: boolean;
  readonly json: string;

  constructor({ id, timeMs, ticks, format, dataStreams, standsInFor, origin, sample, json }: Written) {
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
