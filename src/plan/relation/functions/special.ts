/**
 * The gamma, error and beta functions.
 *
 * NaN where a parameter is out of its range. Source: Microsoft's pages on each function; the incomplete beta function is
 * that of Numerical Recipes, 6.4 (a continued fraction), its inverse found by halving, the error function by its series
 * near 0 and by its continued fraction elsewhere.
 */
import type { Cell } from '../cell.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { realAt } from './arguments.ts';

export const SPECIAL_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  gamma: ofReals(([x = 0]) => (x > 0 ? gamma(x) : Number.NaN)),
  loggamma: ofReals(([x = 0]) => (x > 0 ? logGamma(x) : Number.NaN)),
  erf: ofReals(([x = 0]) => errorFunction(x)),
  erfc: ofReals(([x = 0]) => complement(x)),
  beta_cdf: ofReals(([x = 0, a = 0, b = 0]) => (isBeta(x, a, b) ? incompleteBeta(x, a, b) : Number.NaN)),
  beta_pdf: ofReals(([x = 0, a = 0, b = 0]) => {
    if (!isBeta(x, a, b) || x === 0 || x === 1) return Number.NaN;
    return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  }),
  beta_inv: ofReals(([p = 0, a = 0, b = 0]) => {
    if (!isBeta(p, a, b)) return Number.NaN;
    let [low, high] = [0, 1];
    for (let round = 0; round < 200 && high - low > Number.EPSILON * high; round += 1) {
      const middle = (low + high) / 2;
      if (incompleteBeta(middle, a, b) < p) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }),
};

function isBeta(x: number, a: number, b: number): boolean {
  return x >= 0 && x <= 1 && a > 0 && b > 0;
}

function ofReals(compute: (values: readonly number[]) => number): ScalarFunction {
  return (args: readonly Cell[], signature: Signature) => {
    const values = args.map((_, at) => realAt(args, signature, at));
    return values.some((value) => value === null || Number.isNaN(value)) ? null : compute(values as readonly number[]);
  };
}

/** Of whole numbers exactly, as far as a double holds the factorial. */
function gamma(x: number): number {
  if (!Number.isInteger(x) || x > 171) return Math.exp(logGamma(x));
  let product = 1;
  for (let factor = 2; factor < x; factor += 1) product *= factor;
  return product;
}

function errorFunction(x: number): number {
  if (Math.abs(x) > 2) return Math.sign(x) * (1 - complement(Math.abs(x)));
  let [term, sum] = [x, x];
  for (let n = 1; n < 200 && Math.abs(term) > Number.EPSILON * Math.abs(sum) * 0.01; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** What the error function lacks to 1, also where that is tiny. */
function complement(x: number): number {
  if (x < 2) return 1 - errorFunction(x);
  let fraction = 0;
  for (let n = 200; n > 0; n -= 1) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  // The fraction converges fast on this side; the other is what is left.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

const MOST_TERMS = 1_000;
const TINY = 1e-300;

/** By Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) break;
  }
  return result;
}

/** Lanczos' approximation, g = 7; to 15 digits for arguments above 0. */
function logGamma(x: number): number {
  const [first = 0, ...rest] = LANCZOS;
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const sum = rest.reduce((total, factor, at) => total + factor / (x + at), first);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
