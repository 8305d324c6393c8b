import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayOf, dueWindows } from './run-windows.ts';

const MINUTE = 60_000;
const SCHEDULE = { interval: 5 * MINUTE, from: 9 * MINUTE, to: 0 };
const HOUR = 60 * MINUTE;

describe('windows that are due', () => {
  it('run at the end of their slot, over their look-back', () => {
    const due = dueWindows(SCHEDULE, { covered: 0, now: 5 * MINUTE + 7, delay: 7, catchUp: HOUR, most: 10 });
    expect(due).toEqual({
      windows: [{ slot: 0, end: 5 * MINUTE, from: -4 * MINUTE, to: 5 * MINUTE, due: 5 * MINUTE + 7 }],
    });
    expect(
      dueWindows(SCHEDULE, { covered: 0, now: 5 * MINUTE + 6, delay: 7, catchUp: HOUR, most: 10 }).windows,
    ).toEqual([]);
  });

  it('are caught up with after a downtime, and what is too old is a gap', () => {
    const due = dueWindows(SCHEDULE, { covered: 0, now: 3 * HOUR, delay: 0, catchUp: HOUR, most: 100 });
    expect(due.gap).toEqual({ from: 0, to: 2 * HOUR });
    expect(due.windows.map(({ slot }) => slot)).toEqual(
      Array.from({ length: 12 }, (_, number) => 2 * HOUR + number * 5 * MINUTE),
    );
  });

  it('never leave out a slot, however the clock jumps between looks', () => {
    fc.assert(
      fc.property(
        fc.record({
          interval: fc.integer({ min: 1, max: 50 }).map((n) => n * 1_000),
          from: fc.integer({ min: 0, max: 100_000 }),
          steps: fc.array(fc.integer({ min: 0, max: 500_000 }), { maxLength: 30 }),
          catchUp: fc.integer({ min: 0, max: 300_000 }),
          most: fc.integer({ min: 1, max: 4 }),
        }),
        ({ interval, from, steps, catchUp, most }) => {
          let now = 10_000_000;
          let covered = Math.floor(now / interval) * interval;
          const start = covered;
          const seen: [number, number][] = [];
          for (const step of steps) {
            now += step;
            const due = dueWindows({ interval, from, to: 0 }, { covered, now, delay: 0, catchUp, most });
            if (due.gap !== undefined) seen.push([due.gap.from, due.gap.to]);
            for (const { slot, to } of due.windows) seen.push([slot, to]);
            covered = seen.at(-1)?.[1] ?? covered;
          }
          let end = start;
          for (const [from_, to] of seen) {
            expect(from_).toBe(end);
            end = to;
          }
          // What is left is not due, or waits for the next look.
          expect(end).toBe(covered);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are spread over the interval, the same for a rule each time', () => {
    const delays = Array.from({ length: 50 }, (_, number) => delayOf(`rule-${number}`, 5 * MINUTE, 10_000));
    expect(new Set(delays).size).toBeGreaterThan(40);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...delays)).toBeLessThan(10_000 + MINUTE);
    expect(delayOf('rule-7', 5 * MINUTE, 10_000)).toBe(delays[7]);
  });
});
