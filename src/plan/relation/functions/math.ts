/**
 * Mathematics: of a real, or of the bits of a long. Null of null.
 *
 * Source: Microsoft's page on each function, and recorded answers (a power is a real, the logarithm of what has none NaN).
 */
import type { Cell } from '../cell.ts';
import { convertCell } from '../cell-number.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { countAt, longAt, realAt, typeAt } from './arguments.ts';

export const MATH_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  abs: ([cell = null], signature) => {
    const value = convertCell(cell, typeAt(signature, 0), signature.result);
    if (typeof value === 'bigint') return value < 0n ? BigInt.asIntN(64, -value) : value;
    if (typeof value === 'string') return value.replace(/^-/, '');
    return typeof value === 'number' ? Math.abs(value) : null;
  },
  sign: ofReal(Math.sign),
  ceiling: (args, signature) => rounded(args, signature, Math.ceil),
  round: (args, signature) => {
    const digits = args.length > 1 ? (countAt(args, signature, 1) ?? 0) : 0;
    return rounded(args, signature, (value) => roundTo(value, digits));
  },
  exp: ofReal(Math.exp),
  exp2: ofReal((value) => 2 ** value),
  exp10: ofReal((value) => 10 ** value),
  log: ofReal(Math.log),
  log2: ofReal(Math.log2),
  log10: ofReal(Math.log10),
  sqrt: ofReal(Math.sqrt),
  pow: ofReals((base, exponent) => base ** exponent),
  sin: ofReal(Math.sin),
  cos: ofReal(Math.cos),
  tan: ofReal(Math.tan),
  cot: ofReal((value) => 1 / Math.tan(value)),
  asin: ofReal(Math.asin),
  acos: ofReal(Math.acos),
  atan: ofReal(Math.atan),
  atan2: ofReals(Math.atan2),
  degrees: ofReal((value) => (value * 180) / Math.PI),
  radians: ofReal((value) => (value * Math.PI) / 180),
  pi: () => Math.PI,
  binary_and: ofLongs((a, b) => a & b),
  binary_or: ofLongs((a, b) => a | b),
  binary_xor: ofLongs((a, b) => a ^ b),
  binary_not: (args, signature) => {
    const value = longAt(args, signature, 0);
    return value === null ? null : ~value;
  },
  binary_shift_left: ofLongs((value, by) => (by < 0n ? null : BigInt.asIntN(64, value << (by % 64n)))),
  binary_shift_right: ofLongs((value, by) => (by < 0n ? null : value >> (by % 64n))),
  bitset_count_ones: (args, signature) => {
    const value = longAt(args, signature, 0);
    if (value === null) return null;
    return BigInt(BigInt.asUintN(64, value).toString(2).replaceAll('0', '').length);
  },
};

function ofReal(compute: (value: number) => number): ScalarFunction {
  return (args, signature) => {
    const value = realAt(args, signature, 0);
    return value === null ? null : compute(value);
  };
}

function ofReals(compute: (a: number, b: number) => number): ScalarFunction {
  return (args, signature) => {
    const [a, b] = [realAt(args, signature, 0), realAt(args, signature, 1)];
    return a === null || b === null ? null : compute(a, b);
  };
}

function ofLongs(compute: (a: bigint, b: bigint) => bigint | null): ScalarFunction {
  return (args, signature) => {
    const [a, b] = [longAt(args, signature, 0), longAt(args, signature, 1)];
    return a === null || b === null ? null : compute(a, b);
  };
}

/** An integer is itself. */
function rounded(args: readonly Cell[], signature: Signature, round: (value: number) => number): Cell {
  const value = convertCell(args[0] ?? null, typeAt(signature, 0), signature.result);
  if (typeof value === 'number') return round(value);
  if (signature.result === 'decimal' && value !== null) return convertCell(round(Number(value)), 'real', 'decimal');
  return value;
}

/** Halves away from zero. */
function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value) || Math.abs(digits) > 300) return value;
  const shifted = Number(`${Math.abs(value)}e${digits}`);
  // Written with an exponent already, or too large to have a fraction.
  if (!Number.isFinite(shifted)) return Number.isNaN(shifted) ? Math.round(value * 10 ** digits) / 10 ** digits : value;
  return Math.sign(value) * Number(`${Math.round(shifted)}e${-digits}`);
}
