/**
 * One stored event as a line of the write-ahead log and as a row of a segment: the same names in both.
 *
 *   event ──encodeLine──▶ {"arrival":7,"id":…,"host.name":"web-01",…,"document":"{…}"} ──▶ StoredEvent
 *
 * Fields that are often asked for stand beside the document, as text: the first value in a column of the field's name,
 * further ones in `more` as `field=value`. The document is JSON within a text, so that nothing in it (half a surrogate
 * pair, depth, a key twice) can make a line that a reader refuses; other texts are made well-formed.
 */
import { NO_VALUES, scalarsOf, type Values, valuesAt } from '../../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../event/json.ts';
import { INDEXED_FIELDS, type NewEvent, type StoredEvent } from '../event-store.ts';

const FIRST_FIELD_COLUMNS = [
  ...INDEXED_FIELDS,
  'event.action',
  'event.code',
  'event.dataset',
  'process.pid',
  'process.parent.executable',
  'file.path',
  'destination.ip',
  'destination.port',
  'dns.question.name',
] as const;
/** Since version 2: what tables of processes, connections, files, names and logons are asked for most. */
const SECOND_FIELD_COLUMNS = [
  'event.outcome',
  'file.name',
  'host.id',
  'host.os.type',
  'network.direction',
  'process.parent.command_line',
  'process.parent.name',
  'process.parent.pid',
  'registry.path',
  'source.ip',
  'source.port',
  'user.id',
  'winlog.channel',
] as const;
export const FIELD_COLUMNS = [...FIRST_FIELD_COLUMNS, ...SECOND_FIELD_COLUMNS] as const;
export type FieldColumn = (typeof FIELD_COLUMNS)[number];
export const CATEGORY_COLUMN = 'event.category';
const TYPE_COLUMN = 'event.type';
/** Fields all of whose values stand in one column. */
export const LIST_COLUMNS = [CATEGORY_COLUMN, TYPE_COLUMN] as const;
/** Columns that segments of version 1 do not have: they are NULL there, and `irregular` is, too. */
export const LATER_COLUMNS: ReadonlySet<string> = new Set([...SECOND_FIELD_COLUMNS, TYPE_COLUMN]);

/** Every column with its type in DuckDB, in the order in which a segment has them. */
export const COLUMNS: Readonly<Record<string, string>> = Object.freeze({
  arrival: 'BIGINT',
  id: 'VARCHAR',
  time_ms: 'BIGINT',
  ticks: 'SMALLINT',
  ingested_ms: 'BIGINT',
  format: 'VARCHAR',
  data_streams: 'VARCHAR[]',
  stands_in_for: 'VARCHAR[]',
  sample: 'BOOLEAN',
  ...Object.fromEntries(FIELD_COLUMNS.map((field) => [field, 'VARCHAR'])),
  ...Object.fromEntries(LIST_COLUMNS.map((field) => [field, 'VARCHAR[]'])),
  more: 'VARCHAR[]',
  irregular: 'VARCHAR[]',
  origin: 'VARCHAR',
  document: 'VARCHAR',
});

/**
 * Changes when the columns do. A segment's version is that of the oldest of its rows; one of another version is read by
 * the names that it has. Version 3 has the columns of 2: of that, segments said it that hold rows of version 1, too.
 */
export const COLUMNS_VERSION = 3;
/** Rows without the later columns. */
export const FIRST_VERSION = 1;

export type EventLine = {
  readonly arrival: number;
  readonly id: string;
  readonly time_ms: number;
  readonly ticks: number;
  readonly ingested_ms: number;
  readonly format: string;
  readonly data_streams: readonly string[];
  readonly stands_in_for: readonly string[];
  readonly sample: boolean;
  readonly [CATEGORY_COLUMN]?: readonly string[];
  readonly [TYPE_COLUMN]?: readonly string[];
  readonly more?: readonly string[];
  /** Where the document is not what its dotted paths say (`irregularPaths`); NULL in segments of version 1. */
  readonly irregular: readonly string[];
  /** JSON. */
  readonly origin?: string;
  /** JSON. */
  readonly document: string;
} & { readonly [field in FieldColumn]?: string };

/** @throws {TypeError} for times that are none: a bug of whoever appends. */
export function lineOf(event: NewEvent, arrival: number, ingestedMs: number): EventLine {
  const { id, timeMs, ticks, format, dataStreams, standsInFor, sample, origin, document, json } = event;
  if (!Number.isSafeInteger(timeMs) || !Number.isSafeInteger(ticks))
    throw new TypeError(`no time: ${timeMs}, ${ticks}`);
  const text = json ?? JSON.stringify(document);
  const irregular = irregularPaths(document, text);
  return {
    arrival,
    id: id.toWellFormed(),
    time_ms: timeMs,
    ticks,
    ingested_ms: ingestedMs,
    format,
    data_streams: dataStreams.map((name) => name.toWellFormed()),
    stands_in_for: standsInFor,
    sample,
    ...fieldsOf(document, irregular.length === 0),
    ...(origin === undefined ? {} : { origin: JSON.stringify(origin) }),
    irregular,
    document: text,
  };
}

/** @param isRegular each field stands where its path says, and nowhere else */
function fieldsOf(document: JsonObject, isRegular: boolean): Partial<EventLine> {
  const fields: Record<string, string | readonly string[]> = {};
  const more: string[] = [];
  const valuesOf = isRegular ? regularValues(document) : (field: string) => valuesAt(document, field);
  for (const field of FIELD_COLUMNS) {
    const values = valuesOf(field);
    if (values.length === 0) continue;
    fields[field] = String(values[0]).toWellFormed();
    for (let at = 1; at < values.length; at += 1) more.push(moreOf(field, String(values[at])));
  }
  for (const field of LIST_COLUMNS) {
    const values = valuesOf(field);
    if (values.length > 0) fields[field] = values.map((value) => String(value).toWellFormed());
  }
  if (more.length > 0) fields.more = more;
  return fields;
}

/** Names of the columns' fields, as a tree: a document is walked once, and only where it has something. */
interface Names {
  readonly fields: Map<string, string>;
  readonly within: Map<string, Names>;
}

const NAMES = namesOf([...FIELD_COLUMNS, ...LIST_COLUMNS]);

function namesOf(paths: readonly string[]): Names {
  const names: Names = { fields: new Map(), within: new Map() };
  for (const path of paths) {
    const steps = path.split('.');
    const last = steps.pop() as string;
    let at = names;
    for (const step of steps) {
      const next = at.within.get(step) ?? { fields: new Map(), within: new Map() };
      at.within.set(step, next);
      at = next;
    }
    at.fields.set(last, path);
  }
  return names;
}

function regularValues(document: JsonObject): (field: string) => Values {
  const found = new Map<string, Values>();
  collect(document, NAMES, found);
  return (field) => found.get(field) ?? NO_VALUES;
}

function collect(object: JsonObject, { fields, within }: Names, found: Map<string, Values>): void {
  for (const [name, field] of fields) if (Object.hasOwn(object, name)) found.set(field, scalarsOf(object[name]));
  for (const [name, names] of within) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (isJsonObject(value)) collect(value, names, found);
  }
}

/** In `irregular`: no path is to be trusted. */
const ANYWHERE = '*';
/** Half a surrogate pair, which DuckDB does not read. */
const HALF_PAIR = /\\ud[89ab]/i;

/**
 * Where reading the JSON by a plain path (`$.process.name`) does not give what the field holds: the dotted paths at which
 * objects stand in an array, and `*` where a name has a dot in it or the text is not Unicode.
 */
export function irregularPaths(document: JsonObject, text: string): readonly string[] {
  if (HALF_PAIR.test(text)) return [ANYWHERE];
  const found: string[] = [];
  const open: (readonly [JsonObject, string])[] = [[document, '']];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [object, prefix] = next;
    for (const name in object) {
      if (name.includes('.')) return [ANYWHERE];
      const value = object[name];
      if (typeof value !== 'object' || value === null) continue;
      if (!Array.isArray(value)) open.push([value as JsonObject, `${prefix}${name}.`]);
      else if (hasObjects(value)) found.push(`${prefix}${name}`.toWellFormed());
    }
  }
  return found;
}

function hasObjects(array: readonly Json[]): boolean {
  return array.some((item) => (Array.isArray(item) ? hasObjects(item) : typeof item === 'object' && item !== null));
}

/** How `more` holds a value. */
export function moreOf(field: string, value: string): string {
  return `${field}=${value.toWellFormed()}`;
}

/** What of a row becomes an event again. */
export type EventRow = Pick<
  EventLine,
  | 'arrival'
  | 'id'
  | 'time_ms'
  | 'ticks'
  | 'ingested_ms'
  | 'format'
  | 'data_streams'
  | 'stands_in_for'
  | 'sample'
  | 'document'
> & { readonly origin?: string | null };

/** @throws {SyntaxError} for a document that nobody wrote. */
export function eventOfRow(row: EventRow): StoredEvent {
  return {
    id: row.id,
    timeMs: row.time_ms,
    ticks: row.ticks,
    format: row.format,
    dataStreams: row.data_streams,
    standsInFor: row.stands_in_for,
    ...(row.origin === undefined || row.origin === null ? {} : { origin: JSON.parse(row.origin) }),
    sample: row.sample,
    ingestedMs: row.ingested_ms,
    arrival: row.arrival,
    document: JSON.parse(row.document) as JsonObject,
  };
}
