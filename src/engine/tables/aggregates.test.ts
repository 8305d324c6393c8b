/**
 * What DuckDB computes of a group is what the reference computes: every aggregate that has SQL of its own, over the rows
 * of a table as they are found, sorted, and without any.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { cellText } from '../../dialect/duckdb/sql-text.ts';
import type { Cell, Row, ScalarType } from '../../plan/relation/cell.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import {
  type Aggregate,
  RELATION_VERSION,
  type Relation,
  type RelationColumn,
  type Scalar,
} from '../../plan/relation/node.ts';
import { runTable, TABLE_LIMITS } from './run-table.ts';

const COLUMNS: readonly RelationColumn[] = [
  { name: 'g', type: 'string' },
  { name: 'x', type: 'long' },
  { name: 's', type: 'string' },
  { name: 't', type: 'datetime' },
  { name: 'r', type: 'real' },
  { name: 'b', type: 'bool' },
];

const ROW: fc.Arbitrary<Row> = fc.tuple(
  fc.constantFrom<Cell>('a', 'b', 'B', ''),
  fc.oneof(fc.constantFrom<Cell>(null, 9_223_372_036_854_775_807n), fc.bigInt({ min: -5n, max: 5n })),
  fc.constantFrom<Cell>('', 'a', 'Å', '😀', 'a"b'),
  fc.constantFrom<Cell>(null, -1n, 17_000_000_000_000_001n, 17_000_000_000_000_000n),
  fc.constantFrom<Cell>(null, 0.5, -2, 3),
  fc.constantFrom<Cell>(null, true, false),
);

const column = (name: string): Scalar => {
  const type = COLUMNS.find((one) => one.name === name)?.type as ScalarType;
  return { kind: 'column', name, type, span: NO_SPAN };
};
const number = (value: bigint): Scalar => ({ kind: 'constant', type: 'long', value, span: NO_SPAN });

/** The function, its arguments, and the types of what it gives. */
const AGGREGATES: readonly (readonly [string, readonly Scalar[], readonly ScalarType[]])[] = [
  ['count', [], ['long']],
  ['countif', [column('b')], ['long']],
  ['sum', [column('x')], ['long']],
  ['sum', [column('r')], ['real']],
  ['sumif', [column('x'), column('b')], ['long']],
  ['avg', [column('r')], ['real']],
  ['avgif', [column('r'), column('b')], ['real']],
  ['min', [column('x')], ['long']],
  ['max', [column('t')], ['datetime']],
  ['minif', [column('t'), column('b')], ['datetime']],
  ['maxif', [column('x'), column('b')], ['long']],
  ['dcount', [column('s')], ['long']],
  ['dcount', [column('x')], ['long']],
  ['dcountif', [column('x'), column('b')], ['long']],
  ['count_distinct', [column('t')], ['long']],
  ['count_distinctif', [column('s'), column('b')], ['long']],
  ['make_list', [column('s')], ['dynamic']],
  ['make_list', [column('x'), number(2n)], ['dynamic']],
  ['make_set', [column('s')], ['dynamic']],
  ['make_set', [column('t')], ['dynamic']],
  ['take_any', [column('s')], ['string']],
  ['take_any', [column('x')], ['long']],
  ['arg_max', [column('x'), column('s'), column('r')], ['long', 'string', 'real']],
  ['arg_min', [column('t'), column('x')], ['datetime', 'long']],
  ['percentile', [column('x'), number(50n)], ['long']],
  ['percentiles', [column('t'), number(5n), number(95n)], ['datetime', 'datetime']],
  ['stdev', [column('x')], ['real']],
];

let instance: DuckDBInstance;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '2' });
});

afterAll(() => instance.closeSync());

for (const [name, args, types] of AGGREGATES)
  test(`${name} of ${args.map(({ type }) => type).join(', ')} is the reference’s`, async () => {
    for (const rows of [...fc.sample(fc.array(ROW, { maxLength: 40 }), { numRuns: runs(4), seed: 3 }), []])
      for (const source of ['found', 'sorted'] as const)
        for (const isGrouped of [true, false]) await compare({ name, args, types, rows, source, isGrouped });
  });

interface Compared {
  readonly name: string;
  readonly args: readonly Scalar[];
  readonly types: readonly ScalarType[];
  readonly rows: readonly Row[];
  readonly source: 'found' | 'sorted';
  readonly isGrouped: boolean;
}

async function compare({ name, args, types, rows, source, isGrouped }: Compared): Promise<void> {
  const columns = types.map((type, index) => ({ name: `v${index}`, type }));
  const aggregate: Aggregate = { function: name, args, columns, span: NO_SPAN };
  const inline: Relation = { kind: 'inline', columns: COLUMNS, rows, span: NO_SPAN };
  const scan: Relation = { kind: 'scan-table', table: 'T', args: {}, columns: COLUMNS, span: NO_SPAN };
  const keys = isGrouped ? [{ name: 'g', value: column('g') }] : [];
  const relation: Relation = {
    kind: 'summarize',
    input: source === 'found' ? scan : inline,
    keys,
    aggregates: [aggregate],
    columns: [...(isGrouped ? [COLUMNS[0] as RelationColumn] : []), ...columns],
    span: NO_SPAN,
  };
  const refuse = () => {
    throw new Error('no file');
  };
  const expected = evaluateRelation(relation, { now: 0n, tables: () => rows, external: refuse });
  const connection = await instance.connect();
  try {
    const answer = await runTable(
      { kind: 'table', version: RELATION_VERSION, relation, isOrdered: false },
      {
        instance,
        connection,
        now: 0n,
        table: () => ({ sql: tableOf(rows), order: 'n' }),
        external: refuse,
        limits: TABLE_LIMITS,
      },
    );
    // Of rows that were only found, a set is given in the order of its elements.
    const isSet = name === 'make_set' && source === 'found';
    expect(shown(answer.rows, isSet), `${name} of ${JSON.stringify(rows, bigintText)}`).toEqual(shown(expected, isSet));
  } finally {
    connection.closeSync();
  }
}

function tableOf(rows: readonly Row[]): string {
  const line = (row: Row, index: number) =>
    `(${[...COLUMNS.map(({ type }, at) => cellText(row[at] ?? null, type)), `${index}::BIGINT`].join(', ')})`;
  const lines =
    rows.length === 0
      ? [
          line(
            COLUMNS.map(() => null),
            0,
          ),
        ]
      : rows.map(line);
  const heads = [...COLUMNS.map(({ name }) => name), 'n'].join(', ');
  return `(SELECT * FROM (VALUES ${lines.join(', ')}) AS v(${heads})${rows.length === 0 ? ' WHERE false' : ''})`;
}

function shown(rows: readonly Row[], isSet: boolean): string[] {
  const cell = (value: Cell) =>
    typeof value === 'number'
      ? value.toPrecision(12)
      : isSet && Array.isArray(value)
        ? value.map((item) => JSON.stringify(item)).sort()
        : value;
  return rows.map((row) => JSON.stringify(row.map(cell), bigintText)).sort();
}

function bigintText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
