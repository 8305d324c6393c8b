/**
 * Why a rule fires on an event or does not, as plain data for the terminal, the library and the pages.
 */
import type { ClauseObstacle } from '../plan/predicate/obstacles.ts';
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
  /** Where it does not fire: what stands between the event and an alert, the nearest first. */
  readonly obstacles: readonly Obstacle[];
}

export type Obstacle =
  | ClauseObstacle
  | {
      readonly kind: 'wrong-data-stream' | 'excepted';
      readonly message: string;
      readonly seen?: readonly string[];
      readonly wanted?: readonly string[];
    };
