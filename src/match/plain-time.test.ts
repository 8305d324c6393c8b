import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { parseTime } from '../event/time.ts';
import { isPlainTime } from './plain-time.ts';

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

it('what looks like a plain time is one', () => {
  let plain = 0;
  const two = fc.oneof(fc.nat(31), fc.nat(99)).map((number) => String(number).padStart(2, '0'));
  fc.assert(
    fc.property(
      fc.tuple(digits(4), two, two, fc.constantFrom('T', ' ', 't'), two, two, two),
      fc.constantFrom('', 'Z', '.5', '.1234567Z', '.', '.12345678901', '.123456789012', '+01:00'),
      ([year, month, day, between, hour, minute, second], rest) => {
        const text = `${year}-${month}-${day}${between}${hour}:${minute}:${second}${rest}`;
        const bytes = Buffer.from(`{"a":"${text}"}`);
        if (!isPlainTime(bytes, 5, bytes.length - 1)) return;
        plain += 1;
        expect(parseTime(text)).toBeDefined();
      },
    ),
    { numRuns: runs(3_000) },
  );
  expect(plain).toBeGreaterThan(0);
});
