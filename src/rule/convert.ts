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
import type { Table } from '../vocabulary/table.ts';
import type { LoadedRule } from './inspect.ts';
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

/** Never throws on any rule. */
export function convertRule({ document, plan }: LoadedRule, { to, form, system }: ConvertOptions): Conversion {
  const patterns = document.indexPatterns.length > 0 ? document.indexPatterns : EVERY_LOG;
  const whole = spanOf(0, document.query.length);
  const { query, diagnostics, table } = emitPlan(plan, to, whole, { sources: patterns, system: system ?? 'table' });
  if (query === undefined) return { to, diagnostics };
  const isKusto = to === 'kql-asim' || to === 'kql-xdr';
  if (form === 'rule' && isKusto && query.length > LONGEST_SENTINEL_QUERY) {
    const message = `The query has ${query.length} characters, and a rule of Sentinel takes ${LONGEST_SENTINEL_QUERY}.`;
    return { to, diagnostics: [...diagnostics, diagnose('convert-too-large', 'error', message, whole)] };
  }
  const text =
    form !== 'rule'
      ? query
      : isKusto
        ? toSentinelYaml(document, query, table)
        : toElasticNdjson(document, query, to, patterns);
  return { to, query, text, diagnostics, ...(table === undefined ? {} : { table }) };
}
