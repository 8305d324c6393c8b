import { expect, test } from 'vitest';
import { wildcardPattern } from './node.ts';
import { compilePhrases, wordsOf } from './phrase-test.ts';

// Expectations: Lucene's standard tokenizer (UAX 29), and Elastic's pattern analyzer for scripts.
test.each<[string, string[]]>([
  ['Python3 -m http.server 8000', ['python3', 'm', 'http.server', '8000']],
  ["it's 3.11, or 1,000.5; x.1 and a_b-c", ["it's", '3.11', 'or', '1,000.5', 'x', '1', 'and', 'a_b', 'c']],
  ['C:\\Windows\\x.dll', ['c', 'windows', 'x.dll']],
  ['...a..b.', ['a', 'b']],
  ['', []],
])('standard words of %s', (text, words) => expect(wordsOf(text, 'standard')).toEqual(words));

test.each<[string, string[]]>([
  ['[Reflection.Assembly]::Load($x)', ['reflection', 'assembly', 'load', 'x']],
  ['Invoke-WebRequest -Uri', ['invoke-webrequest', '-uri']],
  ['Straße', ['stra', 'e']],
])('words of the script %s', (text, words) => expect(wordsOf(text, 'script')).toEqual(words));

test.each<[string, string[], [number, number] | undefined]>([
  ['New-Object  System.Net.WebClient', ['new-object', 'system', 'net'], [0, 22]],
  ['a b a c', ['a', 'c'], [4, 7]],
  ['a b', ['b', 'a'], undefined],
  ['a b', ['a', 'b', 'c'], undefined],
  ['copy item', ['it*'], [5, 9]],
  ['item', [], undefined],
])('in %s the phrase %j stands at %j', (text, phrase, place) => {
  const anyOf = [phrase.map((word) => wildcardPattern(word.split(/(\*)/).map((p) => (p === '*' ? p : { text: p }))))];
  const { passes, ranges } = compilePhrases({ kind: 'phrase', split: 'script', anyOf });
  expect(passes(text)).toBe(place !== undefined);
  expect(ranges(text)).toEqual(place === undefined ? [] : [place]);
});
