/**
 * `make-series`: for each key, an aggregate for each point of an axis that goes on in equal steps.
 *
 * Without a start or an end, a series goes from the first to the last of its own points that have rows (multiples of the
 * step). Source: Microsoft's page on the operator, and recorded answers.
 */
import type { Json } from '../../event/json.ts';
import type { Cell, Row, ScalarType } from './cell.ts';
import { convertCell, jsonOf } from './cell-number.ts';
import { computeAggregates, groupRows } from './evaluate-groups.ts';
import { compileScalar, constantCell, type ScalarScope } from './evaluate-scalar.ts';
import type { MakeSeries, Scalar } from './node.ts';
import { RelationRefusal } from './refusal.ts';
import { FIRST_TICK, floorDivide } from './time-text.ts';

/** Kusto's own limit of an array. */
const MOST_POINTS = 1_048_576;
/** Of all series together, for each row that an operator may give: some 300 MB where that is a million. */
const VALUES_TO_ROWS = 20;

/** The points as numbers of steps, and back. */
interface Axis {
  readonly indexOf: (cell: Cell) => number | null;
  readonly cellAt: (index: number) => Cell;
}

export function evaluateSeries(node: MakeSeries, scope: ScalarScope): readonly Row[] {
  const { type } = node.axis.value;
  const constant = (scalar: Scalar | undefined, to: ScalarType): Cell =>
    scalar === undefined ? null : convertCell(constantCell(scalar, scope), scalar.type, to);
  const [from, to] = [constant(node.from, type), constant(node.to, type)];
  const axis = axisOf(type, from, constant(node.step, type === 'datetime' ? 'timespan' : type));
  if (axis === undefined) return [];
  const placeOf = compileScalar(node.axis.value, scope);
  const compute = computeAggregates(
    node.values.map(({ aggregate }) => aggregate),
    scope,
  );
  const types = node.values.map(({ aggregate }) => aggregate.columns[0]?.type ?? 'dynamic');
  const mostValues = scope.mostRows * VALUES_TO_ROWS;
  let values = 0;
  const groups = groupRows(node.keys, scope);
  if (groups.length === 0 && node.isNeverEmpty === true) groups.push({ keys: [], rows: [] });
  return groups.flatMap(({ keys, rows }) => {
    scope.check?.();
    const points = new Map<number, Row[]>();
    for (const [at, row] of rows.entries()) {
      const cell = placeOf(row, at);
      const index = isOutside(cell, from, to) ? null : axis.indexOf(cell);
      if (index === null) continue;
      const known = points.get(index);
      if (known === undefined) points.set(index, [row]);
      else known.push(row);
    }
    const indexes = [...points.keys()];
    if (indexes.length === 0 && (from === null || to === null)) return [];
    const first = from === null ? least(indexes) : 0;
    const end = to === null ? greatest(indexes) + 1 : endOf(axis, to);
    if (end - first > MOST_POINTS) throw new RelationRefusal(`“make-series” gives more than ${MOST_POINTS} points.`);
    values += Math.max(0, end - first) * (node.values.length + 1);
    if (values > mostValues)
      throw new RelationRefusal(
        `“make-series” gives more than ${mostValues} values; take a wider step, or fewer series.`,
      );
    const series: Json[][] = node.values.map(() => []);
    const places: Json[] = [];
    for (let index = first; index < end; index += 1) {
      const cells = points.has(index) ? compute(points.get(index) ?? []) : undefined;
      for (const [at, { empty }] of node.values.entries()) {
        series[at]?.push(jsonOf(cells === undefined ? empty : (cells[at] ?? null), types[at] ?? 'dynamic'));
      }
      places.push(jsonOf(axis.cellAt(index), type));
    }
    return [[...keys, ...series, places]];
  });
}

function axisOf(type: ScalarType, from: Cell, step: Cell): Axis | undefined {
  if (typeof step === 'bigint' && step > 0n) {
    const origin = typeof from === 'bigint' ? from : type === 'datetime' ? FIRST_TICK : 0n;
    return {
      indexOf: (cell) => (typeof cell === 'bigint' ? Number(floorDivide(cell - origin, step)) : null),
      cellAt: (index) => origin + BigInt(index) * step,
    };
  }
  if (typeof step !== 'number' || !(step > 0)) return undefined;
  const origin = typeof from === 'number' ? from : 0;
  return {
    indexOf: (cell) => (typeof cell === 'number' && Number.isFinite(cell) ? Math.floor((cell - origin) / step) : null),
    cellAt: (index) => origin + index * step,
  };
}

function isOutside(cell: Cell, from: Cell, to: Cell): boolean {
  if (typeof cell !== 'bigint' && typeof cell !== 'number') return true;
  return (from !== null && cell < (from as bigint)) || (to !== null && cell >= (to as bigint));
}

/** The number of points before the end. */
function endOf(axis: Axis, to: Cell): number {
  const index = axis.indexOf(to) ?? 0;
  return axis.cellAt(index) === to ? index : index + 1;
}

function least(indexes: readonly number[]): number {
  return indexes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function greatest(indexes: readonly number[]): number {
  return indexes.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
