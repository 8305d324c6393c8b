/**
 * Truth, choice and absence: `and`, `iff`, `case`, `coalesce`, `isnull`, `gettype`.
 */
import type { Cell, ScalarType } from '../cell.ts';
import { convertCell } from '../cell-number.ts';
import { textOf } from '../cell-text.ts';
import { isLong } from '../exact-number.ts';
import type { ScalarFunction } from '../function.ts';
import { boolAt, realAt, typeAt } from './arguments.ts';

export const CONDITION_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  and: (args, signature) => {
    const truths = args.map((_, at) => boolAt(args, signature, at));
    return truths.includes(false) ? false : truths.includes(null) ? null : true;
  },
  or: (args, signature) => {
    const truths = args.map((_, at) => boolAt(args, signature, at));
    return truths.includes(true) ? true : truths.includes(null) ? null : false;
  },
  not: (args, signature) => {
    const truth = boolAt(args, signature, 0);
    return truth === null ? null : !truth;
  },
  iff: (args, signature) => {
    const at = boolAt(args, signature, 0) === true ? 1 : 2;
    return convertCell(args[at] ?? null, typeAt(signature, at), signature.result);
  },
  case: (args, signature) => {
    let at = 0;
    while (at + 1 < args.length && boolAt(args, signature, at) !== true) at += 2;
    const chosen = at + 1 < args.length ? at + 1 : args.length - 1;
    return convertCell(args[chosen] ?? null, typeAt(signature, chosen), signature.result);
  },
  coalesce: (args, signature) => {
    for (const [at, arg] of args.entries()) {
      if (!isEmpty(arg, typeAt(signature, at))) return convertCell(arg, typeAt(signature, at), signature.result);
    }
    return signature.result === 'string' ? '' : null;
  },
  isnull: ([cell = null], signature) => typeAt(signature, 0) !== 'string' && cell === null,
  isnotnull: ([cell = null], signature) => typeAt(signature, 0) === 'string' || cell !== null,
  isempty: ([cell = null], signature) => isEmpty(cell, typeAt(signature, 0)),
  isnotempty: ([cell = null], signature) => !isEmpty(cell, typeAt(signature, 0)),
  isnan: ofReal(Number.isNaN),
  isinf: ofReal((value) => Math.abs(value) === Number.POSITIVE_INFINITY),
  isfinite: ofReal(Number.isFinite),
  gettype: ([cell = null], signature) => typeName(cell, typeAt(signature, 0)),
};

function ofReal(test: (value: number) => boolean): ScalarFunction {
  return (args, signature) => {
    const value = realAt(args, signature, 0);
    return value === null ? null : test(value);
  };
}

function isEmpty(cell: Cell, type: ScalarType): boolean {
  return cell === null || ((type === 'string' || type === 'dynamic') && textOf(cell, type) === '');
}

/** Of a dynamic value, the kind of the value. */
function typeName(cell: Cell, type: ScalarType): string {
  if (type !== 'dynamic') return type;
  if (cell === null) return 'null';
  if (Array.isArray(cell)) return 'array';
  const long = typeof cell === 'bigint' ? undefined : isLong(cell);
  if (long !== undefined) return long ? 'long' : 'real';
  return typeof cell === 'object' ? 'dictionary' : typeof cell === 'boolean' ? 'bool' : 'string';
}
