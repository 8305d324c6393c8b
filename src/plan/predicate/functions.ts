/**
 * Functions over values, arithmetic among them: how many arguments, and their evaluation. One entry a function.
 *
 * Arithmetic is that of Elasticsearch and of Kusto where they agree: integers stay integers (division truncates towards
 * zero), any fraction makes it floating point, null in gives null out, division by zero gives null. Where they differ
 * there are two functions: `modulo` takes the dividend's sign, `modulo-euclid` is never negative (Kusto); `divide-real`
 * is a fraction also of integers. Texts are counted in code points.
 */
import type { FunctionName, LiteralValue } from './node.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';

type Present = NonNullable<LiteralValue>;

export interface FunctionEntry {
  readonly arity: readonly [least: number, most: number];
  /** Evaluated also when an argument is null; every other function is null then. */
  readonly takesNull?: true;
  /** Null is the result where there is none. */
  readonly evaluate: (args: readonly Present[]) => LiteralValue;
}

/** Longer texts are not made: a chain of `concat` and `replace` could double its length at each step. */
const LONGEST_TEXT = 1_000_000;

const ANY_NUMBER = Number.POSITIVE_INFINITY;

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
  'divide-real': {
    arity: [2, 2],
    evaluate: ([a, b]) => {
      const [x, y] = [toFloat(a), toFloat(b)];
      return x === undefined || y === undefined ? null : x / y;
    },
  },
  modulo: arithmetic(
    (a, b) => (b === 0n ? null : a % b),
    (a, b) => (b === 0 ? null : a % b),
  ),
  'modulo-euclid': arithmetic(
    (a, b) => (b === 0n ? null : ((a % b) + magnitude(b)) % magnitude(b)),
    (a, b) => (b === 0 ? null : ((a % b) + Math.abs(b)) % Math.abs(b)),
  ),
  negate: { arity: [1, 1], evaluate: ([value]) => negate(value as Present) },
  /** The first that is not null. */
  coalesce: {
    arity: [1, ANY_NUMBER],
    takesNull: true,
    evaluate: (args) => (args as readonly LiteralValue[]).find((arg) => arg !== null) ?? null,
  },
  text: { arity: [1, 1], evaluate: ([value]) => String(value) },
  /** Of a text that holds one, or of a number, cut towards zero. */
  integer: { arity: [1, 1], evaluate: ([value]) => integerOf(value as Present) },
  /** An integer beyond 64 bits comes round from the other end, as in Kusto. */
  wrap: {
    arity: [1, 1],
    evaluate: ([value]) => {
      const integer = toInteger(value);
      return integer === undefined ? (value ?? null) : fromInteger(BigInt.asIntN(64, integer));
    },
  },
  lower: { arity: [1, 1], evaluate: ([text]) => String(text).toLowerCase() },
  upper: { arity: [1, 1], evaluate: ([text]) => String(text).toUpperCase() },
  length: { arity: [1, 1], evaluate: ([text]) => codePoints(String(text)) },
  concat: { arity: [1, ANY_NUMBER], evaluate: (args) => bounded(args.map(String).join('')) },
  /** (text, start, length): from 0; a negative start counts from the end, and before the start there is nothing. */
  slice: {
    arity: [2, 3],
    evaluate: ([text, start, length]) =>
      slice(String(text), Number(start), length === undefined ? undefined : Number(length)),
  },
  /** (text, part): where the part first stands, -1 where it does not. */
  'index-of': {
    arity: [2, 2],
    evaluate: ([text, part]) => {
      const at = String(text).indexOf(String(part));
      return at <= 0 ? at : codePoints(String(text).slice(0, at));
    },
  },
  /** (text, part, by): every occurrence. */
  replace: {
    arity: [3, 3],
    evaluate: ([text, part, by]) => (part === '' ? String(text) : replaceAll(String(text), String(part), String(by))),
  },
  ...TEXT_FUNCTIONS,
};

export function callFunction(name: FunctionName, args: readonly LiteralValue[]): LiteralValue {
  const { takesNull, evaluate } = FUNCTIONS[name];
  if (takesNull !== true && args.some((arg) => arg === null)) return null;
  return evaluate(args as readonly Present[]);
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

function negate(value: Present): LiteralValue {
  const integer = toInteger(value);
  if (integer !== undefined) return fromInteger(-integer);
  const number = toFloat(value);
  return number === undefined ? null : -number;
}

function integerOf(value: Present): LiteralValue {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? fromInteger(BigInt(Math.trunc(value))) : null;
  const integer = toInteger(value.trim());
  return integer === undefined || BigInt.asIntN(64, integer) !== integer ? null : fromInteger(integer);
}

function slice(text: string, start: number, length: number | undefined): string {
  const characters = [...text];
  const from = start < 0 ? characters.length + start : start;
  if (from < 0) return '';
  return characters.slice(from, length === undefined ? undefined : from + Math.max(0, length)).join('');
}

function replaceAll(text: string, part: string, by: string): LiteralValue {
  const pieces = text.split(part);
  return text.length + pieces.length * by.length > LONGEST_TEXT ? null : pieces.join(by);
}

function bounded(text: string): LiteralValue {
  return text.length > LONGEST_TEXT ? null : text;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
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
