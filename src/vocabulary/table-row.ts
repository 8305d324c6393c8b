/**
 * The row that an event is of a table: the reference that the SQL over stored events is compared with.
 *
 *   column ──constant · first value of its fields · computed value──▶ text ──the column's type──▶ cell
 *
 * A cell is one value: of a field with several the first, of several fields the first that has one. A text that is
 * missing is '', anything else null; what a number's column does not hold as a number is null.
 */

import { NO_SPAN } from '../diagnostic/span.ts';
import type { Event } from '../event/event.ts';
import type { Scalar as FieldScalar } from '../event/field-path.ts';
import type { Json } from '../event/json.ts';
import { evaluate, evaluateValue } from '../plan/predicate/evaluate.ts';
import { toTime } from '../plan/predicate/scalar.ts';
import type { Cell, Row } from '../plan/relation/cell.ts';
import { datetimeOf } from '../plan/relation/time-text.ts';
import { type Column, type ColumnType, columnValue, type Table } from './table.ts';

/** The field in which every event has its time, to the tick. */
export const TIME_FIELD = '@timestamp';

const TICKS_PER_MS = 10_000n;

export function isRow(table: Table, event: Event): boolean {
  return table.isEmpty !== true && evaluate(table.rows(NO_SPAN), event);
}

export function rowOf(table: Table, event: Event): Row {
  return table.columns.map((column) => cellOf(column, event));
}

export function cellOf(column: Column, event: Event): Cell {
  const { type, fields, constant, parts } = column;
  if (constant !== undefined) return typedCell(String(constant), type);
  if (type === 'dynamic') return parts === undefined ? firstJson(fields, event) : bagOf(parts, event);
  const value = columnValue(column, NO_SPAN);
  if (value !== undefined) {
    const given = evaluateValue(value, event);
    return typedCell(given === null ? undefined : String(given), type);
  }
  if (type === 'datetime' && fields[0] === TIME_FIELD)
    return datetimeOf(BigInt(event.time.ms) * TICKS_PER_MS + BigInt(event.time.ticks));
  return typedCell(
    column.joined === undefined ? firstText(fields, event) : allTexts(fields, column.joined, event),
    type,
  );
}

/** What stands in the first of the fields that has a value. */
export function firstText(fields: readonly string[], event: Event): string | undefined {
  const first = fields.map((field) => event.values(field)[0]).find((value) => value !== undefined);
  return first === undefined ? undefined : String(first);
}

/** All values of the first of the fields that has any. */
export function allTexts(fields: readonly string[], between: string, event: Event): string | undefined {
  const values = fields.map((field) => event.values(field)).find(({ length }) => length > 0);
  return values?.map(String).join(between);
}

const INTEGER = /^-?\d{1,19}$/;
const REAL = /^-?\d{1,15}(\.\d{1,15})?$/;

/** A text as a cell of the type; `undefined` where there is none. */
export function typedCell(text: string | undefined, type: ColumnType): Cell {
  if (type === 'string') return text?.toWellFormed() ?? '';
  if (text === undefined) return null;
  switch (type) {
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'int':
      return integer(text, 32);
    case 'long':
      return integer(text, 64);
    case 'real':
      return REAL.test(text) ? Number(text) : null;
    case 'datetime': {
      const time = toTime(text);
      return time === undefined ? null : datetimeOf(BigInt(time.ms) * TICKS_PER_MS + BigInt(time.ticks));
    }
    case 'dynamic':
      return text;
  }
}

function integer(text: string, bits: number): bigint | null {
  const value = INTEGER.test(text) ? BigInt(text) : null;
  return value !== null && BigInt.asIntN(bits, value) === value ? value : null;
}

function firstJson(fields: readonly string[], event: Event): Json {
  return fields.map((field) => event.json(field)).find((json) => json !== undefined) ?? null;
}

/** Null where the event has none of the parts. */
function bagOf(parts: ReadonlyMap<string, readonly string[]>, event: Event): Json {
  const entries = [...parts].flatMap(([name, fields]): [string, FieldScalar][] => {
    const text = firstText(fields, event);
    return text === undefined ? [] : [[name, text]];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
