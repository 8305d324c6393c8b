/**
 * Which event an event is: the same for the same event read again, from wherever.
 *
 * In order: the store's id (`_id`, of one index where it was sent to one), the sensor's (`event.id`), the place it was read
 * from with its bytes, its bytes. The place alone would not do: after a log is rotated, another event stands at the same
 * offset of the same path.
 */
import { hash } from 'node:crypto';
import type { Event, Origin } from './event.ts';

export function eventIdentity(event: Event): string {
  return event.identity ?? identityAt(event, event);
}

/** As `eventIdentity`, of an event that does not know where it was read, or from which bytes. */
export function identityAt(event: Event, { raw, origin }: Pick<Event, 'raw' | 'origin'>): string {
  const given = event.id ?? event.text('event.id');
  const item = origin?.item;
  if (given !== undefined) return item?.id === given ? itemIdentity(item) : `id:${given}`;
  const bytes = hash('sha256', raw, 'hex');
  return origin === undefined ? `bytes:${bytes}` : `at:${origin.path}:${origin.offset}:${bytes}`;
}

/** No index has a slash in its name. */
export function itemIdentity({ index, id }: NonNullable<Origin['item']>): string {
  return `id:${index}/${id}`;
}
