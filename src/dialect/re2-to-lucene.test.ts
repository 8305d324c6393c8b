import { expect, test } from 'vitest';
import { luceneOfRe2 } from './re2-to-lucene.ts';

const PLAIN = { ignoreCase: false, multiline: false, dotAll: false };

test.each([
  ['abc', '.*abc.*'],
  ['^abc$', 'abc'],
  ['^(a|b)$|c', '(a|b)|.*c.*'],
  ['(^|\\s)a', '(|.*[\t\n\f\r ])a.*'.replace('(|', '(()|')],
  ['(?i)a.', '.*[aA][^\n].*'],
  ['\\d+?', '.*[0-9]+.*'],
  ['[^\\w]"', '.*[^0-9A-Za-z_]\\".*'],
  ['a{2,3}(?:b)', '.*a{2,3}(b).*'],
  ['', '.*'],
])('%s is said as %s', (pattern, expected) => {
  expect(luceneOfRe2(pattern, PLAIN)).toEqual({ pattern: expected });
});

test.each([
  ['\\bword', 'a word boundary'],
  ['a^b', 'an anchor in the middle'],
  ['\\pL', '\\p'],
  ['[[:alpha:]]', 'a class like [:alpha:]'],
])('%s cannot be said: %s', (pattern, expected) => {
  expect(luceneOfRe2(pattern, PLAIN)).toEqual({ unsayable: expected });
});
