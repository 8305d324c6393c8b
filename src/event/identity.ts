/**
 * Which event an event is: the same for the same event read again, from wherever.
 *
 * In order: the store's id (`_id`), the sensor's (`event.id`), the place it was read from with its bytes, its bytes. The
 * place alone would not do: after a log is rotated, another event stands at the same offset of the same path.
 */
import { createHash } from 'node:crypto';
import type { Event } from './event.ts';

export function eventIdentity(event: Event): string {
  if (event.identity !== undefined) return event.identity;
  const given = event.id ?? event.text('event.id');
  if (given !== undefined) return `id:${given}`;
  const bytes = createHash('sha256').update(event.raw).digest('hex');
  return event.origin === undefined ? `bytes:${bytes}` : `at:${event.origin.path}:${event.origin.offset}:${bytes}`;
}
