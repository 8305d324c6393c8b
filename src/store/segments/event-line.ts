/**
 * One stored event as a line of the write-ahead log and as a row of a segment: the same names in both.
 *
 *   event ──encodeLine──▶ {"arrival":7,"id":…,"host.name":"web-01",…,"document":"{…}"} ──▶ StoredEvent
 *
 * Fields that are often asked for stand beside the document, as text: the first value in a column of the field's name,
 * further ones in `more` as `field=value`. The document is JSON within a text, so that nothing in it (half a surrogate
 * pair, depth, a key twice) can make a line that a reader refuses; other texts are made well-formed.
 */
import { valuesAt } from '../../event/field-path.ts';
import type { JsonObject } from '../../event/json.ts';
import { INDEXED_FIELDS, type NewEvent, type StoredEvent } from '../event-store.ts';

export const FIELD_COLUMNS = [
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
export type FieldColumn = (typeof FIELD_COLUMNS)[number];
export const CATEGORY_COLUMN = 'event.category';

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
  [CATEGORY_COLUMN]: 'VARCHAR[]',
  more: 'VARCHAR[]',
  origin: 'VARCHAR',
  document: 'VARCHAR',
});

/** Changes when the columns do; a segment of another version is read by the names that it has. */
export const COLUMNS_VERSION = 1;

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
  readonly more?: readonly string[];
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
    ...fieldsOf(document),
    ...(origin === undefined ? {} : { origin: JSON.stringify(origin) }),
    document: json ?? JSON.stringify(document),
  };
}

function fieldsOf(document: JsonObject): Partial<EventLine> {
  const fields: Record<string, string | readonly string[]> = {};
  const more: string[] = [];
  for (const field of FIELD_COLUMNS) {
    const [first, ...others] = valuesAt(document, field);
    if (first === undefined) continue;
    fields[field] = String(first).toWellFormed();
    for (const other of others) more.push(moreOf(field, String(other)));
  }
  const categories = valuesAt(document, CATEGORY_COLUMN);
  if (categories.length > 0) fields[CATEGORY_COLUMN] = categories.map((value) => String(value).toWellFormed());
  if (more.length > 0) fields.more = more;
  return fields;
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
