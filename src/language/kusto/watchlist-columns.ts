/**
 * Columns of watchlists that are not here. Sentinel binds what a query names of them, as text; here the binder knows the
 * columns of lists that there are.
 *
 *   names that nothing has, calls of lists that are not here ──▶ (_GetWatchlist('x') | extend ['Host']="") ──bound again──▶
 *
 * Such a list has no rows. A list that is here keeps its own columns, so that a wrong name of it is found.
 */
import type { BoundQuery, Insertion } from './adapt-bound.ts';
import { type BoundNode, itemsOf } from './bound.ts';

const WATCHLIST = '_GetWatchlist';

/** What a list that is not here is asked for. */
export interface AbsentColumns {
  readonly insertions: readonly Insertion[];
  /** Empty for one whose name is computed. */
  readonly lists: readonly string[];
  /** Of the calls. */
  readonly spans: readonly BoundNode['span'][];
  readonly names: readonly string[];
}

/** More than these no list has. */
const MOST_NAMES = 100;

/**
 * @param known aliases of the lists whose columns are known, in lower case
 * @param earlier names that were already put in
 * @returns nothing where no name is missing, or no list
 */
export function absentColumns(
  { statements, diagnostics }: BoundQuery,
  text: string,
  known: ReadonlySet<string>,
  earlier: readonly string[],
): AbsentColumns | undefined {
  const missing = diagnostics.flatMap(({ code, message }) =>
    code === 'KS142' ? (NAMED.exec(message)?.[1] ?? []) : [],
  );
  const names = [...new Set([...earlier, ...missing])];
  if (names.length === earlier.length || names.length > MOST_NAMES) return undefined;
  const calls = new Map<number, BoundNode>();
  for (const statement of statements) collectCalls(statement, calls);
  const absent = [...calls.values()].filter(
    (call) => text.startsWith(WATCHLIST, call.span.start) && !known.has(aliasOf(call).toLowerCase()),
  );
  if (absent.length === 0) return undefined;
  const columns = names.map((name) => `${quotedName(name)}=""`).join(', ');
  return {
    insertions: absent.flatMap(({ span }) => [
      { at: span.start, text: '(' },
      { at: span.end, text: ` | extend ${columns})` },
    ]),
    lists: [...new Set(absent.map(aliasOf))],
    spans: absent.map(({ span }) => span),
    names,
  };
}

const NAMED = /^The name '(.+)' does not refer/s;

function collectCalls(node: BoundNode, calls: Map<number, BoundNode>): void {
  if (node.kind === 'FunctionCallExpression' && node.symbol?.name === WATCHLIST) calls.set(node.span.start, node);
  for (const part of Object.values(node.parts)) collectCalls(part, calls);
  for (const item of node.items ?? []) collectCalls(item, calls);
  if (node.expansion?.body !== undefined) collectCalls(node.expansion.body, calls);
}

function aliasOf(call: BoundNode): string {
  const [alias] = itemsOf(call.parts.ArgumentList, 'Expressions');
  return alias?.kind === 'StringLiteralExpression' ? (alias.text ?? '') : '';
}

/** A name of any signs, as Kusto writes it. */
export function quotedName(name: string): string {
  return `['${name.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}']`;
}
