/**
 * How much a test of a random property tries: a little in `npm test`, where every run tries other samples, and
 * VEDETTE_EFFORT times as much in `npm run test:long`.
 */

const EFFORT = Number(process.env.VEDETTE_EFFORT ?? 1);

export function runs(count: number): number {
  return count * EFFORT;
}
