/**
 * The shapes of the HTTP API, for the server and for the pages (types only, so the pages may import it).
 *
 *   GET  /api/status                     Status
 *   GET  /api/alerts?AlertQuery          AlertPage          newest first by default
 *   GET  /api/alerts/histogram?AlertQuery&buckets=60 → Histogram
 *   GET  /api/alerts/:id                 AlertDetail        404 with ApiError
 *   POST /api/alerts/:id/status          StatusChange → AlertDetail
 *   GET  /api/rules                      RuleSummary[]
 *   GET  /api/rules/:id                  RuleDetail
 *   POST /api/rules/check                RuleText → RuleCheck    what the text holds and what is wrong with it
 *   POST /api/rules/test                 { text, tests } → RuleTestReport    the text’s rules, by these tests
 *   POST /api/rules                      RuleText → RuleCheck    adds its rules; 422 with RuleCheck where one has an error
 *   POST /api/rules/:id/enabled          { enabled: boolean } → RuleDetail
 *   PUT  /api/rules/:id/overlay, GET /api/rules/:id/revisions, /diff, POST /api/rules/reload      rule-change-api.ts
 *   POST /api/rules/:id/paused           { paused: boolean } → RuleDetail
 *   POST /api/hunt                       HuntAsk → HuntAnswer  (hunt-api.ts)
 *   GET, POST, DELETE /api/runs…, /api/gaps…       runs over stored events (run-api.ts)
 *   DELETE /api/rules/:id                { removed: true }       only rules added on the page
 *   GET  /api/sources                    SourceSummary[]
 *   GET  /api/sources/:name              SourceProfile      what it has brought since the service started
 *   DELETE /api/sample                   { removed: number }
 *   GET  /api/live                       server-sent events: `alerts` LiveAlerts, `status` Status
 *   GET  /api/system                     SystemReport       (system-api.ts)
 *   GET  /health                         { status: 'ok', version: string }    also /healthz
 *   GET  /ready                          Readiness, 200 or 503
 *   GET  /metrics                        Prometheus’ text format
 *
 * Every error is an ApiError with its HTTP status. Only the loopback interface is served unless it is told otherwise,
 * requests whose Host header is neither a loopback name nor a configured one are refused, and changing requests need `Content-Type: application/json`.
 */
import type { Alert, AlertStatus, CloseReason } from '../detect/alert.ts';
import type { AlertNote, StepDone } from '../detect/triage.ts';
import type { AlertStep } from '../engine/alert-reason.ts';
import type { GitSourceState } from '../engine/git-sources.ts';
import type { LiveCounters, SourceStatus } from '../engine/live-status.ts';
import type { RecentEvent, SourceProfile, SourceSummary } from '../engine/source-profile.ts';
import type { JsonObject } from '../event/json.ts';
import type { TraceNode } from '../plan/predicate/trace.ts';
import type { FieldResolution, FieldUse } from '../rule/field-report.ts';
import type { Finding } from '../rule/finding.ts';
import type { OverlayView } from '../rule/overlay.ts';
import type { QueryLanguage, RuleDocument, RuleLanguage, Scenario, Severity, ThreatMapping } from '../rule/rule.ts';
import type { AlertPage, AlertQuery, AlertSummary, Histogram, HistoryEntry } from '../store/alert-query.ts';
import type { RevisionOrigin } from '../store/rule-store.ts';

export interface ApiError {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

export interface AlertDetail {
  readonly alert: Alert;
  readonly status: AlertStatus;
  readonly close_reason?: CloseReason;
  readonly comment?: string;
  readonly history: readonly HistoryEntry[];
  /** Oldest first. */
  readonly notes: readonly AlertNote[];
  /** Response steps that were done, in the order in which they were. */
  readonly steps_done: readonly StepDone[];
  /** Alerts in its group, itself among them: of the same process, its wrappers included. */
  readonly folded: number;
  /** Id of its incident. */
  readonly incident?: string;
  /** The rule as it is now; absent when it is no longer loaded. */
  readonly rule?: RuleDocument;
  /** Why it fired, clause by clause: the reference evaluator's trace over the stored event. */
  readonly trace?: TraceNode;
  /** The same of a sequence or a sample, by step; absent where the rule as it is now has other steps. */
  readonly steps?: readonly AlertStep[];
  /** The bytes as received, decoded for reading; absent where they were not kept. */
  readonly raw?: string;
}

export interface StatusChange {
  readonly status: AlertStatus;
  /** Needed to close. */
  readonly reason?: CloseReason;
  readonly comment?: string;
  /** Who decides; default the user that runs the service. */
  readonly by?: string;
}

export interface RuleSummary {
  readonly id: string;
  readonly name: string;
  readonly language: RuleLanguage;
  readonly severity?: Severity;
  readonly risk_score?: number;
  readonly threat: readonly ThreatMapping[];
  /** Turned on; it runs only where `errors` is 0 as well. */
  readonly enabled: boolean;
  /** Stopped for a while; what it misses is a gap. */
  readonly paused: boolean;
  /** Added on the page, and so removable there. */
  readonly added: boolean;
  /** A value counts here that is not the rule’s own. */
  readonly changed_here?: true;
  /** The rule has changed a value that was changed here before: a person has to choose. */
  readonly upstream_changed?: true;
  /** The revision that runs because the rule’s file is broken. */
  readonly kept_revision?: number;
  readonly errors: number;
  readonly warnings: number;
  readonly alerts: number;
}

export interface RuleDetail extends RuleSummary {
  readonly document: RuleDocument;
  readonly findings: readonly Finding[];
  /** Which of its fields resolved to what. */
  readonly fields: readonly FieldUse[];
  readonly overlay: readonly OverlayView[];
  readonly origin: RevisionOrigin;
}

/** A rule in any of the forms that are read. */
export interface RuleText {
  readonly text: string;
}

export interface RuleCheck {
  readonly rules: readonly RuleDocument[];
  /** Places are lines and columns of the text. */
  readonly findings: readonly Finding[];
}

/** Several changes within a quarter of a second come as one. */
export interface LiveAlerts {
  /** How many alerts were created; 0 when only the triage of some changed. */
  readonly created: number;
  /** The alerts created or changed; of very many, the first 500. */
  readonly ids: readonly string[];
}

export interface Status {
  readonly version: string;
  readonly started: string;
  readonly data_folder: string;
  readonly rules: {
    readonly enabled: number;
    readonly failed: number;
    /** Those that run on as they were, because their file is broken; absent for none. */
    readonly kept?: number;
  };
  /** When the files of rules were read last, ISO 8601. */
  readonly rules_read?: string;
  /** Git repositories that rules come from. */
  readonly rule_repositories?: readonly GitSourceState[];
  readonly alerts: { readonly open: number; readonly acknowledged: number; readonly closed: number };
  /** Present while sample alerts are in the store. */
  readonly sample?: { readonly alerts: number; readonly remove: string };
  readonly sources: readonly SourceStatus[];
  /** Since the service started. */
  readonly funnel: LiveCounters;
  /** Absent until they have been counted, a second after the start. */
  readonly events?: StoredEvents;
}

/** The recent events that are kept. */
export interface StoredEvents {
  readonly events: number;
  /** On the disk. */
  readonly bytes: number;
  /** Times of events, ISO 8601; absent where none are stored. */
  readonly oldest?: string;
  readonly newest?: string;
  /** How many went because of age or size since the service started. */
  readonly pruned: number;
  /** Not stored yet, because storing failed; they are offered again. */
  readonly waiting: number;
  /** Never stored: too many waited. */
  readonly dropped: number;
  /** Why storing fails, in words. */
  readonly problem?: string;
  /** Events that were acknowledged and that the log did not hold any more at the start; absent for none. */
  readonly missing?: number;
  /** Where a damaged file was moved to. */
  readonly set_aside?: string;
  /** Segments that could not be read and were moved aside, in all. */
  readonly damaged?: number;
}

export type { CaseResult } from '../engine/rule-test.ts';
export type { RuleTestReport } from '../engine/rule-tests.ts';
export type {
  Alert,
  AlertNote,
  AlertPage,
  AlertQuery,
  AlertStatus,
  AlertStep,
  AlertSummary,
  CloseReason,
  FieldResolution,
  FieldUse,
  Finding,
  Histogram,
  HistoryEntry,
  JsonObject,
  QueryLanguage,
  RecentEvent,
  RuleDocument,
  RuleLanguage,
  Scenario,
  Severity,
  SourceProfile,
  SourceStatus,
  SourceSummary,
  StepDone,
  TraceNode,
};
