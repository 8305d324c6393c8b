import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitShellWords } from './shell-words.ts';

describe('the words of a shell’s command', () => {
  it.each([
    ['python3 -m http.server 8000', ['python3', '-m', 'http.server', '8000']],
    ["  python3\t-m 'http.server' ", ['python3', '-m', 'http.server']],
    ['python3 -d "/srv/my files" -b"127.0.0.1"', ['python3', '-d', '/srv/my files', '-b127.0.0.1']],
    ['a\\ b c\\"d', ['a b', 'c"d']],
    ["'a;b' '$x'", ['a;b', '$x']],
    ['"a\\"b" "a\\b" "\\\\"', ['a"b', 'a\\b', '\\']],
    ["''", ['']],
  ])('%s', (text, words) => expect(splitShellWords(text)).toEqual(words));

  it.each([
    '',
    '  ',
    'a; b',
    'a && b',
    'a | b',
    'a &',
    'a\nb',
    'a > /dev/null',
    'a < b',
    'a $b',
    'a "$b"',
    'a `b`',
    'a "`b`"',
    'a $(b)',
    '(a)',
    '{ a; }',
    'a {b,c}',
    'a *',
    'a [bc]',
    'a ~/x',
    'a # b',
    '! a',
    'X=1 a',
    "a 'b",
    'a "b',
    'a \\',
    'a \\\nb',
    'a "b\\\nc"',
  ])('refuses %j', (text) => expect(splitShellWords(text)).toBeUndefined());

  it('gives back whatever words are quoted', () => {
    const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        expect(splitShellWords(['x', ...words].map(quote).join(' '))).toEqual(['x', ...words]);
      }),
    );
  });
});
