/**
 * Literals and constants as cells of a type.
 *
 * Microsoft's parser gives the text of a literal; the value is read here, exactly. Where a constant stands in a cell of
 * another type (`datatable(v:long)["1"]`), Kusto converts it as `tolong` would.
 */
import { NO_SPAN } from '../../../diagnostic/span.ts';
import type { Cell, ScalarType } from '../../../plan/relation/cell.ts';
import { convertCell, guidOf } from '../../../plan/relation/cell-number.ts';
import { readDecimal } from '../../../plan/relation/decimal.ts';
import type { ConstantCell } from '../../../plan/relation/node.ts';
import { readDatetime } from '../../../plan/relation/time-text.ts';
import type { BoundNode } from '../bound.ts';
import { literalValue } from '../literal.ts';
import { constant } from './build.ts';

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

/** `undefined` where the text has no value of the type. */
function cellOf(type: ScalarType, text: string): Cell | undefined {
  const inner = /^[a-z]\w*\s*\(([\s\S]*)\)$/i.exec(text)?.[1]?.trim() ?? text;
  if (type === 'string') return text;
  if (inner === 'null') return null;
  switch (type) {
    case 'dynamic':
      return undefined;
    case 'long':
    case 'int':
      return integer(type, text);
    case 'real':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(inner) ? Number(inner) : REALS[inner.toLowerCase()];
    case 'decimal':
      return readDecimal(inner) ?? undefined;
    case 'guid':
      return guidOf(inner) ?? undefined;
    case 'datetime':
      return readDatetime(inner.replace(/^(["'])(.*)\1$/, '$2')) ?? undefined;
    case 'bool':
    case 'timespan':
      return literalValue({ kind: 'literal', type, text, span: NO_SPAN });
  }
}

const REALS: Readonly<Record<string, number>> = {
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
};

function integer(type: 'int' | 'long', text: string): bigint | undefined {
  const read = literalValue({ kind: 'literal', type, text, span: NO_SPAN });
  if (typeof read !== 'number' && typeof read !== 'string') return undefined;
  const value = BigInt(read);
  return type === 'int' && BigInt.asIntN(32, value) !== value ? undefined : value;
}

/** The constant as a cell of another type; null (of a text, '') where it cannot be one. */
export function convertConstant(cell: ConstantCell, to: ScalarType): ConstantCell {
  return cell.type === to ? cell : constant(to, convertCell(cell.value, cell.type, to), cell.span);
}
