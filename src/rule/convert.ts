/**
 * A rule in another system's language: the query alone, or a whole rule that the system imports.
 *
 *   rule ──plan──▶ dialect ──▶ query ──form──▶ Sentinel's YAML, Elastic's NDJSON
 *
 * A converted rule names its origin: authors, licence, references and the id of the rule that it was made from.
 */

import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { spanOf } from '../diagnostic/span.ts';
import type { DialectName } from '../dialect/dialect-names.ts';
import { emitPlan } from '../dialect/dialects.ts';
import type { Plan } from '../plan/plan.ts';
import type { Window } from '../plan/window.ts';
import type { Table } from '../vocabulary/table.ts';
import type { LoadedRule } from './inspect.ts';
import type { RuleDocument } from './rule.ts';
import { toElasticNdjson } from './to-elastic-ndjson.ts';
import { toSentinelYaml } from './to-sentinel-yaml.ts';

export interface ConvertOptions {
  readonly to: DialectName;
  /** `query` by default. */
  readonly form?: 'query' | 'rule' | undefined;
  /**
   * Kusto only, whose tables hold every system: whether the query asks for the rule's operating system (`keep`), or
   * leaves it to the table, with a note (`table`, by default).
   */
  readonly system?: 'table' | 'keep' | undefined;
}

export interface Conversion {
  readonly to: DialectName;
  /** Absent exactly when a diagnostic is an error. */
  readonly query?: string;
  /** The query, or the whole rule where that was asked for; ends without a line end. */
  readonly text?: string;
  /** Places are in the rule's `query`. */
  readonly diagnostics: readonly Diagnostic[];
  /** What a Kusto query's table is over events, to run it on. */
  readonly table?: Table;
}

/** Of rules that state no index patterns. */
const EVERY_LOG = ['logs-*'];

/** The limit of Sentinel's own validator. */
const LONGEST_SENTINEL_QUERY = 10_000;
/** 14 days, in milliseconds. */
const LONGEST_SENTINEL_PERIOD = 14 * 86_400_000;

/** Never throws on any rule. */
export function convertRule(
  { document, plan, tally, idle }: LoadedRule,
  { to, form, system }: ConvertOptions,
): Conversion {
  const patterns = document.indexPatterns.length > 0 ? document.indexPatterns : EVERY_LOG;
  const whole = spanOf(0, document.query.length);
  const refused = unsaid(document, tally, idle);
  if (refused !== undefined) return { to, diagnostics: [diagnose('convert-kind', 'error', refused, whole)] };
  const emission = emitPlan(plan, to, whole, { sources: patterns, system: system ?? 'table' });
  const { query, diagnostics, table, columns } = emission;
  if (query === undefined) return { to, diagnostics };
  const isKusto = to === 'kql-asim' || to === 'kql-xdr';
  const span = rememberedSpan(plan);
  if (form === 'rule' && isKusto) {
    const problem = sentinelProblem(query, span);
    if (problem !== undefined) {
      return { to, diagnostics: [...diagnostics, diagnose('convert-too-large', 'error', problem, whole)] };
    }
  }
  const text =
    form !== 'rule'
      ? query
      : isKusto
        ? toSentinelYaml(document, query, columns ?? table?.columns.map(({ name }) => name) ?? [], span)
        : toElasticNdjson(document, query, to, patterns, span);
  return { to, query, text, diagnostics, ...(table === undefined ? {} : { table }) };
}

/** Why the rule's query alone would say something else than the rule. */
function unsaid({ language }: RuleDocument, tally: LoadedRule['tally'], idle: string | undefined): string | undefined {
  if (language === 'esql' || language === 'ml') return idle;
  switch (tally?.kind) {
    case 'threshold':
      return 'The rule alerts on a number of events, which a query over one event cannot say.';
    case 'new-terms':
      return 'The rule alerts on values that were not there before, which a query over one event cannot say.';
    case 'indicators':
      return 'The rule compares events with indicators, which a query over one event cannot say.';
    case 'rows':
      return 'The rule’s query is over tables, which only Kusto says: it is run by Sentinel as it stands.';
    case undefined:
      return undefined;
  }
}

/** How many milliseconds lie between the events of a match at most; 0 of a single event, or where there is no limit. */
function rememberedSpan(plan: Plan): number {
  if (plan.kind === 'window') return windowSpan(plan.window);
  return plan.kind === 'sequence' ? (plan.maxspan ?? 0) : 0;
}

/** What an inner window finds can be a timespan old when the one around it begins. */
function windowSpan({ timespan, members }: Window): number {
  const inner = members.map(({ from }) => (from.kind === 'window' ? windowSpan(from.window) : 0));
  return timespan + Math.max(0, ...inner);
}

function sentinelProblem({ length }: string, span: number): string | undefined {
  if (length > LONGEST_SENTINEL_QUERY) {
    return `The query has ${length} characters, and a rule of Sentinel takes ${LONGEST_SENTINEL_QUERY}.`;
  }
  if (span < LONGEST_SENTINEL_PERIOD) return undefined;
  return 'The rule looks at a longer time than the 14 days that a rule of Sentinel can look back.';
}
