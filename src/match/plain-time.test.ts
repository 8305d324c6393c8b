import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { parseJson } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import { otherTime, timeForm, timesLike } from './plain-time.ts';

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const two = fc.oneof(fc.nat(31), fc.nat(99)).map((number) => String(number).padStart(2, '0'));
const iso = fc
  .tuple(
    fc.oneof(
      fc.tuple(digits(4), two, two, fc.constantFrom('T', ' ', 't'), two, two, two),
      // As another time is written.
      fc.constantFrom('T', ' ').map((between) => ['1999', '05', '17', between, '03', '04', '05']),
    ),
    fc.constantFrom('', 'Z', '.5', '.1234567Z', '.', '.12345678901', '.123456789012', '+01:00'),
  )
  .map(
    ([[year, month, day, between, hour, minute, second], rest]) =>
      `${year}-${month}-${day}${between}${hour}:${minute}:${second}${rest}`,
  );
const number = fc
  .tuple(
    fc.constantFrom(0, 8, 9, 11, 12, 14, 15, 16, 17, 18).chain(digits),
    fc.constantFrom('1', '13', '2', ''),
    fc.constantFrom('', '', '', '.5', '.123', '.123456789', '.1234567890', '.', '.5:42', ':42', '.5:'),
  )
  .map(([rest, first, last]) => `${first}${rest}${last}`);

function formOf(value: string): number {
  const bytes = Buffer.from(`{"a":${value}}`);
  return timeForm(bytes, 5, bytes.length - 1);
}

describe('forms of times', () => {
  it('has a form of its own for a text that is a time', () => {
    let plain = 0;
    const ofText = formOf('"2026-01-31 23:59:59"');
    fc.assert(
      fc.property(iso, (text) => {
        if (formOf(`"${text}"`) !== ofText) return;
        plain += 1;
        expect(parseTime(text)).toBeDefined();
      }),
      { numRuns: runs(3_000) },
    );
    expect(plain).toBeGreaterThan(0);
  });

  it('gives another time of the same form', () => {
    const forms = new Set<number>();
    const value = fc.oneof(
      iso.map((text) => `"${text}"`),
      number.map((text) => `"${text}"`),
      number.filter((text) => /^[1-9]\d*(?:\.\d+)?$/.test(text)),
    );
    fc.assert(
      fc.property(value, fc.uint8Array({ minLength: 40, maxLength: 40 }), (written, chosen) => {
        const form = formOf(written);
        if (form === 0) return;
        forms.add(form);
        const { least, most } = timesLike(Buffer.from(written));
        const bytes = least.map((byte, at) => byte + ((chosen[at] as number) % ((most[at] as number) - byte + 1)));
        expect(formOf(Buffer.from(bytes).toString())).toBe(form);
        const time = parseJson(written);
        const other = otherTime(time);
        expect(other).not.toBe(time);
        expect(typeof other).toBe(typeof time);
        // A number too large for a double is read as its text.
        const isText = written.startsWith('"');
        expect(formOf(isText ? JSON.stringify(other) : String(other))).toBe(form);
      }),
      { numRuns: runs(3_000) },
    );
    expect(forms.size).toBeGreaterThan(10);
  });

  it.each(['4294967295', '"4294967295"', '2147942487', '0', '"1"', '59', '-1768000000', '9232379236109516800'])(
    'takes %s for no time',
    (text) => expect(formOf(text)).toBe(0),
  );
});
