/**
 * What a rule of Sentinel's says of its runs and its alerts, out of the keys that the document keeps as they stood.
 *
 *   document.extra ──▶ trigger, grouping, entities, details, overrides
 *
 * Source: Microsoft's documentation of scheduled and near-real-time analytics rules. What cannot be read is left out
 * here; checking tells of it.
 */
import type { RowTrigger } from '../plan/tally.ts';
import type { RuleDocument } from './rule.ts';
import { isTable } from './toml.ts';

export interface SentinelSettings {
  readonly kind: 'scheduled' | 'nrt' | 'hunting';
  readonly trigger: RowTrigger;
  /** Absent where the rule does not say: then each row is an alert, as each event is one of a rule over events. */
  readonly grouping?: 'all' | 'each';
  readonly entities: readonly EntityField[];
  /** Of `customDetails`: a name, and the column whose values stand under it. */
  readonly details: readonly (readonly [name: string, column: string])[];
  readonly overrides: AlertOverrides;
}

/** An entity's identifier, and the column that holds it. */
export interface EntityField {
  /** Counts the entities of the rule: two hosts are two. */
  readonly entity: number;
  readonly type: string;
  readonly identifier: string;
  readonly column: string;
}

/** Of `alertDetailsOverride`. Formats are texts with `{{column}}`. */
export interface AlertOverrides {
  readonly name?: string;
  readonly description?: string;
  readonly severityColumn?: string;
  readonly tacticsColumn?: string;
}

/** As templates and the API write them. */
export const TRIGGER_OPERATORS: Readonly<Record<string, RowTrigger['operator']>> = {
  gt: 'gt',
  greaterthan: 'gt',
  lt: 'lt',
  lessthan: 'lt',
  eq: 'eq',
  equal: 'eq',
  ne: 'ne',
  notequal: 'ne',
};

const known = new WeakMap<RuleDocument, SentinelSettings>();

/** Of rules of other forms: every row alerts, and nothing else is said. */
export function sentinelSettings(document: RuleDocument): SentinelSettings {
  const before = known.get(document);
  if (before !== undefined) return before;
  const settings = readSettings(document.source.form.startsWith('sentinel-') ? document.extra : {}, document);
  known.set(document, settings);
  return settings;
}

function readSettings(extra: Readonly<Record<string, unknown>>, { schedule }: RuleDocument): SentinelSettings {
  const word = textOf(extra.kind)?.toLowerCase();
  const operator = TRIGGER_OPERATORS[textOf(extra.triggerOperator)?.toLowerCase() ?? 'gt'] ?? 'gt';
  const count = Number(extra.triggerThreshold ?? 0);
  const kind = word === 'nrt' ? 'nrt' : schedule.interval === undefined ? 'hunting' : 'scheduled';
  const isTriggered = kind !== 'nrt' && Number.isSafeInteger(count) && count >= 0;
  const grouping = groupingOf(extra.eventGroupingSettings);
  return {
    kind,
    trigger: isTriggered ? { operator, count } : { operator: 'gt', count: 0 },
    ...(grouping === undefined ? {} : { grouping }),
    entities: entitiesOf(extra.entityMappings),
    details: detailsOf(extra.customDetails),
    overrides: overridesOf(extra.alertDetailsOverride),
  };
}

function groupingOf(value: unknown): SentinelSettings['grouping'] {
  const word = isTable(value) ? textOf(value.aggregationKind)?.toLowerCase() : undefined;
  if (word === 'singlealert') return 'all';
  return word === 'alertperresult' ? 'each' : undefined;
}

function entitiesOf(value: unknown): readonly EntityField[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((mapping: unknown, entity) => {
    if (!isTable(mapping) || !Array.isArray(mapping.fieldMappings)) return [];
    const type = textOf(mapping.entityType) ?? '';
    return mapping.fieldMappings.flatMap((field: unknown): EntityField[] => {
      if (!isTable(field)) return [];
      const [identifier, column] = [textOf(field.identifier), textOf(field.columnName)];
      return identifier === undefined || column === undefined ? [] : [{ entity, type, identifier, column }];
    });
  });
}

function detailsOf(value: unknown): SentinelSettings['details'] {
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([name, column]) =>
    typeof column === 'string' ? [[name, column] as const] : [],
  );
}

function overridesOf(value: unknown): AlertOverrides {
  if (!isTable(value)) return {};
  const name = textOf(value.alertDisplayNameFormat ?? value.alertDisplayName);
  const description = textOf(value.alertDescriptionFormat ?? value.alertDescription);
  const severityColumn = textOf(value.alertSeverityColumnName ?? value.alertSeverity);
  const tacticsColumn = textOf(value.alertTacticsColumnName ?? value.alertTactics);
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(severityColumn === undefined ? {} : { severityColumn }),
    ...(tacticsColumn === undefined ? {} : { tacticsColumn }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
