import { expect, test } from 'vitest';
import { nearestName } from './nearest.ts';

const NAMES = ['length', 'startsWith', 'endsWith', 'stringContains', 'where'];

test.each([
  ['lenght', 'length'],
  ['startwith', 'startsWith'],
  ['STARTSWITH', 'startsWith'],
  ['wehre', 'where'],
  ['stringContain', 'stringContains'],
  ['foo', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%.20s → %s', (word, expected) => {
  expect(nearestName(word, NAMES)).toBe(expected);
});
