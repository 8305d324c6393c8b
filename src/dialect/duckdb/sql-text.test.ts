/**
 * Whatever a text or a name holds, DuckDB reads it back as that text, that name, and nothing besides: no statement ends
 * early, and none gets a part of its own.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { runs } from '../../../test/effort.ts';
import { named, physicalNames, quote } from './sql-text.ts';

const PIECES = [
  "'",
  '"',
  '\\',
  '\0',
  '--',
  '/*',
  '*/',
  ';',
  '$$',
  '$1',
  '?',
  ':x',
  "E'",
  'a',
  'A',
  'ſ',
  'İ',
  '\n',
  '#0: a',
];
const sqlText = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), anyText({ maxLength: 3 }), fc.constant('\ud800')), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(''));

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

test('texts and names are read back as they are', async () => {
  const columns = fc.uniqueArray(fc.tuple(sqlText, sqlText), {
    minLength: 1,
    maxLength: 20,
    selector: ([name]) => name,
  });
  await fc.assert(
    fc.asyncProperty(columns, async (given) => {
      const names = physicalNames(given.map(([name]) => ({ name, type: 'string' })));
      const physical = given.map(([name]) => names.get(name) as string);
      const values = given.map(([, text], at) => `${quote(text)} AS ${physical[at]}`);
      // Read by its name from within: two that DuckDB takes for the same would be refused here.
      const sql = `SELECT ${physical.join(', ')} FROM (SELECT ${values.join(', ')})`;
      const extracted = await connection.extractStatements(sql);
      expect(extracted.count).toBe(1);
      const result = await connection.runAndReadAll(sql);
      expect(result.columnNames().map(named)).toEqual(physical);
      expect(result.getRows()).toEqual([given.map(([, text]) => text.toWellFormed())]);
    }),
    { numRuns: runs(100) },
  );
});
