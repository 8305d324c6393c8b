/**
 * One correlation over the events that pass its steps, whatever it looks for: what the correlator drives.
 *
 *   placed event + its steps ──take──▶ state ──▶ matches
 *   a time that nothing comes before ──advance──▶ what was waiting is decided, what is too old is forgotten
 *
 * Invariants: events are taken in the order of `comparePlaces`; what comes out depends on nothing else; a state read
 * back from its rows goes on as the one that was written.
 */
import type { EventTime } from '../event/time.ts';
import type { CorrelationPlan, WindowPlan } from '../plan/plan.ts';
import type { LiteralValue, Predicate } from '../plan/predicate/node.ts';
import type { PlacedEvent } from './placed-event.ts';

export interface CorrelationMatch {
  /** The values the events were joined by, in the order of the keys. */
  readonly key: readonly LiteralValue[];
  /** One for each step; `undefined` for a missing event. Of a window those that made it, in order. */
  readonly events: readonly (PlacedEvent | undefined)[];
  /** Of a window: the step that each of the events passed. */
  readonly steps?: readonly number[];
  /** Of a window: the count, sum, average or percentile, where one was measured. */
  readonly value?: number;
}

/** What became of what was begun. */
export interface CorrelationCounts {
  readonly begun: number;
  readonly matched: number;
  /** The next event came later than the span allows. */
  readonly tooLate: number;
  /** Ended by `until`. */
  readonly until: number;
  /** An event came that had to be missing. */
  readonly present: number;
  /** Keys given up to keep within memory. */
  readonly dropped: number;
}

export interface CorrelationSize {
  readonly keys: number;
  readonly events: number;
  /** About how much memory the events take. */
  readonly bytes: number;
}

/** What is remembered for one key, as text. */
export interface KeyRow {
  readonly key: string;
  readonly state: string;
}

export interface CorrelationChanges {
  readonly changed: readonly KeyRow[];
  readonly removed: readonly string[];
}

export interface Correlation {
  readonly counts: CorrelationCounts;
  readonly size: CorrelationSize;
  /** @param steps numbers of the predicates of `stepPredicates` that the event passes, rising. */
  take(placed: PlacedEvent, steps: readonly number[]): void;
  /** No event before this time comes any more. */
  advance(time: EventTime): void;
  /** No event comes any more. */
  end(): void;
  /** Gives up the key touched longest ago. */
  dropOldest(): void;
  /** What has changed since the last time this was asked. */
  changes(): CorrelationChanges;
  /** Whether `changes` would give any. */
  readonly hasChanges: boolean;
  /** The keys of the rows that there are. */
  writtenKeys(): readonly string[];
  /** Takes over what was written, in any order. */
  restore(rows: readonly KeyRow[]): void;
}

export type TakeMatch = (match: CorrelationMatch) => void;

/** What an event has to pass to take part: one predicate a step, and last that of `until`. */
export function stepPredicates(plan: CorrelationPlan | WindowPlan): readonly Predicate[] {
  const steps = plan.steps.map(({ predicate }) => predicate);
  return plan.kind === 'sequence' && plan.until !== undefined ? [...steps, plan.until.predicate] : steps;
}

/** About what an event costs in memory beside its raw bytes: parsed, with the values that were asked for. */
const EVENT_OVERHEAD = 1_500;
const PARSED_PER_RAW = 3;

export function bytesOf({ event }: PlacedEvent): number {
  return EVENT_OVERHEAD + PARSED_PER_RAW * event.raw.length;
}
