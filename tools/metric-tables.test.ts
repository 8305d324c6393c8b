import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OPERATE_PAGE, withMetricTable } from './metric-tables.ts';

test('docs/operate.md lists every metric as it is declared (node tools/metric-tables.ts)', () => {
  const page = readFileSync(OPERATE_PAGE, 'utf8');
  expect(page).toBe(withMetricTable(page));
  expect(page).toContain('\n| `vedette_events_total{source}` | counter |');
});
