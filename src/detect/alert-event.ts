/**
 * An alert as an event that rules over alerts match: what it says as Elastic's alert documents do (`kibana.alert.*`, and
 * `signal.*` as before 8.0), over the fields of its events.
 *
 * Of several events the fields stand that they share. Its time is when the alert was created, so that a rule that looks
 * back some minutes sees every alert once, however old what it tells of is.
 */
import type { Json, JsonObject } from '../event/json.ts';
import type { Alert } from './alert.ts';

/** What led to an alert, the events left out: alerts, nearest last. */
export interface Ancestor {
  readonly id: string;
  readonly type: 'signal';
  /** How many alerts lie between it and the events: an alert over events has 1. */
  readonly depth: number;
  /** The id of the rule that made it. */
  readonly rule: string;
}

export function alertDocument(alert: Alert): JsonObject {
  const fields = alert.shared ?? alert.events.at(-1) ?? {};
  const { rule, severity, risk_score, reason, original_time, depth = 1, ancestors = [] } = alert;
  const told = {
    uuid: alert.id,
    severity,
    risk_score,
    reason,
    original_time,
    depth,
    ancestors: ancestors as unknown as Json,
    ...(alert.building_block === true ? { building_block_type: 'default' } : {}),
    ...(alert.threshold_result === undefined ? {} : { threshold_result: alert.threshold_result as unknown as Json }),
    ...(alert.new_terms === undefined
      ? {}
      : { new_terms: alert.new_terms.map((terms) => terms.map(({ value }) => value)) }),
    rule: {
      uuid: rule.id,
      rule_id: rule.id,
      name: rule.name,
      author: rule.author,
      severity,
      risk_score,
      threat: alert.threat as unknown as Json,
      ...(rule.version === undefined ? {} : { version: rule.version }),
    },
  };
  const event = isObject(fields.event) ? fields.event : {};
  const kibana = isObject(fields.kibana) ? fields.kibana : {};
  return {
    ...fields,
    '@timestamp': alert['@timestamp'],
    event: { ...event, kind: 'signal' },
    kibana: { ...kibana, alert: told },
    signal: { rule: { id: rule.id, rule_id: rule.id, name: rule.name, severity, risk_score }, depth },
  };
}

/** Of an alert that such documents led to: what led to it, and how deep it lies; nothing of one over events. */
export function lineageOf(documents: readonly JsonObject[]): Pick<Alert, 'ancestors' | 'depth'> {
  const ancestors = new Map<string, Ancestor>();
  for (const { kibana } of documents) {
    const alert = isObject(kibana) ? kibana.alert : undefined;
    if (!isObject(alert) || typeof alert.uuid !== 'string') continue;
    const earlier = Array.isArray(alert.ancestors) ? (alert.ancestors as unknown as readonly Ancestor[]) : [];
    for (const one of earlier) ancestors.set(one.id, one);
    const rule = isObject(alert.rule) ? String(alert.rule.uuid) : '';
    ancestors.set(alert.uuid, { id: alert.uuid, type: 'signal', depth: Number(alert.depth), rule });
  }
  if (ancestors.size === 0) return {};
  const all = [...ancestors.values()];
  return { ancestors: all, depth: Math.max(...all.map(({ depth }) => depth)) + 1 };
}

/** Whether the alert was made by the rule, or came of one that was. */
export function comesFrom(alert: Pick<Alert, 'rule' | 'ancestors'>, ruleId: string): boolean {
  return alert.rule.id === ruleId || (alert.ancestors ?? []).some(({ rule }) => rule === ruleId);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
