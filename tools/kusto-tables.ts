/**
 * Fills the support tables of docs/kusto.md from the cases that the tests prove.
 *
 *   node tools/kusto-tables.ts      writes every `<!-- kusto: operators -->` … `<!-- /kusto -->`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { NO_SPAN } from '../src/diagnostic/span.ts';
import { FUNCTIONS, OPERATORS, type Supported } from '../src/language/kusto/support.fixture.ts';
import { REFUSED_AGGREGATES, REFUSED_FUNCTIONS, REFUSED_PLUGINS } from '../src/language/kusto/table/refused.ts';
import { TABLE_OPERATORS } from '../src/language/kusto/table/support.fixture.ts';
import type { Predicate } from '../src/plan/predicate/node.ts';
import { AGGREGATE_ALIASES, SCALAR_ALIASES } from '../src/plan/relation/aliases.ts';
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
      [...Map.groupBy(Object.entries(refused), ([, why]) => why)].map(
        ([why, group]) => `| ${group.map(([name]) => `\`${name}\``).join(' ')} | ${kind} | ${why} |`,
      );
    return [
      '| | | |',
      '|---|---|---|',
      ...rows('function', REFUSED_FUNCTIONS),
      ...rows('aggregate', REFUSED_AGGREGATES),
      ...rows('plugin', REFUSED_PLUGINS),
    ];
  },
  coverage: () => {
    const { functions, aggregates, plugins } = knownFunctions();
    const count = (what: string, names: readonly string[], isRun: (name: string) => boolean, refused: object) => {
      const run = names.filter(isRun).length;
      const told = names.filter((name) => !isRun(name) && Object.hasOwn(refused, name)).length;
      return `| ${what} | ${names.length} | ${run} | ${told} | ${names.length - run - told} |`;
    };
    const scalar = new Set([...Object.keys(SCALAR_FUNCTIONS), ...FRONT_END]);
    return [
      '| | known to Microsoft’s parser | run here | refused with a reason | refused by name alone |',
      '|---|---|---|---|---|',
      count('scalar functions', functions, (name) => scalar.has(SCALAR_ALIASES[name] ?? name), REFUSED_FUNCTIONS),
      count(
        'aggregate functions',
        aggregates,
        (name) => Object.hasOwn(AGGREGATE_FUNCTIONS, AGGREGATE_ALIASES[name] ?? name),
        REFUSED_AGGREGATES,
      ),
      count('plugins', plugins, (name) => PLUGINS.has(name), REFUSED_PLUGINS),
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

interface KnownFunction {
  readonly Name: string;
  readonly IsHidden: boolean;
  readonly IsObsolete: boolean;
}

/** What Microsoft's parser offers, but for what names databases and tables, or is hidden. */
function knownFunctions(): Record<'functions' | 'aggregates' | 'plugins', readonly string[]> {
  const load = createRequire(import.meta.url);
  load('@kusto/language-service-next/bridge.min.js');
  load('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Kusto, System } = globalThis as unknown as {
    readonly Kusto: { readonly Language: Record<string, { readonly All: object }> };
    readonly System: {
      readonly Array: { getCount(list: object): number; getItem(list: object, at: number): KnownFunction };
    };
  };
  const names = (list: string) => {
    const all = Kusto.Language[list]?.All ?? [];
    return Array.from({ length: System.Array.getCount(all) }, (_, at) => System.Array.getItem(all, at))
      .filter(({ Name, IsHidden, IsObsolete }) => !IsHidden && !IsObsolete && !SOURCES.has(Name))
      .map(({ Name }) => Name);
  };
  return { functions: names('Functions'), aggregates: names('Aggregates'), plugins: names('PlugIns') };
}

const SOURCES: ReadonlySet<string> = new Set([
  'cluster',
  'database',
  'entity_group',
  'external_table',
  'graph',
  'materialized_view',
  'stored_query_result',
  'table',
]);

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
  'bag_pack_columns',
  'column_ifexists',
  'ingestion_time',
  'now',
  'pack_all',
  'prev',
  'next',
  'row_cumsum',
  'row_number',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
  'series_fit_line',
  'series_stats',
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

const PLUGINS: ReadonlySet<string> = new Set(['bag_unpack', 'ipv4_lookup', 'ipv6_lookup', 'narrow', 'pivot']);

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
