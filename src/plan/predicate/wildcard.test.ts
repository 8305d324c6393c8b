import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { type WildcardPart, wildcardPattern } from './node.ts';
import { compileWildcard } from './wildcard.ts';

const parse = (text: string) =>
  wildcardPattern([...text].map((char): WildcardPart => (char === '*' || char === '?' ? char : { text: char })));

const asRegExp = (text: string) =>
  new RegExp(
    `^${[...text].map((char) => (char === '*' ? '[^]*' : char === '?' ? '[^]' : char.replace(/[.$^]/, '\\$&'))).join('')}$`,
    'u',
  );

describe('wildcard patterns', () => {
  it.each([
    ['python*', 'python3.11', true],
    ['python*', 'Python3', false],
    ['*python* -m http.server*', 'sh -c python3 -m http.server 80', true],
    ['?', '𝒳', true],
    ['??', '𝒳', false],
    ['', '', true],
    ['*', '', true],
    ['a*a', 'a', false],
    ['*a?', 'xa', false],
    ['a*b*c', 'abcabc', true],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(compileWildcard(parse(pattern), 'none').matches(text)).toBe(expected);
  });

  it('folds A to Z only under ASCII folding', () => {
    expect(compileWildcard(parse('CAFÉ*'), 'ascii').matches('cafÉ au lait')).toBe(true);
    expect(compileWildcard(parse('CAFÉ*'), 'ascii').matches('café au lait')).toBe(false);
    expect(compileWildcard(parse('CAFÉ*'), 'unicode').matches('café au lait')).toBe(true);
  });

  it('is what a regular expression says, with ranges exactly where it matches', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '𝒳'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '𝒳'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        const compiled = compileWildcard(parse(source), 'none');
        const expected = asRegExp(source).test(value);
        expect(compiled.matches(value)).toBe(expected);
        const ranges = compiled.find(value);
        expect(ranges !== undefined).toBe(expected);
        const literals = parse(source).flatMap((part) => (typeof part === 'string' ? [] : [part.text]));
        if (ranges !== undefined) expect(ranges.map(([start, end]) => value.slice(start, end))).toEqual(literals);
      }),
      { numRuns: runs(1_500) },
    );
  });

  it('stays quick on patterns that make backtracking matchers explode', () => {
    const pattern = parse(`${'a*'.repeat(40)}b`);
    expect(compileWildcard(pattern, 'none').matches('a'.repeat(20_000))).toBe(false);
  });
});
