import { expect, test } from 'vitest';
import { callFunction } from './functions.ts';
import type { FunctionName, LiteralValue } from './node.ts';

test.each<[FunctionName, LiteralValue[], LiteralValue]>([
  ['divide', [7, 2], 3],
  ['divide-real', [7, 2], 3.5],
  ['divide-real', [1, 0], Number.POSITIVE_INFINITY],
  ['modulo', [-7, 3], -1],
  ['modulo-euclid', [-7, 3], 2],
  ['modulo-euclid', [7, -3], 1],
  ['modulo-euclid', [-7, -3], 2],
  ['modulo-euclid', [5, 0], null],
  ['add', ['9223372036854775806', 1], '9223372036854775807'],
  ['coalesce', [null, null, 'x'], 'x'],
  ['coalesce', [null], null],
  ['text', [10], '10'],
  ['text', [null], null],
  ['integer', ['3.14'], null],
  ['integer', [' 45 '], 45],
  ['integer', [-0.5], 0],
  ['integer', [true], 1],
  ['integer', [Number.POSITIVE_INFINITY], null],
  ['lower', ['ПРИВЕТ'], 'привет'],
  ['upper', ['abc'], 'ABC'],
  ['length', ['emoji😀here'], 10],
  ['concat', ['a', 1, true], 'a1true'],
  ['slice', ['😀bcd', 1, 2], 'bc'],
  ['slice', ['abc', -2], 'bc'],
  ['slice', ['abc', 5], ''],
  ['slice', ['x', -2, 5], ''],
  ['wrap', ['9223372036854775808'], '-9223372036854775808'],
  ['wrap', [5], 5],
  ['integer', ['9223372036854775808'], null],
  ['index-of', ['😀bc', 'c'], 2],
  ['index-of', ['abc', 'x'], -1],
  ['replace', ['aXbX', 'X', '--'], 'a--b--'],
  ['replace', ['ab', '', '-'], 'ab'],
])('%s(%j) = %j', (name, args, expected) => {
  expect(callFunction(name, args)).toBe(expected);
});

test('texts are bounded', () => {
  const long = 'x'.repeat(600_000);
  expect(callFunction('concat', [long, long])).toBeNull();
  expect(callFunction('replace', [long, 'x', 'xxx'])).toBeNull();
});
