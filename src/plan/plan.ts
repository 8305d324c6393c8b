/**
 * A rule's plan, whatever language it came from. So far: a predicate over one event. Sequences, samples and
 * correlations, and relational plans, join as further kinds.
 */
import { PLAN_VERSION, type Predicate } from './predicate/node.ts';

export interface EventPlan {
  readonly kind: 'event';
  readonly version: typeof PLAN_VERSION;
  readonly predicate: Predicate;
}

export type Plan = EventPlan;

export function eventPlan(predicate: Predicate): EventPlan {
  return Object.freeze({ kind: 'event', version: PLAN_VERSION, predicate });
}
