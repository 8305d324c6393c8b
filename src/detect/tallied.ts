/**
 * What came of a rule that alerts on what its events are together, or on how they compare with others.
 */
import type { Json, JsonObject, JsonScalar } from '../event/json.ts';
import type { RelationColumn } from '../plan/relation/node.ts';

/** A field and one value of it. */
export interface Term {
  readonly field: string;
  readonly value: JsonScalar;
}

/** So many events of the same values; under the names that Elastic's alerts have them by. */
export interface ThresholdResult {
  /** What the events were put together by, in the order of the rule; empty where all are together. */
  readonly terms: readonly Term[];
  readonly count: number;
  /** Of the field whose different values were counted too: how many there were. */
  readonly cardinality?: { readonly field: string; readonly value: number };
  /** Time of the first event that was counted (ISO 8601). */
  readonly from: string;
}

export type Tallied =
  | { readonly kind: 'threshold'; readonly result: ThresholdResult }
  /** Each the value, or the combination of values, that was not there before. */
  | { readonly kind: 'new-terms'; readonly terms: readonly (readonly Term[])[] }
  /** What stands in `threat.enrichments` of the alert: the indicators that the event matches. */
  | { readonly kind: 'indicators'; readonly enrichments: readonly JsonObject[] }
  | { readonly kind: 'rows'; readonly result: QueryResult };

/** What a rule's query over tables gave, of which the alert tells. Cells as `answerJson` has them. */
export interface QueryResult {
  readonly columns: readonly RelationColumn[];
  /** The first hundred. */
  readonly rows: readonly (readonly Json[])[];
  /** How many there were. */
  readonly count: number;
  /** Event times (ISO 8601) that the query saw, `after` exclusive, `up_to` inclusive. */
  readonly window: { readonly after: string; readonly up_to: string };
}
