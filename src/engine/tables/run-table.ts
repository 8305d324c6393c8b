/**
 * Runs a plan over tables on a connection of DuckDB's.
 *
 *   plan ──inner queries first, each to a constant──▶ what has no SQL, over the rows of its input──▶ one statement──▶ rows
 *
 * What is computed before the statement stands in temporary tables of the connection, which is the caller's to close.
 * The answer is bounded: in rows, and in the rows that are taken out of DuckDB on the way.
 */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { type DuckStatement, emitTable, type TableSource } from '../../dialect/duckdb/emit-relation.ts';
import { DUCK_TYPES, named, physicalNames } from '../../dialect/duckdb/sql-text.ts';
import { isStaged } from '../../dialect/duckdb/staged.ts';
import type { TableAnswer } from '../../plan/relation/answer.ts';
import type { Row } from '../../plan/relation/cell.ts';
import { withDecimalKeys } from '../../plan/relation/decimal-keys.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import type { External, Inline, Relation, Scalar, Scan, Shared, TablePlan } from '../../plan/relation/node.ts';
import { RelationRefusal } from '../../plan/relation/refusal.ts';
import { groundRelation } from './ground-relation.ts';
import { cellReader, heldCell, registerHosts } from './host-functions.ts';
import { amongRows, isPlainIn, MOST_ITEMS } from './listed-items.ts';
import { seriesPoints } from './series-points.ts';

export interface TableRun {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** A table of the schema, with the columns of the node under their physical names. */
  readonly table: (scan: Scan) => TableSource;
  /** `now()`, ticks of 100 ns since 1970. */
  readonly now: bigint;
  /** The rows of files that the query names. @throws {TableRefusal} for those that are not allowed. */
  readonly external: (node: External) => Promise<readonly Row[]>;
  readonly limits: TableLimits;
  readonly signal?: AbortSignal;
  /** Called while this thread computes and hears of no signal; throws when the time is up. */
  readonly check?: () => void;
}

export interface TableLimits {
  /** Rows of the answer; further ones are cut, and the answer says so. */
  readonly rows: number;
  /** Rows that an operator without SQL may take; it may give twice as many. */
  readonly staged: number;
  /** UTF-16 units of the texts in the answer, some more; any number where absent. */
  readonly characters?: number;
}

export const TABLE_LIMITS: TableLimits = { rows: 500_000, staged: 500_000 };

export interface TableResult extends TableAnswer {
  readonly isCut: boolean;
}

/** The query asks for more than it may; its message says what, for whoever wrote it. */
export class TableRefusal extends Error {
  readonly code: RefusalCode;
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, code: RefusalCode = 'kusto-refused') {
    super(message);
    this.hint = hint;
    this.code = code;
  }
}

export type RefusalCode = Extract<DiagnosticCode, 'kusto-refused' | 'kusto-memory' | 'kusto-time'>;

/** @throws {TableRefusal}, the signal's reason, or DuckDB's error (out of memory). */
export async function runTable(plan: TablePlan, run: TableRun): Promise<TableResult> {
  const work = new TableWork(run);
  try {
    const relation = await work.prepared(withDecimalKeys(plan.relation));
    const { rows, characters } = run.limits;
    const answer = await work.rows(relation, rows, plan.isOrdered, characters);
    return { columns: plan.relation.columns, ...answer };
  } finally {
    await work.clear();
  }
}

let tables = 0;

class TableWork {
  private readonly run: TableRun;
  private readonly staged = new Map<Relation, TableSource>();
  private readonly shared = new Map<string, Shared>();
  private readonly names: string[] = [];

  constructor(run: TableRun) {
    this.run = run;
  }

  /** The relation with everything computed that its statement cannot. */
  async prepared(node: Relation): Promise<Relation> {
    this.run.signal?.throwIfAborted();
    switch (node.kind) {
      case 'scan-table':
      case 'group':
        return node;
      case 'range':
        return this.settled(node);
      case 'inline':
        return node.rows.length > INLINE_ROWS ? this.keep(node, node.rows) : node;
      case 'external':
        return this.keep(node, await this.run.external(node));
      case 'shared':
        return this.once(node);
      case 'union':
        return { ...node, inputs: await inOrder(node.inputs, (input) => this.prepared(input)) };
      case 'join':
        return {
          ...node,
          left: await this.prepared(node.left),
          right: await this.prepared(node.right),
        };
      default: {
        const input = await this.prepared(node.kind === 'apply' ? node.expand.input : node.input);
        const settled = await this.settled(
          node.kind === 'apply' ? { ...node, expand: { ...node.expand, input } } : ({ ...node, input } as Relation),
        );
        if (!isStaged(settled)) return settled;
        const points = settled.kind === 'make-series' ? seriesPoints(settled) : undefined;
        return points === undefined || isStaged(points.points)
          ? this.stage(settled, input)
          : this.stage(points.laidOut(points.points), points.points);
      }
    }
  }

  /** The rows of a prepared relation. */
  async rows(
    node: Relation,
    most: number,
    isOrdered: boolean,
    mostCharacters = Number.POSITIVE_INFINITY,
  ): Promise<{ rows: readonly Row[]; isCut: boolean }> {
    const { connection, instance, signal } = this.run;
    const statement = this.statement(node, isOrdered);
    await registerHosts(instance, connection, statement.hosts);
    signal?.throwIfAborted();
    const result = await connection.stream(statement.sql);
    const readers = node.columns.map(({ type }) => cellReader(type));
    const rows: Row[] = [];
    let characters = 0;
    for await (const chunk of chunksOf(result)) {
      signal?.throwIfAborted();
      for (const values of chunk) {
        if (rows.length >= most || characters > mostCharacters) return { rows, isCut: true };
        for (const value of values) if (typeof value === 'string') characters += value.length;
        rows.push(readers.map((read, index) => read(values[index])));
      }
    }
    return { rows, isCut: false };
  }

  async clear(): Promise<void> {
    for (const name of this.names) await this.run.connection.run(`DROP TABLE IF EXISTS ${named(name)}`).catch(() => {});
  }

  private async once(node: Shared): Promise<Relation> {
    const known = this.shared.get(node.id);
    if (known !== undefined) return known;
    const relation = await this.prepared(node.relation);
    const statement = this.statement(relation, true);
    await registerHosts(this.run.instance, this.run.connection, statement.hosts);
    const name = this.newName();
    const rows = `SELECT *, row_number() OVER () AS "#row" FROM (${statement.sql})`;
    await this.run.connection.run(`CREATE TEMP TABLE ${named(name)} AS ${rows}`);
    const kept = { ...node, relation: this.standIn(relation, name) };
    this.shared.set(node.id, kept);
    return kept;
  }

  /** Computes the operator over its input's rows, and stands for it from then on. */
  private async stage(node: Relation, input: Relation): Promise<Relation> {
    const name = NAMES[node.kind] ?? node.kind;
    const { staged } = this.run.limits;
    const grounded = await groundRelation(node, async (asked) => this.taken(await this.prepared(asked), staged, name));
    const rows = await this.taken(input, staged, name);
    const found: Row[] = [];
    let characters = 0;
    // Rows that do not look at each other are computed some at a time, so that this thread hears in between that it may stop.
    const some = grounded.kind === 'apply' && !isStaged(grounded.expand) ? SLICE : Math.max(1, rows.length);
    for (let at = 0; at === 0 || at < rows.length; at += some) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve));
      for (const row of this.evaluated(grounded, { ...input, rows: rows.slice(at, at + some) })) {
        found.push(row);
        for (const cell of row) if (typeof cell === 'string') characters += cell.length;
      }
      if (found.length > this.run.limits.staged * 2 || characters > STAGED_CHARACTERS)
        throw new TableRefusal(`“${name}” gives more than can be held; filter or summarize before it.`);
    }
    return this.keep(node, found);
  }

  /** What the operator gives for some of its input's rows. */
  private evaluated(node: Relation, { columns, rows }: TableAnswer): readonly Row[] {
    const { now, signal, check, limits } = this.run;
    const source: Inline = { kind: 'inline', columns, rows, span: node.span };
    const whole =
      node.kind === 'apply' ? { ...node, expand: { ...node.expand, input: source } } : { ...node, input: source };
    signal?.throwIfAborted();
    try {
      return evaluateRelation(whole as Relation, {
        now,
        tables: noTable,
        external: noTable,
        mostRows: limits.staged * 2,
        mostCharacters: STAGED_CHARACTERS,
        ...(check === undefined ? {} : { check }),
      });
    } catch (error) {
      throw error instanceof RelationRefusal ? new TableRefusal(error.message) : error;
    }
  }

  private async taken(node: Relation, most: number, name: string): Promise<readonly Row[]> {
    const { rows, isCut } = await this.rows(node, most, true, STAGED_CHARACTERS);
    if (!isCut) return rows;
    throw new TableRefusal(
      rows.length < most
        ? `The rows that reach “${name}” have more text than can be held; keep fewer columns, or filter before it.`
        : `More than ${most} rows reach “${name}”; filter or summarize before it.`,
    );
  }

  /** Rows in a temporary table, in their order. */
  private async keep(node: Relation, rows: readonly Row[]): Promise<Relation> {
    const name = this.newName();
    const names = physicalNames(node.columns);
    const heads = node.columns.map((column) => `${names.get(column.name)} ${DUCK_TYPES[column.type]}`);
    await this.run.connection.run(`CREATE TEMP TABLE ${named(name)} (${[...heads, '"#row" BIGINT'].join(', ')})`);
    const appender = await this.run.connection.createAppender(name);
    for (const [index, row] of rows.entries()) {
      for (const [at, { type }] of node.columns.entries()) append(appender, heldCell(row[at] ?? null, type));
      appender.appendBigInt(BigInt(index));
      appender.endRow();
    }
    appender.closeSync();
    return this.standIn(node, name);
  }

  private newName(): string {
    tables += 1;
    const name = `#kept ${tables}`;
    this.names.push(name);
    return name;
  }

  /** What stands for a relation whose rows are in a table. */
  private standIn({ columns, span }: Relation, table: string): Relation {
    const kept: Inline = { kind: 'inline', columns, rows: [], span };
    this.staged.set(kept, { sql: named(table), order: '"#row"' });
    return kept;
  }

  private statement(relation: Relation, isOrdered: boolean): DuckStatement {
    const { now, table } = this.run;
    return emitTable({ relation, isOrdered }, { now, table, staged: (part) => this.staged.get(part) });
  }

  /** Queries within the node's expressions, as their values. */
  private async settled(node: Relation): Promise<Relation> {
    return (await this.walked(node)) as Relation;
  }

  private async walked(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return inOrder(value, (item) => this.walked(item));
    if (typeof value !== 'object' || value === null) return value;
    const node = value as Relation | Scalar;
    if (node.kind === 'query') {
      const relation = await this.prepared(node.relation);
      const { rows } = await this.rows(relation, 1, true);
      return {
        kind: 'constant',
        type: node.type,
        value: rows[0]?.[0] ?? (node.type === 'string' ? '' : null),
        span: node.span,
      };
    }
    if (node.kind === 'in-query') {
      const operand = (await this.walked(node.operand)) as Scalar;
      const relation = await this.prepared(node.relation);
      if (isPlainIn(node)) return { ...node, operand, relation };
      const listed = amongRows({ ...node, operand }, await this.taken(relation, MOST_ITEMS, node.operator));
      if (listed !== undefined) return listed;
      const hint = 'Make both sides texts with tostring().';
      throw new TableRefusal(`“${node.operator}” is given too many values of the type ${typeOf(relation)}.`, hint);
    }
    if (node.kind === 'constant' || node.kind === 'column' || node.kind === 'parameter') return node;
    const entries = await inOrder(Object.entries(node), async ([name, part]) =>
      INPUTS.has(name) ? [name, part] : [name, await this.walked(part)],
    );
    return Object.fromEntries(entries);
  }
}

/** Prepared already, rows that hold no expressions, or asked for each group. */
const INPUTS: ReadonlySet<string> = new Set(['input', 'span', 'nameSpan', 'columns', 'rows', 'body']);
/** UTF-16 units of the texts that an operator without SQL may take, some more. */
const STAGED_CHARACTERS = 128 * 1024 * 1024;
const INLINE_ROWS = 200;
/** Rows of `mv-apply` that are computed before this thread hears what else there is. */
const SLICE = 500;

const AROUND = 'row_rank or row_window_session';
const NAMES: Readonly<Record<string, string>> = {
  apply: 'mv-apply',
  'scan-steps': 'scan',
  expand: 'mv-expand',
  filter: AROUND,
  parse: AROUND,
  'parse-kv': AROUND,
  project: AROUND,
  sort: AROUND,
  summarize: AROUND,
};

function typeOf({ columns }: Relation): string {
  return columns[0]?.type ?? 'dynamic';
}

function noTable(): never {
  throw new Error('Its input was computed before.');
}

async function inOrder<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await action(item));
  return results;
}

type Streamed = Awaited<ReturnType<DuckDBConnection['stream']>>;

async function* chunksOf(result: Streamed): AsyncGenerator<readonly (readonly unknown[])[]> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows();
  }
}

type Appender = Awaited<ReturnType<DuckDBConnection['createAppender']>>;

function append(appender: Appender, value: ReturnType<typeof heldCell>): void {
  if (value === null) appender.appendNull();
  else if (typeof value === 'bigint') appender.appendBigInt(value);
  else if (typeof value === 'number') appender.appendDouble(value);
  else if (typeof value === 'boolean') appender.appendBoolean(value);
  else appender.appendVarchar(value);
}
