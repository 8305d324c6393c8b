import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTimes, formatTime, parseTime, timeFromMs, timeFromSeconds } from './time.ts';

describe('event time', () => {
  it.each([
    ['2026-11-22T14:02:11Z', Date.UTC(2026, 10, 22, 14, 2, 11), 0],
    ['2026-11-22T14:02:11.1234567Z', Date.UTC(2026, 10, 22, 14, 2, 11, 123), 4567],
    ['2026-11-22T14:02:11.123456789Z', Date.UTC(2026, 10, 22, 14, 2, 11, 123), 4567],
    ['2026-11-22 14:02:11,5', Date.UTC(2026, 10, 22, 14, 2, 11, 500), 0],
    ['2026-11-22T14:02:11+02:00', Date.UTC(2026, 10, 22, 12, 2, 11), 0],
    ['2026-11-22T14:02:11-0530', Date.UTC(2026, 10, 22, 19, 32, 11), 0],
    ['2026-11-22', Date.UTC(2026, 10, 22), 0],
    ['0001-01-01', -62_135_596_800_000, 0],
  ])('reads %s', (text, ms, ticks) => {
    expect(parseTime(text)).toEqual({ ms, ticks });
  });

  it.each(['', 'yesterday', '2026-02-30T00:00:00Z', '2026-13-01', '2026-11-22T25:00:00Z', '1604994496'])(
    'refuses %j',
    (text) => expect(parseTime(text)).toBeUndefined(),
  );

  it('reads decimal seconds without a float in between', () => {
    expect(timeFromSeconds('1604994496.155')).toEqual({ ms: 1604994496155, ticks: 0 });
    expect(timeFromSeconds('1604994496.0000001')).toEqual({ ms: 1604994496000, ticks: 1 });
    expect(timeFromSeconds('-1')).toBeUndefined();
  });

  it('prints what it reads, and keeps order', () => {
    const time = fc.record({ ms: fc.integer({ min: 0, max: 4e12 }), ticks: fc.integer({ min: 0, max: 9_999 }) });
    fc.assert(
      fc.property(time, (value) => {
        expect(parseTime(formatTime(value))).toEqual(value);
      }),
    );
    fc.assert(
      fc.property(time, time, (a, b) => {
        const pad = (value: typeof a) => `${String(value.ms).padStart(14, '0')}${String(value.ticks).padStart(4, '0')}`;
        expect(Math.sign(compareTimes(a, b))).toBe(pad(a) < pad(b) ? -1 : pad(a) > pad(b) ? 1 : 0);
      }),
    );
  });

  it('keeps the fraction of fractional milliseconds', () => {
    expect(timeFromMs(1000.25)).toEqual({ ms: 1000, ticks: 2500 });
  });
});

describe('a plain time', () => {
  it('is read as any other is', () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
    const time = fc
      .tuple(
        fc.constantFrom('2024-02-29', '2023-02-29', '2026-12-31', '0099-01-01', '1969-07-20'),
        fc.constantFrom('T', ' ', 't'),
        fc.tuple(digits(2), digits(2), digits(2)),
        fc.constantFrom('', '.', '.1', '.1234567', '.999999999999', '.1234567890123', ',5'),
        fc.constantFrom('', 'Z'),
      )
      .map(([day, separator, clock, fraction, zone]) => `${day}${separator}${clock.join(':')}${fraction}${zone}`);
    fc.assert(
      fc.property(time, (text) => {
        // A zone of no hours sends it the other way.
        expect(parseTime(text)).toEqual(parseTime(text.replace(/Z?$/, '+00:00')));
      }),
      { numRuns: 500 },
    );
  });
});
