import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { LONGEST_VALUE } from './line-values.ts';
import { LineWalk } from './line-walk.ts';

const value = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', 'a', 'ab', 'abc', 'abcd', 'C:\\Windows\\System32\\cmd.exe', 'C:\\Windows\\System32\\cmd.exf'),
  fc.integer({ min: 1, max: LONGEST_VALUE + 20 }).map((length) => 'x'.repeat(length)),
);

it('numbers values by their bytes, wherever they stand', () => {
  const { bytes, values } = new LineWalk();
  const numbers = new Map<string, number>();
  fc.assert(
    fc.property(value, fc.nat(40), fc.nat(255), (text, place, around) => {
      bytes.fill(around, 0, 1_000);
      const own = Buffer.from(text);
      bytes.set(own, place);
      const known = numbers.get(text);
      expect(values.find(place, place + own.length)).toBe(known ?? -1);
      if (known !== undefined) return;
      const number = values.add(place, place + own.length);
      if (own.length > LONGEST_VALUE) expect(number).toBe(-1);
      else numbers.set(text, number);
      if (number !== -1) expect(new Set(numbers.values()).size).toBe(numbers.size);
    }),
    { numRuns: runs(500) },
  );
});

it('forgets them all where there is no room, and numbers anew', () => {
  const { bytes, values } = new LineWalk();
  const add = (number: number) => {
    bytes.set(Buffer.from(String(number).padStart(500)), 0);
    expect(values.find(0, 500)).toBe(-1);
    return values.add(0, 500);
  };
  let added = 0;
  for (; values.generation === 0; added += 1) add(added);
  expect(added).toBeGreaterThan(1_000);
  expect(add(added)).toBe(1);
  expect(values.find(0, 500)).toBe(1);
});
