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
import { NO_SPAN, type Span } from '../../diagnostic/span.ts';
import { TOO_LARGE } from '../../dialect/duckdb/aggregates.ts';
import type { HostFunction } from '../../dialect/duckdb/host-function.ts';
import { type CompiledTable, compileKustoTable, type SettledColumns } from '../../language/kusto/kusto-table.ts';
import type { KustoFunction } from '../../language/kusto/schema.ts';
import type { Row } from '../../plan/relation/cell.ts';
import { findCall, findExternal } from '../../plan/relation/find-call.ts';
import { narrowColumns } from '../../plan/relation/narrow-columns.ts';
import type { Evaluate, External, Relation, RelationColumn, TablePlan } from '../../plan/relation/node.ts';
import { pluginColumns } from '../../plan/relation/plugins.ts';
import { RelationRefusal, refusingFunctions } from '../../plan/relation/refusal.ts';
import { usedColumns } from '../../plan/relation/used-columns.ts';
import type { EventFilter } from '../../store/event-store.ts';
import type { RangeFacts } from '../../store/segments/segment-reader.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import type { Table } from '../../vocabulary/table.ts';
import { EventScans, type QueryWindow } from './event-scans.ts';
import { type GivenTable, withGivenRows } from './given-tables.ts';
import { registerHosts } from './host-functions.ts';
import { runTable, TABLE_LIMITS, type TableLimits, TableRefusal, type TableResult } from './run-table.ts';
import { unfedTables } from './unfed-tables.ts';

/** Whoever can be asked in SQL; the event store and its readers. */
export interface RangeReader {
  withRange<T>(
    range: Pick<EventFilter, 'from' | 'to'>,
    action: (
      connection: DuckDBConnection,
      relation: string,
      instance: DuckDBInstance,
      facts?: RangeFacts,
    ) => Promise<T>,
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
  /** The tables among them whose rows are no events. */
  readonly given?: readonly GivenTable[];
  /** The rows of files that the query names; without it they are refused. @throws {TableRefusal} */
  readonly external?: (node: External) => Promise<readonly Row[]>;
  readonly limits?: TableLimits;
  /** Milliseconds that understanding and running the query may take; any number where absent. */
  readonly timeMs?: number;
  /** Gives up; a statement that runs is interrupted. */
  readonly signal?: AbortSignal;
}

export interface TableQueryAnswer<Answer = TableResult> {
  /** Absent where `diagnostics` holds an error. */
  readonly answer?: Answer;
  readonly plan?: TablePlan;
  readonly diagnostics: readonly Diagnostic[];
}

const UNKNOWN: RangeFacts = { isCurrent: false, empty: new Set(), lowered: new Set() };

/** Plugins of one query whose columns follow from rows. */
const MOST_PLUGINS = 10;

/**
 * Runs the plans of one query, in this thread or in another, for as many milliseconds as are left. Both reject with a
 * `TableRefusal`.
 */
export interface TablePort<Answer> {
  run(plan: TablePlan, leftMs: number | undefined): Promise<Answer>;
  /** The columns that a plugin gives of its rows. */
  columns(plugin: Evaluate, leftMs: number | undefined): Promise<readonly RelationColumn[]>;
}

/** @throws the signal's reason, or DuckDB's error (a file that cannot be read). */
export function runQueryOverStore(
  text: string,
  options: TableQueryOptions & { readonly store: RangeReader },
): Promise<TableQueryAnswer> {
  return runTableQuery(text, options, {
    run: (plan, leftMs) => runPlanOverStore(plan, lasting(options, leftMs)),
    columns: (plugin, leftMs) => pluginColumnsOver(plugin, lasting(options, leftMs)),
  });
}

/** The options with another time. */
export function lasting<T extends Pick<TableQueryOptions, 'timeMs'>>(options: T, timeMs: number | undefined): T {
  return timeMs === undefined ? options : { ...options, timeMs };
}

/** Compiles a query and runs it through the port, as often as its plugins ask for. */
export async function runTableQuery<Answer>(
  text: string,
  options: Pick<TableQueryOptions, 'tables' | 'functions' | 'given' | 'signal' | 'timeMs'>,
  port: TablePort<Answer>,
): Promise<TableQueryAnswer<Answer>> {
  const settled: SettledColumns[] = [];
  const understanding = new Understanding(text, options);
  for (;;) {
    const compiled = await understanding.compiled(settled);
    if (compiled === 'late') return { diagnostics: [tooLate(options.timeMs as number)] };
    const { plan, unsettled } = compiled;
    const { tables = KUSTO_TABLES, given = [] } = options;
    const diagnostics = [...compiled.diagnostics, ...(plan === undefined ? [] : unfedTables(plan, tables, given))];
    const leftMs = understanding.left;
    const complete = (relation: Relation) => withGivenRows(relation, given);
    try {
      if (plan !== undefined) {
        const answer = await port.run({ ...plan, relation: await complete(plan.relation) }, leftMs);
        return { plan, diagnostics, answer };
      }
      if (unsettled === undefined) return { diagnostics };
      if (settled.length >= MOST_PLUGINS)
        throw new TableRefusal(`More than ${MOST_PLUGINS} plugins give columns that follow from the rows.`);
      settled.push({
        span: unsettled.span,
        columns: await port.columns({ ...unsettled, input: await complete(unsettled.input) }, leftMs),
      });
    } catch (error) {
      if (!(error instanceof TableRefusal || error instanceof RelationRefusal)) throw error;
      if (error instanceof TableRefusal && error.code === 'kusto-time' && options.timeMs !== undefined)
        return { ...(plan === undefined ? {} : { plan }), diagnostics: [...diagnostics, tooLate(options.timeMs)] };
      const { code, hint } =
        error instanceof TableRefusal ? error : { code: 'kusto-refused' as const, hint: undefined };
      const place = (plan && placeOf(plan.relation, error.message)) ?? NO_SPAN;
      const refused = diagnose(code, 'error', error.message, place, hint);
      return { ...(plan === undefined ? {} : { plan }), diagnostics: [...diagnostics, refused] };
    }
  }
}

/** Compiling one query again and again, within its time. */
class Understanding {
  private readonly text: string;
  private readonly options: Pick<TableQueryOptions, 'tables' | 'functions' | 'signal' | 'timeMs'>;
  private used = 0;

  constructor(text: string, options: Pick<TableQueryOptions, 'tables' | 'functions' | 'signal' | 'timeMs'>) {
    this.text = text;
    this.options = options;
  }

  /** Milliseconds that compiling has left. */
  get left(): number | undefined {
    const { timeMs } = this.options;
    return timeMs === undefined ? undefined : Math.max(1, Math.ceil(timeMs - this.used));
  }

  /** `late` where the query's time was up before. @throws the signal's reason when the caller gives up. */
  async compiled(settled: readonly SettledColumns[]): Promise<CompiledTable | 'late'> {
    const { text, options, left } = this;
    const { signal } = options;
    const clock = left === undefined ? undefined : AbortSignal.timeout(left);
    const ends = [signal, clock].filter((each) => each !== undefined);
    const began = performance.now();
    try {
      return await compileTableQuery(
        text,
        ends.length === 0 ? options : { ...options, signal: AbortSignal.any(ends) },
        settled,
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (clock?.aborted === true) return 'late';
      throw error;
    } finally {
      this.used += performance.now() - began;
    }
  }
}

function tooLate(timeMs: number): Diagnostic {
  const { code, message, hint } = tookTooLong(timeMs);
  return diagnose(code, 'error', message, NO_SPAN, hint);
}

/** Where in the query stands what a refusal while it runs is about. */
function placeOf(relation: Relation, message: string): Span | undefined {
  const functions = refusingFunctions(message);
  if (functions !== undefined) return findCall(relation, functions)?.nameSpan;
  return message.includes('“externaldata”') || message === NO_FILES ? findExternal(relation)?.span : undefined;
}

/** Runs the plugin's input to see which columns it gives. @throws as `runPlanOverStore` */
export async function pluginColumnsOver(
  plugin: Evaluate,
  options: TableQueryOptions & { readonly store: RangeReader },
): Promise<readonly RelationColumn[]> {
  const check = clockOf(options.timeMs);
  const { rows, isCut } = await runPlanOverStore(planOf(plugin.input), options);
  if (isCut) throw new TableRefusal(`More rows than can be held reach “${plugin.plugin}”; filter before it.`);
  return pluginColumns(plugin, rows, options.now, check);
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
    timeMs,
    signal,
  }: TableQueryOptions & { readonly store: RangeReader },
): Promise<TableResult> {
  const scans = new EventScans(tables, now, window);
  const relation = narrowColumns(scans.bound(plan.relation));
  const { whole, of } = scans.times(relation);
  const used = usedColumns(relation);
  const range = {
    ...(whole?.from === undefined ? {} : { from: whole.from }),
    ...(whole?.to === undefined ? {} : { to: whole.to + 1 }),
  };
  // Nothing of the store is read where no table of events is.
  const wanted = whole === undefined ? { from: 0, to: 0 } : range;
  const clock = timeMs === undefined ? undefined : AbortSignal.timeout(timeMs);
  const check = clockOf(timeMs);
  const ends = [signal, clock].filter((each) => each !== undefined);
  const ending = ends.length === 0 ? undefined : AbortSignal.any(ends);
  const running = store.withRange(
    wanted,
    async (connection, events, instance, facts = UNKNOWN) => {
      const hosts = new Map<string, HostFunction>();
      const source = { events, facts, used, hosts };
      const sources = new Map([...of].map(([scan, times]) => [scan, scans.source(scan, times, source)]));
      await registerHosts(instance, connection, hosts);
      return runTable(
        { ...plan, relation },
        {
          instance,
          connection,
          table: (scan) => sources.get(scan) ?? scans.source(scan, {}, source),
          now,
          external,
          limits,
          check,
          ...(ending === undefined ? {} : { signal: ending }),
        },
      );
    },
    ending,
  );
  return running.catch((error: unknown) => {
    signal?.throwIfAborted();
    if (clock?.aborted === true) throw tookTooLong(timeMs as number);
    if (isOutOfMemory(error)) throw tookTooMuch();
    if (isTooDeep(error)) throw new TableRefusal('The query has more parts than can be run at once.', TOO_DEEP);
    throw hostRefusal(error) ?? error;
  });
}

/** Throws when the time is up: no signal fires while this thread computes. */
function clockOf(timeMs: number | undefined): () => void {
  const until = performance.now() + (timeMs ?? Number.POSITIVE_INFINITY);
  return () => {
    if (performance.now() > until) throw tookTooLong(timeMs as number);
  };
}

function tookTooLong(timeMs: number): TableRefusal {
  const seconds = Math.round(timeMs / 100) / 10;
  const hint =
    'Ask for a shorter time, filter before joining and summarizing, or allow more: the option hunts.seconds (on the command line --seconds).';
  return new TableRefusal(
    `The query was stopped after ${seconds} s, which is as long as it may take.`,
    hint,
    'kusto-time',
  );
}

function tookTooMuch(): TableRefusal {
  const hint =
    'Ask for a shorter time, keep fewer columns, or allow more: the option hunts.megabytes (on the command line --megabytes).';
  return new TableRefusal('The query needs more memory than it may take.', hint, 'kusto-memory');
}

/** DuckDB tells its errors by their first words. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && /^Out of Memory Error/.test(error.message);
}

const TOO_DEEP = 'Name fewer tables in a union, or shorten what stands in one another.';

function isTooDeep(error: unknown): boolean {
  return error instanceof Error && /^(Binder|Parser) Error: Max(imum)? \w+ depth/.test(error.message);
}

/** What a function that DuckDB called back for refuses, which DuckDB tells as an error of its own. */
function hostRefusal(error: unknown): TableRefusal | undefined {
  const text = error instanceof Error ? error.message : '';
  const [, message] = /Refused: ([^\n]+)/.exec(text) ?? [];
  if (message !== undefined) return new TableRefusal(message);
  const large = text.indexOf(TOO_LARGE);
  if (large === -1) return undefined;
  return new TableRefusal(text.slice(large + TOO_LARGE.length), undefined, 'kusto-memory');
}

function planOf(relation: Relation): TablePlan {
  return { kind: 'table', version: 1, relation, isOrdered: true };
}

const NO_FILES = 'Files are not read here: no folder is set that queries may read.';

function noFiles(): never {
  throw new TableRefusal(NO_FILES, 'Name one in the option hunts.external_folder, or with --external.');
}
