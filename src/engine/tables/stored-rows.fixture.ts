/**
 * Events as rows of a store's relation in a DuckDB of a test's own, and the rows that each table has of them: by SQL
 * and by the reference.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type EventTable, emitEventTable, FIRST_MS, LAST_MS } from '../../dialect/duckdb/emit-event-table.ts';
import type { HostFunction } from '../../dialect/duckdb/host-function.ts';
import { named, physicalNames, quote } from '../../dialect/duckdb/sql-text.ts';
import { binOfMillis, comparedMillis } from '../../dialect/duckdb/whole-millis.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { FIRST_TICK } from '../../plan/relation/time-text.ts';
import { COLUMNS, FIELD_COLUMNS, LATER_COLUMNS, LIST_COLUMNS, lineOf } from '../../store/segments/event-line.ts';
import { unfilledColumns } from '../../store/segments/filled-columns.ts';
import { evenColumns, unevenColumns } from '../../store/segments/uneven-columns.ts';
import type { Table } from '../../vocabulary/table.ts';
import { isRow, rowOf } from '../../vocabulary/table-row.ts';
import { cellReader, registerHosts } from './host-functions.ts';

export interface TestEvent {
  readonly document: JsonObject;
  readonly timeMs: number;
  readonly ticks: number;
  /** As Vedette stored it when segments were of version 1. */
  readonly isOld?: boolean;
}

/** An event whose row says nothing in the columns of what is odd, at a time that Kusto has. */
export function isPlain({ document, timeMs, isOld = false }: TestEvent): boolean {
  const given = { id: 'e', timeMs: 0, ticks: 0, format: 'test', dataStreams: [], standsInFor: [], sample: false };
  const { more, irregular } = lineOf({ ...given, document }, 0, 0);
  return !isOld && more === undefined && irregular.length === 0 && timeMs >= FIRST_MS && timeMs <= LAST_MS;
}

/** Of bins: a millisecond, some, an hour, a week, the calendar. */
const STEPS = [10_000n, 70_000n, 36_000_000_000n, 6_048_000_000_000n, 3_155_378_975_999_990_000n];
/** A time among those of the events. */
const BOUND = 9_000_000_000_000_000n;
const binOf = (cell: string, step: bigint) => `(${cell} - (${cell} + ${-FIRST_TICK}) % ${step})`;

export class StoredRows {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  private readonly events: readonly Event[];
  /** Whether all of them have plain paths and fields of one value, the columns of today, and times within the calendar. */
  private readonly arePlain: boolean;
  private readonly lowered: ReadonlySet<string>;
  /** Columns of fields in which no row has anything. */
  private readonly unfilled: readonly string[];

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    events: readonly Event[],
    arePlain: boolean,
    lowered: ReadonlySet<string>,
    unfilled: readonly string[],
  ) {
    this.instance = instance;
    this.connection = connection;
    this.events = events;
    this.arePlain = arePlain;
    this.lowered = lowered;
    this.unfilled = unfilled;
  }

  static async of(events: readonly TestEvent[]): Promise<StoredRows> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const columns = Object.entries(COLUMNS).map(([name, type]) => `${named(name)} ${type}`);
    await connection.run(`CREATE TABLE events (${columns.join(', ')})`);
    const kept: Event[] = [];
    const uneven = new Set<string>();
    const filled = new Set<string>();
    const rows = events.map(({ document, timeMs, ticks, isOld = false }, index) => {
      const record = {
        id: `e${index}`,
        timeMs,
        ticks,
        format: 'test',
        dataStreams: [],
        standsInFor: [],
        sample: false,
      };
      const made = lineOf({ ...record, document }, index, 0);
      for (const column of unevenColumns(made, JSON.stringify(made))) uneven.add(column);
      const line: Readonly<Record<string, unknown>> = made;
      const time = { ms: timeMs, ticks };
      const source = documentSource(JSON.parse(String(line.document)) as JsonObject);
      kept.push(new Event({ time, source, raw: new Uint8Array(), format: '', dataStreams: [] }));
      const cells = Object.keys(COLUMNS).map((name) => {
        const isLater = LATER_COLUMNS.has(name) || name === 'irregular';
        const cell = isOld && isLater ? 'NULL' : literal(line[name]);
        if (cell !== 'NULL') filled.add(name);
        return cell;
      });
      return `(${cells.join(', ')})`;
    });
    if (rows.length > 0) await connection.run(`INSERT INTO events VALUES ${rows.join(', ')}`);
    return new StoredRows(
      instance,
      connection,
      kept,
      events.every(isPlain),
      evenColumns([], uneven),
      unfilledColumns([], filled),
    );
  }

  /** In no order, as texts. */
  async bySql(table: Table): Promise<readonly string[]> {
    const { sql, names } = await this.emitted(table);
    const result = await this.connection.runAndReadAll(`SELECT ${[...names.values()].join(', ')} FROM ${sql}`);
    const readers = table.columns.map(({ type }) => cellReader(type));
    return result
      .getRows()
      .map((row) =>
        this.shown(
          table,
          row.map((value, index) => readers[index]?.(value)),
        ),
      )
      .sort();
  }

  private async emitted(table: Table): Promise<EventTable & { readonly names: ReadonlyMap<string, string> }> {
    const hosts = new Map<string, HostFunction>();
    const facts = this.arePlain
      ? { later: undefined, empty: new Set(['more', 'irregular', ...this.unfilled]), isInCalendar: true }
      : { later: LATER_COLUMNS, empty: new Set(this.unfilled) };
    const scope = {
      columns: {
        texts: new Set<string>(FIELD_COLUMNS),
        lists: new Set<string>(LIST_COLUMNS),
        lowered: this.lowered,
        ...facts,
      },
      hosts,
    };
    const used = new Set(table.columns.map(({ name }) => name));
    const made = emitEventTable(table, table.columns, 'events', { times: {}, used }, scope);
    await registerHosts(this.instance, this.connection, hosts);
    return { ...made, names: physicalNames(table.columns) };
  }

  /** Rows in which another form of a column (`ColumnForms`) does not say what the column says. */
  async differingForms(table: Table): Promise<number> {
    const { sql, forms, names } = await this.emitted(table);
    const differences = [...forms].flatMap(([name, { text, millis, words }]) => {
      const cell = names.get(name) as string;
      const bins = STEPS.map((step) => [millis && binOfMillis(millis, step), binOf(cell, step)]);
      const tests = (['<', '>='] as const).map((how) => [
        millis && comparedMillis(how, millis, BOUND),
        `(${cell} ${how} ${BOUND})`,
      ]);
      return [
        [text && `coalesce(${text}, '')`, cell],
        ...bins,
        ...tests,
        ...[...(words ?? [])].map(([word, test]) => [`coalesce(${test}, false)`, `(${cell} = ${quote(word)})`]),
      ].flatMap(([a, b]) => (a === undefined ? [] : [`${a} IS DISTINCT FROM ${b}`]));
    });
    if (differences.length === 0) return 0;
    const result = await this.connection.runAndReadAll(`SELECT count(*) FROM ${sql} WHERE ${differences.join(' OR ')}`);
    return Number(result.getRows()[0]?.[0]);
  }

  byReference(table: Table): readonly string[] {
    return this.events
      .filter((event) => isRow(table, event))
      .map((event) => this.shown(table, rowOf(table, event)))
      .sort();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  private shown({ columns }: Table, row: readonly unknown[]): string {
    const cells = row.map((cell, index) => [columns[index]?.name, typeof cell === 'bigint' ? `${cell}n` : cell]);
    return JSON.stringify(cells.filter(([, cell]) => cell !== '' && cell !== null));
  }
}

function literal(value: unknown): string {
  if (value === undefined || value === null) return 'NULL';
  if (Array.isArray(value)) return `[${value.map((item) => quote(String(item))).join(', ')}]::VARCHAR[]`;
  return typeof value === 'string' ? quote(value) : String(value);
}
