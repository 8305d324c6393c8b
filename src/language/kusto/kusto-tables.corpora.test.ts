/**
 * Every query that the real Kusto engine refused is refused, with the place. (What it answered: `kusto-answers`.)
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireCorpora } from '../../../test/requirement.ts';
import type { Table } from '../../vocabulary/table.ts';
import { compileKustoTable } from './kusto-table.ts';

const TABLES: readonly Table[] = [];

test('queries that the engine refused', async (context) => {
  const text = readFileSync(requireCorpora(context, 'kusto', 'rejected.ndjson'), 'utf8');
  const queries = text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly query: string }).query);
  const accepted: string[] = [];
  for (const query of queries) {
    const { plan, unsettled, diagnostics } = await compileKustoTable(query, { tables: TABLES });
    const isSaid = diagnostics.some(({ severity, span }) => severity === 'error' && span.end > 0);
    if (plan !== undefined || unsettled !== undefined || !isSaid) accepted.push(query);
  }
  expect(accepted).toEqual([]);
  expect(queries).toHaveLength(136);
});
