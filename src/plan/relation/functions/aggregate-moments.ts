/**
 * Sums, counts, means, spreads and extremes of a group's rows.
 *
 * Nulls do not count, except in `count`. Of no rows a sum is 0, a mean NaN, an extreme null. Source: recorded answers.
 */
import type { Cell, ScalarType } from '../cell.ts';
import { convertCell, realOf } from '../cell-number.ts';
import { cellKey, compareCells } from '../cell-order.ts';
import { addDecimals, divideDecimals } from '../decimal.ts';
import type { AggregateFunction, AggregateSignature } from '../function.ts';
import { timespanOf } from '../time-text.ts';

type Rows = readonly (readonly Cell[])[];

export const MOMENT_AGGREGATES: Readonly<Record<string, AggregateFunction>> = {
  count: (rows) => [BigInt(rows.length)],
  sum: (rows, signature) => [sum(rows, signature)],
  avg: (rows, signature) => [average(rows, signature)],
  min: (rows, signature) => [extreme(rows, signature, -1)],
  max: (rows, signature) => [extreme(rows, signature, 1)],
  dcount: (rows, signature) => [BigInt(distinct(rows, signature.args[0] ?? 'dynamic'))],
  count_distinct: (rows, signature) => [BigInt(distinct(rows, signature.args[0] ?? 'dynamic'))],
  variance: (rows, signature) => [toTenPlaces(spread(rows, signature, 1))],
  variancep: (rows, signature) => [toTenPlaces(spread(rows, signature, 0))],
  stdev: (rows, signature) => [Math.sqrt(spread(rows, signature, 1))],
  stdevp: (rows, signature) => [Math.sqrt(spread(rows, signature, 0))],
  covariance: (rows, signature) => [covariance(rows, signature, 1)],
  covariancep: (rows, signature) => [covariance(rows, signature, 0)],
  binary_all_and: (rows, signature) => [bits(rows, signature, -1n, (a, b) => a & b)],
  binary_all_or: (rows, signature) => [bits(rows, signature, 0n, (a, b) => a | b)],
  binary_all_xor: (rows, signature) => [bits(rows, signature, 0n, (a, b) => a ^ b)],
};

function present(rows: Rows): Cell[] {
  return rows.flatMap(([cell = null]) => (cell === null ? [] : [cell]));
}

function sum(rows: Rows, { args, results }: AggregateSignature): Cell {
  const [type, result] = [args[0] ?? 'real', results[0] ?? 'real'];
  const cells = present(rows);
  if (result === 'decimal') {
    return cells.reduce<string>(
      (total, cell) => addDecimals(total, String(convertCell(cell, type, 'decimal'))) ?? total,
      '0',
    );
  }
  if (result === 'real' || result === 'dynamic') {
    return cells.reduce<number>((total, cell) => total + (realOf(cell, type) ?? 0), 0);
  }
  let total = 0n;
  for (const cell of cells) {
    const value = type === result ? cell : convertCell(cell, type, result);
    if (typeof value === 'bigint') total += value;
  }
  return result === 'timespan' ? timespanOf(total) : BigInt.asIntN(64, total);
}

function average(rows: Rows, { args, results }: AggregateSignature): Cell {
  const [type, result] = [args[0] ?? 'real', results[0] ?? 'real'];
  const cells = present(rows);
  if (result === 'timespan' || result === 'datetime') {
    const total = cells.reduce<bigint>((sofar, cell) => (typeof cell === 'bigint' ? sofar + cell : sofar), 0n);
    return cells.length === 0 ? null : total / BigInt(cells.length);
  }
  if (result === 'decimal') {
    const total = sum(rows, { args, results });
    return cells.length === 0 ? null : divideDecimals(String(total), String(cells.length));
  }
  const reals = numbers(cells, type);
  return reals.reduce((total, value) => total + value, 0) / reals.length;
}

function extreme(rows: Rows, { args, results }: AggregateSignature, sign: 1 | -1): Cell {
  const type = results[0] ?? args[0] ?? 'dynamic';
  let best: Cell = null;
  for (const cell of present(rows)) {
    const value = convertCell(cell, args[0] ?? 'dynamic', type);
    if (value === null) continue;
    if (Number.isNaN(value)) return Number.NaN;
    if (best === null || compareCells(value, best, type) * sign > 0) best = value;
  }
  return best === null && type === 'string' ? '' : best;
}

function distinct(rows: Rows, type: ScalarType): number {
  return new Set(present(rows).map((cell) => cellKey(cell, type))).size;
}

function numbers(cells: readonly Cell[], type: ScalarType): number[] {
  return cells.flatMap((cell) => realOf(cell, type) ?? []);
}

/** 0 of fewer than two. */
function spread(rows: Rows, { args }: AggregateSignature, taken: 0 | 1): number {
  const values = numbers(present(rows), args[0] ?? 'real');
  if (values.some(Number.isNaN)) return Number.NaN;
  if (values.length < 2) return 0;
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - taken);
}

/** The engine answers a variance of 5/3 with 1.6666666667, and takes the root of it before it is rounded. */
function toTenPlaces(value: number): number {
  return Math.abs(value) < 1e11 ? Number(value.toFixed(10)) : value;
}

/** Of the rows that have both values. */
function covariance(rows: Rows, { args }: AggregateSignature, taken: 0 | 1): number {
  const pairs = rows.flatMap(([a = null, b = null]) => {
    const [x, y] = [realOf(a, args[0] ?? 'real'), realOf(b, args[1] ?? 'real')];
    return x === null || y === null ? [] : [{ x, y }];
  });
  if (pairs.length < 2) return 0;
  const meanX = pairs.reduce((total, { x }) => total + x, 0) / pairs.length;
  const meanY = pairs.reduce((total, { y }) => total + y, 0) / pairs.length;
  return pairs.reduce((total, { x, y }) => total + (x - meanX) * (y - meanY), 0) / (pairs.length - taken);
}

function bits(rows: Rows, { args }: AggregateSignature, start: bigint, join: (a: bigint, b: bigint) => bigint): Cell {
  const values = present(rows).map((cell) => convertCell(cell, args[0] ?? 'long', 'long'));
  return values.reduce<bigint>((made, value) => (typeof value === 'bigint' ? join(made, value) : made), start);
}
