/**
 * How far a correlation came for one key, told after the events: what it had of its steps, and what broke it.
 */
import type { LiteralValue } from '../plan/predicate/node.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';
import type { SequenceEnd } from './sequence-watcher.ts';

export type StoryEnd =
  | SequenceEnd
  /** Nothing broke it: the next event did not come. */
  | 'waiting'
  /** The event of its next step came before those of the steps before it. */
  | 'out-of-order'
  /** Of a sample: what its steps have is too few events, since none counts twice. */
  | 'same-event';

export interface Story {
  readonly key: readonly LiteralValue[];
  /** As `JoinedKey.text`. */
  readonly text: string;
  /** What came furthest of all that was begun for the key, by step. */
  readonly events: readonly (PlacedEvent | undefined)[];
  readonly end: StoryEnd;
  /** The event that broke it. */
  readonly by?: PlacedEvent;
  /** The step that it waited for, from 0; absent where each had its event. */
  readonly next?: number;
  readonly begun: number;
  readonly matched: number;
}

export interface Stories {
  /** Matches first, then what came nearest to one, the latest first. */
  readonly nearest: readonly Story[];
  /** How many keys there were; where some were forgotten for want of memory, those that came again count again. */
  readonly keys: number;
}

/** Keys remembered; beyond them the farther half is forgotten. */
export const MOST_STORIES = 10_000;

export function compareStories(a: Story, b: Story): number {
  return Number(b.end === 'matched') - Number(a.end === 'matched') || reached(b) - reached(a) || compareLast(b, a);
}

function reached({ events }: Story): number {
  return events.filter((placed) => placed !== undefined).length;
}

function compareLast(a: Story, b: Story): number {
  const [left, right] = [lastOf(a), lastOf(b)];
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  return comparePlaces(left, right);
}

function lastOf({ events, by }: Story): PlacedEvent | undefined {
  return events.findLast((placed) => placed !== undefined) ?? by;
}
