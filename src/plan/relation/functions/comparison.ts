/**
 * Comparing values: `==`, `<`, `in`, `between`, and what goes by them.
 *
 * Nulls: `null == 5` is false and `null != 5` true, of two nulls both are null; an order with a null is null. NaN equals
 * nothing. Source: recorded answers of the engine.
 */
import type { Cell, ScalarType } from '../cell.ts';
import { bagOf, convertCell, realOf } from '../cell-number.ts';
import { compareCells, jsonKey } from '../cell-order.ts';
import { textOf } from '../cell-text.ts';
import { decimalKey, decimalPlace } from '../decimal.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { typeAt } from './arguments.ts';
import { madeOfLists } from './listed-texts.ts';

const NUMBERS: readonly ScalarType[] = ['bool', 'int', 'long', 'decimal', 'real'];

/** Negative, zero or positive, NaN where the two have no order; neither is null. */
export function compareMixed(a: Cell, aType: ScalarType, b: Cell, bType: ScalarType): number {
  const type = commonType(aType, bType);
  const [left, right] = [convertCell(a, aType, type), convertCell(b, bType, type)];
  if (left === null || right === null || Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  return compareCells(left, right, type);
}

/** Null of two nulls. */
export function equalMixed(a: Cell, aType: ScalarType, b: Cell, bType: ScalarType): boolean | null {
  const [left, right] = [whole(a, aType, bType), whole(b, bType, aType)];
  if (left === null || right === null) return left === right ? null : false;
  if (aType === 'dynamic' && bType === 'dynamic') return jsonKey(a as never) === jsonKey(b as never);
  return compareMixed(a, aType, b, bType) === 0;
}

export const COMPARISON_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  'decimal-key': ([cell = null]) => (cell === null ? '' : decimalKey(String(cell))),
  'decimal-place': ([cell = null]) => (cell === null ? null : decimalPlace(String(cell))),
  '==': (args, signature) => equal(args, signature, 0, 1),
  '!=': (args, signature) => {
    const same = equal(args, signature, 0, 1);
    return same === null ? null : !same;
  },
  '<': (args, signature) => order(args, signature, (sign) => sign < 0),
  '<=': (args, signature) => order(args, signature, (sign) => sign <= 0),
  '>': (args, signature) => order(args, signature, (sign) => sign > 0),
  '>=': (args, signature) => order(args, signature, (sign) => sign >= 0),
  between,
  '!between': (args, signature) => {
    const is = between(args, signature);
    return is === null ? null : !is;
  },
  in: (args, signature) => isAmong(args, signature, false),
  '!in': (args, signature) => !isAmong(args, signature, false),
  'in~': (args, signature) => isAmong(args, signature, true),
  '!in~': (args, signature) => !isAmong(args, signature, true),
  around,
  max_of: (args, signature) => extreme(args, signature, 1),
  min_of: (args, signature) => extreme(args, signature, -1),
  strcmp: (args, signature) => {
    const [a, b] = [textOf(args[0] ?? null, typeAt(signature, 0)), textOf(args[1] ?? null, typeAt(signature, 1))];
    return BigInt(Math.sign(compareCells(a, b, 'string')));
  },
};

/** The items behind the operand; a dynamic array stands for its elements. */
export function* itemsOf(args: readonly Cell[], signature: Signature): Generator<readonly [Cell, ScalarType]> {
  for (let at = 1; at < args.length; at += 1) {
    const [item, type] = [args[at] ?? null, typeAt(signature, at)];
    if (type === 'dynamic' && Array.isArray(item)) for (const element of item) yield [element, 'dynamic'];
    else {
      const bag = type === 'dynamic' ? bagOf(item) : null;
      if (bag === null) yield [item, type];
      else for (const element of Object.values(bag)) yield [element, 'dynamic'];
    }
  }
}

function isAmong(args: readonly Cell[], signature: Signature, ignoreCase: boolean): boolean {
  const [operand, type] = [args[0] ?? null, typeAt(signature, 0)];
  const list = args.length === 2 ? args[1] : undefined;
  if (ignoreCase) {
    const wanted = textOf(operand, type).toLowerCase();
    const listed = listedFolded(list);
    if (listed !== undefined) return listed.has(wanted);
    for (const [item, itemType] of itemsOf(args, signature)) {
      if (textOf(item, itemType).toLowerCase() === wanted) return true;
    }
    return false;
  }
  const listed = type === 'string' ? listedTexts(list) : null;
  if (listed != null) return listed.has(String(operand ?? ''));
  for (const [item, itemType] of itemsOf(args, signature)) if (equalMixed(operand, type, item, itemType)) return true;
  return false;
}

const listedFolded = madeOfLists((list) => new Set(list.map((item) => textOf(item, 'dynamic').toLowerCase())));
/** Null of a list in which there is something else than texts. */
const listedTexts = madeOfLists((list) => (list.every((item) => typeof item === 'string') ? new Set(list) : null));

/** An upper end that is a span of time counts from the lower. */
function between(args: readonly Cell[], signature: Signature): boolean | null {
  const [operand = null, low = null, high = null] = args;
  const [type, lowType, highType] = [typeAt(signature, 0), typeAt(signature, 1), typeAt(signature, 2)];
  if (operand === null || low === null || high === null) return null;
  const isSpan = lowType === 'datetime' && highType === 'timespan';
  const end = isSpan ? (low as bigint) + (high as bigint) : high;
  const endType = isSpan ? 'datetime' : highType;
  return compareMixed(operand, type, low, lowType) >= 0 && compareMixed(operand, type, end, endType) <= 0;
}

/** From the second argument less the third to it and the third, both ends included. */
function around(args: readonly Cell[], signature: Signature): boolean | null {
  const [value = null, center = null, delta = null] = args;
  if (value === null || center === null || delta === null) return null;
  const isTime = typeAt(signature, 0) === 'datetime' || typeAt(signature, 0) === 'timespan';
  if (isTime) {
    // The parser lets a bool through, too, which is no span of time.
    if (typeof value !== 'bigint' || typeof center !== 'bigint' || typeof delta !== 'bigint') return null;
    return value >= center - delta && value <= center + delta;
  }
  const [number, middle, by] = args.map((cell, at) => realOf(cell, typeAt(signature, at)) ?? Number.NaN);
  return (
    (number as number) >= (middle as number) - (by as number) &&
    (number as number) <= (middle as number) + (by as number)
  );
}

function equal(args: readonly Cell[], signature: Signature, a: number, b: number): boolean | null {
  return equalMixed(args[a] ?? null, typeAt(signature, a), args[b] ?? null, typeAt(signature, b));
}

function order(args: readonly Cell[], signature: Signature, holds: (sign: number) => boolean): boolean | null {
  const [a = null, b = null] = args;
  const [aType, bType] = [typeAt(signature, 0), typeAt(signature, 1)];
  if (whole(a, aType, bType) === null || whole(b, bType, aType) === null) return null;
  return holds(compareMixed(a, aType, b, bType));
}

/** A dynamic value that is compared with something typed is read as that type. */
function whole(cell: Cell, type: ScalarType, other: ScalarType): Cell {
  return type === 'dynamic' && other !== 'dynamic' ? convertCell(cell, type, other) : cell;
}

function commonType(a: ScalarType, b: ScalarType): ScalarType {
  if (a === b) return a;
  if (a === 'dynamic') return b;
  if (b === 'dynamic') return a;
  const [left, right] = [NUMBERS.indexOf(a), NUMBERS.indexOf(b)];
  if (left === -1 || right === -1) return 'string';
  return NUMBERS[Math.max(left, right)] as ScalarType;
}

/** Nulls do not count, NaN always wins. */
function extreme(args: readonly Cell[], signature: Signature, sign: 1 | -1): Cell {
  let best: Cell = null;
  for (const [at, arg] of args.entries()) {
    const cell = convertCell(arg, typeAt(signature, at), signature.result);
    if (cell === null) continue;
    if (Number.isNaN(cell)) return cell;
    if (best === null || compareCells(cell, best, signature.result) * sign > 0) best = cell;
  }
  return best === null && signature.result === 'string' ? '' : best;
}
