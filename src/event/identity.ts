/**
 * Which event an event is: the same for the same event read again, from wherever.
 *
 * In order: the store's id (`_id`, of one index where it was sent to one), the sensor's (`event.id`), the place it was read
 * from with its bytes, its bytes. The place alone would not do: after a log is rotated, another event stands at the same
 * offset of the same path.
 */
import { createHash } from 'node:crypto';
import type { Event, Origin } from './event.ts';

export function eventIdentity(event: Event): string {
  if (event.identity !== undefined) return event.identity;
  const given = event.id ?? event.text('event.id');
  const item = event.origin?.item;
  if (given !== undefined) return item?.id === given ? itemIdentity(item) : `id:${given}`;
  const bytes = createHash('sha256').update(event.raw).digest('hex');
  return event.origin === undefined ? `bytes:${bytes}` : `at:${event.origin.path}:${event.origin.offset}:${bytes}`;
}

/** No index has a slash in its name. */
export function itemIdentity({ index, id }: NonNullable<Origin['item']>): string {
  return `id:${index}/${id}`;
}
