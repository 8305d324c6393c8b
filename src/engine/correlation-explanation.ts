/**
 * Why a rule over several events (a sequence, a sample, a correlation) fires on a stream of events, or does not, as plain data for the terminal, the library and
 * the pages: by join key how far it came, and what broke it.
 */
import type { StoryEnd } from '../correlate/story.ts';
import type { WindowEnd } from '../correlate/window-stories.ts';
import type { LiteralValue } from '../plan/predicate/node.ts';
import type { ClauseObstacle } from '../plan/predicate/obstacles.ts';
import type { TraceNode } from '../plan/predicate/trace.ts';

export interface CorrelationExplanation {
  readonly kind: 'sequence' | 'sample' | 'window';
  /** It matched for some key, and no exception removes that match. */
  readonly fires: boolean;
  /** The join keys in the author's words. */
  readonly by: readonly string[];
  /** Longest time from the first event to the last, milliseconds; the rule's window where it states none. */
  readonly span: number;
  /** Of a window: what it asks, in words. */
  readonly asks?: string;
  /** Of a window the rules over one event, the innermost too. */
  readonly steps: readonly StepExplanation[];
  /** Matches first, then what came nearest to one. */
  readonly keys: readonly KeyExplanation[];
  /** How many keys there were. */
  readonly all_keys: number;
  /** Of a window: the correlations in it. */
  readonly inner?: readonly InnerExplanation[];
  /** Events that were looked at, and those of them that the rule's index patterns leave out. */
  readonly events: number;
  readonly unread: number;
  /** Data streams of some of those. */
  readonly unread_streams: readonly string[];
  /** Keys given up for want of memory. */
  readonly dropped: number;
}

/** A correlation that another one names. */
export interface InnerExplanation {
  readonly name: string;
  readonly asks: string;
  readonly by: readonly string[];
  readonly matched: number;
  /** Matches first, then what came nearest to one. */
  readonly keys: readonly KeyExplanation[];
  readonly all_keys: number;
}

export interface StepExplanation {
  /** In the author's words. */
  readonly text: string;
  /** `![…]`: an event that has to stay away. */
  readonly missing: boolean;
  /** Events that pass it. */
  readonly passed: number;
  /** Those of them that have no value for a join key, and so take no part. */
  readonly keyless: number;
  /** Those of them that have nothing of what is measured, and so take no part. */
  readonly valueless?: number;
  /** Where no event passes it: the one that lacks least. */
  readonly nearest?: NearMiss;
}

export interface KeyExplanation {
  readonly key: readonly LiteralValue[];
  readonly outcome: StoryEnd | WindowEnd | 'excepted';
  /** What became of it, in a sentence. */
  readonly message: string;
  /** Of a window: the count, sum, average or percentile of the one that came nearest. */
  readonly measured?: number;
  /** The steps as far as they came; of a match all of them. Of a window its last events, the same step more than once. */
  readonly steps: readonly StepReached[];
  /** The event that broke it. */
  readonly broken_by?: SeenEvent;
  readonly excepted_by?: { readonly id: string; readonly name: string };
  /** How often it was begun (of a window: what took part), and matched. */
  readonly begun: number;
  readonly matched: number;
}

export interface StepReached {
  /** From 0. */
  readonly step: number;
  /** Absent for an event that stayed away, and for the step that did not come. */
  readonly event?: SeenEvent;
  readonly trace?: TraceNode;
  /** Of the step that did not come: the event of its key, in its time, that lacks least. */
  readonly nearest?: NearMiss;
}

export interface SeenEvent {
  /** ISO 8601. */
  readonly time: string;
  readonly sentence: string;
  readonly id?: string;
}

export interface NearMiss extends SeenEvent {
  readonly obstacles: readonly ClauseObstacle[];
}
