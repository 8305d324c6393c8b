/**
 * Makes the alert document of a match: the rule's attribution and texts, the sentence, the evidence, the events whole, and
 * of several events what they have in common.
 */
import { documentSource, Event, setPath } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { formatTime } from '../event/time.ts';
import type { KnownProcess } from '../format/known-process.ts';
import type { Plan } from '../plan/plan.ts';
import { findWitnesses } from '../plan/predicate/explain.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { Ranges } from '../plan/predicate/wildcard.ts';
import { type EventColumns, rowOfEvent } from '../rule/event-columns.ts';
import { isBuildingBlock, nameFrom, overridesOf, riskFrom, severityFrom } from '../rule/overrides.ts';
import type { RuleAttribution, RuleDocument, Severity } from '../rule/rule.ts';
import type { Alert, Evidence, MatchedFields, MatchedValue, ProcessSummary } from './alert.ts';
import { lineageOf } from './alert-event.ts';
import type { Match } from './decide.ts';
import { describeEvent } from './sentence.ts';
import { sentinelAlert } from './sentinel-alert.ts';
import { describeEvents } from './sequence-sentence.ts';
import { sharedFields } from './shared-fields.ts';
import type { SuppressionChange, SuppressionGroup } from './suppression.ts';
import type { QueryResult, Tallied } from './tallied.ts';
import { describeTally } from './tally-sentence.ts';

export interface AlertContext {
  readonly rule: RuleDocument;
  readonly plan: Plan;
  /** Columns that the alert names, of a rule over one event. */
  readonly columns?: EventColumns;
  /** When the alert is created, epoch milliseconds. */
  readonly now: number;
  /** Ancestors of the last event's process, nearest first. */
  readonly ancestry: readonly KnownProcess[];
  /** Of a rule that suppresses alerts: what is counted on it so far. */
  readonly standsFor?: Pick<SuppressionChange, 'start' | 'end' | 'counted'>;
}

/** Severities and risk scores as Elastic pairs them, for rules that give only one of the two. */
const RISK: Readonly<Record<Severity, number>> = { informational: 0, low: 21, medium: 47, high: 73, critical: 99 };

export function renderAlert(match: Match, context: AlertContext): Alert {
  const { rule, plan } = context;
  const last = match.events.at(-1) as Event;
  const events = documentsOf(match);
  const shared = match.joined === undefined ? undefined : sharedFields(events);
  const told = toldBy(match, shared);
  const overrides = told === undefined ? undefined : overridesOf(rule);
  const ownRisk = rule.riskScore ?? RISK[rule.severity ?? severityOf(rule.riskScore)];
  const severity = (overrides && told && severityFrom(overrides, told)) ?? rule.severity ?? severityOf(rule.riskScore);
  const name = overrides && told && nameFrom(overrides, told);
  const rows = rowsOf(match) ?? (context.columns && rowOfEvent(context.columns, last));
  const { name: ownName, ...own } = rows === undefined ? {} : sentinelAlert(rule, rows);
  const standsInFor = last.standsInFor;
  return {
    id: match.alertId,
    '@timestamp': new Date(context.now).toISOString(),
    rule: name === undefined ? attribute(rule) : { ...attribute(rule), name },
    severity,
    risk_score: (overrides && told && riskFrom(overrides, told)) ?? ownRisk,
    threat: rule.threat,
    reason: reasonOf(match, last),
    original_time: formatTime(last.time),
    evidence: gatherEvidence(plan, match),
    ancestry: context.ancestry.map(summarise),
    ...(standsInFor.length === 0 ? {} : { stands_in_for: standsInFor }),
    ...(match.sample === true ? { sample: true as const } : {}),
    events,
    ...(match.joined?.value === undefined ? {} : { measured: match.joined.value }),
    ...(match.joined === undefined ? {} : { shared: shared ?? {}, join_keys: match.joined.keys }),
    ...talliedParts(match.tallied),
    ...(last.format === 'alert' ? lineageOf(events) : {}),
    ...(isBuildingBlock(rule) ? { building_block: true as const } : {}),
    ...suppressionParts(match.group, context.standsFor),
    ...own,
    ...(ownName === undefined ? {} : { rule: { ...attribute(rule), name: ownName } }),
  };
}

/** The rows that a rule of Sentinel's tells of. */
function rowsOf({ tallied }: Match): QueryResult | undefined {
  return tallied?.kind === 'rows' ? tallied.result : undefined;
}

function suppressionParts(
  group: SuppressionGroup | undefined,
  standsFor: AlertContext['standsFor'],
): Pick<Alert, 'suppression'> {
  if (group === undefined || standsFor === undefined) return {};
  const { start, end, counted } = standsFor;
  const times = { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
  return { suppression: { terms: group.terms, ...times, docs_count: counted.length } };
}

/**
 * What overrides are read from: the event; of events that were counted, what they share. Sequences have none, as in
 * Elastic.
 */
function toldBy({ joined, tallied, events }: Match, shared: JsonObject | undefined): Event | undefined {
  const last = events.at(-1) as Event;
  if (joined === undefined) return last;
  if (tallied === undefined) return undefined;
  const { time, format, dataStreams } = last;
  return new Event({ time, source: documentSource(shared ?? {}), raw: new Uint8Array(), format, dataStreams });
}

/** The indicators that an event matches stand in it, as in Elastic's alerts. */
function documentsOf({ events, tallied }: Match): readonly JsonObject[] {
  return events.map((event) => {
    const document = event.document();
    if (tallied?.kind === 'indicators') {
      setPath(document as Record<string, Json>, 'threat.enrichments', tallied.enrichments);
    }
    return document;
  });
}

function reasonOf({ events, joined, tallied }: Match, last: Event): string {
  if (tallied !== undefined) return describeTally(tallied, last);
  return joined === undefined ? describeEvent(last) : describeEvents(events, joined.steps.at(-1) === undefined);
}

function talliedParts(tallied: Tallied | undefined): Pick<Alert, 'threshold_result' | 'new_terms' | 'query_result'> {
  if (tallied?.kind === 'rows') return { query_result: tallied.result };
  if (tallied?.kind === 'threshold') return { threshold_result: tallied.result };
  return tallied?.kind === 'new-terms' ? { new_terms: tallied.terms } : {};
}

/** Who made the rule, under what licence: shown wherever its match is. */
export function attribute(rule: RuleDocument): RuleAttribution {
  return {
    id: rule.id,
    name: rule.name,
    ...(rule.version === undefined ? {} : { version: rule.version }),
    language: rule.language,
    author: rule.authors,
    ...(rule.license === undefined ? {} : { license: rule.license }),
    reference: rule.references,
  };
}

function gatherEvidence(plan: Plan, { events, joined }: Match): Evidence {
  if (plan.kind === 'event') return { fields: matchedFields(plan.predicate, events.at(-1) as Event) };
  const found = events.map((event, at) => {
    const predicate = plan.steps[joined?.passed?.[at] ?? joined?.steps.indexOf(event) ?? -1]?.predicate;
    return predicate === undefined ? {} : matchedFields(predicate, event);
  });
  return { fields: found.at(-1) ?? {}, events: found };
}

function matchedFields(predicate: Predicate, event: Event): MatchedFields {
  const fields: Record<string, MatchedValue[]> = {};
  for (const { field, value, ranges } of findWitnesses(predicate, event)) {
    fields[field] ??= [];
    const known = fields[field].findIndex((matched) => matched.value === value);
    if (known === -1) fields[field].push({ value, ranges });
    else fields[field][known] = { value, ranges: mergeRanges([...(fields[field][known]?.ranges ?? []), ...ranges]) };
  }
  return fields;
}

/** In order, overlapping and touching ones joined. */
function mergeRanges(ranges: Ranges): Ranges {
  const merged: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

function severityOf(riskScore: number | undefined): Severity {
  if (riskScore === undefined) return 'medium';
  if (riskScore >= 74) return 'critical';
  if (riskScore >= 48) return 'high';
  return riskScore >= 22 ? 'medium' : 'low';
}

function summarise(process: KnownProcess): ProcessSummary {
  return {
    ...(process.pid === undefined ? {} : { pid: process.pid }),
    ...(process.entityId === undefined ? {} : { entity_id: process.entityId }),
    ...(process.name === undefined ? {} : { name: process.name }),
    ...(process.executable === undefined ? {} : { executable: process.executable }),
    ...(process.commandLine === undefined ? {} : { command_line: process.commandLine }),
    ...(process.start === undefined ? {} : { start: process.start }),
    ...(process.derived === true ? { derived: true as const } : {}),
  };
}
