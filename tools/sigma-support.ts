/**
 * Fills the tables of docs/sigma.md from the cases that the tests run, so that the page claims what is proven.
 *
 *   node tools/sigma-support.ts      writes what stands between <!-- sigma-support --> and <!-- /sigma-support -->
 *
 * A test fails when the page is behind.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SIGMA_CASES } from '../test/sigma-cases.ts';

export const SIGMA_PAGE = fileURLToPath(new URL('../docs/sigma.md', import.meta.url));
const SUPPORT = /(<!-- sigma-support -->\n)[\s\S]*?(<!-- \/sigma-support -->)/;

/** The page with its tables as the cases have them. */
export function withSigmaSupport(page: string): string {
  const tables = SIGMA_CASES.map(({ title, cases }) => {
    const rows = cases.map(({ feature, detection, matches, misses }) => {
      const shown = /^condition: (.*)$/m.exec(detection)?.[1] ?? detection.replaceAll('\n', ' ⏎ ');
      const proof = `${matches.length} match, ${misses.length} do not`;
      return `| ${cell(feature)} | ${code(shown)} | ${proof} |`;
    });
    return [`### ${title}`, '', '| | for example | tested on events |', '|---|---|---|', ...rows, ''].join('\n');
  });
  return page.replace(SUPPORT, (_, open: string, close: string) => `${open}\n${tables.join('\n')}\n${close}`);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Code in a table cell; control characters are shown as what they are. */
function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${cell(text)}${fence}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SIGMA_PAGE, withSigmaSupport(readFileSync(SIGMA_PAGE, 'utf8')));
}
