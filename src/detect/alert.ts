/**
 * The alert document: what a program gets from `scan --json`, what the service stores, what the page shows.
 */
import type { Json, JsonObject, JsonScalar } from '../event/json.ts';
import type { RuleAttribution, Severity, ThreatMapping } from '../rule/rule.ts';
import type { Ancestor } from './alert-event.ts';
import type { QueryResult, Term, ThresholdResult } from './tallied.ts';

export interface Alert {
  /** sha256 (hex, 40 characters) of the rule id and the identities of the events, in order. Never of a plan or version. */
  readonly id: string;
  /** When the alert was created (ISO 8601). */
  readonly '@timestamp': string;
  readonly rule: RuleAttribution;
  readonly severity: Severity;
  readonly risk_score: number;
  readonly threat: readonly ThreatMapping[];
  /** What happened in one plain sentence. */
  readonly reason: string;
  /** Time of the (last) event. */
  readonly original_time: string;
  readonly evidence: Evidence;
  /** Ancestors of the process as far as known, nearest first; empty where unknown. */
  readonly ancestry: readonly ProcessSummary[];
  /** Present where a source counted as an endpoint agent only by the setting that lets it stand in for one. */
  readonly stands_in_for?: readonly string[];
  /** The alert came from the sample capture. */
  readonly sample?: true;
  /** The events that matched, in order, each a whole ECS document. */
  readonly events: readonly JsonObject[];
  /** Of several events: what they have in common. */
  readonly shared?: JsonObject;
  /** Of several events: the values that joined them; none where the rule states no keys. */
  readonly join_keys?: readonly JsonScalar[];
  /** Of a rule that counts, sums or averages: what came of it. `events` holds the last hundred. */
  readonly measured?: number;
  /** Of a threshold rule. `events` holds the last hundred of those that were counted. */
  readonly threshold_result?: ThresholdResult;
  /** Of a new-terms rule: each the values that were not there before. */
  readonly new_terms?: readonly (readonly Term[])[];
  /** Of a rule whose query is over tables: its rows. `events` holds what of each is known in the event's terms. */
  readonly query_result?: QueryResult;
  /** Of a rule of Sentinel's that asks for them: values of its columns, under names of its own. */
  readonly custom_details?: Readonly<Record<string, readonly Json[]>>;
  /** Of a rule over alerts: the alerts that led to it, and theirs. */
  readonly ancestors?: readonly Ancestor[];
  /** And how many rules lie between it and the events: absent for 1, of a rule over events. */
  readonly depth?: number;
  /** Of a building-block rule: lists leave it out unless they are asked for it. */
  readonly building_block?: true;
  /** Of a rule that suppresses alerts: what this one stands for. */
  readonly suppression?: AlertSuppression;
}

/** As Elastic's `kibana.alert.suppression` has it. */
export interface AlertSuppression {
  /** What those that are alike have in common. */
  readonly terms: readonly SuppressionTerm[];
  /** Times of the first and the last match, this alert's own among them (ISO 8601). */
  readonly start: string;
  readonly end: string;
  /** Matches that were suppressed. */
  readonly docs_count: number;
}

export interface SuppressionTerm {
  readonly field: string;
  /** The step of a sequence that it is of, from 1. */
  readonly step?: number;
  /** `null` where the field is missing. */
  readonly value: readonly JsonScalar[] | null;
}

/** What in the event made the rule true, so that it can be marked wherever it is shown. */
export interface Evidence {
  /** Field → the values that passed a positive test, with the parts of each that the test named. Of the last event. */
  readonly fields: MatchedFields;
  /** The same for each of several events. */
  readonly events?: readonly MatchedFields[];
}

export type MatchedFields = Readonly<Record<string, readonly MatchedValue[]>>;

export interface MatchedValue {
  readonly value: string;
  /** Half-open ranges of UTF-16 units in `value`; the whole value for an equality. */
  readonly ranges: readonly (readonly [number, number])[];
}

export interface ProcessSummary {
  readonly pid?: number;
  readonly entity_id?: string;
  readonly name?: string;
  readonly executable?: string;
  readonly command_line?: string;
  readonly start?: string;
  /** That it is an ancestor was concluded from pids and times, not said by the source. */
  readonly derived?: true;
}

/** The funnel of a run: `matched = excepted + suppressed + duplicate + capped + created`, always. */
export interface Funnel {
  readonly matched: number;
  readonly excepted: number;
  readonly suppressed: number;
  readonly duplicate: number;
  readonly capped: number;
  readonly created: number;
}

export type AlertStatus = 'open' | 'acknowledged' | 'closed';
export const CLOSE_REASONS = ['true_positive', 'benign_positive', 'false_positive', 'duplicate'] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];
