/**
 * What the events of a span of time say together: Sigma's correlation rules, free of Sigma.
 *
 *   steps (predicates over one event) ──read by──▶ windows, one in another ──▶ the outermost one is the rule
 *
 * A window gathers, for each group, what its members bring (events of a step, matches of an inner window) within its
 * span, both ends included. When it is decided follows from its test (`decidedAtEnd`):
 *
 *   at once    more events can only make the test truer: it holds as soon as the last so-and-so long satisfy it, and what
 *              was gathered is used up, so that each event counts once;
 *   at the end everything else: a window opens with the first event that lies in no other, and is decided when its span
 *              is over.
 */
import type { Span } from '../diagnostic/span.ts';
import type { FieldRef } from './predicate/node.ts';

export interface Window {
  readonly members: readonly WindowMember[];
  /** Milliseconds from the first to the last event, at most. */
  readonly timespan: number;
  readonly test: WindowTest;
  /** What the rule groups by, in its own words; one key of each member answers each. */
  readonly groupBy: readonly string[];
  readonly span: Span;
}

export interface WindowMember {
  /** As the rule calls it. */
  readonly name: string;
  readonly from:
    | { readonly kind: 'step'; readonly step: number }
    | { readonly kind: 'window'; readonly window: Window };
  /** One for each of `groupBy`. What has no value for one of them takes no part; several values join by each. */
  readonly keys: readonly WindowKey[];
  /** What the test measures; what has no value for one of them takes no part. Empty where events themselves count. */
  readonly values: readonly WindowField[];
}

export type WindowKey =
  | WindowField
  /** The value that the inner window has grouped by, by its place in that window's `groupBy`. */
  | { readonly kind: 'group'; readonly at: number };

/** A field under the rule's name for it: the first of these that has a value. Of a match of several events, each one's. */
export interface WindowField {
  readonly kind: 'field';
  readonly name: string;
  readonly fields: readonly FieldRef[];
}

export type WindowTest =
  /** How many events; an event that several members bring counts once. */
  | { readonly kind: 'event-count'; readonly bounds: Bounds }
  /** How many different values (of several fields: combinations of them). */
  | { readonly kind: 'value-count'; readonly bounds: Bounds }
  | { readonly kind: 'value-sum' | 'value-average'; readonly bounds: Bounds }
  /** 0 to 100, between two values in proportion; 50 is the median. */
  | { readonly kind: 'value-percentile'; readonly percentile: number; readonly bounds: Bounds }
  /** How many of the members were there, in any order. */
  | { readonly kind: 'member-count'; readonly bounds: Bounds }
  /** All members, in their order, each by an event of its own. */
  | { readonly kind: 'in-order' }
  | { readonly kind: 'presence'; readonly condition: Presence };

/** All of them hold. */
export type Bounds = readonly Bound[];

export interface Bound {
  readonly operator: '>' | '>=' | '<' | '<=' | '==' | '!=';
  readonly value: number;
}

/** Which members were there. */
export type Presence =
  | { readonly kind: 'member'; readonly member: number }
  | { readonly kind: 'and' | 'or'; readonly children: readonly Presence[] }
  | { readonly kind: 'not'; readonly child: Presence };

/** Whether more events could undo what holds, so that the test waits for the end of the window. */
export function decidedAtEnd(test: WindowTest): boolean {
  switch (test.kind) {
    case 'event-count':
    case 'value-count':
    case 'value-sum':
    case 'member-count':
      return test.bounds.some(({ operator }) => operator !== '>' && operator !== '>=');
    case 'value-average':
    case 'value-percentile':
      return true;
    case 'in-order':
      return false;
    case 'presence':
      return hasNot(test.condition);
  }
}

function hasNot(condition: Presence): boolean {
  switch (condition.kind) {
    case 'member':
      return false;
    case 'not':
      return true;
    case 'and':
    case 'or':
      return condition.children.some(hasNot);
  }
}
