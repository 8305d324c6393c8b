/**
 * A rule as a scheduled analytics rule of Sentinel, in YAML as Microsoft's repository of them has it.
 *
 * What Sentinel needs and the rule does not say: it runs every hour over the last hour, is of medium severity, and maps
 * the host and the account of the query's table. An id that is no GUID is made into one, always the same.
 */
import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { RuleDocument, Severity } from './rule.ts';

const SEVERITY: Readonly<Record<Severity, string>> = {
  informational: 'Informational',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'High',
};

/** The entity, its identifier, and columns that hold it, the first that the table has. */
const ENTITIES = [
  ['Host', 'HostName', ['DvcHostname', 'DeviceName']],
  ['Account', 'Name', ['ActorUsername', 'SrcUsername', 'InitiatingProcessAccountName', 'AccountName']],
  ['Process', 'CommandLine', ['TargetProcessCommandLine', 'ProcessCommandLine', 'InitiatingProcessCommandLine']],
] as const;

/** Microsoft's validator takes no longer name and description. */
const LONGEST_NAME = 256;
const LONGEST_DESCRIPTION = 5000;

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * @param columns of the query's rows; they decide which entities are mapped
 * @param span milliseconds that lie between the events of a match at most: a run looks back that much further
 */
export function toSentinelYaml(rule: RuleDocument, query: string, columns: readonly string[], span: number): string {
  const frequency = duration(rule.schedule.interval) ?? '1h';
  const techniques = rule.threat.flatMap(({ technique }) =>
    technique.flatMap(({ id, subtechnique }) =>
      subtechnique.length === 0 ? [id] : subtechnique.map((below) => below.id),
    ),
  );
  const entities = ENTITIES.flatMap(([entityType, identifier, names]) => {
    const columnName = names.find((name) => columns.includes(name));
    return columnName === undefined ? [] : [{ entityType, fieldMappings: [{ identifier, columnName }] }];
  });
  const document = {
    id: GUID.test(rule.id) ? rule.id : guidOf(rule.id),
    name: rule.name.slice(0, LONGEST_NAME),
    description: (rule.description ?? rule.name).trim().slice(0, LONGEST_DESCRIPTION),
    severity: SEVERITY[rule.severity ?? 'medium'],
    requiredDataConnectors: [],
    queryFrequency: frequency,
    queryPeriod: longer(duration(rule.schedule.from?.replace(/^now-/, '')) ?? frequency, span),
    triggerOperator: 'gt',
    triggerThreshold: 0,
    tactics: [...new Set(rule.threat.map(({ tactic }) => tactic.name.replaceAll(/[\s-]/g, '')))],
    relevantTechniques: [...new Set(techniques)],
    query,
    ...(entities.length === 0 ? {} : { entityMappings: entities }),
    version: `${rule.version ?? 1}.0.0`,
    kind: 'Scheduled',
    metadata: {
      ...(rule.authors.length === 0 ? {} : { author: { name: rule.authors.join(', ') } }),
      ...(rule.license === undefined ? {} : { license: rule.license }),
      ...(rule.references.length === 0 ? {} : { references: rule.references }),
      source: { kind: 'Converted', name: `${rule.language} rule ${rule.id}` },
    },
  };
  return stringify(document, { lineWidth: 0 }).trimEnd();
}

/** What Sentinel takes for a frequency or a period: `5m`, `1h`, `1d`. */
function duration(text: string | undefined): string | undefined {
  const [, number, unit] = /^(\d+)([mhd])$/.exec(text ?? '') ?? [];
  if (number === undefined || unit === undefined) return undefined;
  return unit === 'm' && Number(number) < 5 ? '5m' : `${number}${unit}`;
}

/** A period longer by so many milliseconds, in the largest unit that says it; 14 days are the most. */
function longer(period: string, span: number): string {
  if (span === 0) return period;
  const minutes = Number(period.slice(0, -1)) * (MINUTES[period.at(-1) as keyof typeof MINUTES] ?? 1);
  const whole = Math.min(minutes + Math.ceil(span / 60_000), 14 * MINUTES.d);
  const unit = (['d', 'h', 'm'] as const).find((name) => whole % MINUTES[name] === 0) ?? 'm';
  return `${whole / MINUTES[unit]}${unit}`;
}

const MINUTES = { m: 1, h: 60, d: 1440 } as const;

/** A GUID by name (RFC 9562, version 8: a hash of our own choice). */
function guidOf(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
