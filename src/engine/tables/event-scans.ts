/**
 * What a plan's scans of the vocabulary's tables become: filters for a parser's parameters and for the window that a
 * query sees, and SQL over stored events.
 *
 *   Scan(args) ──▶ Filter(args, window)(Scan) ──times──▶ range to be read ──▶ SQL of each scan, with its own times
 */
import { type EventTimes, emitEventTable, FIRST_MS, LAST_MS, TIME } from '../../dialect/duckdb/emit-event-table.ts';
import type { TableSource } from '../../dialect/duckdb/emit-relation.ts';
import { constantValue } from '../../dialect/duckdb/emit-scalar.ts';
import type { EventColumns } from '../../dialect/duckdb/event-fields.ts';
import type { HostFunction } from '../../dialect/duckdb/host-function.ts';
import type { ScalarType } from '../../plan/relation/cell.ts';
import { mapScans } from '../../plan/relation/map-scans.ts';
import type { Filter, Relation, Scalar, Scan } from '../../plan/relation/node.ts';
import { hull, scanTimes, type TimeRange } from '../../plan/relation/scan-times.ts';
import { FIELD_COLUMNS, LATER_COLUMNS, LIST_COLUMNS } from '../../store/segments/event-line.ts';
import type { RangeFacts } from '../../store/segments/segment-reader.ts';
import type { Table } from '../../vocabulary/table.ts';
import { TIME_FIELD } from '../../vocabulary/table-row.ts';

/** Ticks since 1970: what a query sees whatever it asks, `after` exclusive, `upTo` inclusive. */
export interface QueryWindow {
  readonly after?: bigint;
  readonly upTo?: bigint;
  /** Then an event counts as stored when it happened: of the past everything may have been stored at once. */
  readonly isOfThePast?: boolean;
}

const TICKS_PER_MS = 10_000n;

const CURRENT: EventColumns = { texts: new Set(FIELD_COLUMNS), lists: new Set(LIST_COLUMNS), later: undefined };
const MIXED: EventColumns = { ...CURRENT, later: LATER_COLUMNS };

/** What the SQL of a scan is made for. */
export interface ScanSource {
  /** The relation of stored events. */
  readonly events: string;
  /** What all of them have in common. */
  readonly facts: RangeFacts;
  /** Columns that the plan reads (`usedColumns`); others are empty. */
  readonly used: ReadonlySet<string>;
  /** Gets the functions that it calls. */
  readonly hosts: Map<string, HostFunction>;
}

export class EventScans {
  private readonly tables: ReadonlyMap<string, Table>;
  private readonly now: bigint;
  private readonly window: QueryWindow;

  /** @param now ticks since 1970 */
  constructor(tables: readonly Table[], now: bigint, window: QueryWindow = {}) {
    this.tables = new Map(tables.flatMap((table) => table.names.map((name) => [name, table] as const)));
    this.now = now;
    this.window = window;
  }

  /** The relation with every scan as one without parameters; of a table that nothing feeds, as no rows. */
  bound(relation: Relation): Relation {
    return mapScans(relation, (scan) => this.scan(scan));
  }

  /** Of a bound relation: what has to be read, and the times of each scan. */
  times(relation: Relation): { readonly whole: EventTimes | undefined; readonly of: ReadonlyMap<Scan, EventTimes> } {
    const found = scanTimes(relation, {
      column: ({ table }) => timeColumn(this.tables.get(table)),
      constant: (node) => {
        const value = constantValue(node, this.now)?.value;
        return typeof value === 'bigint' ? value : undefined;
      },
    });
    const ranges = [...found.values()];
    const whole = ranges.length === 0 ? undefined : millisOf(ranges.reduce(hull));
    return { whole, of: new Map([...found].map(([scan, range]) => [scan, millisOf(range)])) };
  }

  /** The SQL of a scan of a bound relation. */
  source(scan: Scan, times: EventTimes, { events, facts, used, hosts }: ScanSource): TableSource {
    const table = this.tables.get(scan.table);
    if (table === undefined) throw new Error(`No table “${scan.table}”.`);
    const { isCurrent, empty, lowered, times: known } = facts;
    const isInCalendar = known !== undefined && known.from >= FIRST_MS && known.to <= LAST_MS;
    const scope = { columns: { ...(isCurrent ? CURRENT : MIXED), empty, lowered, isInCalendar }, hosts };
    return emitEventTable(
      table,
      scan.columns,
      events,
      { times, used, ...(this.window.isOfThePast === true ? { arrival: TIME } : {}) },
      scope,
    );
  }

  private scan(scan: Scan): Relation {
    const table = this.tables.get(scan.table);
    if (table === undefined) throw new Error(`No table “${scan.table}”.`);
    const { span, columns } = scan;
    if (table.isEmpty === true) return { kind: 'inline', columns, rows: [], span };
    const conditions = Object.entries(scan.args).flatMap(([name, arg]) => table.filters?.get(name)?.(arg) ?? []);
    const time = timeColumn(table);
    if (time !== undefined) conditions.push(...this.windowed({ kind: 'column', name: time, type: 'datetime', span }));
    const bare: Scan = { ...scan, args: {} };
    return conditions.reduce<Relation>(
      (input, condition): Filter => ({ kind: 'filter', input, condition, columns, span }),
      bare,
    );
  }

  private windowed(column: Scalar): readonly Scalar[] {
    const { after, upTo } = this.window;
    const test = (name: string, ticks: bigint): Scalar => {
      const bound: Scalar = { kind: 'constant', type: 'datetime', value: ticks, span: column.span };
      const args = [column, bound];
      return { kind: 'call', function: name, args, type: 'bool', nameSpan: column.span, span: column.span };
    };
    return [...(after === undefined ? [] : [test('>', after)]), ...(upTo === undefined ? [] : [test('<=', upTo)])];
  }
}

/** The column that is the event's time to the tick. */
function timeColumn(table: Table | undefined): string | undefined {
  const isTime = ({ name, type, fields }: Table['columns'][number]) =>
    name === 'TimeGenerated' && (type as ScalarType) === 'datetime' && fields[0] === TIME_FIELD;
  return table?.columns.find(isTime)?.name;
}

/** Milliseconds around the range, both inclusive; within what numbers hold. */
function millisOf({ from, to }: TimeRange): EventTimes {
  return {
    ...(from === undefined ? {} : { from: Number(floorDivide(from)) }),
    ...(to === undefined ? {} : { to: Number(floorDivide(to)) }),
  };
}

function floorDivide(ticks: bigint): bigint {
  const whole = ticks / TICKS_PER_MS;
  return ticks < 0n && whole * TICKS_PER_MS !== ticks ? whole - 1n : whole;
}
