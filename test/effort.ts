/**
 * How much a test tries. Of a random property, or of other people's rules, `npm test` tries a part; `npm run test:long`
 * tries VEDETTE_EFFORT times as many samples, and every rule. Less than one is a share.
 */

const EFFORT = Number(process.env.VEDETTE_EFFORT ?? 1);

/** In `npm test`, where every run tries other samples; VEDETTE_EFFORT times as many otherwise. */
export function runs(count: number): number {
  return Math.ceil(count * EFFORT);
}

export interface Sampling {
  /** The test's name; the summary of `npm test` tells by its end that it tries a part. */
  name(test: string): string;
  of<T>(items: readonly T[]): readonly T[];
}

/** Every so many of a list whose order is fixed, and all of it in the long test. */
export function oneIn(count: number): Sampling {
  if (EFFORT > 1) return { name: (test) => test, of: (items) => items };
  return { name: (test) => `${test} (one in ${count})`, of: (items) => items.filter((_, at) => at % count === 0) };
}
