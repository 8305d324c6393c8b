import { describe, expect, test } from 'vitest';
import { axisTime, dayAndTime, distance, duration, exactTime, longAge, shortAge } from './time.ts';

const now = new Date(2026, 10, 22, 14, 5, 0).getTime();
const before = (ms: number) => new Date(now - ms).toISOString();
const minutes = (count: number) => count * 60_000;

describe('ages', () => {
  test.each([
    [0, 'now', 'just now'],
    [59_999, 'now', 'just now'],
    [minutes(1), '1 min', '1 minute ago'],
    [minutes(59), '59 min', '59 minutes ago'],
    [minutes(60), '1 h', '1 hour ago'],
    [minutes(60 * 24 * 3), '3 d', '3 days ago'],
    [-30_000, 'now', 'just now'],
    [-minutes(5), 'ahead of the clock', 'ahead of this clock'],
  ])('%d ms ago', (ms, short, long) => {
    expect(shortAge(before(ms), now)).toBe(short);
    expect(longAge(before(ms), now)).toBe(long);
  });

  test('a text that is no time has no age', () => {
    expect(shortAge('soon', now)).toBe('');
    expect(longAge('soon', now)).toBe('');
    expect(exactTime('soon')).toBe('soon');
    expect(dayAndTime('soon', now)).toBe('soon');
  });
});

test('days are calendar days, not 24 hours', () => {
  expect(dayAndTime(before(minutes(3)), now)).toBe('today 14:02:00');
  expect(dayAndTime(before(minutes(60 * 15)), now)).toBe('yesterday 23:05:00');
  expect(dayAndTime(new Date(2026, 10, 18, 9, 15, 42).toISOString(), now)).toBe('18 Nov 09:15:42');
  expect(dayAndTime(new Date(2025, 0, 2, 9, 15, 42).toISOString(), now)).toBe('2 Jan 2025 09:15:42');
});

test('an axis leaves today unsaid', () => {
  expect(axisTime(before(minutes(5)), now)).toBe('14:00');
  expect(axisTime(before(minutes(60 * 23)), now)).toBe('15:05 yesterday');
});

test('the exact time keeps the text of the log', () => {
  expect(exactTime('2026-11-22T13:02:11.1234567Z')).toMatch(
    /^2026-11-2\d \d\d:\d\d:11 [+-]\d\d:\d\d \(2026-11-22T13:02:11\.1234567Z\)$/,
  );
});

test('durations', () => {
  expect([900, minutes(3), minutes(60), minutes(125), minutes(60 * 50)].map(duration)).toEqual([
    '1 s',
    '3 min',
    '1 h',
    '2 h 5 min',
    '2 d',
  ]);
});

test('distances between times', () => {
  const of = (ms: number) => distance(before(ms), before(0));
  expect([of(minutes(2)), of(-5_000), of(300), distance('soon', before(0))]).toEqual([
    '2 min before',
    '5 s after',
    'at the same time',
    '',
  ]);
});
