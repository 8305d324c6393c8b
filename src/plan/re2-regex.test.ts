import { describe, expect, it } from 'vitest';
import { checkRe2, compileRe2 } from './re2-regex.ts';

const PLAIN = { ignoreCase: false, multiline: false, dotAll: false };

describe('compileRe2', () => {
  it.each([
    ['th.n', 'python3', PLAIN, [2, 6]],
    ['^py', 'xpy', PLAIN, undefined],
    ['PY', 'py', { ...PLAIN, ignoreCase: true }, [0, 2]],
    ['^b$', 'a\nb', PLAIN, undefined],
    ['^b$', 'a\nb', { ...PLAIN, multiline: true }, [2, 3]],
    ['a.b', 'a\nb', PLAIN, undefined],
    ['a.b', 'a\nb', { ...PLAIN, dotAll: true }, [0, 3]],
    ['(?i)http\\.server', 'HTTP.SERVER', PLAIN, [0, 11]],
  ])('%s in %j', (pattern, text, flags, place) => {
    const { matches, find } = compileRe2(pattern, flags);
    expect(matches(text)).toBe(place !== undefined);
    expect(find(text)?.[0]).toEqual(place);
  });

  it('takes time linear in the text', () => {
    const { matches } = compileRe2('(x+x+)+y', PLAIN);
    expect(matches('x'.repeat(50_000))).toBe(false);
  });
});

describe('checkRe2', () => {
  it.each([
    ['a(?=b)', 'invalid or unsupported Perl syntax: (?=', 1],
    ['(a)\\1', 'invalid escape sequence: \\1', 3],
    ['ab(', 'missing closing ): ab(', 0],
    ['a{1001}', 'invalid repeat count: {1001}', 1],
    ['.{0,1000}'.repeat(6), 'its repetitions are too large', 0],
    ['x'.repeat(10_001), 'it is longer than 10000 characters', 10_000],
    [`(?:${'a'.repeat(5_000)}){1000}`, 'expression too large', 0],
  ])('%.30s', (pattern, message, offset) => {
    expect(checkRe2(pattern)).toEqual({ message, offset });
  });

  it('finds nothing wrong in what compiles', () => {
    expect(checkRe2('(?i)^[a-z]{2,5}\\.(exe|dll)$')).toBeUndefined();
  });
});
