/**
 * `+`, `-`, `*`, `/`, `%` and `bin`: over numbers, points in time and spans of time.
 *
 * A long wraps around at 64 bits, and so does what was computed of ints; division cuts towards zero, and by zero is
 * null; `%` is never negative; a datetime outside the calendar is null. Source: recorded answers of the engine.
 */
import type { Cell, ScalarType } from '../cell.ts';
import { convertCell, decimalOf, longOf, realOf } from '../cell-number.ts';
import {
  addDecimals,
  divideDecimals,
  floorDecimal,
  multiplyDecimals,
  negateDecimal,
  remainderOfDecimals,
  subtractDecimals,
} from '../decimal.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { datetimeOf, FIRST_TICK, floorDivide, timespanOf } from '../time-text.ts';
import { longAt, realAt, typeAt } from './arguments.ts';

type Operator = '+' | '-' | '*' | '/' | '%';

export const ARITHMETIC_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  '+': (args, signature) => compute('+', args, signature),
  '-': (args, signature) => compute('-', args, signature),
  '*': (args, signature) => compute('*', args, signature),
  '/': (args, signature) => compute('/', args, signature),
  '%': (args, signature) => compute('%', args, signature),
  negate: ([cell = null], signature) => {
    const value = convertCell(cell, typeAt(signature, 0), signature.result);
    if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
    if (typeof value === 'number') return -value;
    return typeof value === 'string' && signature.result === 'decimal' ? negateDecimal(value) : null;
  },
  bin: (args, signature) => floorTo(args, signature, null),
  bin_at: (args, signature) => {
    const [, , fixed = null] = args;
    return fixed === null ? null : floorTo(args, signature, convertCell(fixed, typeAt(signature, 2), signature.result));
  },
};

const INTEGERS: Readonly<Record<Operator, (a: bigint, b: bigint) => bigint | null>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0n ? null : a / b),
  '%': (a, b) => {
    if (b === 0n) return null;
    const size = b < 0n ? -b : b;
    return ((a % size) + size) % size;
  },
};

const REALS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => {
    const size = Math.abs(b);
    const rest = a % size;
    return rest < 0 ? rest + size : rest;
  },
};

const DECIMALS: Readonly<Record<Operator, (a: string, b: string) => string | null>> = {
  '+': addDecimals,
  '-': subtractDecimals,
  '*': multiplyDecimals,
  '/': divideDecimals,
  '%': remainderOfDecimals,
};

function compute(operator: Operator, args: readonly Cell[], signature: Signature): Cell {
  const [a = null, b = null] = args;
  if (a === null || b === null) return null;
  const [aType, bType] = [typeAt(signature, 0), typeAt(signature, 1)];
  switch (signature.result) {
    case 'int':
    case 'long': {
      const [x, y] = [longOf(a, aType), longOf(b, bType)];
      const made = x === null || y === null ? null : INTEGERS[operator](x, y);
      return made === null ? null : BigInt.asIntN(64, made);
    }
    case 'decimal': {
      const [x, y] = [decimalOf(a, aType), decimalOf(b, bType)];
      return x === null || y === null ? null : DECIMALS[operator](x, y);
    }
    case 'datetime':
      return typeof a === 'bigint' && typeof b === 'bigint' ? datetimeOf(operator === '-' ? a - b : a + b) : null;
    case 'timespan':
      return spanOf(operator, a, aType, b, bType);
    case 'dynamic': {
      const [x, y] = [realOf(a, aType), realOf(b, bType)];
      return x === null || y === null ? null : REALS[operator](x, y);
    }
    default: {
      const [x, y] = [ticksOrReal(a, aType), ticksOrReal(b, bType)];
      return x === null || y === null ? null : REALS[operator](x, y);
    }
  }
}

function ticksOrReal(cell: Cell, type: ScalarType): number | null {
  return typeof cell === 'bigint' ? Number(cell) : realOf(cell, type);
}

function spanOf(operator: Operator, a: Cell, aType: ScalarType, b: Cell, bType: ScalarType): bigint | null {
  const isTime = (type: ScalarType) => type === 'timespan' || type === 'datetime';
  if (isTime(aType) && isTime(bType)) {
    if (typeof a !== 'bigint' || typeof b !== 'bigint') return null;
    const made = INTEGERS[operator](a, b);
    return made === null ? null : timespanOf(made);
  }
  const [span, factor, type] = isTime(aType) ? [a, b, bType] : [b, a, aType];
  if (typeof span !== 'bigint') return null;
  if (typeof factor === 'bigint') {
    const made = INTEGERS[operator](isTime(aType) ? span : factor, isTime(aType) ? factor : span);
    return made === null ? null : timespanOf(made);
  }
  const real = realOf(factor, type);
  const made = real === null ? Number.NaN : REALS[operator](Number(span), real);
  return Number.isFinite(made) ? timespanOf(BigInt(Math.round(made))) : null;
}

/** The greatest multiple of the size, counted from `origin`, that is not above; days count from 0001-01-01. */
function floorTo(args: readonly Cell[], signature: Signature, origin: Cell): Cell {
  const cell = args[0] ?? null;
  const type = typeAt(signature, 0);
  if (cell === null) return null;
  switch (signature.result) {
    case 'datetime':
    case 'timespan': {
      const size = typeAt(signature, 1) === 'timespan' ? args[1] : longAt(args, signature, 1);
      const value = convertCell(cell, type, signature.result);
      if (typeof size !== 'bigint' || size <= 0n || typeof value !== 'bigint') return null;
      const start = typeof origin === 'bigint' ? origin : signature.result === 'datetime' ? FIRST_TICK : 0n;
      const made = floorDivide(value - start, size) * size + start;
      return signature.result === 'datetime' ? datetimeOf(made) : timespanOf(made);
    }
    case 'decimal': {
      const [value, size] = [decimalOf(cell, type), decimalOf(args[1] ?? '1', typeAt(signature, 1))];
      if (value === null || size === null) return null;
      if (typeof origin !== 'string') return floorDecimal(value, size);
      const shifted = floorDecimal(subtractDecimals(value, origin) ?? '', size);
      return shifted === null ? null : addDecimals(shifted, origin);
    }
    case 'real': {
      const [value, size] = [realOf(cell, type), args.length > 1 ? realAt(args, signature, 1) : 1];
      if (value === null || size === null || size <= 0) return null;
      const start = typeof origin === 'number' ? origin : 0;
      return Math.floor((value - start) / size) * size + start;
    }
    default: {
      const [value, size] = [longOf(cell, type), args.length > 1 ? longAt(args, signature, 1) : 1n];
      if (value === null || size === null || size <= 0n) return null;
      const start = typeof origin === 'bigint' ? origin : 0n;
      return BigInt.asIntN(64, floorDivide(value - start, size) * size + start);
    }
  }
}
