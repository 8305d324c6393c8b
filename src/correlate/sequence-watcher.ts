/**
 * Who is told what becomes of every sequence that was begun; for explaining, since the engine itself keeps only what can
 * still match. Events are told in the order in which the engine takes them.
 */
import type { JoinedKey } from './join-key.ts';
import type { PlacedEvent } from './placed-event.ts';
import type { Candidate } from './sequence-entry.ts';

export type SequenceEnd =
  | 'matched'
  /** The next event came later than the span allows. */
  | 'too-late'
  /** A later candidate took its place. */
  | 'replaced'
  | 'until'
  /** An event came that had to be missing. */
  | 'present';

export interface SequenceWatcher {
  /** @param isAlone nothing was remembered of the key: what it had begun before is over. The candidate grows as it goes on. */
  began(key: JoinedKey, candidate: Candidate, isAlone: boolean): void;
  /** @param by the event that ended it, where it was one and is known */
  ended(key: JoinedKey, candidate: Candidate, end: SequenceEnd, by?: PlacedEvent): void;
  /** An event of a later stage came, and there was no candidate for it. */
  unmet(key: JoinedKey, stage: number, placed: PlacedEvent): void;
  /** An event came that has to be missing before the first stage or between two; whether it counts is seen later. */
  unwanted(key: JoinedKey, placed: PlacedEvent): void;
}

export const NOBODY: SequenceWatcher = Object.freeze({ began() {}, ended() {}, unmet() {}, unwanted() {} });
