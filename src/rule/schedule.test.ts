import { expect, it } from 'vitest';
import { parseInterval, parseLookBack, scheduleWindow } from './schedule.ts';

it.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
  ['0m', undefined],
  ['5', undefined],
  ['5 m', undefined],
  ['-5m', undefined],
  ['5M', undefined],
  ['9999999999m', undefined],
])('an interval of %s is %s ms', (text, ms) => {
  expect(parseInterval(text)).toBe(ms);
});

it.each([
  ['now', 0],
  ['now-9m', 540_000],
  ['now-0s', 0],
  ['now+9m', undefined],
  ['9m', undefined],
  ['now-1d/d', undefined],
])('from %s is %s ms back', (text, ms) => {
  expect(parseLookBack(text)).toBe(ms);
});

it('fills in what is left out with Elastic’s defaults', () => {
  expect(scheduleWindow({})).toEqual({ interval: 300_000, from: 360_000, to: 0 });
  expect(scheduleWindow({ interval: '1h', from: 'now-2h', to: 'now-1m' })).toEqual({
    interval: 3_600_000,
    from: 7_200_000,
    to: 60_000,
  });
});
