import { expect, test } from 'vitest';
import { compileTerms } from './term-test.ts';

// "text" has "term" as the Kusto engine answered, and its ranges.
test.each([
  ['hello-world', 'hello', true],
  ['helloworld', 'hello', false],
  ['alpha_beta', 'alpha', true],
  ['1_2_3', '2.3', false],
  ['v1.2.3', '2.3', true],
  ['v1.2.3', '1', false],
  ['МИР привет', 'Привет', true],
  ['ПриветМир', 'привет', false],
  ['café', 'caf', false],
  ['C:\\Windows\\x', ':\\windows\\', true],
  ['aa a', 'a', true],
  ['𝒳𝒳 𝒳', '𝒳', true],
  ['𝒳y', 'y', false],
  ['anything', '', true],
  ['', '', true],
  ['', 'a', false],
])('“%s” has “%s”: %s', (text, term, expected) => {
  const { passes, ranges } = compileTerms({ kind: 'term', bounds: 'term', anyOf: [term], fold: 'unicode' });
  expect(passes(text)).toBe(expected);
  expect(ranges(text).length).toBe(expected ? 1 : 0);
});

test('a prefix or a suffix of a term, exact case, and several terms', () => {
  const passes = (bounds: 'prefix' | 'suffix', text: string, ...anyOf: string[]) =>
    compileTerms({ kind: 'term', bounds, anyOf, fold: 'none' }).passes(text);
  expect(passes('prefix', 'say hello', 'hel')).toBe(true);
  expect(passes('prefix', 'othello', 'hel')).toBe(false);
  expect(passes('suffix', 'end.', 'nd')).toBe(true);
  expect(passes('suffix', 'ending', 'nd')).toBe(false);
  expect(passes('prefix', 'Hello', 'hel')).toBe(false);
  expect(passes('suffix', 'a b', 'x', 'b')).toBe(true);
  expect(compileTerms({ kind: 'term', bounds: 'term', anyOf: ['b'], fold: 'none' }).ranges('ab b')).toEqual([[3, 4]]);
});
