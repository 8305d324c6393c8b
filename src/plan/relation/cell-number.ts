/**
 * Cells as numbers and truth values, and from one type to another: Kusto's implicit conversions and its `to…`
 * functions. What cannot be converted is null.
 *
 * Source: recorded answers of the engine. Text is read whole (`toint("3.14")` is null), numbers are cut towards zero.
 */
import { isJsonObject, type Json, type JsonObject } from '../../event/json.ts';
import type { Cell, ScalarType } from './cell.ts';
import { textOf } from './cell-text.ts';
import { readDecimal, truncateDecimal } from './decimal.ts';
import { exactLong, exactReal, exactText } from './exact-number.ts';
import { readInteger, readReal } from './real-text.ts';
import { datetimeOf, FIRST_TICK, readDatetime, readTimespan, timespanOf } from './time-text.ts';

const LEAST_LONG = -(2n ** 63n);
const MOST_LONG = 2n ** 63n - 1n;

/** Times count in ticks, datetimes from year 1. */
export function realOf(cell: Cell, type: ScalarType): number | null {
  if (cell === null) return null;
  if (typeof cell === 'bigint') return Number(type === 'datetime' ? cell - FIRST_TICK : cell);
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell !== 'string') return numberOf(cell);
  return type === 'decimal' ? Number(cell) : readReal(cell);
}

/** Reals beyond the range become its ends, the infinities null. */
export function longOf(cell: Cell, type: ScalarType): bigint | null {
  if (cell === null) return null;
  if (typeof cell === 'bigint') return type === 'datetime' ? cell - FIRST_TICK : cell;
  if (typeof cell === 'number') return cut(cell, LEAST_LONG, MOST_LONG);
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  if (typeof cell !== 'string')
    return exactOf(
      cell,
      (text) => readInteger(text, 64),
      (real) => longOf(real, 'real'),
    );
  if (type !== 'decimal') return readInteger(cell, 64);
  const whole = truncateDecimal(cell);
  return BigInt.asIntN(64, whole) === whole ? whole : null;
}

/** A real beyond the range becomes its end; an integer loses its upper bits, as in the engine; a text is null. */
export function intOf(cell: Cell, type: ScalarType): bigint | null {
  if (typeof cell === 'number' && type !== 'dynamic') return cut(cell, -(2n ** 31n), 2n ** 31n - 1n);
  if (type === 'string' && typeof cell === 'string') return readInteger(cell, 32);
  const long = longOf(cell, type);
  return long === null ? null : BigInt.asIntN(32, long);
}

/** A number is true unless it is 0. */
export function boolOf(cell: Cell, type: ScalarType): boolean | null {
  if (typeof cell === 'boolean' || cell === null) return cell;
  if (typeof cell === 'string' && type !== 'decimal') {
    const lower = cell.toLowerCase();
    if (lower === 'true' || lower === 'false') return lower === 'true';
    const value = /\s/.test(cell) ? null : readInteger(cell, 64);
    return value === null ? null : value !== 0n;
  }
  const number = typeof cell === 'object' ? numberOf(cell) : cell;
  if (typeof number === 'number') return Number.isNaN(number) ? null : number !== 0;
  const long = longOf(cell, type);
  return long === null ? null : long !== 0n;
}

export function decimalOf(cell: Cell, type: ScalarType): string | null {
  if (typeof cell === 'bigint') return String(type === 'datetime' ? cell - FIRST_TICK : cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? readDecimal(String(cell)) : null;
  if (typeof cell === 'boolean') return cell ? '1' : '0';
  const text = typeof cell === 'string' ? cell : exactText(cell);
  return text === undefined ? null : readDecimal(text);
}

/** An integer counts ticks from year 1. */
export function ticksOfDatetime(cell: Cell, type: ScalarType): bigint | null {
  if (type === 'datetime') return typeof cell === 'bigint' ? cell : null;
  if (typeof cell === 'string' && type !== 'decimal') return readDatetime(cell);
  if (type === 'timespan' || type === 'bool') return null;
  const ticks = longOf(cell, type);
  return ticks === null ? null : datetimeOf(ticks + FIRST_TICK);
}

export function ticksOfTimespan(cell: Cell, type: ScalarType): bigint | null {
  if (type === 'timespan') return typeof cell === 'bigint' ? cell : null;
  if (typeof cell === 'string' && type !== 'decimal') return readTimespan(cell);
  if (type === 'datetime' || type === 'bool') return null;
  const ticks = longOf(cell, type);
  return ticks === null ? null : timespanOf(ticks);
}

export function guidOf(cell: Cell): string | null {
  if (typeof cell !== 'string') return null;
  const digits = cell.trim().replace(/^\{(.*)\}$|^\((.*)\)$/, '$1$2');
  const parts = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i.exec(digits);
  return parts === null ? null : parts.slice(1).join('-').toLowerCase();
}

/** A dynamic value of a cell: times, decimals and what JSON has no number for as their text. */
export function jsonOf(cell: Cell, type: ScalarType): Json {
  if (type === 'dynamic' && typeof cell !== 'bigint') return cell;
  if (cell === null || typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') {
    if (Number.isFinite(cell)) return exactReal(cell);
    return Number.isNaN(cell) ? 'NaN' : cell > 0 ? 'Infinity' : '-Infinity';
  }
  if (typeof cell === 'bigint' && (type === 'int' || type === 'long' || type === 'dynamic')) {
    return exactLong(cell);
  }
  return textOf(cell, type);
}

/** The cell as a value of another type, null where it has none (of a string, ''). */
export function convertCell(cell: Cell, from: ScalarType, to: ScalarType): Cell {
  if (from === to) return cell;
  if (to === 'string') return textOf(cell, from);
  if (to === 'dynamic') return jsonOf(cell, from);
  return cell === null ? null : CONVERSIONS[to](cell, from);
}

const CONVERSIONS: Readonly<Record<Exclude<ScalarType, 'string' | 'dynamic'>, (cell: Cell, type: ScalarType) => Cell>> =
  {
    bool: boolOf,
    datetime: ticksOfDatetime,
    decimal: decimalOf,
    guid: guidOf,
    int: intOf,
    long: longOf,
    real: realOf,
    timespan: ticksOfTimespan,
  };

/** Whether a dynamic value is an array, of which the elements are given. */
export function arrayOf(cell: Cell): readonly Json[] | null {
  return Array.isArray(cell) ? (cell as readonly Json[]) : null;
}

export function bagOf(cell: Cell): JsonObject | null {
  return isJsonObject(cell) && exactText(cell) === undefined ? cell : null;
}

/** Of a number that is carried exactly; null of everything else. */
function numberOf(cell: Cell): number | null {
  const text = exactText(cell);
  return text === undefined ? null : Number(text);
}

function exactOf<T>(cell: Cell, ofLong: (text: string) => T | null, ofReal: (value: number) => T | null): T | null {
  const text = exactText(cell);
  if (text === undefined) return null;
  return /[.e]/.test(text) ? ofReal(Number(text)) : ofLong(text);
}

function cut(value: number, least: bigint, most: bigint): bigint | null {
  if (!Number.isFinite(value)) return null;
  if (value >= Number(most)) return most;
  return value <= Number(least) ? least : BigInt(Math.trunc(value));
}
