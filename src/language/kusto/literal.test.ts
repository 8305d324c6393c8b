import { expect, test } from 'vitest';
import { spanOf } from '../../diagnostic/span.ts';
import { datetimeText } from '../../plan/relation/time-text.ts';
import type { KustoType } from './ast.ts';
import { literalValue } from './literal.ts';

const value = (type: KustoType, text: string) =>
  literalValue({ kind: 'literal', type, text, span: spanOf(0, text.length) });

test.each<[KustoType, string, unknown]>([
  ['long', '42', 42],
  ['long', '0x1F', 31],
  ['long', 'long(-5)', -5],
  ['int', 'int(null)', null],
  ['long', '9223372036854775807', '9223372036854775807'],
  ['long', '99999999999999999999', undefined],
  ['real', '1.5e3', 1500],
  ['real', 'real(+inf)', undefined],
  ['bool', 'true', true],
  ['bool', 'bool(0)', false],
  ['timespan', '1.5h', 54_000_000_000n],
  ['timespan', '1tick', 1n],
  ['timespan', '10microseconds', 100n],
  ['timespan', 'timespan(2)', 1_728_000_000_000n],
  ['timespan', 'timespan(1.02:03:04.5)', 937_845_000_000n],
  ['timespan', 'timespan(-1d)', -864_000_000_000n],
  ['timespan', 'time(00:05)', 3_000_000_000n],
  ['timespan', 'timespan(1 parsec)', undefined],
  ['datetime', 'datetime(1970-01-01)', 0n],
  ['datetime', 'datetime(1970-01-01T00:00:00.1234567Z)', 1_234_567n],
  ['datetime', 'datetime(null)', null],
  ['datetime', 'datetime(bad)', undefined],
  ['guid', 'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)', undefined],
])('%s %s', (type, text, expected) => {
  expect(value(type, text)).toBe(expected);
});

test.each([
  [1_234_567n, '1970-01-01T00:00:00.1234567Z'],
  [-1n, '1969-12-31T23:59:59.9999999Z'],
  [17_040_672_000_000_000n, '2024-01-01T00:00:00.0000000Z'],
])('%s ticks', (ticks, iso) => {
  expect(datetimeText(ticks)).toBe(iso);
});
