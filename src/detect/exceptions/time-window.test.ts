import { describe, expect, it } from 'vitest';
import type { TimeWindow } from '../exception.ts';
import { checkWindow, compileWindow } from './time-window.ts';

const weekly = (days: number[], from: string, to: string, zone = 'Europe/Berlin'): TimeWindow => ({
  kind: 'weekly',
  days,
  from,
  to,
  zone,
});
const cron = (pattern: string, lasts: string, zone = 'Europe/Berlin'): TimeWindow => ({
  kind: 'cron',
  pattern,
  lasts,
  zone,
});
const holds = (window: TimeWindow, time: string) => compileWindow(window)(Date.parse(time));

describe('a weekly window', () => {
  it.each([
    // 2026-01-05 is a Monday; Berlin is one hour ahead of UTC.
    [weekly([1], '09:00', '17:00'), '2026-01-05T08:00:00Z', true],
    [weekly([1], '09:00', '17:00'), '2026-01-05T07:59:59.999Z', false],
    [weekly([1], '09:00', '17:00'), '2026-01-05T15:59:59.999Z', true],
    [weekly([1], '09:00', '17:00'), '2026-01-05T16:00:00Z', false],
    [weekly([1], '09:00', '17:00'), '2026-01-06T08:00:00Z', false],
    [weekly([7], '22:00', '06:00'), '2026-01-05T04:59:00Z', true],
    [weekly([7], '22:00', '06:00'), '2026-01-05T05:00:00Z', false],
    [weekly([7], '22:00', '06:00'), '2026-01-04T21:00:00Z', true],
    [weekly([7], '22:00', '06:00'), '2026-01-04T04:00:00Z', false],
    [weekly([1], '00:00', '24:00'), '2026-01-05T22:59:00Z', true],
    [weekly([1], '00:00', '24:00'), '2026-01-05T23:00:00Z', false],
    [weekly([1], '12:00', '12:00'), '2026-01-06T10:59:00Z', true],
    [weekly([1], '12:00', '12:00'), '2026-01-06T11:00:00Z', false],
    [weekly([1], '09:00', '10:00', 'Asia/Kathmandu'), '2026-01-05T03:15:00Z', true],
  ])('%j at %s: %s', (window, time, expected) => expect(holds(window, time)).toBe(expected));

  it('is what the clock shows when the clock is changed', () => {
    // Berlin, 2026-03-29: 02:00 becomes 03:00 at 01:00Z. 2026-10-25: 03:00 becomes 02:00 at 01:00Z.
    const night = weekly([7], '02:00', '03:00');
    expect(['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z'].map((time) => holds(night, time))).toEqual([false, false]);
    expect(
      ['2026-10-24T23:59:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:00:00Z'].map((time) =>
        holds(night, time),
      ),
    ).toEqual([false, true, true, false]);
    const day = weekly([7], '09:00', '10:00');
    expect(holds(day, '2026-03-22T08:00:00Z')).toBe(true);
    expect(holds(day, '2026-03-29T07:00:00Z')).toBe(true);
    expect(holds(day, '2026-03-29T08:00:00Z')).toBe(false);
  });
});

describe('a cron window', () => {
  it.each([
    [cron('0 9 * * MON-FRI', '2h'), '2026-01-05T08:00:00Z', true],
    [cron('0 9 * * MON-FRI', '2h'), '2026-01-05T07:59:59.999Z', false],
    [cron('0 9 * * MON-FRI', '2h'), '2026-01-05T09:59:59.999Z', true],
    [cron('0 9 * * MON-FRI', '2h'), '2026-01-05T10:00:00Z', false],
    [cron('0 9 * * MON-FRI', '2h'), '2026-01-04T08:30:00Z', false],
    [cron('30 22 * * *', '3h'), '2026-01-06T00:29:00Z', true],
    [cron('30 22 * * *', '3h'), '2026-01-06T00:30:00Z', false],
    [cron('0 * * * *', '3h'), '2026-01-06T00:59:59Z', true],
    [cron('*/5 * * * *', '30s'), '2026-01-06T00:05:29.999Z', true],
    [cron('*/5 * * * *', '30s'), '2026-01-06T00:05:30Z', false],
    [cron('0 0 1 1 *', '1d', 'UTC'), '2026-01-01T23:00:00Z', true],
    [cron('0 9 * * *', '1h', 'UTC'), '1969-12-31T09:30:00Z', false],
    [cron('0 9 * * *', '1h', 'UTC'), '+010000-01-01T09:30:00Z', false],
  ])('%j at %s: %s', (window, time, expected) => expect(holds(window, time)).toBe(expected));

  it('lasts as long as it says through a change of the clock', () => {
    const night = cron('0 1 * * *', '2h');
    // From 00:00Z, on both days: 01:00 to 04:00 in spring, 01:00 to 02:00 (the second) in autumn, as clocks show it.
    expect(['00:00', '01:59', '02:00'].map((at) => holds(night, `2026-03-29T${at}:00Z`))).toEqual([true, true, false]);
    expect(['00:59', '01:00'].map((at) => holds(night, `2026-10-25T${at}:00Z`))).toEqual([true, false]);
    // 02:30 does not come on that day; the window begins when the clock has jumped.
    const skipped = cron('30 2 * * *', '1h');
    expect(['00:59', '01:00', '01:59', '02:00'].map((at) => holds(skipped, `2026-03-29T${at}:00Z`))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('the check of a window', () => {
  it.each([
    [weekly([], '09:00', '10:00'), 'days'],
    [weekly([0], '09:00', '10:00'), 'days'],
    [weekly([1], '9:00', '10:00'), 'from'],
    [weekly([1], '09:00', '25:00'), 'to'],
    [weekly([1], '09:00', '10:00', 'Europe/Atlantis'), 'zone'],
    [weekly([1], '09:00', '10:00', ''), 'zone'],
    [cron('0 9 * *', '1h'), 'pattern'],
    [cron('99 9 * * *', '1h'), 'pattern'],
    [cron('0 0 30 2 *', '1h'), 'pattern'],
    [cron(`${'0,'.repeat(100)}0 * * * *`, '1h'), 'pattern'],
    [cron('0 9 * * *', 'soon'), 'lasts'],
    [cron('0 9 * * *', '400d'), 'lasts'],
    [weekly([1, 7], '22:00', '24:00', 'UTC'), undefined],
    [cron('@daily', '1h'), undefined],
  ])('%j: %s', (window, key) => expect(checkWindow(window)?.key).toBe(key));
});
