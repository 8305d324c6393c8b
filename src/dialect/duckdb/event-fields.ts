/**
 * How a stored event's fields are had in SQL, each as text: from a column where the field has one, else from the
 * document by its path, else by asking this process, which reads documents as events are read.
 *
 *   field ──column · $.path · host function──▶ text of its first value, NULL where there is none
 *
 * A plain path is only asked of documents whose columns say that it may be (`irregular`): names with dots in them, and
 * objects in arrays, are no matter for it. Rows that an earlier Vedette stored do not say so, and lack later columns.
 */
import type { EventQuestion, HostFunction } from './host-function.ts';
import { hostName } from './host-function.ts';
import { named, once, quote } from './sql-text.ts';

/** The columns of whoever stores the events. */
export interface EventColumns {
  /** Fields whose first value stands in a column of their name, further ones as `field=value` in `more`. */
  readonly texts: ReadonlySet<string>;
  /** Fields all of whose values stand in a list. */
  readonly lists: ReadonlySet<string>;
  /** Of these, those that older rows do not have; `irregular` is NULL there. `undefined`: there are no such rows. */
  readonly later: ReadonlySet<string> | undefined;
  /** Of `more`, `irregular` and `texts` those that hold nothing in any row, and need not be read. */
  readonly empty?: ReadonlySet<string>;
  /** Of `texts` those in no value of which is a letter that DuckDB's `lower` changes oddly; of `lists` those which it does not change. */
  readonly lowered?: ReadonlySet<string>;
  /** Whether all events are of years that Kusto has. */
  readonly isInCalendar?: boolean;
}

export interface EventScope {
  readonly columns: EventColumns;
  readonly hosts: Map<string, HostFunction>;
}

const EVENT_HOST: HostFunction = { kind: 'event' };
const OLD = 'irregular IS NULL';

/** Asks this process about the document; the answer is a text, NULL for none. */
export function askEvent(question: EventQuestion, { hosts }: EventScope): string {
  hosts.set(hostName(EVENT_HOST), EVENT_HOST);
  return `${hostName(EVENT_HOST)}(document, ${quote(JSON.stringify(question))})`;
}

/** Whether the row's columns and plain paths do not tell what the field holds; `undefined` where they always do. */
export function isUntold(field: string, { columns }: EventScope): string | undefined {
  if (columns.texts.has(field) || columns.lists.has(field)) return columns.later?.has(field) === true ? OLD : undefined;
  if (isRegular(columns)) return undefined;
  const names = field.split('.');
  const above = names.slice(1).map((_, index) => names.slice(0, index + 1).join('.'));
  // Of most documents the list is empty, which costs less to see.
  const isLed = `(len(irregular) > 0 AND list_has_any(irregular, [${['*', ...above].map(quote).join(', ')}]))`;
  return columns.later === undefined ? isLed : `(${OLD} OR ${isLed})`;
}

/** The text by a plain path: of an array or an object its JSON. Only where `isUntold` is false. */
export function byPath(field: string): string {
  return `json_extract_string(document, ${plainPath(field)})`;
}

/** Of several fields in a list, the document read once; NULL where no path is to be trusted. */
export function byPaths(fields: readonly string[], { columns }: EventScope): string {
  const read = `json_extract_string(document, [${fields.map(plainPath).join(', ')}])`;
  if (isRegular(columns)) return read;
  const isAnywhere = `(len(irregular) > 0 AND list_contains(irregular, '*'))`;
  const isUnread = columns.later === undefined ? isAnywhere : `(${OLD} OR ${isAnywhere})`;
  return `CASE WHEN ${isUnread} THEN NULL ELSE ${read} END`;
}

/** Whether plain paths are to be trusted in all rows. */
function isRegular({ later, empty }: EventColumns): boolean {
  return later === undefined && empty?.has('irregular') === true;
}

function plainPath(field: string): string {
  const names = field.split('.').map((name) => `."${name}"`);
  return quote(`$${names.join('')}`);
}

/** The first value, where `text` is what stands at the plain path; `text` is computed once. */
export function firstAtPath(field: string, text: string, scope: EventScope): string {
  const asked = askEvent({ kind: 'first', fields: [field] }, scope);
  const told = once(text, (value) => `CASE WHEN ${isOpen(value)} THEN ${asked} ELSE ${value} END`);
  const untold = isUntold(field, scope);
  return untold === undefined ? told : `CASE WHEN ${untold} THEN ${asked} ELSE ${told} END`;
}

/** Of a text by a plain path: it may be an array's or an object's JSON. */
export function isOpen(sql: string): string {
  return `(starts_with(${sql}, '[') OR starts_with(${sql}, '{'))`;
}

/** Whether a field can be written into a path as it stands. */
export function hasPath(field: string): boolean {
  return /^[A-Za-z0-9_@-]+(\.[A-Za-z0-9_@-]+)*$/.test(field);
}

/** Of a field in `texts` its column, where it is read at all. */
function textColumn(field: string, { empty }: EventColumns): string {
  return empty?.has(field) === true ? 'NULL::VARCHAR' : named(field);
}

/** The first value of the field. */
export function firstTextOf(field: string, scope: EventScope): string {
  const { columns } = scope;
  const asked = (): string => askEvent({ kind: 'first', fields: [field] }, scope);
  const untold = isUntold(field, scope);
  if (columns.texts.has(field) || columns.lists.has(field)) {
    const told = columns.lists.has(field) ? `${named(field)}[1]` : textColumn(field, columns);
    return untold === undefined ? told : `CASE WHEN ${untold} THEN ${asked()} ELSE ${told} END`;
  }
  if (!hasPath(field)) return asked();
  return firstAtPath(field, byPath(field), scope);
}
