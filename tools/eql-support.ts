/**
 * Fills the tables of docs/eql.md from the cases that the tests run, so that the page claims what is proven.
 *
 *   node tools/eql-support.ts      writes what stands between <!-- eql-support --> and <!-- /eql-support -->
 *
 * A test fails when the page is behind.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EQL_CASES, EQL_SEQUENCES } from '../test/eql-cases.ts';

export const EQL_PAGE = fileURLToPath(new URL('../docs/eql.md', import.meta.url));
const SUPPORT = /(<!-- eql-support -->\n)[\s\S]*?(<!-- \/eql-support -->)/;

/** The page with its tables as the cases have them. */
export function withEqlSupport(page: string): string {
  const tables = EQL_CASES.map(({ title, cases }) => {
    const rows = cases.map(({ feature, condition, matches, misses }) => {
      const proof = `${matches.length} match, ${misses.length} do not`;
      return `| ${cell(feature)} | ${code(condition.replaceAll('\n', ' ⏎ '))} | ${proof} |`;
    });
    return [`### ${title}`, '', '| | for example | tested on events |', '|---|---|---|', ...rows, ''].join('\n');
  });
  const rows = EQL_SEQUENCES.map(
    ({ feature, query, events, found }) =>
      `| ${cell(feature)} | ${code(query)} | ${code(events)} | ${found === '' ? 'nothing' : code(found)} |`,
  );
  const sequences = [
    '### Sequences and samples',
    '',
    '`A@1 x` is an event of category A, one second in, on host x.',
    '',
    '| | for example | in these events | finds |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  return page.replace(
    SUPPORT,
    (_, open: string, close: string) => `${open}\n${[...tables, sequences].join('\n')}\n${close}`,
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${fence === '``' ? ' ' : ''}${cell(text)}${fence === '``' ? ' ' : ''}${fence}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(EQL_PAGE, withEqlSupport(readFileSync(EQL_PAGE, 'utf8')));
}
