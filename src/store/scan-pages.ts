/**
 * A scan made of pages: for any store whose pages go on exactly where the last one ended.
 */
import type { EventFilter, EventPage, EventQuery, StoredEvent } from './event-store.ts';

/** Oldest first. Holds two pages at most: the one that is handed out and, while it is, the next. */
export async function* scanPages(
  query: (query: EventQuery) => Promise<EventPage>,
  filter: EventFilter,
  pageSize: number,
): AsyncGenerator<StoredEvent, void, undefined> {
  const ask = (cursor?: string): Promise<EventPage> =>
    query({ ...filter, order: 'oldest', limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
  for (let page = await ask(); ; ) {
    const following = page.next === undefined ? undefined : ask(page.next);
    // Whoever leaves the scan does not wait for it; its failure is told when it is its turn.
    following?.catch(() => {});
    yield* page.events;
    if (following === undefined) return;
    page = await following;
  }
}
