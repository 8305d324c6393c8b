/**
 * The orders a list of alerts can have, and the cursors that go on where a page ended.
 *
 *   sort ──orderOf──▶ ORDER BY + index        last row ──cursorAfter──▶ opaque text ──readCursor──▶ WHERE behind it
 *
 * A page is asked for by the key of the row before it, not by a count of rows to skip: going on costs the same at any
 * depth, and alerts that arrive in between neither repeat a row nor hide one. Whatever the order, equal alerts come
 * newest first, and of one millisecond the one stored last comes first; `time` alone is oldest first throughout.
 */
import type { AlertQuery } from './alert-query.ts';

export type AlertSort = NonNullable<AlertQuery['sort']>;
type SortName = 'time' | 'severity' | 'host' | 'user' | 'rule';

export interface AlertOrder {
  readonly sort: AlertSort;
  readonly column: string;
  readonly descending: boolean;
  /** Text for `ORDER BY`. */
  readonly orderBy: string;
}

/** The place of a row in an order: the sorted column's value, then the time and the number that break ties. */
export interface OrderKey {
  readonly value: string | number;
  readonly time: number;
  readonly seq: number;
}

const COLUMNS: Record<SortName, { readonly column: string; readonly type: 'number' | 'string' }> = {
  time: { column: 'time_ms', type: 'number' },
  severity: { column: 'severity', type: 'number' },
  host: { column: 'host', type: 'string' },
  user: { column: 'user', type: 'string' },
  rule: { column: 'rule_name', type: 'string' },
};

export const ALERT_SORTS = Object.freeze(
  Object.keys(COLUMNS).flatMap((name) => [name, `-${name}`]),
) as readonly AlertSort[];

export function orderOf(sort: AlertSort): AlertOrder {
  const descending = sort.startsWith('-');
  const { column } = COLUMNS[nameOf(sort)];
  const direction = descending ? 'DESC' : 'ASC';
  const orderBy =
    column === 'time_ms' ? `time_ms ${direction}, seq ${direction}` : `${column} ${direction}, time_ms DESC, seq DESC`;
  return { sort, column, descending, orderBy };
}

/** The condition for the rows behind `key`, with its parameters in order. */
export function behind(
  order: AlertOrder,
  key: OrderKey,
): { readonly sql: string; readonly parameters: OrderKeyValues } {
  const { column, descending } = order;
  const beyond = descending ? '<' : '>';
  if (column === 'time_ms') return { sql: `(time_ms, seq) ${beyond} (?, ?)`, parameters: [key.time, key.seq] };
  // The first part is implied by the rest; it is what lets SQLite start in the middle of the index.
  return {
    sql: `${column} ${beyond}= ? AND (${column} ${beyond} ? OR (time_ms, seq) < (?, ?))`,
    parameters: [key.value, key.value, key.time, key.seq],
  };
}

type OrderKeyValues = readonly (string | number)[];

export function cursorAfter(order: AlertOrder, key: OrderKey): string {
  return Buffer.from(JSON.stringify([order.sort, key.value, key.time, key.seq])).toString('base64url');
}

/** The key in a cursor; `undefined` when the text is no cursor, or one of another order. */
export function readCursor(order: AlertOrder, cursor: string): OrderKey | undefined {
  const parts = parseParts(cursor);
  if (parts === undefined || parts.length !== 4) return undefined;
  const [sort, value, time, seq] = parts;
  if (sort !== order.sort || typeof value !== COLUMNS[nameOf(order.sort)].type) return undefined;
  if (!Number.isSafeInteger(time) || !Number.isSafeInteger(seq)) return undefined;
  return { value: value as string | number, time: time as number, seq: seq as number };
}

function parseParts(cursor: string): readonly unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(sort: AlertSort): SortName {
  return (sort.startsWith('-') ? sort.slice(1) : sort) as SortName;
}
