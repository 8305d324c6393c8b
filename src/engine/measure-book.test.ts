import { expect, test } from 'vitest';
import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import { LiveMeter } from './live-measures.ts';
import type { SourceStatus } from './live-status.ts';
import { MeasureBook } from './measure-book.ts';

const NONE = { commits: [], rules: [], runs: [], openGaps: 0, queues: [], busy: 0, heapBytes: 0, storingHeapBytes: 0 };
const counters = (events: number) => ({ ...EMPTY_FUNNEL, events, unrouted: 0, rejected: 0 });
const source = (name: string, events: number): SourceStatus => ({
  name,
  kind: 'file',
  state: 'running',
  events,
  rejected: 0,
});

test('rates are those of the last seconds, as a whole and of each source', () => {
  const book = new MeasureBook();
  expect(book.rate()).toEqual({ now: 0, minute: 0 });
  for (let second = 0; second <= 90; second += 1) {
    // A hundred a second at first, ten in the last five seconds.
    const events = 100 * Math.min(second, 85) + 10 * Math.max(0, second - 85);
    book.add(counters(events), [source('a', events), source('b', 0)], NONE, second * 1_000);
  }
  expect(book.rate().now).toBe(10);
  expect(book.rate().minute).toBeCloseTo((55 * 100 + 5 * 10) / 60);
  expect(book.rate('a').now).toBe(10);
  expect(book.rate('b')).toEqual({ now: 0, minute: 0 });
  expect(book.history()).toHaveLength(60);
  expect(book.history().slice(-6)).toEqual([100, 10, 10, 10, 10, 10]);
});

test('totals of rules add up, the most matches first; silence is told', () => {
  const book = new MeasureBook();
  expect(book.silence(7)).toBe(Number.POSITIVE_INFINITY);
  const funnel = (matched: number) => ({ ...EMPTY_FUNNEL, matched, created: matched });
  for (const at of [0, 1_000]) {
    book.add(
      counters(0),
      [],
      {
        ...NONE,
        rules: [
          { id: 'a', funnel: funnel(1) },
          { id: 'b', funnel: funnel(3) },
        ],
      },
      at,
    );
  }
  expect(book.rulesByMatches()).toEqual([
    { id: 'b', funnel: funnel(6) },
    { id: 'a', funnel: funnel(2) },
  ]);
  expect(book.silence(3_500)).toBe(2_500);
});

test('a counter that began anew is no negative rate', () => {
  const book = new MeasureBook();
  book.add(counters(500), [], NONE, 0);
  book.add(counters(0), [], NONE, 10_000);
  expect(book.rate()).toEqual({ now: 0, minute: 0 });
});

test('a meter gives what came since it was asked last', () => {
  const meter = new LiveMeter();
  const run = { ruleId: 'a', slot: 0, funnel: { ...EMPTY_FUNNEL, matched: 2, created: 2 } };
  meter.committed(0.01, [run, { ...run, slot: 1 }]);
  for (let commits = 0; commits < 2_000; commits += 1) meter.committed(0.02, []);
  const taken = meter.take([{ name: 'storing', depth: 3 }], 0, 7);
  expect(taken.commits).toHaveLength(1_000);
  expect(taken.rules).toEqual([{ id: 'a', funnel: { ...EMPTY_FUNNEL, matched: 4, created: 4 } }]);
  expect(taken.queues).toEqual([{ name: 'storing', depth: 3 }]);
  expect(taken.storingHeapBytes).toBe(7);
  expect(meter.take([], 0, 0)).toMatchObject({ commits: [], rules: [], runs: [] });
});

test('runs are counted by kind and end, and what they find anew of each rule', () => {
  const [meter, book] = [new LiveMeter(), new MeasureBook()];
  const funnel = { ...EMPTY_FUNNEL, matched: 5, duplicate: 3, created: 2 };
  const fresh = { ...EMPTY_FUNNEL, matched: 2, created: 2 };
  for (const at of [0, 1_000]) {
    meter.ran('scheduled', 'succeeded', [{ id: 'a', funnel }]);
    meter.ran('fill', 'failed', [{ id: 'b', funnel: EMPTY_FUNNEL }]);
    book.add(counters(0), [], meter.take([], 4, 0), at);
  }
  expect(book.endedRuns()).toEqual([
    { kind: 'scheduled', state: 'succeeded', count: 2, funnel: addFunnels(fresh, fresh) },
    { kind: 'fill', state: 'failed', count: 2, funnel: EMPTY_FUNNEL },
  ]);
  expect(book.rulesByMatches()).toEqual([{ id: 'a', funnel: addFunnels(fresh, fresh) }]);
  expect(book.openGaps).toBe(4);
});
