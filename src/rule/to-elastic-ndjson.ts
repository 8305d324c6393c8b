/**
 * A rule as one line of the NDJSON that Kibana's “Import rules” takes.
 *
 * It is imported turned off: someone has to look at a converted rule before it alerts. `meta` keeps where it came from,
 * beside the authors, licence and references that Kibana shows.
 */
import type { DialectName } from '../dialect/dialect-names.ts';
import type { RuleDocument } from './rule.ts';
import { RISK_OF_SEVERITY } from './severity.ts';

export type ElasticDialect = Exclude<DialectName, 'kql-asim' | 'kql-xdr'>;

const TYPES: Readonly<Record<ElasticDialect, string>> = { eql: 'eql', esql: 'esql', lucene: 'query' };

/**
 * @param index patterns that the rule reads; an ES|QL query names them itself
 * @param span milliseconds that lie between the events of a match at most: a run looks back that much further
 */
export function toElasticNdjson(
  rule: RuleDocument,
  query: string,
  to: ElasticDialect,
  index: readonly string[],
  span: number,
): string {
  // Elastic has no informational severity.
  const severity = rule.severity === undefined ? 'medium' : rule.severity === 'informational' ? 'low' : rule.severity;
  return JSON.stringify({
    rule_id: rule.id,
    name: rule.name,
    description: rule.description ?? rule.name,
    type: TYPES[to],
    language: to,
    query,
    ...(to === 'esql' ? {} : { index }),
    severity,
    risk_score: rule.riskScore ?? RISK_OF_SEVERITY[severity],
    author: rule.authors,
    ...(rule.license === undefined ? {} : { license: rule.license }),
    references: rule.references,
    tags: rule.tags,
    threat: rule.threat,
    false_positives: rule.falsePositives,
    ...(rule.guide === undefined ? {} : { note: rule.guide }),
    ...(rule.setup === undefined ? {} : { setup: rule.setup }),
    interval: rule.schedule.interval ?? '5m',
    from: rule.schedule.from ?? `now-${9 + Math.ceil(span / 60_000)}m`,
    to: rule.schedule.to ?? 'now',
    max_signals: rule.maxAlerts ?? 100,
    ...suppressionOf(rule),
    version: rule.version ?? 1,
    enabled: false,
    meta: { converted_from: { id: rule.id, language: rule.language } },
  });
}

/** Kibana takes so many fields. */
const MOST_FIELDS = 3;
const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Nothing where Kibana cannot say it: fields of a step, alike without a field, more fields than it takes. */
function suppressionOf({ suppression }: RuleDocument): { readonly alert_suppression?: object } {
  if (suppression === undefined) return {};
  const { groupBy, durationMs, missing } = suppression;
  if (groupBy.length === 0 || groupBy.length > MOST_FIELDS || groupBy.some(({ step }) => step !== undefined)) return {};
  const unit = UNITS.find(([, ms]) => durationMs !== undefined && durationMs % ms === 0);
  const duration = unit === undefined ? undefined : { value: (durationMs as number) / unit[1], unit: unit[0] };
  return {
    alert_suppression: {
      group_by: groupBy.map(({ field, homes }) => homes?.[0] ?? field),
      ...(duration === undefined ? {} : { duration }),
      missing_fields_strategy: missing === 'suppress' ? 'suppress' : 'doNotSuppress',
    },
  };
}
