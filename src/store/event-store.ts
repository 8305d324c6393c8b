/**
 * Events, kept so that an alert can be looked at beside what happened around it, an exception tried on what came before,
 * and rules run over what is past.
 *
 * Events are written in the order in which they came, and asked for by time, newest or oldest first. An event whose
 * identity is known is left as it is, so that reading a source again adds nothing. Each gets a number in the order of
 * arrival, so that a later run can ask for what came after an earlier one, whatever its time.
 */
import type { Origin } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';

/** An event as it is asked for: what it was, without when it came. */
export interface EventRecord {
  /** `eventIdentity`; unique in the store. */
  readonly id: string;
  /** Event time, epoch milliseconds. */
  readonly timeMs: number;
  /** The rest of the time in 100 ns, 0 to 9,999. */
  readonly ticks: number;
  readonly format: string;
  readonly dataStreams: readonly string[];
  readonly standsInFor: readonly string[];
  /** The whole ECS document as rules saw it; where it was read is apart. */
  readonly document: JsonObject;
  readonly origin?: Origin;
  /** Part of the sample capture; goes when that is removed. */
  readonly sample: boolean;
}

/** An event to be stored. */
export interface NewEvent extends EventRecord {
  /** `document` as JSON, where whoever appends has it already. */
  readonly json?: string;
}

export interface StoredEvent extends EventRecord {
  /** When it was stored, epoch milliseconds by the clock of then. */
  readonly ingestedMs: number;
  /** Greater than that of every event stored before it, whatever the clock did. */
  readonly arrival: number;
}

/**
 * Fields that a lookup by value is quick for. Each is compared exactly, as text, case and all; of a field with several
 * values any one will do.
 */
export const INDEXED_FIELDS = [
  'host.name',
  'user.name',
  'process.entity_id',
  'process.parent.entity_id',
  'process.name',
  'process.executable',
  'process.command_line',
  'process.hash.sha256',
] as const;
export type IndexedField = (typeof INDEXED_FIELDS)[number];

/** Which events; without anything, all. */
export interface EventFilter {
  /** Event time, epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** All must hold; each holds when the event has that value. */
  readonly where?: Readonly<Partial<Record<IndexedField, string>>>;
  /** Only events of this category (`event.category`). */
  readonly category?: string;
  /** Only events stored after the one of this number (`arrival`). */
  readonly arrivedAfter?: number;
  /** Only events stored from then on (`ingestedMs`). */
  readonly ingestedFrom?: number;
}

export interface EventQuery extends EventFilter {
  /** Default newest first. */
  readonly order?: 'newest' | 'oldest';
  /** Default 100. */
  readonly limit?: number;
  /** Goes on after the last event of an earlier answer. */
  readonly cursor?: string;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** For each of `events`, the cursor that goes on after it. */
  readonly cursors: readonly string[];
  /** The last of them, where there may be more. */
  readonly next?: string;
}

export interface EventStoreStatus {
  readonly events: number;
  readonly bytes: number;
  /** Event times, epoch milliseconds; absent in an empty store. */
  readonly oldest?: number;
  readonly newest?: number;
  /** How many went because of age or size since the store was opened. */
  readonly pruned: number;
  /** `arrival` of the last event stored; 0 where there was none. */
  readonly arrival: number;
  /** Parts that could not be read and were set aside; absent for none. */
  readonly damaged?: number;
  /** Memory of the objects of the thread that writes, where that has one of its own. */
  readonly heapBytes?: number;
  /** What could not be done, in words, where nothing is lost by it yet. */
  readonly problem?: string;
}

/** What can be asked, also beside the one who writes. */
export interface EventReader {
  event(id: string): Promise<StoredEvent | undefined>;
  query(query: EventQuery): Promise<EventPage>;
  /** How many events a filter holds for; counts no further than `upTo`. */
  count(filter: EventFilter, upTo?: number): Promise<number>;
  /**
   * Every event that the filter holds for, oldest first, in bounded memory; it may be left at any time. What is stored
   * while it goes on is in it where its time has not been passed yet.
   */
  scan(filter: EventFilter): AsyncIterable<StoredEvent>;
  /** How many hosts have an event with this value. */
  hostsWith(field: IndexedField, value: string): Promise<number>;
  /** How many hosts have an event. */
  hosts(): Promise<number>;
  status(): Promise<EventStoreStatus>;
  close(): Promise<void>;
}

export interface EventStore extends EventReader {
  /** `arrival` of the last event that is durable; 0 where there was none. */
  readonly lastArrival: number;
  /** All or none. Durable when it resolves. Calls that wait for each other are made durable together. */
  append(events: readonly NewEvent[]): Promise<void>;
  /** Which of these identities are stored: quick for thousands at a time. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes what is too old or too much, oldest first, so much at a time that others get their turn; true while there is more. */
  prune(nowMs: number): Promise<boolean>;
  /** Removes the sample's events. */
  removeSample(): Promise<number>;
}

/** What whoever takes events in asks of the store. */
export type EventWriter = Pick<
  EventStore,
  'lastArrival' | 'append' | 'known' | 'query' | 'status' | 'prune' | 'removeSample' | 'close'
>;
