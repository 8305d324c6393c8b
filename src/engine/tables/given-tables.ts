/**
 * Tables whose rows are no events: watchlists, and tables of one's own. Their rows are put into a plan before it is run,
 * so that whoever runs it, in whatever thread, needs nothing else.
 */
import { constantValue } from '../../dialect/duckdb/emit-scalar.ts';
import type { KustoNames } from '../../language/kusto/schema.ts';
import type { Cell, Row } from '../../plan/relation/cell.ts';
import { mapScans } from '../../plan/relation/map-scans.ts';
import type { Relation, Scan } from '../../plan/relation/node.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import type { Table } from '../../vocabulary/table.ts';
import { TableRefusal } from './run-table.ts';

export interface GivenTable extends Table {
  /**
   * Rows in the order of the table's columns.
   * @param args constants by the parameter's name
   * @throws {TableRefusal} where they cannot be had
   */
  readonly given: (args: ReadonlyMap<string, Cell>) => Promise<readonly Row[]>;
}

/** What queries may name beside the tables of the house, and the rows behind that. */
export interface GivenSchema extends Partial<KustoNames> {
  readonly given: readonly GivenTable[];
  /** Another where a query may mean something else; rows do not count. */
  readonly digest: string;
}

/** The tables of the house with these, which take the place of those with their names. */
export function withGivenTables(given: readonly GivenTable[]): readonly Table[] {
  const names = new Set(given.flatMap((table) => table.names));
  return [...KUSTO_TABLES.filter((table) => !table.names.some((name) => names.has(name))), ...given];
}

/** The relation with the rows of these tables in it. @throws {TableRefusal} */
export async function withGivenRows(relation: Relation, tables: readonly GivenTable[]): Promise<Relation> {
  const given = new Map(tables.flatMap((table) => table.names.map((name) => [name, table] as const)));
  if (given.size === 0) return relation;
  const wanted = new Map<string, Promise<readonly Row[]>>();
  mapScans(relation, (scan) => {
    const table = given.get(scan.table);
    const key = keyOf(scan);
    if (table !== undefined && !wanted.has(key)) wanted.set(key, table.given(argumentsOf(scan)));
    return scan;
  });
  const rows = new Map<string, readonly Row[]>();
  for (const [key, coming] of wanted) rows.set(key, await coming);
  return mapScans(relation, (scan) => {
    const table = given.get(scan.table);
    const found = table === undefined ? undefined : rows.get(keyOf(scan));
    if (table === undefined || found === undefined) return scan;
    return { kind: 'inline', columns: scan.columns, rows: asPlanned(scan.columns, table, found), span: scan.span };
  });
}

/** The plan may be older than the table: what has gone since is empty. */
function asPlanned(planned: Scan['columns'], { columns }: GivenTable, rows: readonly Row[]): readonly Row[] {
  const places = planned.map(({ name, type }) => columns.findIndex((one) => one.name === name && one.type === type));
  if (places.length === columns.length && places.every((place, at) => place === at)) return rows;
  const empty = planned.map(({ type }): Cell => (type === 'string' ? '' : null));
  return rows.map((row) => places.map((place, at): Cell => (place < 0 ? (empty[at] ?? null) : (row[place] ?? null))));
}

function argumentsOf({ table, args }: Scan): ReadonlyMap<string, Cell> {
  return new Map(
    Object.entries(args).map(([name, arg]) => {
      // `now()` is no argument of a list.
      const known = constantValue(arg, 0n);
      if (known === undefined) throw new TableRefusal(`What “${table}” is asked for has to be constant.`);
      return [name, known.value];
    }),
  );
}

function keyOf(scan: Scan): string {
  const cells = [...argumentsOf(scan)].map(([name, cell]) => [name, String(cell)]);
  return JSON.stringify([scan.table, cells]);
}
