/**
 * What the thread that writes and the thread that runs rules over stored events say to each other. One job at a time.
 */
import type { MemoryBudget } from '../memory-budget.ts';
import type { RuleBookSettings } from '../rule-book.ts';
import type { RunBatch, RunResult } from './run-range.ts';

export interface RunThreadSettings extends RuleBookSettings {
  readonly memory?: MemoryBudget;
}

export interface RunJob {
  /** Ids; those that do not run (any more) are passed over. */
  readonly rules: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly uncapped: boolean;
  /** Of a rule on schedule: the slot that it counts in. */
  readonly slot?: number;
  /** Numbers that change with the rules and the exceptions: what the thread has read of them still holds while they are the same. */
  readonly rulesRevision: number;
  readonly exceptionsRevision: number;
}

export type RunThreadRequest = { readonly kind: 'job'; readonly job: RunJob } | { readonly kind: 'taken' };

export type RunThreadMessage =
  | { readonly kind: 'progress'; readonly events: number; readonly at: number }
  /** To be committed; the thread goes on when it was `taken`. */
  | { readonly kind: 'batch'; readonly batch: RunBatch }
  | { readonly kind: 'done'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly message: string };
