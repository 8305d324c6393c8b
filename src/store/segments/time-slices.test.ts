import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slicesOf } from './time-slices.ts';

describe('slices of time', () => {
  it('adjoin, in the order, and cover what is asked for', () => {
    const segment = fc
      .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(60), fc.integer({ min: 1, max: 9_999 }))
      .map(([minMs, span, rows]) => ({ minMs, maxMs: minMs + span, rows }));
    const filter = fc.record(
      {
        from: fc.integer({ min: -60, max: 60 }),
        to: fc.double({ min: -60, max: 60, noNaN: true }),
        category: fc.constant('a'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 5 }),
        filter,
        fc.constantFrom('newest' as const, 'oldest' as const),
        fc.integer({ min: 1, max: 500 }),
        (segments, asked, order, limit) => {
          const slices = [...slicesOf(segments, asked, {}, order, limit)];
          const inOrder = order === 'oldest' ? slices : slices.toReversed();
          for (const [at, { from, to }] of inOrder.entries()) {
            expect(from).toBeLessThan(to);
            if (at > 0) expect(from).toBe(inOrder[at - 1]?.to);
          }
          for (let ms = -60; ms <= 120; ms += 1) {
            const isAsked = segments.some(({ minMs, maxMs }) => minMs <= ms && ms <= maxMs);
            if (!isAsked || ms < (asked.from ?? -60) || !(ms < (asked.to ?? 121))) continue;
            expect(slices.some(({ from, to }) => from <= ms && ms < to)).toBe(true);
          }
          expect(slices.length).toBeLessThanOrEqual(4);
        },
      ),
      { numRuns: 200 },
    );
  });
});
