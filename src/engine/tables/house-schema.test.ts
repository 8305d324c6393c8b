import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { houseSchema } from './house-schema.ts';

test('the schema stays the same until files or lists change', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const schema = houseSchema(folder, { lists: () => [], values: () => [] });
  expect(schema()).toEqual({});
  mkdirSync(join(folder, 'kusto', 'functions'), { recursive: true });
  writeFileSync(join(folder, 'kusto', 'functions', 'Mine.kql'), 'print 1');
  const own = schema();
  expect(own.functions?.map(({ name }) => name)).toEqual(['Mine']);
  expect(schema()).toBe(own);
});
