/** Rows of a table in the order of one of its columns, as Kusto orders its type: null is the least. */
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';

export type AnswerColumn = TableHuntAnswer['columns'][number];
export type AnswerRow = TableHuntAnswer['rows'][number];
export type AnswerCell = AnswerRow[number];

export interface AnswerOrder {
  readonly column: number;
  readonly isDescending: boolean;
}

/** Rows that are equal stay as they were. */
export function inOrder(
  rows: readonly AnswerRow[],
  columns: readonly AnswerColumn[],
  order: AnswerOrder | undefined,
): readonly AnswerRow[] {
  const type = order === undefined ? undefined : columns[order.column]?.type;
  if (order === undefined || type === undefined) return rows;
  const { column, isDescending } = order;
  const keyed = rows.map((row) => ({ row, key: keyOf(row[column] ?? null, type) }));
  return keyed.sort((a, b) => (isDescending ? compare(b.key, a.key) : compare(a.key, b.key))).map(({ row }) => row);
}

type Key = number | bigint | string | null;

function compare(a: Key, b: Key): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf(cell: AnswerCell, type: AnswerColumn['type']): Key {
  if (cell === null) return null;
  switch (type) {
    case 'int':
    case 'long':
      return typeof cell === 'string' ? BigInt(cell) : Number(cell);
    case 'real':
    case 'decimal': {
      const value = Number(cell);
      return Number.isNaN(value) ? null : value;
    }
    case 'bool':
      return cell === true ? 1 : 0;
    case 'timespan':
      return secondsOf(String(cell));
    default:
      return cellText(cell);
  }
}

/** `-1.02:03:04.5` → -93784.5 */
export function secondsOf(timespan: string): number {
  const [, sign, days = 0, hours, minutes, seconds] =
    /^(-)?(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(timespan) ?? [];
  const value = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return sign === undefined ? value : -value;
}

/** As a table shows it: of times without zeros that say nothing, to the second, the millisecond or the tick. */
export function shownText(cell: AnswerCell, type: AnswerColumn['type']): string {
  const text = cellText(cell);
  return type === 'datetime' ? text.replace(/(?:\.0000000|0000)Z$/, 'Z') : text;
}

export function cellText(cell: AnswerCell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
