/**
 * What happened in several events, in one plain sentence: the first, what came last, how long between them.
 */
import type { Event } from '../event/event.ts';
import { describeEvent } from './sentence.ts';

/**
 * @param events in the order of time
 * @param isOpen the rule asks for an event after them that did not come
 */
export function describeEvents(events: readonly Event[], isOpen: boolean): string {
  const [first, ...rest] = events;
  if (first === undefined) return '';
  const last = rest.at(-1);
  const missing = isOpen ? ', and what should have followed did not' : '';
  if (last === undefined) return `${describeEvent(first)}${missing}`;
  const between =
    rest.length === 1 ? '' : rest.length === 2 ? ' and one event between' : ` and ${rest.length - 1} events between`;
  return `${describeEvent(first)}; ${spanOf(first, last)} later${between}: ${describeEvent(last)}${missing}`;
}

function spanOf(first: Event, last: Event): string {
  const ms = Math.abs(last.time.ms - first.time.ms);
  if (ms < 1_000) return `${ms} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
