/**
 * Why a rule fired on an event or did not, as plain data for the terminal, the library and the pages.
 */
import type { TraceNode } from '../plan/predicate/trace.ts';

export interface Explanation {
  /** The rule holds for the event, reads its data stream, and no exception removes it. */
  readonly fires: boolean;
  /** Whether the rule's index patterns let it read the event's data streams. */
  readonly reads: boolean;
  readonly data_streams: readonly string[];
  readonly trace: TraceNode;
  /** The exception that removes the match. */
  readonly excepted_by?: { readonly id: string; readonly name: string };
  /** Where it does not fire: what stands closest between the event and an alert, the nearest first. */
  readonly obstacles: readonly Obstacle[];
}

export interface Obstacle {
  readonly kind:
    | 'missing-field'
    | 'other-case'
    | 'other-value'
    | 'wrong-category'
    | 'wrong-data-stream'
    | 'excepted'
    | 'negated';
  /** In a sentence: what was wanted, what was there. */
  readonly message: string;
  /** The clause, in the rule's words. */
  readonly clause?: string;
  readonly field?: string;
  readonly seen?: readonly string[];
  readonly wanted?: readonly string[];
}
