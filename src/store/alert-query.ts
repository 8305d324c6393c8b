/**
 * How stored alerts are asked for, and what comes back; the HTTP API answers in these shapes.
 */
import type { AlertStatus, CloseReason } from '../detect/alert.ts';
import type { RuleLanguage, Severity } from '../rule/rule.ts';

export interface AlertQuery {
  /** Comma separated; default `open,acknowledged`. */
  readonly status?: string;
  /** Comma separated severities. */
  readonly severity?: string;
  /**
   * Words that must all occur (any case) in the sentence, command line, host, user or rule name; or, where it compares a
   * field (`host.name: web-* and risk_score >= 50`), a search in Kibana's query language over an alert's columns.
   */
  readonly q?: string;
  readonly rule?: string;
  readonly host?: string;
  readonly user?: string;
  /** The entity id of a process: its own alerts. */
  readonly process?: string;
  /** Alerts of building-block rules: `false` (default) leaves them out, `true` gives them only, `any` all alerts. */
  readonly building_block?: string;
  /** An incident's id. */
  readonly incident?: string;
  /** ISO 8601, over the event's time; `from` inclusive, `to` exclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly sort?: 'time' | '-time' | 'severity' | '-severity' | 'host' | '-host' | 'user' | '-user' | 'rule' | '-rule';
  /** 1 to 500, default 100. */
  readonly limit?: number;
  readonly cursor?: string;
  /**
   * Alerts of one process, its wrappers included, are one row: the head of their group (highest severity, then earliest).
   * A group is there when any of its alerts matches; totals count groups.
   */
  readonly fold?: 'process';
}

export interface AlertSummary {
  readonly id: string;
  /** The event's time. */
  readonly time: string;
  readonly created: string;
  readonly severity: Severity;
  readonly risk_score: number;
  readonly reason: string;
  readonly status: AlertStatus;
  readonly close_reason?: CloseReason;
  readonly rule: {
    readonly id: string;
    readonly name: string;
    readonly language: RuleLanguage;
    /** Whose it is, so that it can be said wherever its match is shown. */
    readonly author?: readonly string[];
    readonly license?: string;
    readonly reference?: readonly string[];
  };
  readonly host?: string;
  readonly user?: string;
  readonly process?: string;
  readonly command_line?: string;
  readonly sample?: true;
  /** Of a folded list: how many alerts, of how many rules, the row stands for. Itself is one of them. */
  readonly folded?: { readonly alerts: number; readonly rules: number };
  /** Of a building-block rule. */
  readonly building_block?: true;
  /** Matches that were counted on it instead of alerting. */
  readonly suppressed?: number;
  /** Id of its incident; an alert that names no host has none. */
  readonly incident?: string;
}

export interface AlertPage {
  readonly alerts: readonly AlertSummary[];
  /** All that match the query, not only this page. */
  readonly total: number;
  /** How many match the query in each severity, this page or not. */
  readonly by_severity: Readonly<Partial<Record<Severity, number>>>;
  readonly next?: string;
}

export interface Histogram {
  readonly from: string;
  readonly to: string;
  readonly bucket_ms: number;
  readonly counts: readonly number[];
}

export interface HistoryEntry {
  readonly time: string;
  readonly status: AlertStatus;
  readonly close_reason?: CloseReason;
  readonly comment?: string;
  /** Who decided; absent for what was decided before this was kept. */
  readonly by?: string;
}
