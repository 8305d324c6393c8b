/**
 * Searching stored events over a store in this thread, a slice at a time.
 *
 *   search ──▶ slice of records ──condition──▶ found ──(time up? enough?)──▶ next slice, after whoever else waits
 *
 * A slice takes some tens of milliseconds, then the thread is free for others: several searches go on side by side, a
 * cancelled one ends, and none holds the others up. Where no events are stored everything is empty.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type {
  EventFilter,
  EventPage,
  EventQuery,
  EventReader,
  EventRecord,
  IndexedField,
} from '../store/event-store.ts';
import type {
  AskOptions,
  EventSearch,
  HuntFinds,
  SearchCondition,
  SearchOptions,
  SearchResult,
  StoredExtent,
} from './event-search.ts';
import { readyCondition } from './search-condition.ts';
import { huntStore } from './stored-hunt.ts';

/** The first page comes soon; of further ones, which cost some milliseconds each, there are fewer. */
const FIRST_SLICE = 200;
const SLICE = 1_000;
const DEFAULT_LIMIT = 100;
const DEFAULT_DEADLINE_MS = 2_000;
export const LONGEST_SEARCH_MS = 30_000;

/** @param store the store to ask, looked up for each question; nothing where no events are stored. Not closed. */
export function searchStore(store: () => Held): EventSearch {
  return {
    query: async (query, options) => ask(options, store, (held) => held.query(query), EMPTY),
    count: async (query: EventFilter, upTo, options) => ask(options, store, (held) => held.count(query, upTo), 0),
    hostsWith: async (field: IndexedField, value, options) =>
      ask(options, store, (held) => held.hostsWith(field, value), 0),
    event: async (id, options) => ask(options, store, (held) => held.event(id), undefined),
    status: async (options) => ask(options, store, extentOf, EMPTY_EXTENT),
    search: (query, condition, options = {}) => search(store, query, condition, options),
    hunt: async (filter, hunted, options = {}) =>
      ask(options, store, (held) => huntStore(held, filter, hunted, options, LONGEST_SEARCH_MS), NOTHING_FOUND),
    close: async () => {},
  };
}

const EMPTY: EventPage = Object.freeze({ events: [], cursors: [] });

const NOTHING_FOUND: HuntFinds = Object.freeze({
  kind: 'events',
  events: [],
  groups: [],
  found: 0,
  read: 0,
  dropped: 0,
});

const EMPTY_EXTENT: StoredExtent = Object.freeze({ events: 0, bytes: 0, hosts: 0, arrival: 0 });

type Held = EventReader | undefined | Promise<EventReader | undefined>;

/** What the store answers; `empty` where there is none. */
async function ask<T>(
  options: AskOptions | undefined,
  store: () => Held,
  answer: (store: EventReader) => Promise<T>,
  empty: T,
): Promise<T> {
  options?.signal?.throwIfAborted();
  const held = await store();
  return held === undefined ? empty : await answer(held);
}

async function extentOf(store: EventReader): Promise<StoredExtent> {
  const { pruned: _, ...extent } = await store.status();
  return { ...extent, hosts: await store.hosts() };
}

async function search(
  store: () => Held,
  query: EventQuery,
  condition: SearchCondition,
  options: SearchOptions,
): Promise<SearchResult> {
  const until = performance.now() + Math.min(options.deadlineMs ?? DEFAULT_DEADLINE_MS, LONGEST_SEARCH_MS);
  const { diagnostics, run } = readyCondition(condition);
  const finds = new Finds(options);
  if (run === undefined) return { ...finds.result(false), diagnostics };
  let asked = { ...run.narrow(query), limit: FIRST_SLICE };
  for (;;) {
    options.signal?.throwIfAborted();
    const page = (await (await store())?.query(asked)) ?? EMPTY;
    for (const [index, record] of page.events.entries()) {
      if (finds.isEnough) return { ...finds.result(true), diagnostics };
      if (finds.hasLooked && performance.now() >= until) {
        const lookedAt = index === 0 ? asked.cursor : page.cursors[index - 1];
        return { ...finds.result(true, lookedAt), stoppedAt: record.timeMs, diagnostics };
      }
      finds.look(record, page.cursors[index] as string, run.holds(record));
    }
    if (page.next === undefined) return { ...finds.result(false), diagnostics };
    asked = { ...asked, cursor: page.next, limit: SLICE };
    await breathe();
  }
}

/** What a search has found so far. */
class Finds {
  private readonly limit: number;
  private readonly countUpTo: number;
  private readonly events: EventRecord[] = [];
  private found = 0;
  private read = 0;
  /** The cursor after the last of `events`. */
  private lastShown: string | undefined;

  constructor({ limit = DEFAULT_LIMIT, countUpTo = limit }: SearchOptions) {
    this.limit = limit;
    this.countUpTo = Math.max(limit, countUpTo);
  }

  /** Until then there is nothing to go on from, however late it is. */
  get hasLooked(): boolean {
    return this.read > 0;
  }

  get isEnough(): boolean {
    return this.found >= this.countUpTo;
  }

  look(record: EventRecord, cursor: string, holds: boolean): void {
    this.read += 1;
    if (!holds) return;
    this.found += 1;
    if (this.events.length >= this.limit) return;
    this.events.push(record);
    this.lastShown = cursor;
  }

  /**
   * @param isMore whether events are left that were not looked at
   * @param lookedAt the cursor after the last one that was
   */
  result(isMore: boolean, lookedAt?: string): Omit<SearchResult, 'diagnostics' | 'stoppedAt'> {
    const { events, found, read } = this;
    const isFull = events.length >= this.limit;
    const next = found > events.length || (isMore && isFull) ? this.lastShown : lookedAt;
    return { events, found, read, ...(next === undefined ? {} : { next }) };
  }
}
