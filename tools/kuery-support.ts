/**
 * Fills the tables of docs/kuery.md from the cases that the tests run, so that the page claims what is proven.
 *
 *   node tools/kuery-support.ts      writes what stands between <!-- kuery-support --> and <!-- /kuery-support -->
 *
 * A test fails when the page is behind.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KUERY_CASES } from '../test/kuery-cases.ts';

export const KUERY_PAGE = fileURLToPath(new URL('../docs/kuery.md', import.meta.url));
const SUPPORT = /(<!-- kuery-support -->\n)[\s\S]*?(<!-- \/kuery-support -->)/;

/** The page with its tables as the cases have them. */
export function withKuerySupport(page: string): string {
  const tables = KUERY_CASES.map(({ title, cases }) => {
    const rows = cases.map(
      ({ feature, query, matches, misses }) =>
        `| ${cell(feature)} | ${query === '' ? '' : `\`${cell(query)}\``} | ${matches.length} match, ${misses.length} do not |`,
    );
    return [`### ${title}`, '', '| | for example | tested on events |', '|---|---|---|', ...rows, ''].join('\n');
  });
  return page.replace(SUPPORT, (_, open: string, close: string) => `${open}\n${tables.join('\n')}\n${close}`);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(KUERY_PAGE, withKuerySupport(readFileSync(KUERY_PAGE, 'utf8')));
}
