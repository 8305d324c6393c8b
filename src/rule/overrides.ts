/**
 * What a rule takes from its events instead of stating it: Elastic's overrides, out of the keys that the document keeps.
 *
 * Source: Elastic's documentation of severity, risk score, rule name and timestamp overrides. Not for sequences, as there.
 */
import type { Event } from '../event/event.ts';
import { parseTime } from '../event/time.ts';
import type { RuleDocument, Severity } from './rule.ts';
import { isTable } from './toml.ts';

export interface Overrides {
  /** By the value of a field a severity; where several fit, the highest counts. */
  readonly severities: readonly { readonly field: string; readonly value: string; readonly severity: Severity }[];
  /** Fields whose number is the risk score, where it is one from 0 to 100. */
  readonly risks: readonly string[];
  /** The field that has the alert’s name. */
  readonly name?: string;
  /** The field that has the time by which an event counts. */
  readonly time?: {
    readonly field: string /** Whether `@timestamp` counts where it is missing. */;
    readonly fallsBack: boolean;
  };
}

const RANK: Readonly<Record<Severity, number>> = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };
const NONE: Overrides = { severities: [], risks: [] };

const known = new WeakMap<RuleDocument, Overrides>();

/** Of rules of other forms there are none. What cannot be read is left out; checking tells of it. */
export function overridesOf(document: RuleDocument): Overrides {
  const before = known.get(document);
  if (before !== undefined) return before;
  const overrides = isTable(document.extra.rule) ? readOverrides(document.extra.rule) : NONE;
  known.set(document, overrides);
  return overrides;
}

function readOverrides(rule: Readonly<Record<string, unknown>>): Overrides {
  const severities = tables(rule.severity_mapping).flatMap(({ field, value, severity }) => {
    if (!isName(field) || typeof value !== 'string' || !isSeverity(severity)) return [];
    return value === '' ? [] : [{ field, value, severity }];
  });
  const risks = tables(rule.risk_score_mapping).flatMap(({ field }) => (isName(field) ? [field] : []));
  const { rule_name_override: name, timestamp_override: time, timestamp_override_fallback_disabled: isStrict } = rule;
  return {
    severities,
    risks,
    ...(isName(name) ? { name } : {}),
    ...(isName(time) && time !== '@timestamp' ? { time: { field: time, fallsBack: isStrict !== true } } : {}),
  };
}

/** The highest severity that a value of the event stands for; `undefined` where none does. */
export function severityFrom({ severities }: Overrides, event: Event): Severity | undefined {
  let highest: Severity | undefined;
  for (const { field, value, severity } of severities) {
    if (highest !== undefined && RANK[highest] >= RANK[severity]) continue;
    if (event.values(field).some((one) => String(one) === value)) highest = severity;
  }
  return highest;
}

/** The highest number from 0 to 100 that a field of the event has. */
export function riskFrom({ risks }: Overrides, event: Event): number | undefined {
  const scores = risks
    .flatMap((field) => event.values(field))
    .map((value) => (typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value)))
    .filter((score) => score >= 0 && score <= 100);
  return scores.length === 0 ? undefined : Math.max(...scores);
}

export function nameFrom({ name }: Overrides, event: Event): string | undefined {
  const text = name === undefined ? undefined : event.text(name);
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** Its alerts are there for other rules, and are not shown by themselves. */
export function isBuildingBlock({ extra }: RuleDocument): boolean {
  return isTable(extra.rule) && extra.rule.building_block_type !== undefined;
}

/** By which time a rule counts the event, epoch milliseconds; `undefined` for none. */
export function countedAt({ time }: Overrides, event: Event): number | undefined {
  if (time === undefined) return event.time.ms;
  const text = event.text(time.field);
  const ms = text === undefined ? undefined : (parseTime(text)?.ms ?? numberOf(text));
  return ms ?? (time.fallsBack ? event.time.ms : undefined);
}

function numberOf(text: string): number | undefined {
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

function tables(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isSeverity(value: unknown): value is Severity {
  return typeof value === 'string' && Object.hasOwn(RANK, value);
}
