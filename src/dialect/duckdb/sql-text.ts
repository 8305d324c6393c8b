/**
 * Texts, names and cells as DuckDB's SQL writes them. Every value that stands in a statement goes through here.
 *
 * Values are written and not bound, because DuckDB passes over row groups, compiles regular expressions once, and picks
 * faster comparisons only for what it knows when it plans.
 */
import type { Cell, ScalarType } from '../../plan/relation/cell.ts';
import { dynamicText } from '../../plan/relation/exact-number.ts';
import type { RelationColumn } from '../../plan/relation/node.ts';

/** A text as a literal; a NUL would end a statement's text. */
export function quote(text: string): string {
  const parts = text
    .toWellFormed()
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' || chr(0) || ')})`;
}

/** A name of a column. */
export function named(column: string): string {
  return `"${column.toWellFormed().replaceAll('\0', '\ufffd').replaceAll('"', '""')}"`;
}

/** What is made of a value that is computed once, also where DuckDB moves the expression into a filter. */
export function once(value: string, use: (value: string) => string): string {
  if (/^("[^"]*"|[a-z_]+)$/.test(value)) return use(value);
  // Within it another may stand.
  const name = `v${value.length}`;
  return `list_transform([${value}], lambda ${name}: ${use(name)})[1]`;
}

/** How a cell of each type is held: times as ticks, a decimal, a guid and JSON as their text. */
export const DUCK_TYPES: Readonly<Record<ScalarType, string>> = Object.freeze({
  bool: 'BOOLEAN',
  datetime: 'BIGINT',
  decimal: 'VARCHAR',
  dynamic: 'VARCHAR',
  guid: 'VARCHAR',
  int: 'BIGINT',
  long: 'BIGINT',
  real: 'DOUBLE',
  string: 'VARCHAR',
  timespan: 'BIGINT',
});

/** A cell as an expression of its type's kind. */
export function cellText(value: Cell, type: ScalarType): string {
  const held = DUCK_TYPES[type];
  if (type === 'dynamic') return value === null ? `NULL::${held}` : quote(dynamicText(value));
  if (value === null) return type === 'string' ? "''" : `NULL::${held}`;
  switch (held) {
    case 'BOOLEAN':
      return value === true ? 'true' : 'false';
    case 'BIGINT':
      return `(${bounded(value)})::BIGINT`;
    case 'DOUBLE':
      return doubleText(Number(value));
    default:
      return quote(String(value));
  }
}

function bounded(value: Cell): bigint {
  return BigInt.asIntN(64, BigInt(value as bigint | number | string));
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return "'NaN'::DOUBLE";
  if (!Number.isFinite(value)) return value > 0 ? "'Infinity'::DOUBLE" : "'-Infinity'::DOUBLE";
  return Object.is(value, -0) ? "'-0'::DOUBLE" : `${quote(String(value))}::DOUBLE`;
}

/**
 * What a table's columns are called in SQL. Kusto tells `A` from `a`, DuckDB does not, and names that begin with `#` are
 * ours; such columns get a number before their name.
 */
export function physicalNames(columns: readonly RelationColumn[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [index, { name }] of columns.entries()) {
    const folded = name.toLowerCase();
    // Letters beyond ASCII fold in ways of their own.
    const isPlain = /^[\x20-\x7e]+$/.test(name) && !name.startsWith('#') && !taken.has(folded);
    taken.add(folded);
    names.set(name, named(isPlain ? name : `#${index}: ${name}`));
  }
  return names;
}
