import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { LineWalk } from './line-walk.ts';

const value = fc.uint8Array({ minLength: 1, maxLength: 40 });

it('tells whether all members have each of their bytes within its range', () => {
  const { bytes, starts, ends, ranges } = new LineWalk();
  const told = new Set<boolean>();
  const member = fc.record({ value, before: fc.nat(20), below: value, above: value, isLonger: fc.boolean() });
  fc.assert(
    fc.property(fc.array(member, { maxLength: 4 }), fc.nat(50), (members, odd) => {
      let at = 0;
      const within = members.map((one, number) => {
        at += one.before;
        starts[number] = at;
        bytes.set(one.value, at);
        at += one.value.length;
        ends[number] = at;
        const isOdd = odd === number;
        const own = isOdd && one.isLonger ? Uint8Array.of(...one.value, 0) : one.value;
        const least = own.map((byte, place) => Math.max(0, byte - (one.below[place] ?? 0)));
        const most = own.map((byte, place) => Math.min(255, byte + (one.above[place] ?? 0)));
        const place = one.before % own.length;
        if (isOdd && !one.isLonger) [least[place], most[place]] = [(own[place] as number) + 1, 255];
        return { member: number, least, most };
      });
      bytes.fill(odd, at, at + 64);
      const isWithin = within.every(({ least, most }, number) => {
        const held = bytes.subarray(starts[number], ends[number]);
        const isIn = (byte: number, place: number) =>
          byte >= (least[place] as number) && byte <= (most[place] as number);
        return held.length === least.length && held.every(isIn);
      });
      told.add(isWithin);
      const record = ranges.add(within, 1);
      expect(ranges.holds(record)).toBe(isWithin);
      // Of values that may go on, the last byte is no more than one that may be left out.
      const least = within.map((one) => ({ ...one, least: one.least.subarray(0, -1), most: one.most.subarray(0, -1) }));
      const isBegun = least.every(({ least, most }, number) =>
        least.every((byte, place) => {
          const held = bytes[(starts[number] as number) + place] as number;
          return held >= byte && held <= (most[place] as number);
        }),
      );
      const beginning = ranges.add(
        least.filter(({ least }) => least.length > 0).map((one) => ({ ...one, isBeginning: true })),
        2,
        record,
      );
      expect(ranges.first(beginning)).toBe(isBegun ? 2 : isWithin ? 1 : 0);
    }),
    { numRuns: runs(500) },
  );
  expect(told.size).toBe(2);
});

it('keeps no long record, and forgets all where there is no room', () => {
  const { ranges } = new LineWalk();
  const held = new Uint8Array(1_000);
  const like = (count: number) => Array.from({ length: count }, () => ({ member: 0, least: held, most: held }));
  expect(ranges.add(like(3))).toBe(-1);
  const { book } = ranges;
  const first = ranges.add(like(1));
  while (ranges.book === book) ranges.add(like(1));
  expect(ranges.add([])).toBeGreaterThan(first);
});
