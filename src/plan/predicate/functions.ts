/**
 * Functions over values, arithmetic among them: how many arguments, and their evaluation. One entry a function.
 *
 * Arithmetic is Elasticsearch's: integers stay integers (division truncates towards zero, the remainder takes the
 * dividend's sign), any fraction makes it floating point, null in gives null out, division by zero gives null.
 */
import type { FunctionName, LiteralValue } from './node.ts';

export interface FunctionEntry {
  readonly arity: readonly [least: number, most: number];
  /** Arguments are never null here; null is the result where there is none. */
  readonly evaluate: (args: readonly NonNullable<LiteralValue>[]) => LiteralValue;
}

export const FUNCTIONS: Readonly<Record<FunctionName, FunctionEntry>> = {
  add: arithmetic(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  subtract: arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  multiply: arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  divide: arithmetic(
    (a, b) => (b === 0n ? null : a / b),
    (a, b) => (b === 0 ? null : a / b),
  ),
  modulo: arithmetic(
    (a, b) => (b === 0n ? null : a % b),
    (a, b) => (b === 0 ? null : a % b),
  ),
  negate: { arity: [1, 1], evaluate: ([value]) => negate(value as NonNullable<LiteralValue>) },
};

export function callFunction(name: FunctionName, args: readonly LiteralValue[]): LiteralValue {
  if (args.some((arg) => arg === null)) return null;
  return FUNCTIONS[name].evaluate(args as readonly NonNullable<LiteralValue>[]);
}

function arithmetic(
  exact: (a: bigint, b: bigint) => bigint | null,
  floating: (a: number, b: number) => number | null,
): FunctionEntry {
  return {
    arity: [2, 2],
    evaluate: ([a, b]) => {
      const [left, right] = [toInteger(a), toInteger(b)];
      if (left !== undefined && right !== undefined) return fromInteger(exact(left, right));
      const [x, y] = [toFloat(a), toFloat(b)];
      return x === undefined || y === undefined ? null : floating(x, y);
    },
  };
}

function negate(value: NonNullable<LiteralValue>): LiteralValue {
  const integer = toInteger(value);
  if (integer !== undefined) return fromInteger(-integer);
  const number = toFloat(value);
  return number === undefined ? null : -number;
}

function toInteger(value: LiteralValue | undefined): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && value.length <= 400 && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

function fromInteger(value: bigint | null): LiteralValue {
  if (value === null) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function toFloat(value: LiteralValue | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
