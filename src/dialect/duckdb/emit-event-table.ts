/**
 * A table of the vocabulary as SQL over stored events: its rows, and each column as its type's cell.
 *
 *   events ──time, rows──▶ ──fields as texts──▶ ──columns──▶ a FROM
 *
 * DuckDB drops the columns that nothing reads. Gives what `vocabulary/table-row.ts` gives for each event.
 */
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { RelationColumn } from '../../plan/relation/node.ts';
import { type Column, columnValue, type Table } from '../../vocabulary/table.ts';
import { TIME_FIELD, typedCell } from '../../vocabulary/table-row.ts';
import { emitPredicate, emitValue } from './emit-predicate.ts';
import { askEvent, byPath, type EventScope, hasPath, isOpen, isUntold } from './event-fields.ts';
import { cellText, DUCK_TYPES, physicalNames, quote } from './sql-text.ts';

/** Event times in epoch milliseconds, both inclusive, as far as they are known. */
export interface EventTimes {
  readonly from?: number;
  readonly to?: number;
}

export interface Wanted {
  readonly times: EventTimes;
  /** Columns that are read; others are given empty. */
  readonly used: ReadonlySet<string>;
}

/**
 * @param events a relation with the columns of stored events
 * @param columns those of the table that have to be there
 */
export function emitEventTable(
  table: Table,
  columns: readonly RelationColumn[],
  events: string,
  { times, used }: Wanted,
  scope: EventScope,
): string {
  const paths = new Map<string, string>();
  const names = physicalNames(columns);
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const given = columns.map(({ name, type }) => {
    const column = byName.get(name);
    const sql = column === undefined || !used.has(name) ? cellText(null, type) : emitColumn(column, paths, scope);
    return `${sql} AS ${names.get(name)}`;
  });
  const conditions = [
    ...(times.from === undefined ? [] : [`time_ms >= ${times.from}`]),
    ...(times.to === undefined ? [] : [`time_ms <= ${times.to}`]),
    emitPredicate(table.rows(NO_SPAN), scope),
  ];
  const texts = [...paths].map(([field, name]) => {
    const asked = askEvent({ kind: 'first', fields: [field] }, scope);
    return `CASE WHEN ${isUntold(field, scope)} THEN ${asked} ELSE ${byPath(field)} END AS ${name}`;
  });
  const rows = `SELECT ${['*', ...texts].join(', ')} FROM ${events} WHERE ${conditions.join(' AND ')}`;
  return `(SELECT ${given.length === 0 ? '1 AS "#one"' : given.join(', ')} FROM (${rows}))`;
}

function emitColumn(column: Column, paths: Map<string, string>, scope: EventScope): string {
  const { type, fields, constant, parts } = column;
  if (constant !== undefined) return cellText(typedCell(String(constant), type), type);
  if (type === 'dynamic') {
    if (parts !== undefined) return askEvent({ kind: 'parts', parts: [...parts] }, scope);
    return fields.length === 0 ? cellText(null, type) : askEvent({ kind: 'json', fields }, scope);
  }
  const value = columnValue(column, NO_SPAN);
  if (value !== undefined) return typed(emitValue(value, scope), column, scope);
  if (type === 'datetime' && fields[0] === TIME_FIELD) return TIME;
  if (fields.length === 0) return cellText(typedCell(undefined, type), type);
  if (column.joined !== undefined)
    return typed(askEvent({ kind: 'all', fields, between: column.joined }, scope), column, scope);
  const texts = fields.map((field) => fieldText(field, paths, scope));
  return typed(texts.length === 1 ? (texts[0] as string) : `coalesce(${texts.join(', ')})`, column, scope);
}

/** Of the years that Kusto has. */
const TIME =
  'CASE WHEN time_ms BETWEEN -62135596800000 AND 253402300799999 THEN time_ms * 10000 + ticks ELSE NULL::BIGINT END';

/** As `firstTextOf`, with what is read of the document in a column that is read once. */
function fieldText(field: string, paths: Map<string, string>, scope: EventScope): string {
  const { columns } = scope;
  if (columns.texts.has(field) || columns.lists.has(field) || !hasPath(field))
    return emitValue({ kind: 'field', field: { name: field, type: 'unknown' }, span: NO_SPAN }, scope);
  const name = paths.get(field) ?? `"#path ${paths.size}"`;
  paths.set(field, name);
  return `CASE WHEN ${isOpen(name)} THEN ${askEvent({ kind: 'first', fields: [field] }, scope)} ELSE ${name} END`;
}

/** A text as the cell of its column's type. */
function typed(text: string, { type }: Column, scope: EventScope): string {
  switch (type) {
    case 'string':
      return `coalesce(${text}, '')`;
    case 'bool':
      return `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false ELSE NULL END`;
    case 'int':
      return `${integer(text, 'INTEGER')}::BIGINT`;
    case 'long':
      return integer(text, 'BIGINT');
    case 'real':
      return `TRY_CAST(regexp_extract(${text}, ${quote('^-?[0-9]{1,15}([.][0-9]{1,15})?$')}) AS DOUBLE)`;
    case 'datetime':
      return `${askTime(text, scope)}::${DUCK_TYPES.datetime}`;
    case 'dynamic':
      return text;
  }
}

/** A cast takes more than digits (`3.5`, `1e3`), so it counts where it gives the text back; without a match '' is no number. */
function integer(text: string, type: 'INTEGER' | 'BIGINT'): string {
  const cast = `TRY_CAST(${text} AS ${type})`;
  const digits = `regexp_extract(${text}, ${quote('^-?[0-9]{1,19}$')})`;
  return `(CASE WHEN ${cast}::VARCHAR = ${text} THEN ${cast} ELSE TRY_CAST(${digits} AS ${type}) END)`;
}

function askTime(text: string, scope: EventScope): string {
  return askEvent({ kind: 'time' }, scope).replace('(document,', () => `(${text},`);
}
