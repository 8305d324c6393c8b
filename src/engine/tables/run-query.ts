/**
 * A query in Kusto over stored events: text in, table out.
 *
 *   text ──compile──▶ plan ──tables──▶ times to be read ──withRange──▶ runTable ──▶ answer
 *      ▲                └─ a plugin's columns follow from rows: run its input, find them, compile again ─┘
 *
 * Whatever is wrong with the text is a diagnostic; so is what the query asks for beyond its limits.
 */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { HostFunction } from '../../dialect/duckdb/host-function.ts';
import { type CompiledTable, compileKustoTable, type SettledColumns } from '../../language/kusto/kusto-table.ts';
import type { KustoFunction } from '../../language/kusto/schema.ts';
import type { Row } from '../../plan/relation/cell.ts';
import { RelationRefusal } from '../../plan/relation/evaluate-scalar.ts';
import type { External, Relation, TablePlan } from '../../plan/relation/node.ts';
import { pluginColumns } from '../../plan/relation/plugins.ts';
import type { EventFilter } from '../../store/event-store.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import type { Table } from '../../vocabulary/table.ts';
import { EventScans, type QueryWindow } from './event-scans.ts';
import { registerHosts } from './host-functions.ts';
import { runTable, TABLE_LIMITS, type TableLimits, TableRefusal, type TableResult } from './run-table.ts';

/** Whoever can be asked in SQL; the event store and its readers. */
export interface RangeReader {
  withRange<T>(
    range: Pick<EventFilter, 'from' | 'to'>,
    action: (connection: DuckDBConnection, relation: string, instance: DuckDBInstance) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
}

export interface TableQueryOptions {
  /** `now()`: ticks of 100 ns since 1970. */
  readonly now: bigint;
  /** What the query sees of its tables of events, whatever it asks. */
  readonly window?: QueryWindow;
  /** What the query may name; the same lists each time, since a parser belongs to them. */
  readonly tables?: readonly Table[];
  readonly functions?: readonly KustoFunction[];
  /** The rows of files that the query names; without it they are refused. @throws {TableRefusal} */
  readonly external?: (node: External) => Promise<readonly Row[]>;
  readonly limits?: TableLimits;
  /** Gives up; a statement that runs is interrupted. */
  readonly signal?: AbortSignal;
}

export interface TableQueryAnswer {
  /** Absent where `diagnostics` holds an error. */
  readonly answer?: TableResult;
  readonly plan?: TablePlan;
  readonly diagnostics: readonly Diagnostic[];
}

/** Plugins of one query whose columns follow from rows. */
const MOST_PLUGINS = 10;

/** @throws the signal's reason, or DuckDB's error (out of memory, a file that cannot be read). */
export async function runQueryOverStore(
  text: string,
  { store, ...options }: TableQueryOptions & { readonly store: RangeReader },
): Promise<TableQueryAnswer> {
  const settled: SettledColumns[] = [];
  for (;;) {
    const compiled = await compileTableQuery(text, options, settled);
    const { plan, unsettled, diagnostics } = compiled;
    try {
      if (plan !== undefined) return { plan, diagnostics, answer: await runPlanOverStore(plan, { store, ...options }) };
      if (unsettled === undefined) return { diagnostics };
      if (settled.length >= MOST_PLUGINS)
        throw new TableRefusal(`More than ${MOST_PLUGINS} plugins give columns that follow from the rows.`);
      const { rows, isCut } = await runPlanOverStore(planOf(unsettled.input), { store, ...options });
      if (isCut) throw new TableRefusal(`More rows than can be held reach “${unsettled.plugin}”; filter before it.`);
      settled.push({ span: unsettled.span, columns: pluginColumns(unsettled, rows, options.now) });
    } catch (error) {
      if (!(error instanceof TableRefusal || error instanceof RelationRefusal)) throw error;
      const refused = diagnose('kusto-refused', 'error', error.message, NO_SPAN);
      return { ...(plan === undefined ? {} : { plan }), diagnostics: [...diagnostics, refused] };
    }
  }
}

/** Compiles with the tables and functions that the query may name. */
export function compileTableQuery(
  text: string,
  { tables = KUSTO_TABLES, functions, signal }: Pick<TableQueryOptions, 'tables' | 'functions' | 'signal'>,
  settled: readonly SettledColumns[] = [],
): Promise<CompiledTable> {
  return compileKustoTable(text, {
    tables,
    settled,
    ...(functions === undefined ? {} : { functions }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Runs a plan of `compileTableQuery`.
 * @throws {TableRefusal} besides what `runQueryOverStore` throws
 */
export async function runPlanOverStore(
  plan: TablePlan,
  {
    store,
    now,
    window,
    tables = KUSTO_TABLES,
    external = noFiles,
    limits = TABLE_LIMITS,
    signal,
  }: TableQueryOptions & { readonly store: RangeReader },
): Promise<TableResult> {
  const scans = new EventScans(tables, now, window);
  const relation = scans.bound(plan.relation);
  const { whole, of } = scans.times(relation);
  const range = {
    ...(whole?.from === undefined ? {} : { from: whole.from }),
    ...(whole?.to === undefined ? {} : { to: whole.to + 1 }),
  };
  // Nothing of the store is read where no table of events is.
  const wanted = whole === undefined ? { from: 0, to: 0 } : range;
  return store.withRange(
    wanted,
    async (connection, events, instance) => {
      const hosts = new Map<string, HostFunction>();
      const sources = new Map([...of].map(([scan, times]) => [scan, scans.source(scan, events, times, hosts)]));
      await registerHosts(instance, connection, hosts);
      return runTable(
        { ...plan, relation },
        {
          instance,
          connection,
          table: (scan) => sources.get(scan) ?? scans.source(scan, events, {}, hosts),
          now,
          external,
          limits,
          ...(signal === undefined ? {} : { signal }),
        },
      );
    },
    signal,
  );
}

function planOf(relation: Relation): TablePlan {
  return { kind: 'table', version: 1, relation, isOrdered: true };
}

function noFiles(): never {
  throw new TableRefusal('Files are not read here: no folder is set that queries may read.');
}
