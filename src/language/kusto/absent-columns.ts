/**
 * Columns that Sentinel binds and no schema has: those of watchlists that are not here, which are text, and those that
 * sources add to an open table (`AzureDiagnostics`), whose ends tell their types.
 *
 *   names that nothing has, where rows come from ──▶ (_GetWatchlist('x') | extend ['Host']="") ──bound again──▶
 *
 * Neither has rows here. A list that is here keeps its own columns, so that a wrong name of it is found.
 */
import type { BoundQuery, Insertion } from './adapt-bound.ts';
import { type BoundNode, itemsOf } from './bound.ts';

const WATCHLIST = '_GetWatchlist';

/** What may have columns that are not known. */
export interface OpenSources {
  /** Aliases of the lists whose columns are known, in lower case. */
  readonly lists: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
}

export interface AbsentColumns {
  readonly insertions: readonly Insertion[];
  /** Watchlists that are not here, of which columns are named; '' for one whose name is computed. */
  readonly lists: readonly string[];
  /** Of the calls that name them. */
  readonly listSpans: readonly BoundNode['span'][];
  readonly names: readonly string[];
}

/** More than these no query names. */
const MOST_NAMES = 100;

/**
 * @param earlier names that were already put in
 * @returns nothing where no name is missing, or nothing is open
 */
export function absentColumns(
  { statements, diagnostics }: BoundQuery,
  text: string,
  open: OpenSources,
  earlier: readonly string[],
): AbsentColumns | undefined {
  const missing = diagnostics.flatMap(({ code, message }) =>
    code === 'KS142' ? (NAMED.exec(message)?.[1] ?? []) : [],
  );
  const names = [...new Set([...earlier, ...missing])];
  if (names.length === earlier.length || names.length > MOST_NAMES) return undefined;
  const sources = new Map<number, BoundNode>();
  for (const statement of statements) collectSources(statement, open, sources);
  // In a function of the house the places are those of its call.
  const written = [...sources.values()].filter(({ span, symbol }) => text.startsWith(symbol?.name ?? '', span.start));
  const lists = written.filter(({ symbol }) => symbol?.name === WATCHLIST);
  const tables = written.filter((source) => !lists.includes(source));
  const added = tables.length === 0 ? [] : names.filter((name) => TYPED.test(name));
  const ofLists = names.filter((name) => !added.includes(name));
  const insertions = [
    ...tables.flatMap((source) => extended(source, added)),
    ...lists.flatMap((source) => extended(source, ofLists)),
  ];
  if (insertions.length === 0) return undefined;
  const isAsked = ofLists.length > 0;
  return {
    insertions,
    lists: isAsked ? [...new Set(lists.map(aliasOf))] : [],
    listSpans: isAsked ? lists.map(({ span }) => span) : [],
    names,
  };
}

const NAMED = /^The name '(.+)' does not refer/s;
/** What Azure puts behind the names of columns that sources add, and the value of none. */
const TYPED = /_([bdgst])$/;
const NOTHING: Readonly<Record<string, string>> = {
  b: 'bool(null)',
  d: 'real(null)',
  g: '""',
  s: '""',
  t: 'datetime(null)',
};

function extended({ span }: BoundNode, names: readonly string[]): readonly Insertion[] {
  if (names.length === 0) return [];
  const columns = names.map((name) => `${quotedName(name)}=${NOTHING[TYPED.exec(name)?.[1] ?? ''] ?? '""'}`);
  return [
    { at: span.start, text: '(' },
    { at: span.end, text: ` | extend ${columns.join(', ')})` },
  ];
}

function collectSources(node: BoundNode, open: OpenSources, found: Map<number, BoundNode>): void {
  const isList = node.kind === 'FunctionCallExpression' && node.symbol?.name === WATCHLIST;
  if (isList && !open.lists.has(aliasOf(node).toLowerCase())) found.set(node.span.start, node);
  const source = node.kind === 'LetStatement' ? node.parts.Expression : node.parts.Source;
  if (source?.kind === 'NameReference' && source.symbol?.kind === 'Table' && open.tables.has(source.symbol.name))
    found.set(source.span.start, source);
  for (const part of Object.values(node.parts)) collectSources(part, open, found);
  for (const item of node.items ?? []) collectSources(item, open, found);
  if (node.expansion?.body !== undefined) collectSources(node.expansion.body, open, found);
}

function aliasOf(call: BoundNode): string {
  const [alias] = itemsOf(call.parts.ArgumentList, 'Expressions');
  return alias?.kind === 'StringLiteralExpression' ? (alias.text ?? '') : '';
}

/** A name of any signs, as Kusto writes it. */
export function quotedName(name: string): string {
  return `['${name.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}']`;
}
