/**
 * What DuckDB computes by itself is what the reference gives: for every function that has SQL of its own, over cells of
 * its types that are likely to differ (nulls, NaN, both zeros, ends of ranges, letters that fold strangely).
 */
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { emitScalar } from '../../dialect/duckdb/emit-scalar.ts';
import type { HostFunction } from '../../dialect/duckdb/host-function.ts';
import { NATIVE_FUNCTIONS } from '../../dialect/duckdb/native-functions.ts';
import { cellText } from '../../dialect/duckdb/sql-text.ts';
import type { Cell, ScalarType } from '../../plan/relation/cell.ts';
import { SCALAR_FUNCTIONS } from '../../plan/relation/functions/index.ts';
import type { FunctionCell, Scalar } from '../../plan/relation/node.ts';
import { LooseEvents } from '../../store/segments/loose-events.ts';
import { cellReader, registerHosts } from './host-functions.ts';
import { runQueryOverStore } from './run-query.ts';

const ROWS = 60;
const MOST = 9_223_372_036_854_775_807n;

const TEXTS = [
  '',
  'a',
  'A',
  'k',
  'K',
  'ß',
  'SS',
  'İ',
  'i̇',
  'python3 -m http.server',
  '12',
  '-7',
  '007',
  ' 45 ',
  '1e3',
  '0x1F',
  '999999999999999999999',
  'ΑΣ',
  'ŉ',
  'Ǆ',
  'HTTP.SERVER',
  'x_http.server',
  "o'k",
  'é',
  '😀',
  'ünal',
  'ÜNAL',
  'straße',
  'ΑΛΦΑ',
  '192.168.1.7',
  '172.32.0.1',
  '10.0.0.256',
  ' 10.1.2.3',
  '010.1.2.3',
  '10.1.2.3/8',
  '::ffff:10.0.0.1',
];
const CELLS: Readonly<Record<string, fc.Arbitrary<Cell>>> = {
  bool: fc.constantFrom<Cell>(true, false, null),
  long: fc.oneof(
    fc.constantFrom<Cell>(null, 0n, 1n, -1n, 7n, MOST, -MOST - 1n),
    fc.bigInt({ min: -1000n, max: 1000n }),
  ),
  real: fc.oneof(
    fc.constantFrom<Cell>(null, 0, -0, 1, 2.5, -2.5, Number.NaN, Infinity, -Infinity),
    fc.double({ noNaN: true }),
  ),
  string: fc.oneof(fc.constantFrom<Cell>(...TEXTS), fc.string({ unit: 'grapheme', maxLength: 8 })),
  datetime: fc.oneof(
    fc.constantFrom<Cell>(null, 0n, -1n, 17_000_000_000_000_000n),
    fc.bigInt({ min: -600_000_000_000_000_000n, max: 2_000_000_000_000_000_000n }),
  ),
  timespan: fc.oneof(fc.constantFrom<Cell>(null, 0n, MOST), fc.bigInt({ min: -10_000_000n, max: 864_000_000_000n })),
  guid: fc.constantFrom<Cell>(null, '74be27de-1e4e-49d9-b579-fe0b331d3642', '00000000-0000-0000-0000-000000000000'),
};

/** The arguments: the type of a column, or what stands as a constant. */
type Given = readonly (string | readonly Cell[])[];
const SIGNATURES: readonly (readonly [readonly string[], ScalarType, readonly Given[]])[] = [
  [
    ['==', '!='],
    'bool',
    [
      ['long', 'long'],
      ['string', 'string'],
      ['bool', 'bool'],
      ['datetime', 'datetime'],
      ['guid', 'guid'],
      ['long', [5n]],
      ['real', 'real'],
    ],
  ],
  [
    ['<', '<=', '>', '>='],
    'bool',
    [
      ['long', 'long'],
      ['real', 'real'],
      ['long', 'real'],
      ['datetime', 'datetime'],
      ['timespan', 'timespan'],
    ],
  ],
  [
    ['between', '!between'],
    'bool',
    [
      ['long', 'long', 'long'],
      ['datetime', 'datetime', 'datetime'],
    ],
  ],
  [
    ['in', '!in'],
    'bool',
    [
      ['string', ['a'], ['A']],
      ['long', [1n], [7n]],
    ],
  ],
  [
    ['in~', '!in~'],
    'bool',
    [
      ['string', ['a'], ['i'], ['http.server']],
      ['string', ['Ünal'], ['STRASSE'], ['straße']],
    ],
  ],
  [
    ['and', 'or'],
    'bool',
    [
      ['bool', 'bool'],
      ['bool', 'bool', 'bool'],
    ],
  ],
  [['not'], 'bool', [['bool']]],
  [['iff'], 'long', [['bool', 'long', 'long']]],
  [['case'], 'string', [['bool', 'string', 'bool', 'string', 'string']]],
  [['strcat'], 'string', [['string', 'string']]],
  [['tostring'], 'string', [['string'], ['long'], ['bool'], ['guid'], ['datetime']]],
  [['isnull', 'isnotnull'], 'bool', [['string'], ['long'], ['real'], ['datetime'], ['bool']]],
  [['isempty', 'isnotempty'], 'bool', [['string']]],
  [['coalesce'], 'long', [['long', 'long', 'long']]],
  [['+', '-', '*'], 'long', [['long', 'long']]],
  [
    ['+', '-', '*'],
    'real',
    [
      ['real', 'real'],
      ['long', 'real'],
    ],
  ],
  [['+', '-'], 'datetime', [['datetime', 'timespan']]],
  [
    ['-'],
    'timespan',
    [
      ['datetime', 'datetime'],
      ['timespan', 'timespan'],
    ],
  ],
  [['bin'], 'long', [['long', [5n]]]],
  [['startofday'], 'datetime', [['datetime']]],
  [['tolong'], 'long', [['long'], ['string']]],
  [['toint'], 'int', [['string']]],
  [['strlen'], 'long', [['string']]],
  [['tolower', 'toupper'], 'string', [['string']]],
  [
    ['substring'],
    'string',
    [
      ['string', [0n], [3n]],
      ['string', [2n]],
      ['string', [2n], [0n]],
    ],
  ],
  [
    ['extract'],
    'string',
    [
      [['([a-k]+)(\\d)?'], [1n], 'string'],
      [['(?i)HTTP(.)'], [2n], 'string'],
      [['\\w+'], [0n], 'string'],
    ],
  ],
  [
    ['matches regex'],
    'bool',
    [
      ['string', ['(?i)^h.*r$']],
      ['string', ['\\s-m\\s']],
    ],
  ],
  [['toreal'], 'real', [['real'], ['long']]],
  [['todatetime'], 'datetime', [['datetime']]],
  ...[
    'contains',
    'contains_cs',
    'startswith',
    'startswith_cs',
    'endswith',
    'endswith_cs',
    'has',
    'has_cs',
    'hasprefix',
    'hasprefix_cs',
    'hassuffix',
    'hassuffix_cs',
  ].map(
    (name) =>
      [
        [name, `!${name}`],
        'bool',
        [
          ['string', ['a']],
          ['string', ['http.server']],
          ['string', ['K']],
          ['string', ['i']],
          ['string', ['ü']],
          ['string', ['ΛΦ']],
          ['string', ['Σ']],
        ],
      ] as const,
  ),
  [
    ['=~', '!~'],
    'bool',
    [
      ['string', ['a']],
      ['string', ['K']],
      ['string', ['i']],
      ['string', ['ünal']],
      ['string', ['ας']],
    ],
  ],
  [['ipv4_is_private'], 'bool', [['string']]],
  [['has_any', 'has_all'], 'bool', [['string', ['a'], ['http']]]],
];

let instance: DuckDBInstance;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
});

afterAll(() => instance.closeSync());

/** They have nothing to be compared with. */
const RANDOM = ['new_guid', 'rand'];

test('every native function is compared', () => {
  const compared = new Set([...RANDOM, ...SIGNATURES.flatMap(([names]) => names)]);
  expect(Object.keys(NATIVE_FUNCTIONS).filter((name) => !compared.has(name))).toEqual([]);
});

for (const [names, result, lists] of SIGNATURES)
  for (const name of names)
    test(`${name} gives what the reference gives`, async () => {
      for (const args of lists) await compare(name, result, args);
    });

test('what is random is another for each row, and stays what it was', async () => {
  const store = new LooseEvents({ threads: 1, memoryMb: 256 });
  const query = `range x from 1 to 100 step 1
    | extend r = rand(), n = rand(3), g = new_guid()
    | extend s = r, h = g
    | where r >= 0 and r < 1 and n in (0.0, 1.0, 2.0) and r == s and g == h
    | summarize dcount(g), dcount(r) > 50`;
  const { answer, diagnostics } = await runQueryOverStore(query, { store, now: 0n });
  await store.close();
  expect(diagnostics).toEqual([]);
  expect(answer?.rows).toEqual([[100n, true]]);
});

async function compare(name: string, result: ScalarType, given: Given): Promise<void> {
  const constantType = (cell: Cell | undefined): ScalarType => (typeof cell === 'bigint' ? 'long' : 'string');
  const types = given.map((one) => (typeof one === 'string' ? (one as ScalarType) : constantType(one[0])));
  const args = given.map(
    (one, index): Scalar =>
      typeof one === 'string'
        ? { kind: 'column', name: `c${index}`, type: types[index] as ScalarType, span: NO_SPAN }
        : { kind: 'constant', type: types[index] as ScalarType, value: one[0] ?? null, span: NO_SPAN },
  );
  const node: FunctionCell = { kind: 'call', function: name, args, type: result, nameSpan: NO_SPAN, span: NO_SPAN };
  const hosts = new Map<string, HostFunction>();
  const refuse = () => {
    throw new Error('no query');
  };
  const sql = emitScalar(node, { column: (column) => column, forms: new Map(), now: 0n, hosts, firstColumn: refuse });
  const rows = fc.sample(
    fc.tuple(
      ...given.map((one, index) =>
        typeof one === 'string' ? (CELLS[types[index] as string] as fc.Arbitrary<Cell>) : fc.constant(one[0] ?? null),
      ),
    ),
    { numRuns: ROWS, seed: 7 },
  );
  const connection = await instance.connect();
  try {
    await registerHosts(instance, connection, hosts);
    const values = rows.map(
      (row) => `(${row.map((cell, index) => cellText(cell, types[index] as ScalarType)).join(', ')})`,
    );
    const heads = types.map((_, index) => `c${index}`).join(', ');
    const answer = await connection.runAndReadAll(`SELECT ${sql} FROM (VALUES ${values.join(', ')}) AS v(${heads})`);
    const read = cellReader(result);
    const compute = SCALAR_FUNCTIONS[name] as NonNullable<(typeof SCALAR_FUNCTIONS)[string]>;
    const got = answer.getRows().map(([cell], index) => [rows[index], read(cell)]);
    const expected = rows.map((row) => [row, compute(row, { args: types, result })]);
    expect(got, sql).toEqual(expected);
  } finally {
    connection.closeSync();
  }
}
