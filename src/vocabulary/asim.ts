/** The tables of Microsoft's Advanced Security Information Model (ASIM) that Vedette gives, one line a table. */
import { ASIM_PROCESS_TABLES } from './asim-process.ts';
import type { Table } from './table.ts';

export const ASIM_TABLES: readonly Table[] = Object.freeze([...ASIM_PROCESS_TABLES]);
