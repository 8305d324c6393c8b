/** The tables of Microsoft's Advanced Security Information Model (ASIM) that Vedette gives, one line a family. */
import { ASIM_ACCOUNT_TABLES } from './asim-accounts.ts';
import { ASIM_NETWORK_TABLES } from './asim-network.ts';
import { ASIM_OBJECT_TABLES } from './asim-objects.ts';
import { ASIM_PROCESS_TABLES } from './asim-process.ts';
import type { Table } from './table.ts';

export const ASIM_TABLES: readonly Table[] = Object.freeze([
  ...ASIM_PROCESS_TABLES,
  ...ASIM_OBJECT_TABLES,
  ...ASIM_NETWORK_TABLES,
  ...ASIM_ACCOUNT_TABLES,
]);
