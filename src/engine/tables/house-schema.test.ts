import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { houseSchema } from './house-schema.ts';

test('the schema stays the same until files or lists change', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const schema = houseSchema(folder, { lists: () => [], values: () => [] });
  expect(Object.keys(schema())).toEqual(['given', 'digest', 'problems']);
  mkdirSync(join(folder, 'kusto', 'functions'), { recursive: true });
  writeFileSync(join(folder, 'kusto', 'functions', 'Mine.kql'), 'print 1');
  const own = schema();
  expect(own.functions?.map(({ name }) => name)).toEqual(['Mine']);
  expect(schema()).toBe(own);
  mkdirSync(join(folder, 'kusto', 'watchlists'));
  writeFileSync(join(folder, 'kusto', 'watchlists', 'Sites.csv'), 'Site\nHQ\n');
  const listed = schema();
  expect(listed.digest).not.toBe(own.digest);
  writeFileSync(join(folder, 'kusto', 'watchlists', 'Sites.csv'), 'Site\nHQ\nElsewhere\n');
  utimesSync(join(folder, 'kusto', 'watchlists', 'Sites.csv'), 1, 1);
  expect(schema()).not.toBe(listed);
  expect(schema().tables).toBe(listed.tables);
});
