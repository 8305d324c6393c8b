/**
 * `top-nested`: the greatest groups by an aggregate, within each the greatest by the next, and so on.
 */
import type { Cell, Row } from './cell.ts';
import { compareCells } from './cell-order.ts';
import { computeAggregates, groupRows } from './evaluate-groups.ts';
import { constantCell, emptyCell, type ScalarScope } from './evaluate-scalar.ts';
import type { NestedLevel, TopNested } from './node.ts';

export function evaluateTopNested(node: TopNested, scope: ScalarScope): readonly Row[] {
  return descend(node.levels, scope);
}

function descend([level, ...deeper]: readonly NestedLevel[], scope: ScalarScope): Row[] {
  if (level === undefined) return [[]];
  const compute = (rows: readonly Row[]) =>
    computeAggregates([level.by.aggregate], { ...scope, rows })(rows)[0] ?? null;
  const type = level.by.aggregate.columns[0]?.type ?? 'dynamic';
  const groups = groupRows([level.key], scope).map(({ keys, rows }) => ({
    key: keys[0] ?? null,
    rows,
    by: compute(rows),
  }));
  groups.sort((a, b) => compareBy(a.by, b.by, type) * (level.order === 'asc' ? 1 : -1));
  const count = level.count === undefined ? groups.length : Number(constantCell(level.count, scope) ?? 0);
  const made = groups
    .slice(0, count)
    .flatMap(({ key, rows, by }) => descend(deeper, { ...scope, rows }).map((row) => [key, by, ...row]));
  const rest = groups.slice(count).flatMap(({ rows }) => rows);
  if (level.others === undefined || rest.length === 0) return made;
  return [...made, [constantCell(level.others, scope), compute(rest), ...others(deeper, rest, scope)]];
}

/** Of the groups that are left over, a row at each level. */
function others(levels: readonly NestedLevel[], rows: readonly Row[], scope: ScalarScope): Cell[] {
  return levels.flatMap((level) => {
    const [type, keyType] = [level.by.aggregate.columns[0]?.type ?? 'dynamic', level.key.value.type];
    if (level.others === undefined) return [emptyCell(keyType), emptyCell(type)];
    const by = computeAggregates([level.by.aggregate], { ...scope, rows })(rows)[0] ?? null;
    return [constantCell(level.others, scope), by];
  });
}

function compareBy(a: Cell, b: Cell, type: Parameters<typeof compareCells>[2]): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return compareCells(a, b, type);
}
