/**
 * What functions with an expression of their own have in common.
 */
import type { Cell, ScalarType } from '../../plan/relation/cell.ts';
import type { Scalar } from '../../plan/relation/node.ts';

/** An argument: its SQL, its type, and its value where it is a constant. */
export interface Argument {
  readonly sql: string;
  readonly type: ScalarType;
  readonly node: Scalar;
  /** Of a text: DuckDB's `lower` gives of it what the reference gives. */
  readonly isLowered?: true;
}

/** Calls back for the function, or for another one, with the same arguments. */
export type Host = (other?: string) => string;

/** `undefined`: not for these types. */
export type NativeFunction = (args: readonly Argument[], result: ScalarType, host: Host) => string | undefined;

export const WHOLE: ReadonlySet<ScalarType> = new Set(['int', 'long']);
export const TICKS: ReadonlySet<ScalarType> = new Set(['datetime', 'timespan']);

export const isText = ({ type }: Pick<Argument, 'type'>): boolean => type === 'string';
export const isWhole = ({ type }: Pick<Argument, 'type'>): boolean => WHOLE.has(type);
export const isTicks = ({ type }: Pick<Argument, 'type'>): boolean => TICKS.has(type);

/** The text of a constant argument. */
export function constantText({ node }: Argument): string | undefined {
  return node.kind === 'constant' && typeof node.value === 'string' && node.type === 'string' ? node.value : undefined;
}

export function constantCell({ node }: Argument): Cell | undefined {
  return node.kind === 'constant' ? node.value : undefined;
}

/** @param name of the function that `native` computes */
export function opposite(native: NativeFunction, name: string): NativeFunction {
  return (args, result, host) => {
    const sql = native(args, result, () => host(name));
    return sql === undefined ? undefined : `(NOT ${sql})`;
  };
}

/** A whole number of 128 bits as 64 bits hold it: it wraps around. */
export function wrapped(sql: string): string {
  const offset = '9223372036854775808::HUGEINT';
  const modulus = '18446744073709551616::HUGEINT';
  return `((((${sql} + ${offset}) % ${modulus}) + ${modulus}) % ${modulus} - ${offset})::BIGINT`;
}
