/**
 * A row of a query over tables as an event, so that alerts on it are told, searched, excepted and suppressed as others.
 *
 *   columns that a table of the query fills from one field ──▶ that field
 *   entities that the rule maps columns to ──────────────────▶ fields of the entity (these count more)
 *   every column ────────────────────────────────────────────▶ kusto.<column>
 *
 * Its time is the row's `TimeGenerated`, else the latest time in the row that lies in the window, else the window's end.
 */
import { ENTITY_FIELDS, HASH_FIELDS } from '../../detect/row-entities.ts';
import { ecsFieldType } from '../../event/ecs-fields.ts';
import { documentSource, Event, setPath } from '../../event/event.ts';
import type { Json } from '../../event/json.ts';
import type { EventTime } from '../../event/time.ts';
import { formatTime } from '../../event/time.ts';
import type { Cell, Row } from '../../plan/relation/cell.ts';
import { jsonOf } from '../../plan/relation/cell-number.ts';
import { plainJson } from '../../plan/relation/exact-number.ts';
import type { RelationColumn } from '../../plan/relation/node.ts';
import { floorDivide } from '../../plan/relation/time-text.ts';
import type { EntityField } from '../../rule/sentinel-settings.ts';
import type { Table } from '../../vocabulary/table.ts';

/** What a run of a rule sees: ticks since 1970, `after` exclusive, `upTo` inclusive. */
export interface RowWindow {
  readonly after: bigint;
  readonly upTo: bigint;
}

export interface RowMaker {
  readonly columns: readonly RelationColumn[];
  /** Those that the query reads. */
  readonly tables: readonly Table[];
  readonly entities: readonly EntityField[];
  readonly window: RowWindow;
}

const TICKS_PER_MS = 10_000n;
const TIME_COLUMN = 'TimeGenerated';

/** @param row absent for the event of an alert on no rows */
export function eventOfRow(row: Row | undefined, { columns, tables, entities, window }: RowMaker): Event {
  const document: Record<string, Json> = {};
  const time = timeOf(row, columns, window);
  setPath(document, '@timestamp', formatTime(time));
  const cells = new Map(columns.map(({ name, type }, at) => [name, plainJson(jsonOf(row?.[at] ?? null, type))]));
  if (row !== undefined) {
    for (const { name, type } of columns) {
      const field = fieldOf(name, type, tables);
      if (field !== undefined) put(document, field, cells.get(name) ?? null);
    }
    // Of two entities of a kind the first is the alert's.
    for (const entity of entities.toReversed()) {
      for (const field of fieldsOf(entity, entities, cells)) put(document, field, cells.get(entity.column) ?? null);
    }
    document.kusto = Object.fromEntries([...cells].filter(([, cell]) => cell !== null && cell !== ''));
  }
  const raw = Buffer.from(JSON.stringify(document.kusto ?? {}));
  return new Event({ time, source: documentSource(document), raw, format: 'kusto', dataStreams: [] });
}

/** Times of a row that lie within the window, ticks since 1970. */
export function timesWithin(
  row: Row,
  columns: readonly RelationColumn[],
  { after, upTo }: RowWindow,
): readonly bigint[] {
  return columns.flatMap(({ type }, at) => {
    const cell = row[at];
    return type === 'datetime' && typeof cell === 'bigint' && cell > after && cell <= upTo ? [cell] : [];
  });
}

function timeOf(row: Row | undefined, columns: readonly RelationColumn[], window: RowWindow): EventTime {
  const generated: Cell | undefined = row?.[columns.findIndex(({ name }) => name === TIME_COLUMN)];
  const times = row === undefined ? [] : timesWithin(row, columns, window);
  const latest = times.reduce<bigint | undefined>(
    (most, one) => (most === undefined || one > most ? one : most),
    undefined,
  );
  const ticks = typeof generated === 'bigint' ? generated : (latest ?? window.upTo);
  const ms = floorDivide(ticks, TICKS_PER_MS);
  return { ms: Number(ms), ticks: Number(ticks - ms * TICKS_PER_MS) };
}

/** The field that a table of the query fills the column from, where that is all that it does. */
function fieldOf(name: string, type: string, tables: readonly Table[]): string | undefined {
  if (name === TIME_COLUMN) return undefined;
  for (const { columns } of tables) {
    const column = columns.find((one) => one.name === name && one.type === type);
    const [field] = column?.fields ?? [];
    if (field === undefined || column?.constant !== undefined || column?.words !== undefined) continue;
    if (column?.value === undefined && ecsFieldType(field) !== undefined) return field;
  }
  return undefined;
}

function fieldsOf(
  { entity, type, identifier }: EntityField,
  entities: readonly EntityField[],
  cells: ReadonlyMap<string, Json>,
): readonly string[] {
  const key = `${type}.${identifier}`.toLowerCase();
  if (key !== 'filehash.value') return ENTITY_FIELDS[key] ?? [];
  const named = entities.find((one) => one.entity === entity && one.identifier.toLowerCase() === 'algorithm');
  const algorithm = named === undefined ? '' : String(cells.get(named.column) ?? '');
  const field = HASH_FIELDS[algorithm.toLowerCase().replaceAll(/[^a-z0-9]/g, '')];
  return field === undefined ? [] : [field];
}

/** In the field's type; what is none of it is left out, as is what is empty. */
function put(document: Record<string, Json>, field: string, value: Json): void {
  if (value === null || value === '' || typeof value === 'object') return;
  const type = ecsFieldType(field);
  if (type !== 'long') {
    setPath(document, field, typeof value === 'string' ? value : String(value));
    return;
  }
  if (/^-?\d{1,15}$/.test(String(value))) setPath(document, field, Number(value));
}
