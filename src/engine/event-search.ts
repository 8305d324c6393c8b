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
import type { OutputColumn } from '../language/language.ts';
import type { CorrelationPlan, EventPlan } from '../plan/plan.ts';
import type { LiteralValue, Predicate } from '../plan/predicate/node.ts';
import type {
  EventFilter,
  EventPage,
  EventQuery,
  EventRecord,
  EventStoreStatus,
  IndexedField,
} from '../store/event-store.ts';

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
  /** What a compiled query finds in the stored events within `filter`, with how it lies in time. */
  hunt(filter: EventFilter, ask: HuntAsk, options?: HuntOptions): Promise<HuntFinds>;
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

export interface HuntAsk {
  readonly plan: EventPlan | CorrelationPlan;
  /** Computed of each event beside it. */
  readonly columns?: readonly OutputColumn[];
  /** Events found at most, any of them. */
  readonly take?: number;
}

/** `limit` of events, or of groups of events; milliseconds, default 10,000, at most 30,000. */
export type HuntOptions = Pick<SearchOptions, 'signal' | 'limit' | 'deadlineMs'>;

export interface HuntFinds {
  /** `groups`: sequences or samples. */
  readonly kind: 'events' | 'groups';
  /** Newest first; where the query has pipes, oldest first. At most `limit`. */
  readonly events: readonly HuntedEvent[];
  /** The latest first. At most `limit`. */
  readonly groups: readonly HuntedGroup[];
  /** All that were found in what was read. */
  readonly found: number;
  /** Stored events looked at. */
  readonly read: number;
  /**
   * Present when the time was up: event time, epoch ms, that was come to. Groups, and events behind pipes, are looked for
   * from the oldest event on, others from the newest back.
   */
  readonly stoppedAt?: number;
  /** Join keys of sequences that were given up for want of memory. */
  readonly dropped: number;
  /** Absent where nothing is stored of the time asked for. */
  readonly bars?: HuntBars;
}

export interface HuntedEvent {
  readonly record: EventRecord;
  /** The columns asked for, by name. */
  readonly row?: Readonly<Record<string, LiteralValue>>;
}

export interface HuntedGroup {
  readonly key: readonly LiteralValue[];
  /** One for each step; null for an event that had to be missing. */
  readonly events: readonly (EventRecord | null)[];
}

/** Found in each stretch of time; of a group its last event counts. */
export interface HuntBars {
  /** Epoch milliseconds. */
  readonly start: number;
  /** Milliseconds. */
  readonly width: number;
  readonly counts: readonly number[];
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
