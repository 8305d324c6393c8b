/**
 * Watchlists as Kusto's queries ask for them, of Vedette's value lists and of files of one's own.
 *
 * A value list has its values as `SearchKey`. A file has its first column as `SearchKey`, and all its columns under
 * their names. A list that is not there has no rows.
 */
import type { Cell, Row } from '../../plan/relation/cell.ts';
import type { Column } from '../../vocabulary/table.ts';
import { WATCHLIST_PARAMETER, WATCHLIST_TABLES, watchlistTable } from '../../vocabulary/watchlist.ts';
import type { GivenTable } from './given-tables.ts';

export interface Watchlist {
  /** Any of these names it; upper and lower case are alike. */
  readonly aliases: readonly string[];
  /** Beside the search key. */
  readonly columns: readonly string[];
  /** The search key, then the columns. */
  readonly items: () => Promise<readonly (readonly string[])[]>;
}

/**
 * The tables of watchlists with these lists behind them.
 * @param own lists whose columns are known; others have a search key alone
 * @param lists asked for whenever a query names one, so that lists may come and go
 */
export function watchlistTables(own: readonly Watchlist[], lists: () => readonly Watchlist[]): readonly GivenTable[] {
  const columns = [...new Set(own.flatMap((list) => list.columns))];
  const items = watchlistTable(
    columns.map((name): Column => ({ name, type: 'string', fields: [] })),
    own.flatMap(({ aliases }) => aliases),
  );
  const aliases = WATCHLIST_TABLES.filter(({ names }) => names[0] !== items.names[0]);
  return [
    { ...items, given: (args) => itemsOf(lists(), items.columns, args) },
    ...aliases.map((table) => ({
      ...table,
      given: async () => lists().map(({ aliases: [first = ''] }): Row => [first]),
    })),
  ];
}

async function itemsOf(
  lists: readonly Watchlist[],
  columns: readonly Column[],
  args: ReadonlyMap<string, Cell>,
): Promise<readonly Row[]> {
  const alias = String(args.get(WATCHLIST_PARAMETER) ?? '').toLowerCase();
  const list = lists.find(({ aliases }) => aliases.some((name) => name.toLowerCase() === alias));
  if (list === undefined) return [];
  return (await list.items()).map(([key = '', ...values]): Row => {
    const cells: Readonly<Record<string, Cell>> = {
      ...Object.fromEntries(list.columns.map((name, index) => [name, values[index] ?? ''])),
      SearchKey: key,
      WatchlistAlias: list.aliases[0] ?? '',
    };
    return columns.map(({ name, type }) =>
      Object.hasOwn(cells, name) ? (cells[name] ?? null) : type === 'string' ? '' : null,
    );
  });
}

/** What of a store of value lists is asked. */
export interface ListStore {
  lists(): readonly { readonly id: string; readonly name: string }[];
  values(id: string, limit: number, after?: string): readonly string[];
}

const STEP = 5_000;

export function watchlistsOf(store: ListStore): readonly Watchlist[] {
  return store.lists().map(({ id, name }) => ({
    aliases: [id, name],
    columns: [],
    items: () => Promise.resolve(allValues(store, id)),
  }));
}

function allValues(store: ListStore, id: string): readonly (readonly string[])[] {
  const items: string[][] = [];
  for (let after: string | undefined; ; ) {
    const step = store.values(id, STEP, after);
    for (const value of step) items.push([value]);
    after = step.at(-1);
    if (step.length < STEP) return items;
  }
}
