/**
 * Sentinel's watchlists as tables: `_GetWatchlist('VIPUsers')`, and the names of all. Without lists they are empty, so
 * that a rule that names one is understood.
 */
import type { Span } from '../diagnostic/span.ts';
import { constant } from '../plan/predicate/node.ts';
import { columnsOf, mergedColumns } from './column-lines.ts';
import type { Column, Table } from './table.ts';

const NOTHING = (span: Span) => constant(false, span);

const COLUMNS = columnsOf({
  datetime: 'LastUpdatedTimeUTC',
  dynamic: 'WatchlistItem',
  string: '_DTItemId\nSearchKey\nWatchlistAlias',
});

/** The parameter of `_GetWatchlist`. */
export const WATCHLIST_PARAMETER = 'watchlistAlias';

/**
 * @param further columns that some list has
 * @param lists aliases of those whose columns are known
 */
export function watchlistTable(further: readonly Column[], lists: readonly string[] = []): Table {
  return {
    names: ['_GetWatchlist'],
    columns: mergedColumns(COLUMNS, further),
    parameters: `${WATCHLIST_PARAMETER}:string`,
    rows: NOTHING,
    isEmpty: true,
    lists: new Set(lists.map((alias) => alias.toLowerCase())),
  };
}

export const WATCHLIST_TABLES: readonly Table[] = Object.freeze([
  Object.freeze(watchlistTable([])),
  Object.freeze({
    names: Object.freeze(['_GetWatchlistAlias']),
    columns: columnsOf({ string: 'WatchlistAlias' }),
    parameters: '',
    rows: NOTHING,
    isEmpty: true as const,
  }),
]);
