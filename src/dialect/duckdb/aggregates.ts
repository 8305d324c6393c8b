/**
 * Aggregate functions as DuckDB computes them, and those for which it hands the group's cells back to this process.
 *
 * Where the order of the rows shows (lists, the row that an `arg_max` takes among equals) it is the input's.
 */
import type { ScalarType } from '../../plan/relation/cell.ts';
import type { Aggregate, Scalar } from '../../plan/relation/node.ts';
import { hostCall } from './emit-scalar.ts';
import type { HostFunction } from './host-function.ts';
import { TICKS, WHOLE, wrapped } from './native.ts';
import { isoText } from './native-texts.ts';
import { DUCK_TYPES, quote } from './sql-text.ts';

export interface AggregateScope {
  readonly value: (node: Scalar) => string;
  readonly condition: (node: Scalar) => string;
  /** `a ASC NULLS FIRST, …` of the input; '' where it has no order. */
  readonly order: string;
  /** A column of whole numbers that is the input's order: the least is first, and no two are equal. */
  readonly place?: string;
  /** Whether the order was asked for, and not only that in which the rows were found. */
  readonly isSorted: boolean;
  readonly hosts: Map<string, HostFunction>;
}

/** The SQL of each column that the aggregate gives. */
export function emitAggregate(aggregate: Aggregate, scope: AggregateScope): readonly string[] {
  const native = NATIVE[aggregate.function]?.(aggregate, scope) ?? NATIVE_ROWS[aggregate.function]?.(aggregate, scope);
  if (native === undefined) return calledBack(aggregate, scope);
  return typeof native === 'string' ? [native] : native;
}

type Native = (aggregate: Aggregate, scope: AggregateScope) => string | undefined;

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
  make_list: list,
  make_set: set,
  take_any: anyOne,
};

/** Those that give several columns. */
const NATIVE_ROWS: Readonly<
  Record<string, (aggregate: Aggregate, scope: AggregateScope) => readonly string[] | undefined>
> = {
  arg_max: (aggregate, scope) => rowOf('max', aggregate, scope),
  arg_min: (aggregate, scope) => rowOf('min', aggregate, scope),
  percentile: percentiles,
  percentiles,
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
  return wrappedTotal(total);
}

/** 0 of nothing. */
export function wrappedTotal(total: string): string {
  return wrapped(`coalesce(${total}, 0)`);
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

const LISTED: ReadonlySet<ScalarType> = new Set(['bool', 'datetime', 'guid', 'int', 'long', 'string']);
/** Kusto's own limit of a list or set. */
const MOST_ELEMENTS = 1_048_576n;

/** What goes into a list, and how many of them; `undefined` where the reference has to make it. */
function element(
  { args: [value, limit] }: Aggregate,
  scope: AggregateScope,
): { sql: string; there: string; most: bigint } | undefined {
  if (value === undefined || !LISTED.has(value.type)) return undefined;
  if (limit !== undefined && (limit.kind !== 'constant' || typeof limit.value !== 'bigint' || limit.value < 0n))
    return undefined;
  const most = limit?.kind === 'constant' ? (limit.value as bigint) : MOST_ELEMENTS;
  const cell = scope.value(value);
  const sql = value.type === 'datetime' ? isoText(cell) : cell;
  const there = value.type === 'string' ? '' : ` FILTER (WHERE ${sql} IS NOT NULL)`;
  return { sql, there, most: most < MOST_ELEMENTS ? most : MOST_ELEMENTS };
}

function asJson(elements: string, most: bigint): string {
  return `coalesce(to_json((${elements})[1:${most}])::VARCHAR, '[]')`;
}

function list(aggregate: Aggregate, scope: AggregateScope): string | undefined {
  const one = element(aggregate, scope);
  if (one === undefined) return undefined;
  const order = scope.order === '' ? '' : ` ORDER BY ${scope.order}`;
  return asJson(`list(${one.sql}${order})${one.there}`, one.most);
}

/** In the order in which rows were only found, the elements are sorted: always the same answer, and cheaper. */
function set(aggregate: Aggregate, scope: AggregateScope): string | undefined {
  const one = scope.isSorted ? undefined : element(aggregate, scope);
  if (one === undefined) return undefined;
  return asJson(`list_sort(list(DISTINCT ${one.sql})${one.there})`, one.most);
}

/** The first value that is there. */
function anyOne({ args }: Aggregate, { value, place, isSorted }: AggregateScope): string | undefined {
  const [one] = args;
  if (one === undefined || args.length > 1 || (isSorted && place === undefined)) return undefined;
  const sql = value(one);
  const there = one.type === 'string' ? `${sql} <> ''` : `${sql} IS NOT NULL`;
  const found = `${place === undefined ? `any_value(${sql})` : `arg_min(${sql}, ${place})`} FILTER (WHERE ${there})`;
  return one.type === 'string' ? `coalesce(${found}, '')` : found;
}

/**
 * The values of the row with the greatest (or least) first argument, of equal ones of the first: value and place in one
 * number, which no two rows share, so that each column can be asked for by itself.
 */
function rowOf(
  which: 'max' | 'min',
  { args, columns }: Aggregate,
  { value, place, isSorted }: AggregateScope,
): readonly string[] | undefined {
  const [by] = args;
  if (by === undefined || !(WHOLE.has(by.type) || TICKS.has(by.type)) || (isSorted && place === undefined))
    return undefined;
  if (args.some(({ type }, index) => columns[index] !== undefined && columns[index].type !== type)) return undefined;
  const compared = value(by);
  const key =
    place === undefined
      ? compared
      : `${compared}::HUGEINT * 18446744073709551616::HUGEINT ${which === 'max' ? '-' : '+'} ${place}`;
  if (place === undefined) {
    const fields = args.map((arg, index) => `v${index}: ${value(arg)}`).join(', ');
    const row = `coalesce(arg_${which}({${fields}}, ${key}), any_value({${fields}}))`;
    return columns.map(({ type }, index) => filledText(`(${row}).v${index}`, type));
  }
  return columns.map(({ type }, index) => {
    if (index === 0) return `${which}(${compared})`;
    const cell = value(args[index] as Scalar);
    // A row whose cell is NULL is passed over by DuckDB, so that it is wrapped; without any key the first row counts.
    const given = type === 'string' ? cell : `{v: ${cell}}`;
    const found = `coalesce(arg_${which}(${given}, ${key}), arg_min(${given}, ${place}))`;
    return type === 'string' ? filledText(found, type) : `(${found}).v`;
  });
}

function filledText(sql: string, type: ScalarType): string {
  return type === 'string' ? `coalesce(${sql}, '')` : sql;
}

/** By nearest rank. */
function percentiles(
  { args: [of, ...percents], columns }: Aggregate,
  { value }: AggregateScope,
): readonly string[] | undefined {
  if (of === undefined || !(WHOLE.has(of.type) || TICKS.has(of.type))) return undefined;
  if (columns.some(({ type }) => type !== of.type && !(WHOLE.has(type) && WHOLE.has(of.type)))) return undefined;
  const ranks = percents.map((percent) => (percent.kind === 'constant' ? Number(percent.value) : Number.NaN));
  if (ranks.length !== columns.length || !ranks.every((rank) => rank >= 0 && rank <= 100)) return undefined;
  return ranks.map((rank) => `quantile_disc(${value(of)}, ${rank / 100})`);
}

/** Rows, and bytes of their texts, of which this process computes an aggregate at once: a group comes whole. */
const MOST_GROUPED = 1_000_000;
const MOST_GROUPED_BYTES = 64 * 1024 * 1024;
/** How an error of DuckDB begins, in its midst, by which a group is refused. */
export const TOO_LARGE = 'Too large: ';

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
  const size = args.map((arg) => `coalesce(sum(strlen((${scope.value(arg)})::VARCHAR)), 0)`).join(' + ');
  const isLarge = `count(*) > ${MOST_GROUPED} OR ${size === '' ? '0' : size} > ${MOST_GROUPED_BYTES}`;
  const told = quote(`${TOO_LARGE}A group has more than “${name}” can hold; filter before it, or group by more.`);
  const cells = `(CASE WHEN ${isLarge} THEN error(${told}) ELSE ${hostCall(host, lists, scope.hosts)} END)`;
  return columns.map(({ type }, index) => unpacked(`${cells}[${index + 1}]`, type));
}

/** A cell that stands as text in a list. */
export function unpacked(sql: string, type: ScalarType): string {
  const held = DUCK_TYPES[type];
  if (type === 'string') return `coalesce(${sql}, '')`;
  return held === 'VARCHAR' ? sql : `CAST(${sql} AS ${held})`;
}
