/** An event as an explanation names it, and the one that came nearest to what was asked. */
import { describeEvent } from '../detect/sentence.ts';
import type { Event } from '../event/event.ts';
import { formatTime } from '../event/time.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { type ClauseObstacle, distanceOf, findObstacles } from '../plan/predicate/obstacles.ts';
import type { NearMiss, SeenEvent } from './correlation-explanation.ts';

export interface Nearest {
  readonly event: Event;
  readonly obstacles: readonly ClauseObstacle[];
  readonly distance: number;
}

/**
 * The event where it lacks less than the one before it, else that one. What passes is no miss, and what is of another
 * sort no near one.
 * @param text that the predicate's spans point into
 */
export function nearerOf(
  nearest: Nearest | undefined,
  event: Event,
  predicate: Predicate,
  text: string,
): Nearest | undefined {
  const obstacles = findObstacles(predicate, event, text);
  if (obstacles.length === 0 || obstacles.some(({ field }) => field === 'event.category')) return nearest;
  const distance = distanceOf(obstacles);
  if (distance >= (nearest?.distance ?? Number.POSITIVE_INFINITY)) return nearest;
  event.keep();
  return { event, obstacles, distance };
}

export function nearMiss({ event, obstacles }: Nearest): NearMiss {
  return { ...seenEvent(event), obstacles };
}

export function seenEvent(event: Event): SeenEvent {
  const id = event.id ?? event.text('event.id');
  return {
    time: formatTime(event.time),
    sentence: describeEvent(event),
    ...(id === undefined ? {} : { id }),
  };
}
