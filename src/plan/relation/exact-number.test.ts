import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { bagOf, jsonOf, longOf, realOf } from './cell-number.ts';
import { jsonKey } from './cell-order.ts';
import { jsonText } from './cell-text.ts';
import { dynamicText, exactText, parseDynamic, plainJson } from './exact-number.ts';

test.each([
  ['5', '5'],
  ['5.0', '5.0'],
  ['-0.50', '-0.5'],
  ['1e3', '1000.0'],
  ['9223372036854775807', '9223372036854775807'],
  ['9223372036854775808', '9223372036854775808'],
  ['[1.0,{"a":2.0}]', '[1.0,{"a":2.0}]'],
  ['"5.0"', '"5.0"'],
  [' [ 1.00 ,-2e0,[3.0]] ', '[1.0,-2.0,[3.0]]'],
  ['{"a":1.50,"b":-9007199254740993}', '{"a":1.5,"b":-9007199254740993}'],
  ['{"5.0":"1e3"}', '{"5.0":"1e3"}'],
])('%s is written as %s', (text, written) => {
  const value = parseDynamic(text);
  expect(jsonText(value)).toBe(written);
  expect(jsonText(parseDynamic(dynamicText(value)))).toBe(written);
});

test('an exact number is no bag, and a text that looks like one none either', () => {
  expect(bagOf(parseDynamic('5.0'))).toBeNull();
  expect(exactText({ '\u0000number': '5.0", "x": "y' })).toBeUndefined();
  expect(dynamicText({ a: '{"\\u0000number":"5.0"}' })).toBe(JSON.stringify({ a: '{"\\u0000number":"5.0"}' }));
});

test('longs and reals go into dynamic values and come back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.double({ noNaN: true }), (long, real) => {
      const [ofLong, ofReal] = [jsonOf(long, 'long'), jsonOf(real, 'real')];
      const back = parseDynamic(dynamicText([ofLong, ofReal])) as readonly [never, never];
      expect(longOf(back[0], 'dynamic')).toBe(long);
      expect(realOf(back[1], 'dynamic')).toBe(real);
      expect(jsonKey(back)).toBe(jsonKey([ofLong, ofReal]));
      expect(plainJson(ofReal)).toBe(Number.isFinite(real) ? real : String(real));
    }),
    { numRuns: runs(200) },
  );
});
