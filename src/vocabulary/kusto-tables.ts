/** Every table that a query in Kusto may name, one line a family. */
import { ASIM_TABLES } from './asim.ts';
import { DEFENDER_TABLES } from './defender-hunting.ts';
import { KNOWN_TABLES } from './known-tables.ts';
import { SENTINEL_LOG_TABLES } from './sentinel-logs.ts';
import type { Table } from './table.ts';
import { WATCHLIST_TABLES } from './watchlist.ts';

export const KUSTO_TABLES: readonly Table[] = Object.freeze([
  ...ASIM_TABLES,
  ...DEFENDER_TABLES,
  ...SENTINEL_LOG_TABLES,
  ...KNOWN_TABLES,
  ...WATCHLIST_TABLES,
]);
