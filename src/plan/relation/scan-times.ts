/**
 * Between which times the rows of a table may lie, as far as a plan's filters over its time column tell.
 *
 *   filter TimeGenerated > ago(1d) and … ──▶ scan ⇒ at least now − 1d
 *
 * Only what narrows is read: a conjunct that compares the column with a constant. A filter counts for every table below
 * it from which the column comes unchanged; below operators that count, join or cut nothing is taken down. What is
 * not understood leaves the time open, which only reads more.
 */
import type { Relation, Scalar, Scan } from './node.ts';

/** Ticks since 1970, both inclusive. */
export interface TimeRange {
  readonly from?: bigint;
  readonly to?: bigint;
}

export interface ScanTimesOptions {
  /** What a table's time column is called; `undefined` where it has none. */
  readonly column: (scan: Scan) => string | undefined;
  /** A constant's value; `undefined` where it looks at rows. */
  readonly constant: (node: Scalar) => bigint | undefined;
}

/** For every scan of the plan, also those within expressions. */
export function scanTimes(relation: Relation, options: ScanTimesOptions): ReadonlyMap<Scan, TimeRange> {
  const found = new Map<Scan, TimeRange>();
  visit(relation, [], { ...options, found, shared: new Set() });
  return found;
}

interface Visit extends ScanTimesOptions {
  readonly found: Map<Scan, TimeRange>;
  /** Shared relations that were visited. No bound is taken down to them, so that once is enough, however often they are named. */
  readonly shared: Set<Relation>;
}

/** A conjunct that narrows, of a column of the relation that it stands over. */
interface Bound extends TimeRange {
  readonly column: string;
}

function visit(node: Relation, bounds: readonly Bound[], options: Visit): void {
  // Whatever stands in expressions is read by itself.
  for (const inner of innerQueries(node)) visit(inner, [], options);
  switch (node.kind) {
    case 'scan-table': {
      const column = options.column(node);
      const own = bounds.filter((bound) => bound.column === column);
      const known = options.found.get(node);
      const range = own.reduce<TimeRange>(narrower, {});
      options.found.set(node, known === undefined ? range : hull(known, range));
      return;
    }
    case 'filter':
      visit(node.input, [...bounds, ...boundsOf(node.condition, options)], options);
      return;
    case 'project': {
      const renamed = bounds.flatMap((bound) => {
        const value = node.values.find(({ name }) => name === bound.column)?.value;
        return value?.kind === 'column' ? [{ ...bound, column: value.name }] : [];
      });
      visit(node.input, renamed, options);
      return;
    }
    case 'sort':
    case 'distinct':
      visit(node.input, bounds, options);
      return;
    case 'union':
      for (const input of node.inputs) visit(input, bounds, options);
      return;
    case 'join':
      visit(node.left, [], options);
      visit(node.right, [], options);
      return;
    case 'shared':
      if (options.shared.has(node.relation)) return;
      options.shared.add(node.relation);
      visit(node.relation, [], options);
      return;
    case 'apply':
      visit(node.expand, [], options);
      visit(node.body, [], options);
      return;
    case 'partition':
      visit(node.input, [], options);
      visit(node.body, [], options);
      return;
    case 'inline':
    case 'range':
    case 'external':
    case 'group':
      return;
    default:
      visit(node.input, [], options);
  }
}

function boundsOf(condition: Scalar, options: Visit): readonly Bound[] {
  if (condition.kind !== 'call') return [];
  const { function: name, args } = condition;
  if (name === 'and') return args.flatMap((arg) => boundsOf(arg, options));
  const [left, right, high] = args;
  if (left === undefined || right === undefined) return [];
  if (name === 'between') {
    if (left.kind !== 'column' || high === undefined) return [];
    return [bound(left.name, options.constant(right), options.constant(high))];
  }
  const turned = right.kind === 'column' && left.kind !== 'column';
  const [column, value, operator] = turned ? [right, left, TURNED[name]] : [left, right, name];
  if (column.kind !== 'column' || column.type !== 'datetime' || operator === undefined) return [];
  const ticks = options.constant(value);
  if (ticks === undefined) return [];
  switch (operator) {
    case '>':
    case '>=':
      return [bound(column.name, ticks, undefined)];
    case '<':
    case '<=':
      return [bound(column.name, undefined, ticks)];
    case '==':
      return [bound(column.name, ticks, ticks)];
    default:
      return [];
  }
}

const TURNED: Readonly<Record<string, string>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==' };

function bound(column: string, from: bigint | undefined, to: bigint | undefined): Bound {
  return { column, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function narrower(a: TimeRange, b: TimeRange): TimeRange {
  return range(larger(a.from, b.from), smaller(a.to, b.to));
}

/** What holds both: open where one of them is. */
export function hull(a: TimeRange, b: TimeRange): TimeRange {
  return range(
    a.from === undefined || b.from === undefined ? undefined : smaller(a.from, b.from),
    a.to === undefined || b.to === undefined ? undefined : larger(a.to, b.to),
  );
}

function range(from: bigint | undefined, to: bigint | undefined): TimeRange {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function larger(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined ? b : b === undefined || a > b ? a : b;
}

function smaller(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined ? b : b === undefined || a < b ? a : b;
}

const RELATIONS: ReadonlySet<string> = new Set(['input', 'inputs', 'left', 'right', 'relation', 'body', 'expand']);

/** The queries within a node's own expressions. */
function innerQueries(node: Relation): readonly Relation[] {
  const found: Relation[] = [];
  for (const [name, part] of Object.entries(node)) if (!SKIPPED.has(name)) collect(part, found);
  return found;
}

/** A join's keys are called `left` and `right`, too, but stand deeper. */
const SKIPPED: ReadonlySet<string> = new Set([...RELATIONS, 'columns', 'rows', 'span', 'kind']);

function collect(value: unknown, found: Relation[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
  } else if (typeof value === 'object' && value !== null) {
    const scalar = value as Scalar;
    if (scalar.kind === 'query' || scalar.kind === 'in-query') {
      found.push(scalar.relation);
      if (scalar.kind === 'in-query') collect(scalar.operand, found);
    } else for (const part of Object.values(value)) collect(part, found);
  }
}
