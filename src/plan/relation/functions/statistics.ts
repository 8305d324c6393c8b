/**
 * Tests of hypotheses on samples.
 *
 * Source: Microsoft's page on `welch_test`, whose example these give; the distribution is Student's, by the regularised
 * incomplete beta function.
 */
import type { ScalarFunction } from '../function.ts';
import { realAt } from './arguments.ts';
import { incompleteBeta } from './special.ts';

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
