/**
 * Tests of hypotheses on samples.
 *
 * Source: Microsoft's page on `welch_test`, whose example these give; the distribution is Student's, by the regularised
 * incomplete beta function (Numerical Recipes, 6.4: a continued fraction).
 */
import type { ScalarFunction } from '../function.ts';
import { realAt } from './arguments.ts';

export const STATISTICS_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  welch_test: (args, signature) => {
    const numbers = [0, 1, 2, 3, 4, 5].map((at) => realAt(args, signature, at));
    if (numbers.some((value) => value === null || !Number.isFinite(value))) return null;
    return welchTest(numbers as [number, number, number, number, number, number]);
  },
};

/** How probable it is, both ways, that samples of one mean differ so much; null of samples without spread, or of fewer than two. */
function welchTest([mean1, variance1, count1, mean2, variance2, count2]: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
]): number | null {
  const [part1, part2] = [variance1 / count1, variance2 / count2];
  if (count1 < 2 || count2 < 2 || !(part1 + part2 > 0)) return null;
  const square = (mean1 - mean2) ** 2 / (part1 + part2);
  const degrees = (part1 + part2) ** 2 / (part1 ** 2 / (count1 - 1) + part2 ** 2 / (count2 - 1));
  return incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5);
}

function incompleteBeta(x: number, a: number, b: number): number {
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
