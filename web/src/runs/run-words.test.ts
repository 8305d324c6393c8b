import { expect, test } from 'vitest';
import { floodsOf, funnelWords, progressOf, runsHeadline } from './run-words.ts';

const none = { matched: 0, excepted: 0, suppressed: 0, duplicate: 0, capped: 0, created: 0 };

test('a funnel leaves out what is none', () => {
  expect(funnelWords(none)).toBe('nothing matched');
  expect(funnelWords({ ...none, matched: 1_007, excepted: 2, capped: 5, created: 1_000 })).toBe(
    '1,007 matched: 2 excepted, 5 capped',
  );
  expect(funnelWords({ ...none, matched: 2, duplicate: 2 })).toBe('2 matched: 2 duplicate, none created');
});

test('the headline says first what was not looked at', () => {
  expect(runsHeadline(undefined, 0, false)).toBe('Runs');
  expect(runsHeadline(0, 0, false)).toBe('Every rule has looked at everything');
  expect(runsHeadline(0, 0, true)).toBe('A run is under way');
  expect(runsHeadline(1, 0, true)).toBe('1 range of time was not looked at');
  expect(runsHeadline(3, 2, false)).toBe('3 ranges of time were not looked at, 2 rules flood');
});

test('slots of one rule that were capped are one flood, the largest first', () => {
  const slot = (id: string, minute: number, capped: number) => ({
    rule: { id },
    from: `2026-03-01T10:0${minute}:00Z`,
    to: `2026-03-01T10:0${minute + 1}:00Z`,
    funnel: { ...none, matched: capped, capped },
  });
  expect(floodsOf([slot('a', 5, 1), slot('b', 4, 9), slot('a', 2, 3), slot('c', 1, 0)])).toEqual([
    { rule: { id: 'b' }, slots: 1, capped: 9, from: '2026-03-01T10:04:00Z', to: '2026-03-01T10:05:00Z' },
    { rule: { id: 'a' }, slots: 2, capped: 4, from: '2026-03-01T10:02:00Z', to: '2026-03-01T10:06:00Z' },
  ]);
});

test('progress is that of event time, and never leaves its bar', () => {
  const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-01T04:00:00Z' };
  expect(progressOf({ ...range, at: '2026-03-01T01:00:00Z' })).toBe(0.25);
  expect(progressOf({ ...range, at: '2026-02-28T01:00:00Z' })).toBe(0);
  expect(progressOf({ ...range, at: '2027-02-28T01:00:00Z' })).toBe(1);
});
