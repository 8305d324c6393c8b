/**
 * Fills the support tables of docs/kusto.md from the cases that the tests prove.
 *
 *   node tools/kusto-tables.ts      writes every `<!-- kusto: operators -->` … `<!-- /kusto -->`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NO_SPAN } from '../src/diagnostic/span.ts';
import { FUNCTIONS, OPERATORS, type Supported } from '../src/language/kusto/support.fixture.ts';
import { REFUSED_AGGREGATES, REFUSED_FUNCTIONS, REFUSED_PLUGINS } from '../src/language/kusto/table/refused.ts';
import { TABLE_OPERATORS } from '../src/language/kusto/table/support.fixture.ts';
import type { Predicate } from '../src/plan/predicate/node.ts';
import { SCALAR_ALIASES } from '../src/plan/relation/aliases.ts';
import { AGGREGATE_FUNCTIONS, SCALAR_FUNCTIONS } from '../src/plan/relation/functions/index.ts';
import { ASIM_PROCESS_CREATE } from '../src/vocabulary/asim-process.ts';
import { KUSTO_TABLES } from '../src/vocabulary/kusto-tables.ts';
import type { Column } from '../src/vocabulary/table.ts';

export const KUSTO_PAGE = fileURLToPath(new URL('../docs/kusto.md', import.meta.url));
const TABLE = /(<!-- kusto: ([a-z]+) -->\n)[\s\S]*?(<!-- \/kusto -->)/g;

interface Tabled extends Pick<Supported, 'what' | 'about'> {
  /** By an example. */
  readonly cases: object;
}

const TABLES: Readonly<Record<string, () => readonly string[]>> = {
  operators: () => supported(OPERATORS),
  functions: () => supported(FUNCTIONS),
  tableoperators: () => supported(TABLE_OPERATORS),
  scalars: () => listed([...Object.keys(SCALAR_FUNCTIONS), ...FRONT_END, ...aliases()]),
  aggregates: () => listed(Object.keys(AGGREGATE_FUNCTIONS)),
  refused: () => {
    const rows = (kind: string, refused: Readonly<Record<string, string>>) =>
      Object.entries(refused).map(([name, why]) => `| \`${name}\` | ${kind} | ${why} |`);
    return [
      '| | | |',
      '|---|---|---|',
      ...rows('function', REFUSED_FUNCTIONS),
      ...rows('aggregate', REFUSED_AGGREGATES),
      ...rows('plugin', REFUSED_PLUGINS),
    ];
  },
  columns: () => {
    const filled = ASIM_PROCESS_CREATE.columns.filter(({ fields }) => fields.length > 0);
    const rows = filled.map(
      ({ name, type, fields }) => `| \`${name}\` | ${type} | ${fields.map((field) => `\`${field}\``).join(' ')} |`,
    );
    return ['| column | type | ECS |', '|---|---|---|', ...rows];
  },
  tables: () => {
    const fed = KUSTO_TABLES.filter(({ isEmpty, isOfOneSource }) => isEmpty !== true && isOfOneSource !== true);
    const rows = fed.map((table) => {
      const filled = table.columns.filter(isFilled).map(({ name }) => name);
      const names = table.names.map((name) => `\`${name}\``).join(' ');
      return `| ${names} | ${conditionText(table.rows(NO_SPAN))} | ${filled.length} of ${table.columns.length} |`;
    });
    return ['| table | its rows: events of | columns filled |', '|---|---|---|', ...rows];
  },
  unfed: () => [
    KUSTO_TABLES.filter(({ isEmpty }) => isEmpty === true)
      .flatMap(({ names }) => names)
      .map((name) => `\`${name}\``)
      .join(' '),
  ],
};

/** The page with its tables as the tests have them. */
export function withKustoTables(page: string): string {
  return page.replace(TABLE, (_, open: string, name: string, close: string) => {
    const rows = TABLES[name]?.() ?? [];
    return `${open}${rows.join('\n')}\n${close}`;
  });
}

/** Functions that are lowered to others, or look at other rows. */
const FRONT_END = [
  'ago',
  'column_ifexists',
  'now',
  'pack_all',
  'prev',
  'next',
  'row_cumsum',
  'row_number',
  'row_rank_dense',
];

function listed(names: readonly string[]): readonly string[] {
  const functions = [...new Set(names)].filter((name) => /^[a-z]\w+$/.test(name) && !WORDS.has(name));
  return [
    functions
      .sort()
      .map((name) => `\`${name}\``)
      .join(' '),
  ];
}

/** Old names of functions that there are. */
function aliases(): readonly string[] {
  return Object.keys(SCALAR_ALIASES).filter((name) => Object.hasOwn(SCALAR_FUNCTIONS, SCALAR_ALIASES[name] ?? ''));
}

/** Operators and what the plan calls things. */
const WORDS: ReadonlySet<string> = new Set(['and', 'between', 'in', 'member', 'negate', 'or']);

function isFilled({ fields, constant, value, parts }: Column): boolean {
  return fields.length > 0 || constant !== undefined || value !== undefined || parts !== undefined;
}

/** What the rows of a table have in common, as short as it can be said. */
function conditionText(node: Predicate): string {
  switch (node.kind) {
    case 'and':
      return node.children.map(conditionText).join(' and ');
    case 'or':
      return node.children
        .map((child) => (child.kind === 'and' ? `(${conditionText(child)})` : conditionText(child)))
        .join(' or ');
    case 'not':
      return `not (${conditionText(node.child)})`;
    case 'exists':
      return `\`${node.field.name}\``;
    case 'match-any':
      return node.test.kind === 'equals' ? `\`${node.field.name}: ${node.test.anyOf.join(', ')}\`` : node.field.name;
    default:
      return node.kind;
  }
}

function supported(rows: readonly Tabled[]): readonly string[] {
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
