/** Every table that a query in Kusto may name, one line a family. */
import { ASIM_TABLES } from './asim.ts';
import type { Table } from './table.ts';

export const KUSTO_TABLES: readonly Table[] = Object.freeze([...ASIM_TABLES]);
