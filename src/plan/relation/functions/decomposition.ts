/**
 * A series as what returns with a period, what goes on, and the rest.
 *
 *   series ──median of each phase──▶ seasonal ──mean or line of what is left──▶ trend ──▶ baseline = both, residual = the rest
 *
 * The last points may be kept out of what is learnt; anomalies are outliers among all residuals. Source: Microsoft's pages on
 * `series_seasonal`, `series_decompose`, `series_decompose_forecast` and `series_decompose_anomalies`, whose examples with a given period these give; a period is never looked for here. Null where
 * an element is no number, or a phase has no point to learn from.
 */
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf, realOf } from '../cell-number.ts';
import { exactReal } from '../exact-number.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { countAt, realAt, textAt } from './arguments.ts';
import { isOutlierTest, outlierScores } from './outliers.ts';

export const DECOMPOSITION_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  series_seasonal: (args, signature) => {
    const values = numbersOf(args[0] ?? null);
    return values === undefined ? null : reals(seasonalOf(values, values.length, periodAt(args, signature, 1)));
  },
  series_decompose: (args, signature) => {
    const values = numbersOf(args[0] ?? null);
    const parts = values && decomposed(values, args, signature, 1, countAt(args, signature, 3) ?? 0);
    if (parts === undefined) return null;
    const { baseline, seasonal, trend, residual } = parts;
    return { baseline: reals(baseline), seasonal: reals(seasonal), trend: reals(trend), residual: reals(residual) };
  },
  series_decompose_forecast: (args, signature) => {
    const values = numbersOf(args[0] ?? null);
    const parts = values && decomposed(values, args, signature, 2, countAt(args, signature, 1) ?? 0);
    return parts === undefined ? null : { forecast: reals(parts.baseline) };
  },
  series_decompose_anomalies: (args, signature) => {
    const values = numbersOf(args[0] ?? null);
    const threshold = args.length > 1 ? realAt(args, signature, 1) : MILD;
    const test = args.length > 5 ? textAt(args, signature, 5) : 'ctukey';
    const parts = values && decomposed(values, args, signature, 2, countAt(args, signature, 4) ?? 0);
    if (parts === undefined || threshold === null || !isOutlierTest(test)) return null;
    const scores = outlierScores(parts.residual, test);
    const flags = scores.map((score) => (Math.abs(score) > threshold ? Math.sign(score) : 0));
    return { ad_flag: flags, ad_score: reals(scores), baseline: reals(parts.baseline) };
  },
  series_outliers: (args, signature) => {
    const values = arrayOf(args[0] ?? null)?.map((item) => realOf(item, 'dynamic'));
    const test = args.length > 1 ? textAt(args, signature, 1) : 'ctukey';
    const ignored = args.length > 2 ? realAt(args, signature, 2) : null;
    if (values === undefined || !isOutlierTest(test)) return null;
    const known = values.map((value) => (value === ignored || !Number.isFinite(value) ? null : value));
    return reals(outlierScores(known, test));
  },
};

/** Of a score: what lies beyond is a mild anomaly. */
const MILD = 1.5;

interface Parts {
  readonly baseline: number[];
  readonly seasonal: number[];
  readonly trend: number[];
  readonly residual: number[];
}

/** @param at the place of the period among the arguments, before that of the trend */
function decomposed(
  values: readonly number[],
  args: readonly Cell[],
  signature: Signature,
  at: number,
  testPoints: number,
): Parts | undefined {
  const learnt = values.length - Math.max(0, testPoints);
  const seasonal = seasonalOf(values, learnt, periodAt(args, signature, at));
  const kind = args.length > at + 1 ? textAt(args, signature, at + 1) : 'avg';
  if (seasonal === undefined || learnt < 1) return undefined;
  const line = lineOf(
    values.slice(0, learnt).map((value, place) => value - (seasonal[place] ?? 0)),
    kind,
  );
  if (line === undefined) return undefined;
  const trend = values.map((_, place) => line.interception + line.slope * place);
  const baseline = trend.map((value, place) => value + (seasonal[place] ?? 0));
  return { baseline, seasonal, trend, residual: values.map((value, place) => value - (baseline[place] ?? 0)) };
}

function lineOf(values: readonly number[], kind: string): { interception: number; slope: number } | undefined {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  switch (kind) {
    case 'none':
      return { interception: 0, slope: 0 };
    case 'avg':
      return { interception: mean, slope: 0 };
    case 'linefit': {
      const middle = (values.length - 1) / 2;
      let [xx, xy] = [0, 0];
      for (const [place, value] of values.entries()) {
        xx += (place - middle) ** 2;
        xy += (place - middle) * (value - mean);
      }
      const slope = xx === 0 ? 0 : xy / xx;
      return { interception: mean - slope * middle, slope };
    }
    default:
      return undefined;
  }
}

/** The median of the learnt points of each phase; zeros without a period. */
function seasonalOf(values: readonly number[], learnt: number, period: number): number[] | undefined {
  if (period < 1) return values.map(() => 0);
  const phases = Array.from({ length: Math.min(period, values.length) }, (_, phase) => {
    const points: number[] = [];
    for (let place = phase; place < learnt; place += period) points.push(values[place] ?? 0);
    return medianOf(points);
  });
  if (phases.some((median) => median === undefined)) return undefined;
  return values.map((_, place) => phases[place % period] ?? 0);
}

function medianOf(points: readonly number[]): number | undefined {
  const sorted = points.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function reals(values: readonly number[] | undefined): Json {
  return values?.map(exactReal) ?? null;
}

function periodAt(args: readonly Cell[], signature: Signature, at: number): number {
  return args.length > at ? (countAt(args, signature, at) ?? 0) : 0;
}

function numbersOf(cell: Cell): readonly number[] | undefined {
  const numbers = arrayOf(cell)?.map((item: Json) => realOf(item, 'dynamic'));
  return numbers === undefined || numbers.some((value) => value === null || !Number.isFinite(value))
    ? undefined
    : (numbers as number[]);
}
