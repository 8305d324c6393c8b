/**
 * Makes the table of metrics in docs/operate.md from their declaration.
 *
 *   node tools/metric-tables.ts      writes `<!-- metrics -->` … `<!-- /metrics -->`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { METRICS, type MetricSpec } from '../src/serve/metric-names.ts';

export const OPERATE_PAGE = fileURLToPath(new URL('../docs/operate.md', import.meta.url));
const TABLE = /(<!-- metrics -->\n)[\s\S]*?(<!-- \/metrics -->)/g;

/** The page with its table as the metrics are declared. */
export function withMetricTable(page: string): string {
  const rows = Object.entries<MetricSpec>(METRICS).map(([name, { kind, labels = [], help }]) => {
    const shown = labels.length === 0 ? '' : `{${labels.join(', ')}}`;
    return `| \`${name}${shown}\` | ${kind} | ${help} |`;
  });
  const table = ['| metric | kind | what it tells |', '|---|---|---|', ...rows];
  return page.replace(TABLE, (_, open: string, close: string) => `${open}${table.join('\n')}\n${close}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(OPERATE_PAGE, withMetricTable(readFileSync(OPERATE_PAGE, 'utf8')));
}
