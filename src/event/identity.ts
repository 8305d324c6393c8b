/**
 * Which event an event is: the same for the same event read again, from wherever.
 *
 * In order: the store's id (`_id`), the sensor's (`event.id`), the place it was read from, its bytes.
 */
import { createHash } from 'node:crypto';
import type { Event } from './event.ts';

export function eventIdentity(event: Event): string {
  const given = event.id ?? event.text('event.id');
  if (given !== undefined) return `id:${given}`;
  if (event.origin !== undefined) return `at:${event.origin.path}:${event.origin.offset}`;
  return `bytes:${createHash('sha256').update(event.raw).digest('hex')}`;
}
