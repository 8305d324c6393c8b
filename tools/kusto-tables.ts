/**
 * Fills the support tables of docs/kusto.md from the cases that the tests prove.
 *
 *   node tools/kusto-tables.ts      writes every `<!-- kusto: operators -->` … `<!-- /kusto -->`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FUNCTIONS, OPERATORS, type Supported } from '../src/language/kusto/support.fixture.ts';
import { ASIM_TABLES } from '../src/vocabulary/asim.ts';

export const KUSTO_PAGE = fileURLToPath(new URL('../docs/kusto.md', import.meta.url));
const TABLE = /(<!-- kusto: ([a-z]+) -->\n)[\s\S]*?(<!-- \/kusto -->)/g;

const TABLES: Readonly<Record<string, () => readonly string[]>> = {
  operators: () => supported(OPERATORS),
  functions: () => supported(FUNCTIONS),
  columns: () => {
    const filled = ASIM_TABLES.flatMap(({ columns }) => columns).filter(({ fields }) => fields.length > 0);
    const rows = filled.map(
      ({ name, type, fields }) => `| \`${name}\` | ${type} | ${fields.map((field) => `\`${field}\``).join(' ')} |`,
    );
    return ['| column | type | ECS |', '|---|---|---|', ...rows];
  },
};

/** The page with its tables as the tests have them. */
export function withKustoTables(page: string): string {
  return page.replace(TABLE, (_, open: string, name: string, close: string) => {
    const rows = TABLES[name]?.() ?? [];
    return `${open}${rows.join('\n')}\n${close}`;
  });
}

function supported(rows: readonly Supported[]): readonly string[] {
  const cells = rows.map(({ what, about, cases }) => {
    const example = Object.keys(cases)[0] ?? '';
    const names = what === 'matches regex' ? ['matches regex'] : what.split(' ');
    return `| ${names.map((name) => `\`${name}\``).join(' ')} | ${about} | \`${example.replaceAll('|', '\\|')}\` |`;
  });
  return ['| | what it does | for example |', '|---|---|---|', ...cells];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(KUSTO_PAGE, withKustoTables(readFileSync(KUSTO_PAGE, 'utf8')));
}
