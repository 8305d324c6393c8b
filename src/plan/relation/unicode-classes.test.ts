import { expect, test } from 'vitest';
import { checkRe2, compileRe2 } from '../re2-regex.ts';
import { unicodeClasses } from './unicode-classes.ts';

const FLAGS = { ignoreCase: false, multiline: false, dotAll: false };

test.each([
  ['\\d', '１', true],
  ['^\\w+$', 'Привет_1', true],
  ['^[\\w.]+$', 'ё.я', true],
  ['\\W', 'ё', false],
  ['\\D', '１', false],
  ['a\\sb', 'a\u00a0b', true],
  ['\\\\d', '\\d', true],
  ['\\\\d', '5', false],
  ['[]\\d]', '１', true],
  ['[^]\\d]', '１', false],
  ['[[\\d]', '１', true],
  ['[[:alpha:]\\d]', '１', true],
  ['\\Q\\d[\\E\\d', '\\d[１', true],
  ['(?i)HTTP\\.SERVER', 'http.server', true],
])('%s on %s: %s', (pattern, text, expected) => {
  expect(checkRe2(unicodeClasses(pattern))).toBeUndefined();
  expect(compileRe2(unicodeClasses(pattern), FLAGS).matches(text)).toBe(expected);
});
