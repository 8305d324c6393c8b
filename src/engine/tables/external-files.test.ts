import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { External, RelationColumn } from '../../plan/relation/node.ts';
import { delimitedRecords } from './delimited-text.ts';
import { externalFiles } from './external-files.ts';
import { TableRefusal } from './run-table.ts';

let outside: string;
let folder: string;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'vedette-test-'));
  folder = join(outside, 'lists');
  mkdirSync(folder);
  writeFileSync(join(outside, 'secret.csv'), 'secret');
  mkdirSync(join(outside, 'lists-beside'));
  writeFileSync(join(outside, 'lists-beside', 'a.csv'), 'secret');
  symlinkSync(join(outside, 'secret.csv'), join(folder, 'link.csv'));
  symlinkSync(outside, join(folder, 'up'));
  writeFileSync(join(folder, 'a.json'), '{"s":"x","n":1,"d":{"a":[1]}}\n\n{"n":"7","other":2}\n');
  writeFileSync(join(folder, 'b.json'), '[{"s":"x"},\n {"s":"y"}]');
  writeFileSync(join(folder, 'c.txt'), 'one\r\ntwo\n');
  writeFileSync(join(folder, 'd.csv.gz'), gzipSync('\ufeffs,n\r\n"a\n""b""",5\r\n'));
  writeFileSync(join(folder, 'broken.json'), '{');
  writeFileSync(join(folder, 'broken.parquet'), 'PAR1 not');
});

afterAll(() => rmSync(outside, { recursive: true }));

const S: RelationColumn = { name: 's', type: 'string' };
const N: RelationColumn = { name: 'n', type: 'long' };
const D: RelationColumn = { name: 'd', type: 'dynamic' };

function read(uri: string, format: External['format'], columns: readonly RelationColumn[], ignoreFirstRecord = false) {
  const node: External = { kind: 'external', uris: [uri], format, columns, ignoreFirstRecord, span: NO_SPAN };
  return externalFiles(folder)(node);
}

test('each format gives rows of the declared types', async () => {
  expect(await read('a.json', 'json', [S, N, D])).toEqual([
    ['x', 1n, { a: [1] }],
    ['', 7n, null],
  ]);
  expect(await read('./b.json', 'multijson', [S])).toEqual([['x'], ['y']]);
  expect(await read('c.txt', 'txt', [S])).toEqual([['one'], ['two']]);
  expect(await read('c.txt', 'raw', [S])).toEqual([['one\r\ntwo\n']]);
  expect(await read('d.csv.gz', 'csv', [S, N], true)).toEqual([['a\n"b"', 5n]]);
});

test.each([
  ...[
    '../secret.csv',
    'up/secret.csv',
    'link.csv',
    '../lists-beside/a.csv',
    '/etc/passwd',
    '',
    '.',
    'none.csv',
    'a\0.csv',
  ],
  ...['https://example.org/a.csv', 'file:///etc/passwd', '//host/share/a.csv', '\\\\host\\share', 's3://b/k', 'up'],
])('%j is refused', async (uri) => {
  await expect(read(uri, 'csv', [S])).rejects.toBeInstanceOf(TableRefusal);
});

test('the files of one operator are together no larger than one may be', async () => {
  const uris = ['c.txt', 'c.txt'];
  const node: External = {
    kind: 'external',
    uris,
    format: 'raw',
    columns: [S],
    ignoreFirstRecord: false,
    span: NO_SPAN,
  };
  await expect(externalFiles(folder, 17)(node)).rejects.toThrow('with "c.txt" it is more');
  expect(await externalFiles(folder, 18)(node)).toHaveLength(2);
});

test('what is not of the format is refused in words', async () => {
  await expect(read('broken.json', 'json', [S])).rejects.toThrow('cannot read "broken.json" as json');
  await expect(read('broken.parquet', 'parquet', [S])).rejects.toThrow('as Parquet');
});

test('records of delimited text', () => {
  expect(delimitedRecords('a,"b,c"\r\n\nd,\n"open', ',')).toEqual([['a', 'b,c'], ['d', ''], ['open']]);
  expect(delimitedRecords('a\tb"c', '\t')).toEqual([['a', 'b"c']]);
  expect(delimitedRecords('', ',')).toEqual([]);
});
