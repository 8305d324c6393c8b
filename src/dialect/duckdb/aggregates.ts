/**
 * Aggregate functions as DuckDB computes them, and those for which it hands the group's cells back to this process.
 *
 * Where the order of the rows shows (lists, the row that an `arg_max` takes among equals) it is the input's.
 */
import type { ScalarType } from '../../plan/relation/cell.ts';
import type { Aggregate, Scalar } from '../../plan/relation/node.ts';
import { hostCall } from './emit-scalar.ts';
import type { HostFunction } from './host-function.ts';
import { DUCK_TYPES } from './sql-text.ts';

export interface AggregateScope {
  readonly value: (node: Scalar) => string;
  readonly condition: (node: Scalar) => string;
  /** `a ASC NULLS FIRST, …` of the input; '' where it has no order. */
  readonly order: string;
  readonly hosts: Map<string, HostFunction>;
}

/** The SQL of each column that the aggregate gives. */
export function emitAggregate(aggregate: Aggregate, scope: AggregateScope): readonly string[] {
  const native = NATIVE[aggregate.function]?.(aggregate, scope);
  return native === undefined ? calledBack(aggregate, scope) : [native];
}

type Native = (aggregate: Aggregate, scope: AggregateScope) => string | undefined;

const WHOLE: ReadonlySet<ScalarType> = new Set(['int', 'long']);
const TICKS: ReadonlySet<ScalarType> = new Set(['datetime', 'timespan']);

const NATIVE: Readonly<Record<string, Native>> = {
  count: ({ args }) => (args.length === 0 ? 'count(*)' : undefined),
  countif: ({ args: [test] }, { condition }) =>
    test === undefined ? undefined : `count(*) FILTER (WHERE ${condition(test)})`,
  sum: (aggregate, scope) => sum(aggregate, scope),
  sumif: (aggregate, scope) => sum(aggregate, scope, aggregate.args[1]),
  avg: (aggregate, scope) => average(aggregate, scope),
  avgif: (aggregate, scope) => average(aggregate, scope, aggregate.args[1]),
  min: (aggregate, scope) => extreme('min', aggregate, scope),
  max: (aggregate, scope) => extreme('max', aggregate, scope),
  minif: (aggregate, scope) => extreme('min', aggregate, scope, aggregate.args[1]),
  maxif: (aggregate, scope) => extreme('max', aggregate, scope, aggregate.args[1]),
  dcount: (aggregate, scope) => distinctCount(aggregate, scope),
  dcountif: (aggregate, scope) => distinctCount(aggregate, scope, aggregate.args[1]),
  count_distinct: (aggregate, scope) => distinctCount(aggregate, scope),
  count_distinctif: (aggregate, scope) => distinctCount(aggregate, scope, aggregate.args[1]),
};

function filtered(sql: string, test: Scalar | undefined, { condition }: AggregateScope): string {
  return test === undefined ? sql : `${sql} FILTER (WHERE ${condition(test)})`;
}

/** A sum that does not fit wraps around, as the engine's does. */
function sum({ args: [value] }: Aggregate, scope: AggregateScope, test?: Scalar): string | undefined {
  if (value === undefined) return undefined;
  const total = filtered(`sum(${scope.value(value)})`, test, scope);
  if (value.type === 'real') return `coalesce(${total}, 0)::DOUBLE`;
  if (!WHOLE.has(value.type) && value.type !== 'timespan') return undefined;
  const offset = '9223372036854775808::HUGEINT';
  const modulus = '18446744073709551616::HUGEINT';
  return `((((coalesce(${total}, 0) + ${offset}) % ${modulus}) + ${modulus}) % ${modulus} - ${offset})::BIGINT`;
}

function average({ args: [value] }: Aggregate, scope: AggregateScope, test?: Scalar): string | undefined {
  if (value === undefined || !(WHOLE.has(value.type) || value.type === 'real')) return undefined;
  return `coalesce(${filtered(`avg(${scope.value(value)})`, test, scope)}, 'NaN'::DOUBLE)`;
}

function extreme(
  name: 'min' | 'max',
  { args: [value] }: Aggregate,
  scope: AggregateScope,
  test?: Scalar,
): string | undefined {
  if (value === undefined || !(WHOLE.has(value.type) || TICKS.has(value.type))) return undefined;
  return filtered(`${name}(${scope.value(value)})`, test, scope);
}

/** Exact, where the engine estimates; its second argument is how well. */
function distinctCount({ args: [value] }: Aggregate, scope: AggregateScope, test?: Scalar): string | undefined {
  if (value === undefined || !(WHOLE.has(value.type) || TICKS.has(value.type) || value.type === 'string'))
    return undefined;
  return filtered(`count(DISTINCT ${scope.value(value)})`, test, scope);
}

function calledBack({ function: name, args, columns }: Aggregate, scope: AggregateScope): readonly string[] {
  const host: HostFunction = {
    kind: 'aggregate',
    function: name,
    args: args.map(({ type }) => type),
    results: columns.map(({ type }) => type),
  };
  const order = scope.order === '' ? '' : ` ORDER BY ${scope.order}`;
  // Without rows a list is NULL, and without arguments there would be nothing to count them by.
  const lists = (args.length === 0 ? ["''"] : args.map((arg) => `(${scope.value(arg)})::VARCHAR`)).map(
    (sql) => `coalesce(list(${sql}${order}), [])`,
  );
  const cells = hostCall(host, lists, scope.hosts);
  return columns.map(({ type }, index) => unpacked(`${cells}[${index + 1}]`, type));
}

/** A cell that stands as text in a list. */
export function unpacked(sql: string, type: ScalarType): string {
  const held = DUCK_TYPES[type];
  if (type === 'string') return `coalesce(${sql}, '')`;
  return held === 'VARCHAR' ? sql : `CAST(${sql} AS ${held})`;
}
