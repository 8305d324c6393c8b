/**
 * Queries at the edges of what SQL says by itself: DuckDB's answer is the reference's, of a table that is found and of
 * one that the query writes.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cellText, physicalNames } from '../../dialect/duckdb/sql-text.ts';
import { compileKustoTable } from '../../language/kusto/kusto-table.ts';
import { constant } from '../../plan/predicate/node.ts';
import type { Cell, Row } from '../../plan/relation/cell.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import type { Scan } from '../../plan/relation/node.ts';
import type { Table } from '../../vocabulary/table.ts';
import { runTable, TABLE_LIMITS, type TableLimits, type TableResult } from './run-table.ts';

const FOUND: Table = {
  names: ['Found'],
  columns: [
    { name: 'a', type: 'long', fields: [] },
    { name: 's', type: 'string', fields: [] },
    { name: 'r', type: 'real', fields: [] },
    { name: 'd', type: 'dynamic', fields: [] },
  ],
  rows: (span) => constant(true, span),
};
/** One list for all: a parser belongs to it, and takes seconds to load. */
const TABLES = [FOUND];
const ROWS: readonly Row[] = [
  [1n, 'x', 1.5, null],
  [2n, '', null, [1, 'x']],
  [null, 'İ', Number.NaN, { a: 1 }],
  [2n, 'X', -1, 't'],
  [5n, 'y', 0, 3],
];
const WRITTEN = `let Written = datatable(a:long, A:string, r:real, b:bool, l:dynamic, m:decimal)[
  1, "x", 1.5, true, dynamic([1, 2]), decimal(1.0),
  2, "X", real(nan), false, dynamic({"p": 1, "q": 2}), decimal(1.00),
  long(null), "", real(-inf), bool(null), dynamic(null), decimal(null),
  2, "İx", 0.0, true, dynamic([]), decimal(-3.5),
  3, "z,y", real(null), true, dynamic("x"), decimal(0.001),
  9223372036854775807, "long", 1e308, false, dynamic(3.5), decimal(2)];
`;

const QUERIES: readonly string[] = [
  // Steps that are not constants as they stand, of two types, or beyond 64 bits on the way.
  'range x from 1 to toscalar(Found | count) step 1',
  'range x from 1 to 2 step 0.25',
  'range x from 0.1 to 0.8 step 0.1',
  'range x from 3.0 to 1.0 step 0.5',
  'range x from -9223372036854775807 to 9223372036854775807 step 4611686018427387904',
  'range x from datetime(2024-01-01) to datetime(2024-01-02) step 6h',
  // NaN stands beside the nulls.
  'Written | sort by r asc',
  'Written | sort by r desc',
  'Written | sort by r asc nulls last',
  'Written | sort by r desc nulls first',
  'Found | top 2 by r asc nulls first',
  // Functions that look at other rows, wherever they may stand.
  'Written | sort by A asc | where prev(a) in (Found | project a)',
  'Written | sort by A asc | summarize count() by p = prev(a)',
  'Written | sort by A asc | sort by row_rank_dense(A) desc',
  'Written | sort by A asc | summarize count() by row_rank_dense(b)',
  'Written | sort by A asc | parse prev(A) with q "," w',
  'Written | sort by A asc | mv-expand y = prev(l)',
  'Written | sort by A asc | extend c = row_cumsum(a), d = row_cumsum(a, b)',
  // Tables that are asked within what the reference computes.
  'Written | sort by A asc | where row_rank_dense(A) > 1 and a in (Found | project a)',
  'Written | mv-apply e = l on (where e in (Found | project a))',
  'Written | mv-apply e = l to typeof(long) on (where e < toscalar(Found | summarize max(a)) | take 1)',
  'Written | mv-apply e = l to typeof(long) on (join kind=inner Found on $left.e == $right.a)',
  'let Q = materialize(Found | project a); Written | mv-apply e = l to typeof(long) on (where e in (Q)) | union (Q)',
  'let Q = range a from 1 to 300 step 1 | mv-expand a = pack_array(a) to typeof(long); Written | mv-apply e = l to typeof(long) on (where e in (Q))',
  'Written | partition by A (where a in (Found | project a))',
  'Written | partition by A (join kind=inner Found on a)',
  'Written | mv-apply e = l on (union (Found | mv-apply f = d on (count) | project e = d) | count)',
  // `in` that is not SQL's.
  'Written | where A has_any ((Found | project s))',
  'Written | where A !in~ ((Found | project s))',
  'Written | where A in ((Found | project d))',
  'Written | where l in ((Found | project a))',
  'Written | where m in ((print decimal(1)))',
  'Written | where a in ((Found | project r))',
  'print x = "İ" | where x in~ ((print "i"))',
  // Functions of one's own over values of the row.
  'let f = (x:real, y:string = "x") { iff(y has "x", x / 2, x) }; Written | extend h = f(a), i = f(f(r), A) | where f(a) > 0',
  'let f = (x:long) { x + 1 }; Written | sort by A asc | extend p = f(prev(a)) | summarize sum(f(a)) by k = f(f(a))',
  // Decimals that are equal and not written alike, or beyond what DuckDB's hold.
  'Written | summarize count(), sum(r) by m',
  'Written | summarize take_any(m), dcount(m) by b, m, A',
  'Written | distinct m',
  'Written | distinct m, b',
  'Written | join kind=inner (print m = decimal(1.000)) on m',
  'Written | join (Written) on m',
  'Written | join kind=leftanti (print m = decimal(1.000)) on m',
  'Written | lookup (print m = decimal(2.0), q = 1) on m',
  'Written | union (print m = decimal(1e-20)), (print m = decimal(-1e30)), (print m = decimal(-1.5e30)) | sort by m asc',
  'Written | top 3 by m desc nulls first',
  // Names that begin as ours.
  "Written | make-series c = count() on a from 0 to 4 step 1 by ['#point'] = A, ['#value 0'] = b",
  "Written | extend ['#1'] = 1, ['#row'] = 2 | sort by A asc | extend ['#3'] = prev(a)",
];

let instance: DuckDBInstance;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
});

afterAll(() => instance.closeSync());

for (const query of QUERIES)
  test(query, async () => {
    const { plan, diagnostics } = await compileKustoTable(WRITTEN + query, { tables: TABLES });
    if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    const expected = evaluateRelation(plan.relation, { now: 0n, tables: rowsOf, external: () => [] });
    const { rows } = await answer(query);
    expect(shown(rows, plan.isOrdered)).toEqual(shown(expected, plan.isOrdered));
  });

test('what is given to an operator without SQL is bounded', async () => {
  const few: TableLimits = { rows: 10, staged: 3 };
  await expect(answer('Written | mv-apply e = l on (count)', few)).rejects.toThrow('More than 3 rows');
  await expect(answer('Written | take 1 | mv-apply e = l on (where e in (Found | project a))', few)).rejects.toThrow(
    'More than 3 rows',
  );
});

async function answer(query: string, limits = TABLE_LIMITS): Promise<TableResult> {
  const { plan } = await compileKustoTable(WRITTEN + query, { tables: TABLES });
  if (plan === undefined) throw new Error(`No plan for ${query}`);
  const connection = await instance.connect();
  const external = () => Promise.resolve([]);
  try {
    return await runTable(plan, { instance, connection, table: sourceOf, external, now: 0n, limits });
  } finally {
    connection.closeSync();
  }
}

function rowsOf({ columns }: Scan): readonly Row[] {
  const places = columns.map(({ name }) => FOUND.columns.findIndex((column) => column.name === name));
  return ROWS.map((row) => places.map((at) => row[at] ?? null));
}

function sourceOf(scan: Scan) {
  const lines = rowsOf(scan).map((row) => row.map((cell, at) => cellText(cell, scan.columns[at]?.type ?? 'string')));
  const heads = [...physicalNames(scan.columns).values()];
  return { sql: `(VALUES ${lines.map((cells) => `(${cells.join(', ')})`).join(', ')}) AS found(${heads.join(', ')})` };
}

function shown(rows: readonly Row[], isOrdered: boolean): readonly string[] {
  const texts = rows.map((row) => JSON.stringify(row.map(cellOf)));
  return isOrdered ? texts : texts.toSorted();
}

function cellOf(cell: Cell): unknown {
  if (typeof cell === 'bigint') return `${cell}n`;
  return typeof cell === 'number' ? String(cell) : cell;
}
