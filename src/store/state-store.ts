/**
 * What the service remembers: alerts and their triage, read positions, the windows' counters, and what sequences wait
 * for. One writer.
 *
 * `commit` is the only way in for what the engine makes, and it is one transaction (DESIGN, decision 9): the position
 * up to which a source was read, the alerts found up to there, and the counters, all or nothing. So a crash between
 * two commits repeats work and never an alert.
 */
import type { CorrelationRow, RowChanges } from '../correlate/correlator.ts';
import type { Alert, AlertStatus, CloseReason, Funnel } from '../detect/alert.ts';
import type { SuppressionChange, SuppressionMemory } from '../detect/suppression.ts';
import type { AlertNote, StepDone } from '../detect/triage.ts';
import type { AlertPage, AlertQuery, Histogram, HistoryEntry } from './alert-query.ts';
import type { ExceptionStore } from './exception-store.ts';
import type { RuleStore } from './rule-store.ts';
import type { FinishedRun, NewGap, RunStore } from './run-store.ts';
import type { TriageStore } from './triage-store.ts';

/** The source of the sample capture: its read position is forgotten when the sample is removed. */
export const SAMPLE_SOURCE = 'sample';

export interface Commit {
  /** Alerts to create; one whose id exists is left as it is. */
  readonly alerts: readonly NewAlert[];
  readonly positions: readonly SourcePosition[];
  /** Added to the run's counters. */
  readonly runs: readonly RunCounters[];
  /**
   * What alerts of these and of earlier commits stand for. A match is counted once, and where a window was opened since
   * by another commit, an alert of this one is counted on that one's.
   */
  readonly suppressed?: readonly SuppressionChange[];
  /** What sequences and samples remember otherwise than before. */
  readonly correlation?: RowChanges;
  /** `arrival` of the last stored event that this holds what was found in. */
  readonly arrival?: number | undefined;
  /** What rules have not looked at of what lies before the positions. */
  readonly gaps?: readonly NewGap[];
  /** Runs over stored events that end with this. */
  readonly finished?: readonly FinishedRun[] | undefined;
}

/** The setting that keeps `Commit.arrival`: what is stored beyond it was never acknowledged. */
export const ARRIVAL_SETTING = 'events-arrival';

export interface NewAlert {
  readonly alert: Alert;
  /** The event's bytes as received. */
  readonly raw?: Uint8Array;
}

export interface SourcePosition {
  /** The source's name; unique in the data folder. */
  readonly source: string;
  /** What the source needs to go on; opaque here. */
  readonly position: string;
}

/** A run is a rule and a slot of its interval grid (epoch-aligned). */
export interface RunCounters {
  readonly ruleId: string;
  /** Start of the slot, epoch milliseconds. */
  readonly slot: number;
  readonly funnel: Funnel;
  /** Exception id → matches that it removed; adds up to `funnel.excepted`. */
  readonly byException?: ReadonlyMap<string, number>;
}

export interface StateStore extends SuppressionMemory {
  /** Exceptions, value lists, and what was removed. */
  readonly exceptions: ExceptionStore;
  /** Notes, steps done, groups and incidents. */
  readonly triage: TriageStore;
  /** Runs over stored events, gaps, what waits to be run. */
  readonly runLog: RunStore;
  /** What was changed here about rules, and their revisions. */
  readonly rules: RuleStore;
  commit(commit: Commit): void;
  position(source: string): string | undefined;
  hasAlert(id: string): boolean;
  /** Alerts that were created in a time (epoch milliseconds, `to` exclusive), in that order. */
  alertsCreated(from: number, to: number): Iterable<Alert>;
  /** What sequences and samples remembered at the last commit, in any order. */
  correlationRows(): readonly CorrelationRow[];
  /** Counters so far of a rule's slot; all zero when new. */
  runCounters(ruleId: string, slot: number): Funnel;

  alerts(query: AlertQuery): AlertPage;
  histogram(query: AlertQuery, buckets: number): Histogram;
  alert(id: string): StoredAlert | undefined;
  /** False when there is no such alert. */
  setStatus(id: string, change: AlertStatusChange): boolean;
  counts(): { readonly open: number; readonly acknowledged: number; readonly closed: number; readonly sample: number };
  alertsByRule(): ReadonlyMap<string, number>;
  /** Removes sample alerts and the sample's read position; the number of alerts removed. */
  removeSample(): number;

  setting(key: string): string | undefined;
  setSetting(key: string, value: string): void;
  close(): void;
}

export interface StoredAlert {
  readonly alert: Alert;
  readonly status: AlertStatus;
  readonly close_reason?: CloseReason;
  readonly comment?: string;
  readonly history: readonly HistoryEntry[];
  readonly notes: readonly AlertNote[];
  readonly steps_done: readonly StepDone[];
  /** Alerts in its group, itself among them. */
  readonly folded: number;
  readonly incident?: string;
  readonly raw?: Uint8Array;
}

export interface AlertStatusChange {
  readonly status: AlertStatus;
  readonly reason?: CloseReason;
  readonly comment?: string;
  /** Who decided. */
  readonly by?: string;
  readonly time: string;
}
