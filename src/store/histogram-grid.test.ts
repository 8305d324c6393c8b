import fc from 'fast-check';
import { expect, it } from 'vitest';
import { histogramGrid } from './histogram-grid.ts';

const time = fc.integer({ min: -8.64e15, max: 8.64e15 });

it('covers the range with round bars, at most as many as asked for', () => {
  fc.assert(
    fc.property(time, time, fc.integer({ min: 2, max: 500 }), (a, b, buckets) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const { start, width, count } = histogramGrid(from, to, buckets);
      expect(start).toBeLessThanOrEqual(from);
      expect(from - start).toBeLessThan(width);
      expect(start + count * width).toBeGreaterThanOrEqual(to);
      expect(Math.abs(start % width)).toBe(0);
      expect(count).toBeLessThanOrEqual(buckets);
    }),
  );
});

it.each([
  [3_600_000, 60, 60_000],
  [3_600_000, 59, 120_000],
  [30 * 86_400_000, 60, 43_200_000],
  [1, 60, 1_000],
])('%d ms in at most %d bars: %d ms each', (span, buckets, width) => {
  expect(histogramGrid(0, span, buckets).width).toBe(width);
});
