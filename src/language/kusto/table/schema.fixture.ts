/**
 * A small house for tests of queries over tables: two tables, a parser that takes parameters, two functions.
 */
import { constant } from '../../../plan/predicate/node.ts';
import type { Table } from '../../../vocabulary/table.ts';
import type { KustoFunction } from '../schema.ts';

const rows: Table['rows'] = (span) => constant(true, span);

export const TABLES: readonly Table[] = [
  {
    names: ['Events', 'OldEvents'],
    columns: [
      { name: 'Time', type: 'datetime', fields: [] },
      { name: 'Name', type: 'string', fields: [] },
      { name: 'Pid', type: 'long', fields: [] },
      { name: 'Score', type: 'real', fields: [] },
      { name: 'Bag', type: 'dynamic', fields: [] },
    ],
    rows,
  },
  {
    names: ['Logs'],
    columns: [
      { name: 'Time', type: 'datetime', fields: [] },
      { name: 'Host', type: 'string', fields: [] },
      { name: 'Text', type: 'string', fields: [] },
    ],
    rows,
  },
  {
    names: ['Parser', '_Im_Parser'],
    parameters: 'since:datetime=datetime(null), names:dynamic=dynamic([])',
    columns: [{ name: 'Name', type: 'string', fields: [] }],
    rows,
  },
];

export const HOUSE_FUNCTIONS: readonly KustoFunction[] = [
  { name: 'Half', parameters: 'x:long', body: 'x / 2' },
  {
    name: 'Watchlist',
    parameters: 'alias:string',
    body: 'datatable(Key:string, Kind:string)["a", "x", "b", "y"] | where Kind == alias',
  },
];
