/** What whoever takes events in and the thread that writes them say to each other. Plain data: it crosses threads. */
import type { Origin } from '../event/event.ts';
import type { EventPage, EventQuery, EventStoreStatus, NewEvent } from './event-store.ts';
import type { SegmentStoreOptions } from './segments/segment-store.ts';
import type { StoreErrorCode } from './store-error.ts';
import { TextEvent } from './text-event.ts';

/**
 * Events by columns, their documents as text: what crosses threads is copied, a text in one piece, an object with the name of each of
 * its members.
 */
export interface EventParcel {
  readonly ids: readonly string[];
  readonly times: readonly number[];
  readonly ticks: readonly number[];
  readonly documents: readonly string[];
  readonly origins: readonly (Origin | undefined)[];
  /** Places in `kinds`. */
  readonly kindOf: readonly number[];
  readonly kinds: readonly EventKind[];
}

/** What events of a source have in common. */
type EventKind = Pick<NewEvent, 'format' | 'dataStreams' | 'standsInFor' | 'sample'>;

export function parcelOf(events: readonly NewEvent[]): EventParcel {
  const kinds: EventKind[] = [];
  const kindOf = events.map(({ format, dataStreams, standsInFor, sample }) => {
    const known = kinds.findIndex(
      (kind) =>
        kind.format === format &&
        kind.sample === sample &&
        isSame(kind.dataStreams, dataStreams) &&
        isSame(kind.standsInFor, standsInFor),
    );
    return known === -1 ? kinds.push({ format, dataStreams, standsInFor, sample }) - 1 : known;
  });
  return {
    ids: events.map(({ id }) => id),
    times: events.map(({ timeMs }) => timeMs),
    ticks: events.map(({ ticks }) => ticks),
    // Who holds a text makes a document of it where one is asked for.
    documents: events.map((event) => event.json ?? JSON.stringify(event.document)),
    origins: events.map(({ origin }) => origin),
    kindOf,
    kinds,
  };
}

export function unpacked(parcel: EventParcel): readonly NewEvent[] {
  const { times, ticks, documents, origins, kindOf, kinds } = parcel;
  return parcel.ids.map((id, at) => {
    const { format, dataStreams, standsInFor, sample } = kinds[kindOf[at] as number] as EventKind;
    const origin = origins[at];
    return new TextEvent({
      ...{ id, timeMs: times[at] as number, ticks: ticks[at] as number, format, dataStreams, standsInFor, sample },
      ...(origin === undefined ? {} : { origin }),
      json: documents[at] as string,
    });
  });
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at]);
}

export interface EventThreadSettings {
  readonly folder: string;
  readonly options: Omit<SegmentStoreOptions, 'now'>;
  /** The manifest is known to be, though it may open. */
  readonly isDamaged: boolean;
}

export type EventCall =
  | ({ readonly kind: 'open' } & EventThreadSettings)
  | { readonly kind: 'append'; readonly events: EventParcel }
  | { readonly kind: 'known'; readonly ids: readonly string[] }
  | { readonly kind: 'query'; readonly query: EventQuery }
  | { readonly kind: 'status' }
  | { readonly kind: 'prune'; readonly nowMs: number }
  | { readonly kind: 'remove-sample' }
  | { readonly kind: 'close' };

export interface EventAnswers {
  /** Where a damaged file was moved to. */
  readonly open: string | undefined;
  readonly append: undefined;
  readonly known: ReadonlySet<string>;
  readonly query: EventPage;
  readonly status: EventStoreStatus;
  readonly prune: boolean;
  readonly 'remove-sample': number;
  readonly close: undefined;
}

export interface EventRequest {
  readonly call: number;
  readonly ask: EventCall;
}

export type EventMessage = {
  readonly call: number;
  /** `lastArrival`, by then. */
  readonly arrival: number;
} & ({ readonly value: EventAnswers[EventCall['kind']] } | { readonly refused: Refused });

/** An error as it crosses threads. */
export interface Refused {
  readonly message: string;
  /** Of a `StoreError`; another error has none. */
  readonly code?: StoreErrorCode;
  readonly hint?: string;
}
