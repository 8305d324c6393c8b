/**
 * Series, which are dynamic arrays of numbers: element by element, filled, filtered, and as one number.
 *
 * What is no number is null. A series of longs stays one where adding, filling and the like keep it so; whatever else is of
 * reals. Source: Microsoft's page on each function, and recorded answers (a spread is that of a
 * sample; a filter sees nothing before the first element).
 */
import type { Json } from '../../../event/json.ts';
import type { Cell } from '../cell.ts';
import { arrayOf, boolOf, realOf } from '../cell-number.ts';
import { exactReal, isLong } from '../exact-number.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { boolAt, realAt, typeAt } from './arguments.ts';

type Value = number | null;

/** Whether a result that is whole is a real, given whether an argument has reals. */
type Kind = (givenReals: boolean) => boolean;
const REALS: Kind = () => true;
const KEPT: Kind = (givenReals) => givenReals;

export const SERIES_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  series_add: pairwise((a, b) => a + b),
  series_subtract: pairwise((a, b) => a - b),
  series_multiply: pairwise((a, b) => a * b),
  series_divide: pairwise((a, b) => a / b, REALS),
  series_pow: pairwise((a, b) => a ** b, REALS),
  series_equals: pairwise((a, b) => a === b),
  series_not_equals: pairwise((a, b) => a !== b),
  series_greater: pairwise((a, b) => a > b),
  series_greater_equals: pairwise((a, b) => a >= b),
  series_less: pairwise((a, b) => a < b),
  series_less_equals: pairwise((a, b) => a <= b),
  series_abs: each(Math.abs, KEPT),
  series_acos: each(Math.acos),
  series_asin: each(Math.asin),
  series_atan: each(Math.atan),
  series_ceiling: each(Math.ceil),
  series_cos: each(Math.cos),
  series_exp: each(Math.exp),
  series_floor: each(Math.floor),
  series_log: each(Math.log),
  series_sign: each(Math.sign, KEPT),
  series_sin: each(Math.sin),
  series_tan: each(Math.tan),
  series_fill_const: (args, signature) => {
    const put = realAt(args, signature, 1);
    return filled(args, signature, 2, (values) => values.map((value) => value ?? put));
  },
  series_fill_forward: (args, signature) => filled(args, signature, 1, fillForward),
  series_fill_backward: (args, signature) =>
    filled(args, signature, 1, (values) => fillForward(values.toReversed()).toReversed()),
  series_fill_linear: (args, signature) => {
    const fillEdges = args.length > 2 ? boolAt(args, signature, 2) !== false : true;
    const constant = args.length > 3 ? realAt(args, signature, 3) : 0;
    return filled(args, signature, 1, (values) => fillLinear(values, fillEdges, constant));
  },
  series_fir: (args, signature) => filtered(args, signature),
  series_iir: ([series = null, numerators = null, denominators = null]) => {
    const [input, ahead, back] = [valuesOf(series), valuesOf(numerators), valuesOf(denominators)];
    if (input === null || ahead === null || back === null) return null;
    if (ahead.length > MOST_COEFFICIENTS || back.length > MOST_COEFFICIENTS) return null;
    const made: number[] = [];
    for (let at = 0; at < input.length; at += 1) {
      let sum = 0;
      for (const [by, factor] of ahead.entries()) sum += (factor ?? 0) * (input[at - by] ?? 0);
      for (const [by, factor] of back.entries()) if (by > 0) sum -= (factor ?? 0) * (made[at - by] ?? 0);
      made.push(sum / (back[0] ?? Number.NaN));
    }
    return jsonSeries(made, true);
  },
  series_sum: asOne((values) => values.reduce((sum, value) => sum + value, 0)),
  series_product: asOne((values) => values.reduce((product, value) => product * value, 1)),
  series_magnitude: asOne((values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))),
  series_dot_product: asOneOfTwo((a, b) => dotProduct(a, b)),
  series_cosine_similarity: asOneOfTwo(
    (a, b) => dotProduct(a, b) / (Math.sqrt(dotProduct(a, a)) * Math.sqrt(dotProduct(b, b))),
  ),
  series_pearson_correlation: asOneOfTwo((a, b) => {
    const [meanA, meanB] = [meanOf(a), meanOf(b)];
    const [fromA, fromB] = [a.map((value) => value - meanA), b.map((value) => value - meanB)];
    return dotProduct(fromA, fromB) / Math.sqrt(dotProduct(fromA, fromA) * dotProduct(fromB, fromB));
  }),
  series_stats_dynamic: ([series = null, ignoring = null], signature) => {
    const values = valuesOf(series);
    if (values === null) return null;
    const ignores = boolOf(ignoring, typeAt(signature, 1)) === true;
    const known = values.map((value) => (value === null || (ignores && !Number.isFinite(value)) ? null : value));
    const numbers = known.filter((value) => value !== null);
    if (numbers.length === 0) return null;
    const [least, most] = [Math.min, Math.max].map((pick) => numbers.reduce((a, b) => pick(a, b)));
    const mean = meanOf(numbers);
    const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const variance = numbers.length > 1 ? squares / (numbers.length - 1) : 0;
    const real = (value: number | undefined) => (value === undefined ? null : jsonNumber(value, true));
    return {
      min: real(least),
      min_idx: known.indexOf(least ?? null),
      max: real(most),
      max_idx: known.indexOf(most ?? null),
      avg: real(mean),
      stdev: real(Math.sqrt(variance)),
      variance: real(variance),
      sum: real(numbers.reduce((sum, value) => sum + value, 0)),
      len: values.length,
    };
  },
  series_fit_line_dynamic: ([series = null]) => {
    const values = valuesOf(series);
    return values === null || values.length === 0 ? null : fitLine(values.map((value) => value ?? 0));
  },
};

/** Kusto's own limit of a filter. */
const MOST_COEFFICIENTS = 1_024;

function valuesOf(cell: Cell): Value[] | null {
  return arrayOf(cell)?.map((item) => realOf(item, 'dynamic')) ?? null;
}

function hasReals(cell: Cell): boolean {
  return typeof cell === 'number' || (arrayOf(cell) ?? []).some((item) => isLong(item) === false);
}

/** What JSON has no number for is its text. */
function jsonSeries(values: readonly Value[], areReals: boolean): Json {
  return values.map((value) => (value === null ? null : jsonNumber(value, areReals)));
}

function jsonNumber(value: number, isReal: boolean): Json {
  if (!Number.isFinite(value)) return String(value);
  return isReal ? exactReal(value) : value;
}

function each(compute: (value: number) => number, kind = REALS): ScalarFunction {
  return ([cell = null]) => {
    const made = valuesOf(cell)?.map((value) => (value === null ? null : compute(value)));
    return made === undefined ? null : jsonSeries(made, kind(hasReals(cell)));
  };
}

/** One of the two may be a number instead of a series. */
function pairwise(compute: (a: number, b: number) => number | boolean, kind = KEPT): ScalarFunction {
  return (args, signature) => {
    const [a, b] = [valuesOf(args[0] ?? null), valuesOf(args[1] ?? null)];
    if (a === null && b === null) return null;
    const [one, other] = [realAt(args, signature, 0), realAt(args, signature, 1)];
    const length = a !== null && b !== null ? Math.min(a.length, b.length) : (a ?? b ?? []).length;
    const areReals = kind(hasReals(args[0] ?? null) || hasReals(args[1] ?? null));
    return Array.from({ length }, (_, at): Json => {
      const [x, y] = [a === null ? one : (a[at] ?? null), b === null ? other : (b[at] ?? null)];
      if (x === null || y === null) return null;
      const made = compute(x, y);
      return typeof made === 'boolean' ? made : jsonNumber(made, areReals);
    });
  };
}

/** Elements that are missing (null, or what an argument says) are null to `fill`. */
function filled(
  args: readonly Cell[],
  signature: Signature,
  missingAt: number,
  fill: (values: readonly Value[]) => readonly Value[],
): Json {
  const values = valuesOf(args[0] ?? null);
  const missing = args.length > missingAt ? realAt(args, signature, missingAt) : null;
  const made = values && fill(values.map((value) => (value === missing ? null : value)));
  return made === null ? null : jsonSeries(made, hasReals(args[0] ?? null));
}

function fillForward(values: readonly Value[]): Value[] {
  let last: Value = null;
  return values.map((value) => {
    if (value !== null) last = value;
    return last;
  });
}

function fillLinear(values: readonly Value[], fillEdges: boolean, constant: Value): readonly Value[] {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return values.map(() => constant);
  let next = 0;
  return values.map((value, at) => {
    if (value !== null) return value;
    if (at < first.at) return fillEdges ? first.value : null;
    if (at > last.at) return fillEdges ? last.value : null;
    while ((known[next]?.at ?? at) < at) next += 1;
    const [left, right] = [known[next - 1] ?? first, known[next] ?? last];
    return left.value + ((right.value - left.value) * (at - left.at)) / (right.at - left.at);
  });
}

function filtered(args: readonly Cell[], signature: Signature): Json {
  const [input, filter] = [valuesOf(args[0] ?? null), valuesOf(args[1] ?? null)];
  if (input === null || filter === null || filter.length > MOST_COEFFICIENTS) return null;
  const hasNegative = filter.some((factor) => (factor ?? 0) < 0);
  const normalize = args.length > 2 ? boolAt(args, signature, 2) === true : !hasNegative;
  if (normalize && hasNegative) return null;
  const scale = normalize ? filter.reduce<number>((sum, factor) => sum + (factor ?? 0), 0) : 1;
  const offset = args.length > 3 && boolAt(args, signature, 3) === true ? Math.floor(filter.length / 2) : 0;
  return jsonSeries(
    input.map((_, at) => {
      let sum = 0;
      for (const [by, factor] of filter.entries()) sum += (factor ?? 0) * (input[at - by + offset] ?? 0);
      return sum / scale;
    }),
    normalize || hasReals(args[0] ?? null) || hasReals(args[1] ?? null),
  );
}

function asOne(compute: (values: readonly number[]) => number): ScalarFunction {
  return ([cell = null]) => {
    const values = valuesOf(cell);
    return values === null || values.includes(null) ? null : compute(values.filter((value) => value !== null));
  };
}

function asOneOfTwo(compute: (a: readonly number[], b: readonly number[]) => number): ScalarFunction {
  return ([a = null, b = null]) => {
    const [x, y] = [valuesOf(a), valuesOf(b)];
    if (x === null || y === null || x.length !== y.length || x.includes(null) || y.includes(null)) return null;
    return compute(x as number[], y as number[]);
  };
}

function dotProduct(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By least squares, over the places 0, 1, 2, …. */
function fitLine(values: readonly number[]): Json {
  const [meanX, meanY] = [(values.length - 1) / 2, meanOf(values)];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [at, value] of values.entries()) {
    xx += (at - meanX) ** 2;
    xy += (at - meanX) * (value - meanY);
    yy += (value - meanY) ** 2;
  }
  const slope = xx === 0 ? 0 : xy / xx;
  const interception = meanY - slope * meanX;
  const line = values.map((_, at) => interception + slope * at);
  const rest = values.reduce((sum, value, at) => sum + (value - (line[at] ?? 0)) ** 2, 0);
  const degrees = Math.max(1, values.length - 1);
  return {
    rsquare: exactReal(yy === 0 ? 1 : 1 - rest / yy),
    slope: exactReal(slope),
    variance: exactReal(yy / degrees),
    rvariance: exactReal(rest / degrees),
    interception: exactReal(interception),
    line_fit: line.map(exactReal),
  };
}
