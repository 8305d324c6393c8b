/**
 * The numbers of an answer, as its chart draws them: places along an axis, and a series of values over them.
 *
 *   columns, rows, hint ──which column is what──▶ points ──by series──▶ ChartData
 *
 * A row of arrays, as `make-series` gives, is as many points.
 */
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { type AnswerCell, cellText } from './answer-order.ts';

export interface ChartData {
  readonly kind: NonNullable<TableHuntAnswer['chart']>['kind'];
  readonly isTime: boolean;
  /** What stands along the axis; of times ISO 8601. */
  readonly places: readonly string[];
  /** A value for each place, null where there is none. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly title?: string;
  /** Places or series that are not drawn, since they are too many. */
  readonly left: number;
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real', 'decimal']);
const MOST_SERIES = 8;
const MOST_PLACES = {
  timechart: 5_000,
  linechart: 5_000,
  areachart: 5_000,
  columnchart: 80,
  barchart: 40,
  piechart: 12,
};

/** Nothing where the answer has no numbers to draw. */
export function chartData({ columns, rows, chart }: TableHuntAnswer): ChartData | undefined {
  if (chart === undefined || rows.length === 0) return undefined;
  const { kind, title } = chart;
  const at = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const first = (isIt: (type: string) => boolean) => columns.findIndex(({ type }) => isIt(type));
  const isOverTime = kind === 'timechart';
  const found = at(chart.x);
  const isArrays = rows.some((row) => row.some((cell) => Array.isArray(cell) && cell.length > 1 && isTimes(cell)));
  const x = found !== -1 ? found : isArrays ? timesIn(rows[0] ?? []) : axisOf(isOverTime, first);
  if (x === -1) return undefined;
  const isTime = columns[x]?.type === 'datetime' || isArrays;
  const named = (chart.y ?? []).map(at).filter((column) => column !== -1);
  const isValue = (column: number) =>
    isArrays ? Array.isArray(rows[0]?.[column]) : NUMBERS.has(columns[column]?.type ?? '');
  const values = named.length > 0 ? named : columns.map((_, column) => column).filter((c) => c !== x && isValue(c));
  if (values.length === 0) return undefined;
  const split =
    at(chart.series) !== -1
      ? [at(chart.series)]
      : columns.flatMap(({ type }, c) => (c !== x && type === 'string' ? [c] : []));
  const by = isOverTime || isArrays || chart.series !== undefined ? split : [];

  const places = new Map<string, number>();
  const series = new Map<string, Map<number, number>>();
  const put = (name: string, place: string, cell: AnswerCell | undefined) => {
    const value = cell === null || cell === undefined || cell === '' ? Number.NaN : Number(cell);
    const index = places.get(place) ?? places.size;
    places.set(place, index);
    const points = series.get(name) ?? new Map<number, number>();
    series.set(name, points);
    if (Number.isFinite(value)) points.set(index, value);
  };
  for (const row of rows) {
    const group = by.map((column) => cellText(row[column] ?? null)).join(', ');
    for (const column of values) {
      const name = [group, values.length > 1 || group === '' ? columns[column]?.name : ''].filter(Boolean).join(': ');
      const [along, cells] = [row[x], row[column]];
      if (Array.isArray(along) && Array.isArray(cells))
        for (const [index, place] of along.entries()) put(name, cellText(place), cells[index]);
      else put(name, cellText(along ?? null), cells as AnswerCell);
    }
  }
  const drawn = greatest([...series]);
  const order = [...places.keys()];
  if (isTime) order.sort();
  const shown = order.slice(0, MOST_PLACES[kind]);
  return {
    kind,
    isTime,
    places: shown,
    series: drawn.map(([name, points]) => ({
      name,
      values: shown.map((place) => points.get(places.get(place) as number) ?? null),
    })),
    ...(title === undefined ? {} : { title }),
    left: series.size - drawn.length + (order.length - shown.length),
  };
}

/** Of more series than are told apart those with the most, in the order in which the rows have them. */
function greatest<Series extends readonly [string, ReadonlyMap<number, number>]>(series: readonly Series[]): Series[] {
  if (series.length <= MOST_SERIES) return [...series];
  const sums = new Map(series.map((one) => [one, [...one[1].values()].reduce((sum, value) => sum + value, 0)]));
  const drawn = new Set([...series].sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0)).slice(0, MOST_SERIES));
  return series.filter((one) => drawn.has(one));
}

function axisOf(isOverTime: boolean, first: (isIt: (type: string) => boolean) => number): number {
  const time = first((type) => type === 'datetime');
  if (isOverTime || time === 0) return time;
  const text = first((type) => type === 'string');
  return text !== -1 ? text : 0;
}

function isTimes(cells: readonly unknown[]): boolean {
  return typeof cells[0] === 'string' && /^\d{4}-\d\d-\d\dT/.test(cells[0]);
}

function timesIn(row: readonly AnswerCell[]): number {
  return row.findIndex((cell) => Array.isArray(cell) && isTimes(cell));
}
