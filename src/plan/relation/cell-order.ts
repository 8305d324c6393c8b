/**
 * The order of cells and their equality, for sorting, joining, grouping and comparing.
 */
import type { Json } from '../../event/json.ts';
import { compareText } from '../predicate/text-order.ts';
import type { Cell, ScalarType } from './cell.ts';
import { jsonText } from './cell-text.ts';
import { compareDecimals, decimalKey } from './decimal.ts';
import { exactText, isLong, plainJson } from './exact-number.ts';

/** Negative, zero or positive; both of one type and not null. NaN is below every number, `false` below `true`. */
export function compareCells(a: Cell, b: Cell, type: ScalarType): number {
  if (type === 'decimal') return compareDecimals(String(a), String(b));
  if (type === 'dynamic') return compareJson(a as Json, b as Json);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  const [x, y] = [a as number | bigint, b as number | bigint];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Equal cells have equal keys, also where one is a long and the other a real. Null equals null. */
export function cellKey(cell: Cell, type: ScalarType): string {
  if (cell === null) return 'null';
  switch (typeof cell) {
    case 'bigint':
      return type === 'datetime' || type === 'timespan' ? `t${cell}` : `n${cell}`;
    case 'number':
      return Number.isInteger(cell) && type !== 'dynamic' ? `n${BigInt(cell)}` : `n${cell}`;
    case 'string':
      return type === 'decimal' ? `n${decimalKey(cell)}` : `s${cell}`;
    default:
      return jsonKey(cell);
  }
}

/** Of equal dynamic values the same, also where a number is a long in one and a real in the other. */
export function jsonKey(value: Json): string {
  return typeof value === 'object' ? jsonText(plainJson(value)) : jsonText(value);
}

/** Of a row's cells; no cell can be taken for two. */
export function rowKey(cells: readonly Cell[], types: readonly ScalarType[]): string {
  return JSON.stringify(cells.map((cell, at) => cellKey(cell, types[at] ?? 'dynamic')));
}

/** By kind (null, false, true, numbers, texts, arrays, bags), then by value. */
export function compareJson(a: Json, b: Json): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left !== right) return left - right;
  if (left === NUMBER_RANK) {
    const [x, y] = [Number(exactText(a) ?? a), Number(exactText(b) ?? b)];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return compareText(jsonText(a), jsonText(b));
}

const NUMBER_RANK = 2;

function rankOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  if (isLong(value) !== undefined) return NUMBER_RANK;
  if (typeof value === 'string') return 3;
  return Array.isArray(value) ? 4 : 5;
}
