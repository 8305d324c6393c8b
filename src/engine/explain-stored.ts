/**
 * The stored events that a sequence or a sample is explained on: those of a time, or those around one of them.
 */
import type { Event } from '../event/event.ts';
import type { EventQuery, EventRecord } from '../store/event-store.ts';
import type { EventSearch } from './event-search.ts';
import { eventOfRecord } from './stored-event.ts';

export interface StoredStream {
  /** In the order of time. */
  readonly events: readonly Event[];
  /** That there were more, in words. */
  readonly problems: readonly string[];
}

/** Reading one takes some 50 µs; so many take half a second. */
const MOST_EVENTS = 10_000;
const PAGE = 500;

type Events = Pick<EventSearch, 'query'>;

/** The first ones, where they are many. */
export async function storedBetween(
  search: Events,
  { from, to, host }: { readonly from: number; readonly to: number; readonly host?: string },
): Promise<StoredStream> {
  const where = host === undefined ? {} : { where: { 'host.name': host } };
  const { records, isCut } = await readUpTo(search, { from, to, ...where, order: 'oldest' }, MOST_EVENTS);
  return streamOf(records, isCut ? 'first' : undefined);
}

/** Those as near to an event as the rule looks, on its host and others; the nearest, where they are many. */
export async function storedAround(search: Events, { timeMs }: EventRecord, span: number): Promise<StoredStream> {
  const half = MOST_EVENTS / 2;
  const before = await readUpTo(search, { from: timeMs - span, to: timeMs, order: 'newest' }, half);
  const after = await readUpTo(search, { from: timeMs, to: timeMs + span + 1, order: 'oldest' }, half);
  return streamOf([...before.records.reverse(), ...after.records], before.isCut || after.isCut ? 'nearest' : undefined);
}

async function readUpTo(
  search: Events,
  query: EventQuery,
  most: number,
): Promise<{ readonly records: EventRecord[]; readonly isCut: boolean }> {
  const records: EventRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await search.query({ ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    records.push(...page.events);
    cursor = page.next;
  } while (cursor !== undefined && records.length < most);
  return { records, isCut: cursor !== undefined };
}

function streamOf(records: readonly EventRecord[], cut: 'first' | 'nearest' | undefined): StoredStream {
  const events = records.map(eventOfRecord);
  const told = `There are more stored events in that time: the ${cut} ${events.length.toLocaleString('en-US')} were looked at.`;
  return { events, problems: cut === undefined ? [] : [told] };
}
