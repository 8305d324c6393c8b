/**
 * Rows in groups, and what aggregate functions make of a group.
 */
import type { Cell, Row } from './cell.ts';
import { rowKey } from './cell-order.ts';
import { compileScalar, emptyCell, type ScalarScope } from './evaluate-scalar.ts';
import { AGGREGATE_FUNCTIONS } from './functions/index.ts';
import type { Aggregate, NamedScalar } from './node.ts';
import { RelationRefusal } from './refusal.ts';

interface Group {
  readonly keys: readonly Cell[];
  readonly rows: Row[];
}

/** In the order in which their keys are first met. */
export function groupRows(keys: readonly NamedScalar[], scope: ScalarScope): Group[] {
  const values = keys.map(({ value }) => compileScalar(value, scope));
  const types = keys.map(({ value }) => value.type);
  const groups = new Map<string, Group>();
  for (const [at, row] of scope.rows.entries()) {
    const cells = values.map((value) => value(row, at));
    const key = rowKey(cells, types);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { keys: cells, rows: [row] });
    else known.rows.push(row);
  }
  return [...groups.values()];
}

/** All their columns, for the rows of a group. */
export function computeAggregates(
  aggregates: readonly Aggregate[],
  scope: ScalarScope,
): (rows: readonly Row[]) => readonly Cell[] {
  const compiled = aggregates.map((aggregate) => {
    const compute = Object.hasOwn(AGGREGATE_FUNCTIONS, aggregate.function)
      ? AGGREGATE_FUNCTIONS[aggregate.function]
      : undefined;
    if (compute === undefined) throw new RelationRefusal(`The aggregate “${aggregate.function}” is not supported.`);
    const signature = {
      args: aggregate.args.map(({ type }) => type),
      results: aggregate.columns.map(({ type }) => type),
    };
    return { compute, signature, args: aggregate.args.map((arg) => compileScalar(arg, scope)) };
  });
  return (rows) =>
    compiled.flatMap(({ compute, signature, args }) => {
      const cells = compute(
        rows.map((row, at) => args.map((arg) => arg(row, at))),
        signature,
      );
      return signature.results.map((type, at) => cells[at] ?? emptyCell(type));
    });
}
