/**
 * Incidents: alerts of one host that stand close together in time, as lists and pages show them.
 *
 * An alert joins the incident of its host whose nearest alert is at most the gap away (an hour, unless set otherwise),
 * as long as the incident stays within 24 hours; an alert that stands between two joins them to one. Alerts without a
 * host belong to none, and the sample's never stand together with real ones.
 */
import type { Severity } from '../rule/rule.ts';
import type { AlertSummary } from './alert-query.ts';

/** Key of the setting that holds the gap, in milliseconds. */
export const INCIDENT_GAP_SETTING = 'incident-gap-ms';
export const DEFAULT_INCIDENT_GAP_MS = 60 * 60 * 1_000;
export const LONGEST_INCIDENT_MS = 24 * 60 * 60 * 1_000;

export interface IncidentQuery {
  /** `open` (default): with an alert that is not closed; `closed`: without one; `all`. */
  readonly status?: 'open' | 'closed' | 'all';
  /** ISO 8601: incidents that reach into this range, `from` inclusive, `to` exclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly host?: string;
  /** 1 to 100, default 50. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface IncidentSummary {
  readonly id: string;
  readonly host: string;
  /** Times of the first and the last event. */
  readonly from: string;
  readonly to: string;
  readonly alerts: number;
  /** Alerts that are not closed. */
  readonly open: number;
  /** The highest. */
  readonly severity: Severity;
  /** 0 to 100: combined over the rules that alerted (`combinedRisk`). */
  readonly risk_score: number;
  /** The riskiest first. */
  readonly rules: readonly IncidentRule[];
  readonly users: readonly string[];
  /** Names of ATT&CK's tactics. */
  readonly tactics: readonly string[];
  readonly sample?: true;
  /** In a sentence: `3 rules alerted on web-07 within 12 minutes: …`. */
  readonly reason: string;
}

export interface IncidentRule {
  readonly id: string;
  readonly name: string;
  readonly alerts: number;
}

export interface IncidentPage {
  readonly incidents: readonly IncidentSummary[];
  /** All that match, not only this page. */
  readonly total: number;
  readonly next?: string;
}

export interface IncidentDetail {
  readonly incident: IncidentSummary;
  /** In the order of their events; of very many, the first 500. */
  readonly alerts: readonly AlertSummary[];
}

/**
 * The risk of several rules together: 100·(1 − ∏(1 − r/100)), r each rule's highest risk. So it is never below the
 * highest, grows with each further rule and stays within 100; that a rule alerts often does not raise it.
 */
export function combinedRisk(risks: readonly number[]): number {
  const rest = risks.reduce((product, risk) => product * (1 - Math.min(100, Math.max(0, risk)) / 100), 1);
  return Math.round((1 - rest) * 1_000) / 10;
}

const NAMED_RULES = 3;

/** `3 rules alerted on web-07 within 12 minutes: A, B and C.` */
export function incidentSentence(host: string, rules: readonly IncidentRule[], spanMs: number): string {
  const alerts = rules.reduce((sum, rule) => sum + rule.alerts, 0);
  const [first] = rules;
  if (first !== undefined && rules.length === 1) {
    const times = alerts === 1 ? '' : ` ${alerts.toLocaleString('en-US')} times${within(spanMs)}`;
    return `${first.name} alerted on ${host}${times}.`;
  }
  const named = rules.slice(0, NAMED_RULES).map(({ name }) => name);
  const more = rules.length - named.length;
  const list =
    more > 0 ? `${named.join(', ')} and ${more} more` : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
  return `${rules.length} rules alerted on ${host}${within(spanMs)}: ${list}.`;
}

function within(ms: number): string {
  for (const [unit, name] of [
    [3_600_000, 'hours'],
    [60_000, 'minutes'],
    [1_000, 'seconds'],
  ] as const) {
    if (ms > unit) return ` within ${Math.ceil(ms / unit)} ${name}`;
  }
  return ms === 0 ? ' at the same time' : ' within a second';
}
