/**
 * A rule's plan, whatever language it came from: a predicate over one event, or events that belong together: in order
 * (a sequence), in any order (a sample), or within a span of time (a window).
 *
 * Sequences and samples are those of Elasticsearch's EQL, windows Sigma's correlations; `correlate/` runs them.
 */
import type { Span } from '../diagnostic/span.ts';
import { or, PLAN_VERSION, type Predicate, type Value } from './predicate/node.ts';
import type { Window } from './window.ts';

export interface EventPlan {
  readonly kind: 'event';
  readonly version: typeof PLAN_VERSION;
  readonly predicate: Predicate;
  readonly pipes?: readonly Pipe[];
}

/** Events one after another. `with runs=N` is written out: N equal steps. */
export interface SequencePlan {
  readonly kind: 'sequence';
  readonly version: typeof PLAN_VERSION;
  /** In order; at least one of them is no missing event. */
  readonly steps: readonly SequenceStep[];
  /** Longest time from the first to the last event, milliseconds; absent for no limit. */
  readonly maxspan?: number;
  /** An event that ends, for its keys, what has begun. Its keys answer those of the steps one to one. */
  readonly until?: SequenceStep;
  readonly pipes: readonly Pipe[];
}

export interface SequenceStep {
  readonly predicate: Predicate;
  /** Values that are the same in all events of a match: those of `sequence by` first, then the step's own. */
  readonly keys: readonly JoinKey[];
  /** `![…]`: no such event may lie between the neighbouring steps. */
  readonly missing: boolean;
  readonly span: Span;
}

export interface JoinKey {
  readonly value: Value;
  /** `?field`: null joins with null. Without it an event that has no value for the key takes no part. */
  readonly optional: boolean;
  readonly span: Span;
}

/** Events of the same keys in any order, one for each step, no event twice. */
export interface SamplePlan {
  readonly kind: 'sample';
  readonly version: typeof PLAN_VERSION;
  readonly steps: readonly SequenceStep[];
  readonly pipes: readonly Pipe[];
}

/** What the events of a span of time say together. */
export interface WindowPlan {
  readonly kind: 'window';
  readonly version: typeof PLAN_VERSION;
  /** The rules over one event that take part, without keys: members of windows name them by their number. */
  readonly steps: readonly SequenceStep[];
  readonly window: Window;
  /** Always empty. */
  readonly pipes: readonly Pipe[];
}

/** `| head N`, `| tail N`: of the matches in order, the first or the last; applied one after the other. */
export interface Pipe {
  readonly kind: 'head' | 'tail';
  readonly count: number;
  readonly span: Span;
}

export type Plan = EventPlan | CorrelationPlan | WindowPlan;

/** Events of which each answers a step. */
export type CorrelationPlan = SequencePlan | SamplePlan;

export function eventPlan(predicate: Predicate, pipes: readonly Pipe[] = []): EventPlan {
  return Object.freeze({ kind: 'event', version: PLAN_VERSION, predicate, ...(pipes.length === 0 ? {} : { pipes }) });
}

/** The events that can take part in a match, as a plan over one event: for an event plan that plan itself. */
export function participants(plan: Plan): EventPlan {
  if (plan.kind === 'event') return plan;
  const spans = plan.steps.map(({ span }) => span);
  const whole = { start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? 0 };
  return eventPlan(
    or(
      plan.steps.map(({ predicate }) => predicate),
      whole,
    ),
  );
}
