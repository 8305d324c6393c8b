/**
 * Recent events, kept so that an alert can be looked at beside what happened around it, and an exception tried on what
 * came before. A second implementation will keep more for longer behind the same interface.
 *
 * Events are written in the order in which they came, and asked for by time, newest or oldest first. An event whose
 * identity is known is left as it is, so that reading a source again adds nothing.
 */
import type { Origin } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';

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

export interface EventQuery {
  /** Epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** All must hold; each holds when the event has that value. */
  readonly where?: Readonly<Partial<Record<IndexedField, string>>>;
  /** Only events of this category (`event.category`). */
  readonly category?: string;
  /** Default newest first. */
  readonly order?: 'newest' | 'oldest';
  /** Default 100. */
  readonly limit?: number;
  /** Goes on after the last event of an earlier answer. */
  readonly cursor?: string;
}

export interface EventPage {
  readonly events: readonly EventRecord[];
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
}

export interface EventStore {
  /** All or none. Durable when it returns. */
  append(events: readonly NewEvent[]): void;
  event(id: string): EventRecord | undefined;
  query(query: EventQuery): EventPage;
  /** How many events a query holds for, without order, limit and cursor; counts no further than `upTo`. */
  count(query: EventQuery, upTo?: number): number;
  /** How many hosts have an event with this value. */
  hostsWith(field: IndexedField, value: string): number;
  /** How many hosts have an event. */
  hosts(): number;
  /** Removes what is too old or too much, oldest first, at most so much at a time that it takes no longer than a moment; true while there is more. */
  prune(nowMs: number): boolean;
  /** Removes the sample's events. */
  removeSample(): number;
  status(): EventStoreStatus;
  close(): void;
}
