/**
 * How far values of a series lie beyond what is usual in it, by Tukey's fences.
 *
 *   values ──percentiles, between two values in proportion──▶ low, high ──▶ (value − the nearer) / (high − low) × factor
 *
 * 0 from low to high. `tukey` goes by the 25th and the 75th percentile; `ctukey` by the 10th and the 90th, with a factor
 * that makes its scores like those of `tukey` for values that are distributed normally. Source: Microsoft's page on
 * `series_outliers`, the explanation of its author, and a recorded answer (https://stackoverflow.com/q/75264555), whose
 * digits these give. The factor of other percentiles is not published.
 */
import { RelationRefusal, UNKNOWN_ANSWERS } from '../refusal.ts';

export type OutlierTest = 'ctukey' | 'tukey';

const TESTS: Readonly<Record<OutlierTest, { readonly low: number; readonly high: number; readonly factor: number }>> = {
  // What the recorded scores come to; by Microsoft's formula 2.7646, from percentiles that are rounded otherwise.
  ctukey: { low: 0.1, high: 0.9, factor: 2.772605605507915 },
  tukey: { low: 0.25, high: 0.75, factor: 1 },
};

export function isOutlierTest(name: string): name is OutlierTest {
  return Object.hasOwn(TESTS, name);
}

/**
 * @param values null where there is none; it scores 0
 * @throws {RelationRefusal} for a value beyond percentiles that are the same: what Kusto makes of a division by 0 is not known
 */
export function outlierScores(values: readonly (number | null)[], test: OutlierTest): readonly number[] {
  const { low: lowest, high: highest, factor } = TESTS[test];
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [low, high] = [percentile(sorted, lowest), percentile(sorted, highest)];
  const score = (beyond: number): number => {
    if (high > low) return (beyond / (high - low)) * factor;
    throw new RelationRefusal(UNKNOWN_ANSWERS.spread);
  };
  return values.map((value) => {
    if (value === null) return 0;
    return value > high ? score(value - high) : value < low ? score(value - low) : 0;
  });
}

function percentile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
