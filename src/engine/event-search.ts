/**
 * Questions to the stored events, asked from anywhere without holding anybody up.
 *
 *   ask ──▶ EventSearch ─┬─ over a store, in this thread, in slices          (`searchStore`; tests, commands)
 *                        └─ over a thread that reads beside the writer      (`startQueryThread`; the service)
 *
 * Both answer alike. Whatever is asked, the answer comes by its deadline: with what was found until then, and how far
 * that reaches. Everything here is plain data, since it crosses threads.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { EventPage, EventQuery, EventRecord, EventStoreStatus, IndexedField } from '../store/event-store.ts';

export interface EventSearch {
  query(query: EventQuery, options?: AskOptions): Promise<EventPage>;
  /** How many events a query holds for, counted no further than `upTo`. */
  count(query: EventQuery, upTo?: number, options?: AskOptions): Promise<number>;
  /** How many hosts have an event with this value. */
  hostsWith(field: IndexedField, value: string, options?: AskOptions): Promise<number>;
  event(id: string, options?: AskOptions): Promise<EventRecord | undefined>;
  /** How much is stored, and how far back it reaches. */
  status(options?: AskOptions): Promise<StoredExtent>;
  /** The stored events within `query` that the condition holds for, in the order of `query`. */
  search(query: EventQuery, condition: SearchCondition, options?: SearchOptions): Promise<SearchResult>;
  close(): Promise<void>;
}

export interface StoredExtent extends Omit<EventStoreStatus, 'pruned'> {
  /** Hosts that have an event. */
  readonly hosts: number;
}

/** What an event has to be. `Event`s are made of stored ones as they were, so a rule's index patterns hold. */
export type SearchCondition =
  /** An EQL event query; what is wrong with it comes back in `diagnostics`. */
  | { readonly kind: 'eql'; readonly text: string }
  /** A compiled condition of whatever language, and the index patterns of its rule; without them all events are read. */
  | { readonly kind: 'predicate'; readonly predicate: Predicate; readonly indexPatterns?: readonly string[] };

export interface AskOptions {
  /** Aborting rejects with the signal's reason and ends the work. */
  readonly signal?: AbortSignal;
}

export interface SearchOptions extends AskOptions {
  /** How many of the events found are handed over. Default 100. */
  readonly limit?: number;
  /** How many are counted; more than `limit` for a number beside the first of them. Default `limit`. */
  readonly countUpTo?: number;
  /** Milliseconds for the whole search. Default 2,000, at most 30,000. */
  readonly deadlineMs?: number;
}

export interface SearchResult {
  readonly events: readonly EventRecord[];
  /** At most `countUpTo`; where it is that, there may be more. */
  readonly found: number;
  /** How many events were looked at. */
  readonly read: number;
  /** A cursor that goes on after the last of `events`, or after the last one looked at where the time was up. */
  readonly next?: string;
  /** Present when the time was up: event time, epoch ms, that the search had come to. */
  readonly stoppedAt?: number;
  /** What is wrong with the condition; with an error in it nothing was read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** It could not be asked: in words for people. */
export class SearchError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'SearchError';
    this.hint = hint;
  }
}
