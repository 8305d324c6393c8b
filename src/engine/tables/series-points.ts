/**
 * `make-series` in two steps: DuckDB aggregates the rows of each point, and only the points are laid out here.
 *
 *   rows ──summarize by keys and point──▶ a row for each point that has any ──make-series over them──▶ arrays
 *
 * Rows outside the axis count for one point that is null, so that their keys still give a series.
 */
import type { ScalarType } from '../../plan/relation/cell.ts';
import type { MakeSeries, NamedScalar, Relation, Scalar, Summarize } from '../../plan/relation/node.ts';

const POINT = '#point';

export interface SeriesPoints {
  /** A row for each point of each series. */
  readonly points: Relation;
  /** The series over those rows. */
  readonly laidOut: (rows: Relation) => MakeSeries;
}

/** `undefined` where points are not whole numbers or ticks, or a key is named as ours are: then the series is made of the rows themselves. */
export function seriesPoints(node: MakeSeries): SeriesPoints | undefined {
  const { type } = node.axis.value;
  if (type !== 'long' && type !== 'int' && type !== 'datetime' && type !== 'timespan') return undefined;
  if (node.step.type === 'real') return undefined;
  // Such names are ours.
  if (node.keys.some(({ name }) => name.startsWith('#'))) return undefined;
  const keys: readonly NamedScalar[] = [...node.keys, { name: POINT, value: pointOf(node, type) }];
  const aggregates = node.values.map(({ aggregate }, index) => ({
    ...aggregate,
    columns: aggregate.columns.map((column) => ({ ...column, name: `#value ${index}` })),
  }));
  const columns = [
    ...keys.map(({ name, value }) => ({ name, type: value.type })),
    ...aggregates.flatMap((aggregate) => aggregate.columns),
  ];
  const points: Summarize = { kind: 'summarize', input: node.input, keys, aggregates, columns, span: node.span };
  const column = (name: string, of: ScalarType): Scalar => ({ kind: 'column', name, type: of, span: node.span });
  return {
    points,
    laidOut: (rows) => ({
      ...node,
      input: rows,
      keys: node.keys.map(({ name, value }) => ({ name, value: column(name, value.type) })),
      axis: { name: node.axis.name, value: column(POINT, type) },
      values: node.values.map(({ aggregate, empty }, index) => {
        const of = aggregate.columns[0]?.type ?? 'dynamic';
        return { aggregate: { ...aggregate, function: 'take_any', args: [column(`#value ${index}`, of)] }, empty };
      }),
    }),
  };
}

/** The start of the step in which a row stands, null outside the axis. */
function pointOf({ axis: { value }, from, to, step, span }: MakeSeries, type: ScalarType): Scalar {
  const call = (name: string, args: readonly Scalar[], result: ScalarType): Scalar => ({
    kind: 'call',
    function: name,
    args,
    type: result,
    nameSpan: span,
    span,
  });
  const distance = type === 'datetime' ? 'timespan' : type;
  const point =
    from === undefined
      ? call('bin', [value, step], type)
      : call('+', [from, call('bin', [call('-', [value, from], distance), step], distance)], type);
  const bounds = [
    ...(from === undefined ? [] : [call('>=', [value, from], 'bool')]),
    ...(to === undefined ? [] : [call('<', [value, to], 'bool')]),
  ];
  if (bounds.length === 0) return point;
  const nothing: Scalar = { kind: 'constant', type, value: null, span };
  return call('iff', [call('and', bounds, 'bool'), point, nothing], type);
}
