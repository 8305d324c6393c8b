/**
 * The arguments of a function as values of the type that it wants, whatever type the plan gives them.
 */
import type { Cell, ScalarType } from '../cell.ts';
import { boolOf, longOf, realOf } from '../cell-number.ts';
import { textOf } from '../cell-text.ts';

type Cells = readonly Cell[];
interface Typed {
  readonly args: readonly ScalarType[];
}

/** '' where there is none. */
export function textAt(args: Cells, signature: Typed, at: number): string {
  return textOf(args[at] ?? null, signature.args[at] ?? 'string');
}

export function realAt(args: Cells, signature: Typed, at: number): number | null {
  return realOf(args[at] ?? null, signature.args[at] ?? 'real');
}

export function longAt(args: Cells, signature: Typed, at: number): bigint | null {
  return longOf(args[at] ?? null, signature.args[at] ?? 'long');
}

/** An integer that a JavaScript number holds: positions, lengths, counts. */
export function countAt(args: Cells, signature: Typed, at: number): number | null {
  const value = longAt(args, signature, at);
  if (value === null) return null;
  const [least, most] = [BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER)];
  return Number(value < least ? least : value > most ? most : value);
}

export function boolAt(args: Cells, signature: Typed, at: number): boolean | null {
  return boolOf(args[at] ?? null, signature.args[at] ?? 'bool');
}

export function typeAt(signature: Typed, at: number): ScalarType {
  return signature.args[at] ?? 'dynamic';
}
