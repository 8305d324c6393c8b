/**
 * Queries in the style of Sentinel's content, over tables that nothing here feeds: each is understood whole. What they
 * find over tables with rows is shown by `test/golden/kusto-queries`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileKustoTable } from './kusto-table.ts';

const FOLDER = new URL('../../../test/golden/sentinel-queries/', import.meta.url);

test.each(readdirSync(FOLDER))('%s', { timeout: 60_000 }, async (file) => {
  const { plan, unsettled, diagnostics } = await compileKustoTable(readFileSync(new URL(file, FOLDER), 'utf8'));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(plan ?? unsettled).toBeDefined();
});
