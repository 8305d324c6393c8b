/**
 * Dynamic arrays and sets. What is no array gives null; negative positions count from the end.
 *
 * Source: Microsoft's page on each function, and recorded answers.
 */
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf, boolOf, convertCell, jsonOf, realOf } from '../cell-number.ts';
import { compareJson, jsonKey } from '../cell-order.ts';
import { exactReal, isLong } from '../exact-number.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { boolAt, countAt, typeAt } from './arguments.ts';

type Elements = readonly Json[];

/** Kusto's own limit of an array that a function makes. */
export const MOST_ELEMENTS = 1_048_576;

export const ARRAY_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  array_length: ([cell = null]) => {
    const array = arrayOf(cell);
    return array === null ? null : BigInt(array.length);
  },
  array_concat: (args) => args.flatMap((cell) => arrayOf(cell) ?? []),
  array_reverse: onArray((array) => array.toReversed()),
  array_sum: ([cell = null]) => {
    const array = arrayOf(cell);
    // Of anything but numbers there is no sum; a null counts nothing. A text of many digits is a number beyond 2^53.
    const isNumber = (item: Json) => item === null || isLong(item) !== undefined || /^-?\d{16,}$/.test(String(item));
    if (array === null || !array.every(isNumber)) return null;
    return array.reduce<number>((total, item) => total + (realOf(item, 'dynamic') ?? 0), 0);
  },
  array_index_of: (args, signature) => {
    const array = arrayOf(args[0] ?? null);
    if (array === null) return null;
    const wanted = jsonKey(jsonOf(args[1] ?? null, typeAt(signature, 1)));
    const start = args.length > 2 ? position(countAt(args, signature, 2) ?? 0, array.length) : 0;
    const length = args.length > 3 ? (countAt(args, signature, 3) ?? -1) : -1;
    const occurrence = args.length > 4 ? (countAt(args, signature, 4) ?? 1) : 1;
    let seen = 0;
    for (let at = Math.max(0, start); at < array.length && (length < 0 || at < start + length); at += 1) {
      if (jsonKey(array[at] ?? null) !== wanted) continue;
      seen += 1;
      if (seen === occurrence) return BigInt(at);
    }
    return -1n;
  },
  array_slice: (args, signature) => {
    const array = arrayOf(args[0] ?? null);
    const [start, end] = [countAt(args, signature, 1), countAt(args, signature, 2)];
    if (array === null || start === null || end === null) return null;
    return array.slice(Math.max(0, position(start, array.length)), position(end, array.length) + 1);
  },
  array_split: (args, signature) => {
    const array = arrayOf(args[0] ?? null);
    if (array === null) return null;
    const places = arrayOf(args[1] ?? null)?.map((place) => realOf(place, 'dynamic') ?? 0) ?? [
      countAt(args, signature, 1) ?? 0,
    ];
    const bounds = places.map((place) => Math.min(array.length, Math.max(0, position(place, array.length))));
    let from = 0;
    const parts: Elements[] = bounds.map((bound) => {
      const part = array.slice(from, bound);
      from = Math.max(from, bound);
      return part;
    });
    return [...parts, array.slice(from)];
  },
  array_rotate_left: (args, signature) => rotated(args, countAt(args, signature, 1) ?? 0),
  array_rotate_right: (args, signature) => rotated(args, -(countAt(args, signature, 1) ?? 0)),
  array_shift_left: (args, signature) => shifted(args, signature, countAt(args, signature, 1) ?? 0),
  array_shift_right: (args, signature) => shifted(args, signature, -(countAt(args, signature, 1) ?? 0)),
  array_iff: (args, signature) => {
    const conditions = arrayOf(args[0] ?? null);
    const pick = (at: number, index: number): Json => {
      const array = arrayOf(args[at] ?? null);
      return array === null ? jsonOf(args[at] ?? null, typeAt(signature, at)) : (array[index] ?? null);
    };
    return conditions === null
      ? null
      : conditions.map((condition, index) => {
          const truth = boolOf(condition, 'dynamic');
          return truth === null ? null : pick(truth ? 1 : 2, index);
        });
  },
  array_sort_asc: (args, signature) => sorted(args, signature, 1)[0] ?? null,
  array_sort_desc: (args, signature) => sorted(args, signature, -1)[0] ?? null,
  // Of several arrays: all of them.
  'array-sort-asc': (args, signature) => sorted(args, signature, 1),
  'array-sort-desc': (args, signature) => sorted(args, signature, -1),
  jaccard_index: ([a = null, b = null]) => {
    const [left, right] = [setOf(a), setOf(b)];
    if (left === null || right === null) return null;
    const union = new Set([...left.keys(), ...right.keys()]).size;
    return union === 0 ? Number.NaN : [...left.keys()].filter((key) => right.has(key)).length / union;
  },
  set_union: (args) => {
    const sets = args.map(setOf);
    return sets.includes(null) ? null : [...new Map(sets.flatMap((set) => [...(set ?? [])])).values()];
  },
  set_intersect: (args) => {
    const [first, ...others] = args.map(setOf);
    if (first === undefined || first === null || others.includes(null)) return null;
    return [...first].filter(([key]) => others.every((set) => set?.has(key))).map(([, value]) => value);
  },
  set_difference: (args) => {
    const [first, ...others] = args.map(setOf);
    if (first === undefined || first === null) return null;
    return [...first].filter(([key]) => !others.some((set) => set?.has(key))).map(([, value]) => value);
  },
  set_equals: ([a = null, b = null]) => {
    const [left, right] = [setOf(a), setOf(b)];
    if (left === null || right === null) return null;
    return left.size === right.size && [...left.keys()].every((key) => right.has(key));
  },
  set_has_element: (args, signature) => {
    const set = setOf(args[0] ?? null);
    return set === null ? null : set.has(jsonKey(jsonOf(args[1] ?? null, typeAt(signature, 1))));
  },
  pack_array: (args, signature) => args.map((cell, at) => jsonOf(cell, typeAt(signature, at))),
  repeat: (args, signature) => {
    const count = countAt(args, signature, 1);
    const value = jsonOf(args[0] ?? null, typeAt(signature, 0));
    return count === null || count > MOST_ELEMENTS ? null : Array.from({ length: Math.max(0, count) }, () => value);
  },
  zip: (args) => {
    const arrays = args.map((cell) => arrayOf(cell) ?? []);
    const length = Math.max(0, ...arrays.map((array) => array.length));
    return Array.from({ length }, (_, at) => arrays.map((array) => array[at] ?? null));
  },
  range: (args, signature) => rangeOf(args, signature),
};

function onArray(change: (array: Elements) => Elements): ScalarFunction {
  return ([cell = null]) => {
    const array = arrayOf(cell);
    return array === null ? null : change(array);
  };
}

function position(at: number, length: number): number {
  return at < 0 ? length + at : at;
}

function rotated(args: readonly Cell[], by: number): Json {
  const array = arrayOf(args[0] ?? null);
  if (array === null || array.length === 0) return array;
  const shift = ((by % array.length) + array.length) % array.length;
  return [...array.slice(shift), ...array.slice(0, shift)];
}

function shifted(args: readonly Cell[], signature: Signature, by: number): Json {
  const array = arrayOf(args[0] ?? null);
  const filler = args.length > 2 ? jsonOf(args[2] ?? null, typeAt(signature, 2)) : null;
  return array === null ? null : array.map((_, at) => array[at + by] ?? (at + by in array ? null : filler));
}

/**
 * Every array in the order of the first one, null for those of another length. Nulls stand at the end unless the last
 * argument says otherwise; numbers before texts before all else, whichever way each of these is sorted.
 */
function sorted(args: readonly Cell[], signature: Signature, sign: 1 | -1): (Json | null)[] {
  const last = args.length - 1;
  const hasFlag = last > 0 && typeAt(signature, last) === 'bool';
  const nullsLast = !hasFlag || boolAt(args, signature, last) !== false;
  const [first = null, ...others] = args.slice(0, hasFlag ? last : undefined).map((cell) => arrayOf(cell));
  if (first === null) return [null, ...others.map(() => null)];
  const places = first
    .map((value, place) => ({ value, place }))
    .toSorted(({ value: a }, { value: b }) => {
      if (a === null || b === null) return (Number(a === null) - Number(b === null)) * (nullsLast ? 1 : -1);
      return kindOf(a) - kindOf(b) || (kindOf(a) === OTHER ? 0 : compareJson(a, b) * sign);
    })
    .map(({ place }) => place);
  return [first, ...others].map((array) =>
    array === null || array.length !== first.length ? null : places.map((place) => array[place] ?? null),
  );
}

const OTHER = 2;

function kindOf(value: Json): number {
  return isLong(value) === undefined ? (typeof value === 'string' ? 1 : OTHER) : 0;
}

function setOf(cell: Cell): Map<string, Json> | null {
  const array = arrayOf(cell);
  if (array === null) return null;
  const set = new Map<string, Json>();
  for (const item of array) {
    const key = jsonKey(item);
    if (!set.has(key)) set.set(key, item);
  }
  return set;
}

/** From the start to the end, which counts, by the step (1, of times an hour). */
function rangeOf(args: readonly Cell[], signature: Signature): Json {
  const type = typeAt(signature, 0);
  const isTime = type === 'datetime' || type === 'timespan';
  if (args.includes(null)) return null;
  if (isTime || [type, typeAt(signature, 1), typeAt(signature, 2)].every((each) => each !== 'real')) {
    const stepType = isTime ? 'timespan' : 'long';
    const [start, end] = [
      convertCell(args[0] ?? null, type, isTime ? type : 'long'),
      convertCell(args[1] ?? null, typeAt(signature, 1), isTime ? type : 'long'),
    ];
    const step =
      args.length > 2 ? convertCell(args[2] ?? null, typeAt(signature, 2), stepType) : isTime ? 36_000_000_000n : 1n;
    if (typeof start !== 'bigint' || typeof end !== 'bigint' || typeof step !== 'bigint' || step === 0n) return null;
    const made: Json[] = [];
    for (let at = start; step > 0n ? at <= end : at >= end; at += step) {
      if (made.length >= MOST_ELEMENTS) return null;
      made.push(jsonOf(at, isTime ? type : 'long'));
    }
    return made;
  }
  const [start, end] = [realOf(args[0] ?? null, type), realOf(args[1] ?? null, typeAt(signature, 1))];
  const step = args.length > 2 ? realOf(args[2] ?? null, typeAt(signature, 2)) : 1;
  if (start === null || end === null || step === null || step === 0 || !Number.isFinite((end - start) / step))
    return null;
  const count = Math.floor((end - start) / step + 1e-9) + 1;
  return count > MOST_ELEMENTS
    ? null
    : Array.from({ length: Math.max(0, count) }, (_, at) => exactReal(start + at * step));
}
