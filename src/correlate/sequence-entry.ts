/**
 * What a sequence remembers for one key.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import { bytesOf } from './correlation.ts';
import type { JoinedKey } from './join-key.ts';
import type { KeyEntry } from './keyed-state.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';

/** A sequence that has begun. */
export interface Candidate {
  readonly events: PlacedEvent[];
  /** The last event before the first one that had to be missing. */
  readonly leading: EventTime | undefined;
  /** The first event after the last one that has to be missing before the next. */
  missing: EventTime | undefined;
  /** One that had to be missing was there: it goes on in the place of its stage, and never matches. */
  broken: boolean;
}

/** A sequence that is complete but for the missing event after it. */
export interface Waiting {
  /** It matches when no such event comes up to this time; `undefined` when none may ever come. */
  readonly deadline: EventTime | undefined;
  readonly entry: SequenceEntry;
  /** `undefined` once it is decided. */
  candidate: Candidate | undefined;
}

export interface SequenceEntry extends KeyEntry {
  /** By stage, without the last. */
  readonly candidates: (Candidate | undefined)[];
  /** Times of the last two events that had to be missing before the first. */
  leading: { readonly last: EventTime; readonly before: EventTime | undefined } | undefined;
  /** By the time of their last events. */
  waiting: Waiting[];
  /** How many of those waiting are decided. */
  decided: number;
}

export function newSequenceEntry(key: JoinedKey, stages: number): SequenceEntry {
  return {
    key,
    candidates: Array<undefined>(stages - 1).fill(undefined),
    leading: undefined,
    waiting: [],
    decided: 0,
    expires: undefined,
    events: 0,
    bytes: 0,
    written: false,
  };
}

export function lastOf({ events }: Candidate): PlacedEvent {
  return events.at(-1) as PlacedEvent;
}

export function costOf({ events }: Candidate): number {
  return events.reduce((sum, placed) => sum + bytesOf(placed), 0);
}

/** By deadline, those without one last; of one deadline in the order of their last events. */
export function compareWaiting(a: Waiting, b: Waiting): number {
  return compareDeadlines(a.deadline, b.deadline) || compareEnds(a.candidate, b.candidate);
}

function compareDeadlines(a: EventTime | undefined, b: EventTime | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareTimes(a, b);
}

function compareEnds(a: Candidate | undefined, b: Candidate | undefined): number {
  return a === undefined || b === undefined ? 0 : comparePlaces(lastOf(a), lastOf(b));
}
