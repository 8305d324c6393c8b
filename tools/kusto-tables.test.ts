import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KUSTO_PAGE, withKustoTables } from './kusto-tables.ts';

it('docs/kusto.md lists what the tests prove (node tools/kusto-tables.ts)', () => {
  const page = readFileSync(KUSTO_PAGE, 'utf8');
  expect(page).toBe(withKustoTables(page));
});
