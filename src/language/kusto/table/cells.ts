/**
 * Literals and constants as cells of a type.
 *
 * Microsoft's parser gives the text of a literal; the value is read here, exactly (see `literal.ts`). Where a constant
 * stands in a cell of another type (`datatable(v:long)["1"]`), Kusto converts it as `tolong` would.
 */
import type { Json } from '../../../event/json.ts';
import { parseJson } from '../../../event/json.ts';
import type { Cell, ScalarType } from '../../../plan/relation/cell.ts';
import type { ConstantCell } from '../../../plan/relation/node.ts';
import type { BoundNode } from '../bound.ts';
import { isoOfTicks, literalValue } from '../literal.ts';
import { constant, nothing } from './build.ts';

const TYPE_NAMES: Readonly<Record<string, ScalarType>> = {
  bool: 'bool',
  boolean: 'bool',
  date: 'datetime',
  datetime: 'datetime',
  decimal: 'decimal',
  double: 'real',
  dynamic: 'dynamic',
  guid: 'guid',
  int: 'int',
  long: 'long',
  real: 'real',
  string: 'string',
  time: 'timespan',
  timespan: 'timespan',
  uniqueid: 'guid',
  uuid: 'guid',
};

/** The type of this name; `undefined` for `unknown` and what is none. */
export function scalarType(name: string | undefined): ScalarType | undefined {
  return name !== undefined && Object.hasOwn(TYPE_NAMES, name) ? TYPE_NAMES[name] : undefined;
}

/** `undefined` where the literal has no value that can be read: `long(99999999999999999999)`. */
export function literalCell({ type, text = '' }: BoundNode): { type: ScalarType; value: Cell } | undefined {
  const scalar = type === 'null' ? 'dynamic' : scalarType(type);
  if (scalar === undefined) return undefined;
  const value = cellOf(scalar, text);
  return value === undefined ? undefined : { type: scalar, value };
}

function cellOf(type: ScalarType, text: string): Cell | undefined {
  const inner = /^[a-z]\w*\s*\(([\s\S]*)\)$/i.exec(text)?.[1]?.trim() ?? text;
  switch (type) {
    case 'string':
      return text;
    case 'dynamic':
      return inner === 'null' ? null : undefined;
    case 'long':
    case 'int': {
      const value = literalValue({ kind: 'literal', type, text, span: NOWHERE });
      if (value === null || value === undefined) return value;
      const integer = BigInt(value as string | number);
      return type === 'int' && BigInt.asIntN(32, integer) !== integer ? undefined : integer;
    }
    case 'real': {
      const special = { nan: Number.NaN, '+inf': Number.POSITIVE_INFINITY, inf: Number.POSITIVE_INFINITY }[
        inner.toLowerCase()
      ];
      if (special !== undefined) return special;
      if (inner.toLowerCase() === '-inf') return Number.NEGATIVE_INFINITY;
      if (inner === 'null') return null;
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(inner) ? Number(inner) : undefined;
    }
    case 'decimal':
      if (inner === 'null') return null;
      return /^[+-]?\d{1,34}(\.\d{0,34})?$/.test(inner) ? inner.replace(/^\+/, '') : decimalOf(inner);
    case 'guid': {
      if (inner === 'null') return null;
      const hex = inner.replace(/[-"'{}]/g, '').toLowerCase();
      if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    }
    default: {
      const value = literalValue({ kind: 'literal', type, text, span: NOWHERE });
      return value;
    }
  }
}

const NOWHERE = { start: 0, end: 0 };

/** `1.5e3` as decimal text. */
function decimalOf(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = ''] =
    /^([+-]?)(\d*)\.?(\d*)e([+-]?\d{1,2})$/i.exec(text) ?? [];
  if (whole + fraction === '' || exponent === '') return undefined;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? `${'0'.repeat(1 - point)}${digits}` : digits.padEnd(point, '0');
  const at = point <= 0 ? 1 : point;
  const rest = padded.slice(at);
  return `${sign === '-' ? '-' : ''}${padded.slice(0, at)}${rest === '' ? '' : `.${rest}`}`;
}

/** The constant as a cell of another type; null (of a text, '') where it cannot be one. */
export function convertConstant(cell: ConstantCell, to: ScalarType): ConstantCell {
  const { type, value, span } = cell;
  if (type === to) return cell;
  if (value === null) return nothing(to, span);
  if (to === 'dynamic') return constant(to, jsonOf(type, value), span);
  const text = type === 'dynamic' && typeof value !== 'string' ? JSON.stringify(value) : textOf(type, value);
  if (to === 'string') return constant(to, text, span);
  if (to === 'int' || to === 'long') {
    const whole = type === 'bool' ? (value === true ? '1' : '0') : type === 'real' ? truncated(value as number) : text;
    const read = cellOf(to, whole.trim());
    return constant(to, typeof read === 'bigint' ? read : null, span);
  }
  if (to === 'bool' && (type === 'long' || type === 'int')) return constant(to, value !== 0n, span);
  if ((to === 'datetime' || to === 'timespan') && (type === 'long' || type === 'int'))
    return constant(to, to === 'timespan' ? (value as bigint) : (value as bigint) - TICKS_TO_1970, span);
  const read = cellOf(to, to === 'timespan' ? `time(${text})` : to === 'datetime' ? `datetime(${text})` : text.trim());
  return constant(to, read ?? null, span);
}

/** From the year 1, from which Kusto counts where a number is a time. */
const TICKS_TO_1970 = 621_355_968_000_000_000n;

function truncated(value: number): string {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)).toString() : '';
}

function textOf(type: ScalarType, value: Cell): string {
  if (type === 'bool') return value === true ? 'True' : 'False';
  if (type === 'datetime') return isoOfTicks(value as bigint);
  if (type === 'timespan') return timespanText(value as bigint);
  return String(value);
}

/** `1.02:03:04.5000000`; days and fraction only where there are any. */
function timespanText(ticks: bigint): string {
  const absolute = ticks < 0n ? -ticks : ticks;
  const two = (value: bigint) => String(value).padStart(2, '0');
  const seconds = absolute / 10_000_000n;
  const fraction = absolute % 10_000_000n;
  const days = seconds / 86_400n;
  const clock = [(seconds / 3_600n) % 24n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(':');
  const rest = fraction === 0n ? '' : `.${String(fraction).padStart(7, '0')}`;
  return `${ticks < 0n ? '-' : ''}${days === 0n ? '' : `${days}.`}${clock}${rest}`;
}

/** A scalar as an element of a dynamic value. */
export function jsonOf(type: ScalarType, value: Cell): Json {
  switch (type) {
    case 'int':
    case 'long':
      return typeof value === 'bigint' ? (parseJson(String(value)) as Json) : null;
    case 'datetime':
      return typeof value === 'bigint' ? isoOfTicks(value) : null;
    case 'timespan':
      return typeof value === 'bigint' ? timespanText(value) : null;
    default:
      return value as Json;
  }
}
