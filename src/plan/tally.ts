/**
 * What a rule does with the events that its plan holds for, where it alerts not on each of them but on what they are
 * together, or on how they compare with others. Such rules run over stored events, on their interval.
 *
 * Elastic's rule types threshold, new_terms and threat_match; Sentinel's rules whose query is over tables.
 */
import type { TablePlan } from './relation/node.ts';

export type Tally = Threshold | NewTerms | Indicators | Rows;

/** So many events of the same values. */
export interface Threshold {
  readonly kind: 'threshold';
  /** Fields; none puts all events together. */
  readonly groupBy: readonly string[];
  readonly atLeast: number;
  /** And so many different values of another field. */
  readonly cardinality?: { readonly field: string; readonly atLeast: number };
}

/** Values, or combinations of values, that were not there before. */
export interface NewTerms {
  readonly kind: 'new-terms';
  /** One to three fields. */
  readonly fields: readonly string[];
  /** How far before the window's end it is looked for earlier ones, in milliseconds. */
  readonly historyMs: number;
}

/** Values that stand in a list of indicators. */
export interface Indicators {
  readonly kind: 'indicators';
  /** One of these must hold, of each all entries. */
  readonly mappings: readonly (readonly IndicatorEntry[])[];
  /** Which indicators count: a query in the rule's words, and its language. */
  readonly query?: { readonly text: string; readonly language: 'kuery' | 'lucene' };
  /** Conditions beside it, in Elasticsearch's query DSL, as the rule has them. */
  readonly filters?: readonly unknown[];
  /** Index patterns or names of lists that hold the indicators. */
  readonly sources: readonly string[];
}

export interface IndicatorEntry {
  readonly field: string;
  /** Of the indicator. */
  readonly indicatorField: string;
  /** The event's value must not be there. */
  readonly negated: boolean;
}

/** Rows that a query over tables gives of the events in a window; the rule's query is asked anew for each. */
export interface Rows {
  readonly kind: 'rows';
  /** Absent where its columns follow from the rows, so that it is compiled when it is run. */
  readonly plan?: TablePlan;
  readonly trigger: RowTrigger;
  /** Whether all rows make one alert, or each its own. */
  readonly grouping: 'all' | 'each';
  /** By which time a window on schedule takes its events: their own, or that at which they were stored. */
  readonly by: 'event' | 'arrival';
}

/** The number of rows that alerts. */
export interface RowTrigger {
  readonly operator: 'gt' | 'lt' | 'eq' | 'ne';
  readonly count: number;
}
