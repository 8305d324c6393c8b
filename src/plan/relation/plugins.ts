/**
 * Plugins of `evaluate`, of which some give columns that follow from the rows.
 *
 * Source: Microsoft's pages on `bag_unpack`, `pivot` and `narrow`, and recorded answers.
 */
import type { Json } from '../../event/json.ts';
import type { Cell, Row, ScalarType } from './cell.ts';
import { bagOf, convertCell } from './cell-number.ts';
import { textOf } from './cell-text.ts';
import { computeAggregates, groupRows } from './evaluate-groups.ts';
import { compileScalar, constantCell, emptyCell, type ScalarScope } from './evaluate-scalar.ts';
import { isLong } from './exact-number.ts';
import type { Aggregate, Evaluate, RelationColumn, Scalar } from './node.ts';
import { RelationRefusal } from './refusal.ts';

/** Columns that a plugin may make. */
const MOST_COLUMNS = 1_000;

/** Rows between two calls of `check`. */
const CHECKED_ROWS = 500;

function checked({ check }: ScalarScope, at: number): void {
  if (at % CHECKED_ROWS === 0) check?.();
}

/**
 * The columns that the plugin gives for these rows of its input.
 * @param check called now and then; throws when it has to end
 */
export function pluginColumns(
  node: Evaluate,
  rows: readonly Row[],
  now = 0n,
  check?: () => void,
): readonly RelationColumn[] {
  const { columns: given } = node.input;
  const stopping = check === undefined ? {} : { check };
  const scope = { columns: given, rows, now, mostRows: rows.length, evaluate: () => [], ...stopping };
  if (node.plugin === 'narrow') return NARROW;
  const columns = node.plugin === 'bag_unpack' ? unpackedColumns(node, scope) : pivotColumns(node, scope);
  if (columns.length > MOST_COLUMNS) {
    throw new RelationRefusal(`“${node.plugin}” gives more than ${MOST_COLUMNS} columns.`);
  }
  return columns;
}

export function evaluatePlugin(node: Evaluate, scope: ScalarScope): readonly Row[] {
  switch (node.plugin) {
    case 'bag_unpack':
      return unpack(node, scope);
    case 'narrow':
      return scope.rows.flatMap((row, at) => {
        checked(scope, at);
        return scope.columns.map(({ name, type }, column) => [BigInt(at), name, textOf(row[column] ?? null, type)]);
      });
    case 'pivot':
      return pivot(node, scope);
  }
}

const NARROW: readonly RelationColumn[] = [
  { name: 'Row', type: 'long' },
  { name: 'Column', type: 'string' },
  { name: 'Value', type: 'string' },
];

// --- bag_unpack ------------------------------------------------------------------------------------------------------

interface Unpacking {
  readonly column: string;
  readonly prefix: string;
  readonly conflict: string;
  readonly ignored: ReadonlySet<string>;
}

function readUnpacking({ args }: Evaluate, scope: ScalarScope): Unpacking {
  const [bag, ...options] = args;
  const texts = options.map((option) => ({ cell: constantCell(option, scope), type: option.type }));
  const ignored = texts.find(({ type }) => type === 'dynamic')?.cell;
  const [prefix = '', conflict = 'error'] = texts
    .filter(({ type }) => type === 'string')
    .map(({ cell }) => String(cell));
  return {
    column: bag?.kind === 'column' ? bag.name : '',
    prefix,
    conflict,
    ignored: new Set(Array.isArray(ignored) ? ignored.map(String) : []),
  };
}

function bagsOf(unpacking: Unpacking, scope: ScalarScope): (readonly (readonly [string, Json])[])[] {
  const at = scope.columns.findIndex(({ name }) => name === unpacking.column);
  return scope.rows.map((row, index) => {
    checked(scope, index);
    const bag = row[at] ?? null;
    const entries = Object.entries(bagOf(bag) ?? {}).filter(([name]) => !unpacking.ignored.has(name));
    return entries.map(([name, value]) => [unpacking.prefix + name, value] as const);
  });
}

/** A property that is named as the unpacked column stands in its place, others after all, by name. */
function unpackedColumns(node: Evaluate, scope: ScalarScope): RelationColumn[] {
  const unpacking = readUnpacking(node, scope);
  const types = new Map<string, ScalarType>();
  for (const [name, value] of bagsOf(unpacking, scope).flat()) {
    const type = jsonType(value);
    const known = types.get(name);
    if (type !== undefined) types.set(name, known === undefined || known === type ? type : joined(known, type));
    else if (known === undefined && !types.has(name)) types.set(name, 'dynamic');
  }
  const kept = scope.columns.flatMap((column): RelationColumn[] => {
    const type = types.get(column.name);
    const isReplaced =
      type !== undefined && (column.name === unpacking.column || unpacking.conflict === 'replace_source');
    if (isReplaced) return [{ name: column.name, type }];
    if (type !== undefined && unpacking.conflict === 'error') {
      throw new RelationRefusal(`“bag_unpack” gives a column “${column.name}” that is already there.`);
    }
    return column.name === unpacking.column ? [] : [column];
  });
  const names = [...types.keys()].filter((name) => !kept.some((column) => column.name === name)).sort();
  return [...kept, ...names.map((name) => ({ name, type: types.get(name) ?? 'dynamic' }))];
}

function unpack(node: Evaluate, scope: ScalarScope): readonly Row[] {
  const unpacking = readUnpacking(node, scope);
  const bags = bagsOf(unpacking, scope);
  const places = new Map(scope.columns.map(({ name }, at) => [name, at]));
  return scope.rows.map((row, index) => {
    checked(scope, index);
    const bag = new Map(bags[index]);
    return node.columns.map(({ name, type }): Cell => {
      const at = places.get(name);
      const isOwn = at !== undefined && name !== unpacking.column && unpacking.conflict !== 'replace_source';
      if (!isOwn && bag.has(name)) return convertCell(bag.get(name) ?? null, 'dynamic', type);
      return at === undefined || name === unpacking.column ? emptyCell(type) : (row[at] ?? emptyCell(type));
    });
  });
}

function jsonType(value: Json): ScalarType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return 'bool';
  const long = isLong(value);
  if (long !== undefined) return long ? 'long' : 'real';
  return typeof value === 'string' ? 'string' : 'dynamic';
}

function joined(a: ScalarType, b: ScalarType): ScalarType {
  const isNumber = (type: ScalarType) => type === 'long' || type === 'real';
  return isNumber(a) && isNumber(b) ? 'real' : 'dynamic';
}

// --- pivot -----------------------------------------------------------------------------------------------------------

interface Pivoting {
  readonly pivot: Scalar;
  readonly aggregate: Aggregate;
  /** The columns of the rows that the answer has. */
  readonly keys: readonly RelationColumn[];
}

/** Without columns named, those that neither the pivot nor the aggregate uses. */
function readPivoting({ args, span, input }: Evaluate): Pivoting {
  const [pivot, second, ...named] = args;
  if (pivot === undefined) throw new Error('A pivot has a column.');
  const isAggregate = second?.kind === 'call';
  const call = isAggregate ? second : undefined;
  const type = call?.type ?? 'long';
  const aggregate: Aggregate = {
    function: call?.function ?? 'count',
    args: call?.args ?? [],
    columns: [{ name: '', type }],
    span,
  };
  const wanted = [...(isAggregate || second === undefined ? [] : [second]), ...named];
  const names = new Set(wanted.flatMap((each) => (each.kind === 'column' ? [each.name] : [])));
  const used = new Set([pivot, ...aggregate.args].flatMap((each) => (each.kind === 'column' ? [each.name] : [])));
  return {
    pivot,
    aggregate,
    keys: input.columns.filter(({ name }) => (names.size > 0 ? names.has(name) : !used.has(name))),
  };
}

function pivotColumns(node: Evaluate, scope: ScalarScope): RelationColumn[] {
  const { pivot, aggregate, keys } = readPivoting(node);
  const value = compileScalar(pivot, scope);
  const names = new Set(
    scope.rows.map((row, at) => {
      checked(scope, at);
      return textOf(value(row, at), pivot.type);
    }),
  );
  const type = aggregate.columns[0]?.type ?? 'dynamic';
  return [...keys, ...[...names].sort().map((name) => ({ name, type }))];
}

function pivot(node: Evaluate, scope: ScalarScope): readonly Row[] {
  const { pivot: by, aggregate, keys } = readPivoting(node);
  const value = compileScalar(by, scope);
  const compute = computeAggregates([aggregate], scope);
  const named = keys.map(({ name, type }) => ({
    name,
    value: { kind: 'column', name, type, span: node.span } as const,
  }));
  const type = aggregate.columns[0]?.type ?? 'dynamic';
  return groupRows(named, scope).map((group) => {
    const byName = new Map<string, Row[]>();
    for (const [at, row] of group.rows.entries()) {
      checked(scope, at);
      const name = textOf(value(row, at), by.type);
      const rows = byName.get(name);
      if (rows === undefined) byName.set(name, [row]);
      else rows.push(row);
    }
    // Where there are no rows, what the aggregate gives for none.
    const cells = new Map([...byName].map(([name, rows]) => [name, compute(rows)[0] ?? null]));
    return node.columns.map((column) => {
      const at = keys.findIndex(({ name }) => name === column.name);
      if (at !== -1) return group.keys[at] ?? emptyCell(column.type);
      const cell = cells.has(column.name) ? (cells.get(column.name) ?? null) : (compute([])[0] ?? emptyCell(type));
      return convertCell(cell, type, column.type);
    });
  });
}
