/**
 * Lists, sets and bags of a group's values; a row's values; percentiles.
 *
 * Nulls are left out (`make_list_with_nulls` keeps them), '' stays; an array's elements are taken one by one; of equal
 * names in bags the first counts. Elements stand in the order in which they are first met. Source: recorded answers.
 */
import type { Json } from '../../../event/json.ts';
import type { Cell, ScalarType } from '../cell.ts';
import { bagOf, convertCell, jsonOf, longOf, realOf } from '../cell-number.ts';
import { compareCells, jsonKey } from '../cell-order.ts';
import type { AggregateFunction, AggregateSignature } from '../function.ts';

type Rows = readonly (readonly Cell[])[];

/** Kusto's own limit of a list or set. */
const MOST_ELEMENTS = 1_048_576;

export const LIST_AGGREGATES: Readonly<Record<string, AggregateFunction>> = {
  make_list: (rows, signature) => [elements(rows, signature).slice(0, limitOf(rows, signature))],
  make_list_with_nulls: (rows, { args }) => [
    rows.slice(0, MOST_ELEMENTS).map(([cell = null]) => jsonOf(cell, args[0] ?? 'dynamic')),
  ],
  make_set: (rows, signature) => {
    const found = new Map<string, Json>();
    for (const element of elements(rows, signature)) {
      const key = jsonKey(element);
      if (!found.has(key)) found.set(key, element);
    }
    return [[...found.values()].slice(0, limitOf(rows, signature))];
  },
  make_bag: (rows, signature) => {
    const bag = new Map<string, Json>();
    const limit = limitOf(rows, signature);
    for (const [cell = null] of rows) {
      for (const [name, value] of Object.entries(bagOf(cell) ?? {})) {
        if (!bag.has(name) && bag.size < limit) bag.set(name, value);
      }
    }
    return [Object.fromEntries(bag)];
  },
  arg_max: (rows, signature) => rowOf(rows, signature, 1),
  arg_min: (rows, signature) => rowOf(rows, signature, -1),
  take_any: (rows, signature) => {
    const full = rows.find((row) => row.every((cell, at) => !isMissing(cell, signature.args[at] ?? 'dynamic')));
    return shaped(full ?? rows[0], signature);
  },
  percentile: (rows, signature) => percentiles(rows, signature, null),
  percentiles: (rows, signature) => percentiles(rows, signature, null),
  percentilew: (rows, signature) => percentiles(rows, signature, 1),
  percentilesw: (rows, signature) => percentiles(rows, signature, 1),
  percentiles_array: (rows, signature) => percentileArray(rows, signature, null),
  percentilesw_array: (rows, signature) => percentileArray(rows, signature, 1),
};

/** What a limit in the last argument allows. */
function limitOf(rows: Rows, { args }: AggregateSignature): number {
  const limit = rows[0]?.[1];
  const wanted = limit === undefined || limit === null ? null : longOf(limit, args[1] ?? 'long');
  return wanted === null ? MOST_ELEMENTS : Math.max(0, Number(wanted > BigInt(MOST_ELEMENTS) ? MOST_ELEMENTS : wanted));
}

function elements(rows: Rows, { args }: AggregateSignature): Json[] {
  const type = args[0] ?? 'dynamic';
  const made: Json[] = [];
  for (const [cell = null] of rows) {
    const value = jsonOf(cell, type);
    if (Array.isArray(value)) for (const element of value) made.push(element);
    else if (value !== null) made.push(value);
    if (made.length >= 4 * MOST_ELEMENTS) break;
  }
  return made;
}

/** The row with the greatest (or least) first argument; one without a value only where no row has any. */
function rowOf(rows: Rows, signature: AggregateSignature, sign: 1 | -1): readonly Cell[] {
  const type = signature.args[0] ?? 'dynamic';
  let best: readonly Cell[] | undefined;
  for (const row of rows) {
    const [value = null] = row;
    const [least = null] = best ?? [];
    if (best === undefined) best = row;
    else if (value === null || Number.isNaN(least)) continue;
    else if (least === null || Number.isNaN(value) || compareCells(value, least, type) * sign > 0) best = row;
  }
  return shaped(best, signature);
}

function shaped(row: readonly Cell[] | undefined, { args, results }: AggregateSignature): Cell[] {
  return results.map((type, at) => convertCell(row?.[at] ?? null, args[at] ?? type, type));
}

function isMissing(cell: Cell, type: ScalarType): boolean {
  return cell === null || (type === 'string' && cell === '');
}

/**
 * By nearest rank: the least value that at least so many percent of the values do not exceed.
 * @param weightAt which argument counts how often a value stands; null where each stands once
 */
function percentiles(rows: Rows, signature: AggregateSignature, weightAt: number | null): Cell[] {
  const first = (weightAt ?? 0) + 1;
  const sorted = weighted(rows, signature, weightAt);
  return signature.results.map((result, index) => {
    const at = first + index;
    const percent = realOf(rows[0]?.[at] ?? null, signature.args[at] ?? 'real');
    return convertCell(atPercent(sorted, percent), signature.args[0] ?? result, result);
  });
}

function percentileArray(rows: Rows, signature: AggregateSignature, weightAt: number | null): Cell[] {
  const first = (weightAt ?? 0) + 1;
  const wanted = (rows[0] ?? []).slice(first).flatMap((cell, index) => {
    if (Array.isArray(cell)) return (cell as readonly Json[]).map((each) => realOf(each, 'dynamic'));
    return [realOf(cell, signature.args[first + index] ?? 'real')];
  });
  const sorted = weighted(rows, signature, weightAt);
  return [wanted.map((percent) => jsonOf(atPercent(sorted, percent), signature.args[0] ?? 'real'))];
}

interface Weighted {
  readonly cell: Cell;
  readonly weight: number;
}

function weighted(rows: Rows, { args }: AggregateSignature, weightAt: number | null): Weighted[] {
  const type = args[0] ?? 'real';
  return rows
    .flatMap((row) => {
      const weight = weightAt === null ? 1 : (realOf(row[weightAt] ?? null, args[weightAt] ?? 'long') ?? 0);
      const cell = row[0] ?? null;
      return cell === null || weight <= 0 ? [] : [{ cell, weight }];
    })
    .sort((a, b) => compareCells(a.cell, b.cell, type));
}

function atPercent(sorted: readonly Weighted[], percent: number | null): Cell {
  if (percent === null || Number.isNaN(percent)) return null;
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const wanted = (Math.min(100, Math.max(0, percent)) / 100) * total;
  let passed = 0;
  for (const { cell, weight } of sorted) {
    passed += weight;
    if (passed >= wanted - 1e-9 * total) return cell;
  }
  return sorted.at(-1)?.cell ?? null;
}
