/**
 * What alerts of Sentinel's rules say by the columns of their rows: name, sentence, severity, tactics, custom details.
 *
 *   rows ──first row──▶ {{column}} of formats, severity, tactics
 *        └─every row──▶ custom details, each value once
 *
 * Source: Microsoft's documentation of alert details and custom details. Where a column is missing or empty, or has no
 * severity or tactic, the rule's own counts, as there.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import type { Json } from '../event/json.ts';
import type { RuleDocument, Severity } from '../rule/rule.ts';
import { sentinelSettings } from '../rule/sentinel-settings.ts';
import { sentinelThreat } from '../rule/sentinel-threat.ts';
import { RISK_OF_SEVERITY, severityOf } from '../rule/severity.ts';
import type { Alert } from './alert.ts';
import type { QueryResult } from './tallied.ts';

/** Sentinel cuts names and descriptions there. */
const LONGEST_NAME = 256;
const LONGEST_DESCRIPTION = 5_000;
/** Of one detail; Sentinel keeps so many, too. */
const MOST_VALUES = 50;

export interface SentinelAlert
  extends Partial<Pick<Alert, 'reason' | 'severity' | 'risk_score' | 'threat' | 'custom_details'>> {
  readonly name?: string;
}

export function sentinelAlert(
  rule: RuleDocument,
  { columns, rows }: { readonly columns: readonly { readonly name: string }[] } & Pick<QueryResult, 'rows'>,
): SentinelAlert {
  const { overrides, details } = sentinelSettings(rule);
  const places = new Map(columns.map(({ name }, at) => [name, at]));
  const cell = (name: string): Json => rows[0]?.[places.get(name) ?? -1] ?? null;
  const name = overrides.name === undefined ? undefined : filled(overrides.name, cell, LONGEST_NAME);
  const reason =
    overrides.description === undefined ? undefined : filled(overrides.description, cell, LONGEST_DESCRIPTION);
  const severity =
    overrides.severityColumn === undefined ? undefined : severityOf(textOf(cell(overrides.severityColumn)));
  const threat = overrides.tacticsColumn === undefined ? [] : threatOf(cell(overrides.tacticsColumn));
  const custom = details.map(([detail, column]): [string, readonly Json[]] => {
    const at = places.get(column);
    const values =
      at === undefined ? [] : rows.map((row) => row[at] ?? null).filter((one) => one !== null && one !== '');
    return [detail, distinct(values).slice(0, MOST_VALUES)];
  });
  return {
    ...(name === undefined ? {} : { name }),
    ...(reason === undefined ? {} : { reason }),
    ...(severity === undefined ? {} : { severity, ...riskOf(severity, rule) }),
    ...(threat.length === 0 ? {} : { threat }),
    ...(custom.length === 0 ? {} : { custom_details: Object.fromEntries(custom) }),
  };
}

/** Sentinel has no score: it follows the severity, unless a person has chosen another. */
function riskOf(severity: Severity, rule: RuleDocument): Pick<SentinelAlert, 'risk_score'> {
  const isOwn = rule.severity !== undefined && rule.riskScore !== RISK_OF_SEVERITY[rule.severity];
  return isOwn ? {} : { risk_score: RISK_OF_SEVERITY[severity] };
}

/** `undefined` where nothing is left of the format, so that the rule's own text counts. */
function filled(format: string, cell: (name: string) => Json, most: number): string | undefined {
  const text = format.replaceAll(COLUMN_IN_FORMAT, (_, name: string) => textOf(cell(name.trim()))).trim();
  return text === '' ? undefined : text.slice(0, most);
}

/** `{{column}}`. */
const COLUMN_IN_FORMAT = /\{\{([^{}]*)\}\}/g;

/** A name, several with commas between them, or a list. */
function threatOf(value: Json): Alert['threat'] {
  const names = Array.isArray(value) ? value.map(textOf) : listOf(textOf(value));
  const tags = names.map((name) => ({ text: name.trim(), span: NO_SPAN })).filter(({ text }) => text !== '');
  return sentinelThreat(tags, []).threat;
}

/** A text that is a JSON list is that list. */
function listOf(text: string): readonly string[] {
  if (!text.startsWith('[')) return text.split(',');
  try {
    return (JSON.parse(text) as readonly Json[]).map(textOf);
  } catch {
    return [];
  }
}

function distinct(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
