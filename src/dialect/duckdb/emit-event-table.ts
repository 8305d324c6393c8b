/**
 * A table of the vocabulary as SQL over stored events: its rows, and each column as its type's cell.
 *
 *   events ──time, rows──▶ ──fields as texts──▶ ──columns──▶ a FROM
 *
 * DuckDB drops the columns that nothing reads. Gives what `vocabulary/table-row.ts` gives for each event.
 */
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { Predicate } from '../../plan/predicate/node.ts';
import { INGESTION_COLUMN } from '../../plan/relation/ingestion-times.ts';
import type { RelationColumn } from '../../plan/relation/node.ts';
import { type Column, columnValue, type Table } from '../../vocabulary/table.ts';
import { TIME_FIELD, typedCell } from '../../vocabulary/table-row.ts';
import { emitFilter, emitValue } from './emit-predicate.ts';
import type { ColumnForms, Forms } from './emitted.ts';
import { askEvent, byPath, byPaths, type EventScope, firstAtPath, hasPath, isUntold } from './event-fields.ts';
import { cellText, DUCK_TYPES, once, physicalNames, quote } from './sql-text.ts';
import { wordTests } from './word-tests.ts';

/** Event times in epoch milliseconds, both inclusive, as far as they are known. */
export interface EventTimes {
  readonly from?: number;
  readonly to?: number;
}

export interface Wanted {
  readonly times: EventTimes;
  /** Columns that are read; others are given empty. */
  readonly used: ReadonlySet<string>;
  /** SQL of when a row was stored, in ticks; as the store has it where it is left out. */
  readonly arrival?: string;
}

export interface EventTable {
  /** What stands in FROM. */
  readonly sql: string;
  /** Of the table's columns: columns of `sql` that hold the same in forms which DuckDB is faster with. */
  readonly forms: Forms;
}

/**
 * @param events a relation with the columns of stored events
 * @param columns those of the table that have to be there
 */
export function emitEventTable(
  table: Table,
  columns: readonly RelationColumn[],
  events: string,
  { times, used, arrival = ARRIVAL }: Wanted,
  scope: EventScope,
): EventTable {
  const paths = new Map<string, string>();
  const forms = new Map<string, ColumnForms>();
  const hidden: string[] = [];
  const hide = (sql: string): string => {
    const as = `"#form ${hidden.length}"`;
    hidden.push(`${sql} AS ${as}`);
    return as;
  };
  const names = physicalNames(columns);
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const rowsOf = table.rows(NO_SPAN);
  const given = columns.map(({ name, type }) => {
    if (name === INGESTION_COLUMN) return `${used.has(name) ? arrival : 'NULL::BIGINT'} AS ${names.get(name)}`;
    const column = byName.get(name);
    if (column === undefined || !used.has(name)) return `${cellText(null, type)} AS ${names.get(name)}`;
    const text = emitText(column, paths, scope);
    const value = columnValue(column, NO_SPAN);
    const made =
      text === undefined
        ? emitColumn(column, scope)
        : isFilled(column, rowsOf, scope)
          ? text
          : typed(text, column, scope);
    const cell = `${made} AS ${names.get(name)}`;
    if (isEventTime(column)) forms.set(name, { millis: hide(inCalendar('time_ms', scope)) });
    if (type !== 'string' || text === undefined) return cell;
    const tests = value === undefined ? [] : [...wordTests(value, scope)];
    const words = new Map(tests.map(([word, test]) => [word, hide(test)]));
    forms.set(name, {
      text: hide(text),
      ...(words.size === 0 ? {} : { words }),
      ...(isLowered(column, scope) ? { isLowered: true } : {}),
    });
    return cell;
  });
  const conditions = [
    ...(times.from === undefined ? [] : [`time_ms >= ${times.from}`]),
    ...(times.to === undefined ? [] : [`time_ms <= ${times.to}`]),
    emitFilter(rowsOf, scope),
  ];
  const read = [...paths.keys()];
  const one = read.length === 1 ? read[0] : undefined;
  // Filters are moved below, with all that their columns are made of: one field is made there at once, and not read three times.
  const firsts = read.map((field, at) => {
    const text = one === undefined ? `"#paths"[${at + 1}]` : byPath(field);
    return `${firstAtPath(field, text, scope)} AS ${paths.get(field)}`;
  });
  const rows = `SELECT ${['*', ...(one === undefined ? [] : firsts)].join(', ')} FROM ${events} WHERE ${conditions.join(' AND ')}`;
  const several = `SELECT *, ${byPaths(read, scope)} AS "#paths" FROM (${rows})`;
  const source = read.length < 2 ? rows : `SELECT ${['*', ...firsts].join(', ')} FROM (${several})`;
  const all = [...given, ...hidden];
  return { sql: `(SELECT ${all.length === 0 ? '1 AS "#one"' : all.join(', ')} FROM (${source}))`, forms };
}

/** A column that does not come from one text. */
function emitColumn({ type, fields, constant, parts }: Column, scope: EventScope): string {
  if (constant !== undefined) return cellText(typedCell(String(constant), type), type);
  if (type === 'dynamic') {
    if (parts !== undefined) return askEvent({ kind: 'parts', parts: [...parts] }, scope);
    return fields.length === 0 ? cellText(null, type) : askEvent({ kind: 'json', fields }, scope);
  }
  return isEventTime({ type, fields }) ? inCalendar(TICKS, scope) : cellText(typedCell(undefined, type), type);
}

function isEventTime({ type, fields }: Pick<Column, 'type' | 'fields'>): boolean {
  return type === 'datetime' && fields[0] === TIME_FIELD;
}

/** Whether the table's rows are those where this column of texts has something: for one text '' need not stand in. */
function isFilled(column: Column, rows: Predicate, scope: EventScope): boolean {
  const { type, fields, joined } = column;
  const [field = ''] = fields;
  if (type !== 'string' || joined !== undefined || columnValue(column, NO_SPAN) !== undefined) return false;
  const conditions = rows.kind === 'and' ? rows.children : [rows];
  const isAskedFor = conditions.some((one) => one.kind === 'exists' && one.field.name === field);
  return isAskedFor && scope.columns.texts.has(field) && isUntold(field, scope) === undefined;
}

/** Whether all of its texts stand in columns that have no odd letters. */
function isLowered(column: Column, scope: EventScope): boolean {
  const { fields, joined } = column;
  if (joined !== undefined || columnValue(column, NO_SPAN) !== undefined) return false;
  return fields.every((field) => scope.columns.lowered?.has(field) === true && isUntold(field, scope) === undefined);
}

/** The text that the cell is made of; NULL where there is none. */
function emitText(column: Column, paths: Map<string, string>, scope: EventScope): string | undefined {
  const { type, fields, constant } = column;
  if (constant !== undefined || type === 'dynamic') return undefined;
  const value = columnValue(column, NO_SPAN);
  if (value !== undefined) return emitValue(value, scope);
  if (fields.length === 0 || isEventTime(column)) return undefined;
  if (column.joined !== undefined) return askEvent({ kind: 'all', fields, between: column.joined }, scope);
  const texts = fields.map((field) => fieldText(field, paths, scope));
  return texts.length === 1 ? (texts[0] as string) : `coalesce(${texts.join(', ')})`;
}

/** When the event was stored. */
const ARRIVAL = '(ingested_ms * 10000)::BIGINT';

/** Of the years that Kusto has, both inclusive. */
export const FIRST_MS = -62_135_596_800_000;
export const LAST_MS = 253_402_300_799_999;
const TICKS = '(time_ms * 10000 + ticks)';
const DATED = (time: string): string =>
  `CASE WHEN time_ms BETWEEN ${FIRST_MS} AND ${LAST_MS} THEN ${time} ELSE NULL::BIGINT END`;
export const TIME: string = DATED(TICKS);

function inCalendar(time: string, { columns }: EventScope): string {
  return columns.isInCalendar === true ? time : DATED(time);
}

/** As `firstTextOf`, with what is read of the document in a column that is read once. */
function fieldText(field: string, paths: Map<string, string>, scope: EventScope): string {
  const { columns } = scope;
  if (columns.texts.has(field) || columns.lists.has(field) || !hasPath(field))
    return emitValue({ kind: 'field', field: { name: field, type: 'unknown' }, span: NO_SPAN }, scope);
  const name = paths.get(field) ?? `"#path ${paths.size}"`;
  paths.set(field, name);
  return name;
}

/** A text as the cell of its column's type. */
function typed(text: string, { type }: Column, scope: EventScope): string {
  switch (type) {
    case 'string':
      return `coalesce(${text}, '')`;
    case 'bool':
      return `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false ELSE NULL END`;
    case 'int':
      return `${once(text, (value) => integer(value, 'INTEGER'))}::BIGINT`;
    case 'long':
      return once(text, (value) => integer(value, 'BIGINT'));
    case 'real':
      return `TRY_CAST(regexp_extract(${text}, ${quote('^-?[0-9]{1,15}([.][0-9]{1,15})?$')}) AS DOUBLE)`;
    case 'datetime':
      return `${askTime(text, scope)}::${DUCK_TYPES.datetime}`;
    case 'dynamic':
      return text;
  }
}

/**
 * A cast takes more than digits (`3.5`, `1e3`). What it gives is mostly written as the text was, which costs less to see than
 * to look for digits; leading zeros are looked for.
 */
function integer(text: string, type: 'INTEGER' | 'BIGINT'): string {
  const cast = `TRY_CAST(${text} AS ${type})`;
  const areDigits = `regexp_full_match(${text}, ${quote('-?[0-9]{1,19}')})`;
  return `(CASE WHEN ${cast}::VARCHAR = ${text} THEN ${cast} WHEN ${areDigits} THEN ${cast} END)`;
}

function askTime(text: string, scope: EventScope): string {
  return askEvent({ kind: 'time' }, scope).replace('(document,', () => `(${text},`);
}
