import { expect, it } from 'vitest';
import { excerpt } from './excerpt.ts';

const shown = (text: string, line: number, from: number, to: number, endLine = line): string[] | undefined => {
  const result = excerpt(text, { line, column: from }, { line: endLine, column: to });
  return result === undefined ? undefined : [result.source, result.marks];
};

it('marks the place under its line', () => {
  expect(shown('one\ntwo three\n', 2, 5, 10)).toEqual(['two three', '    ^^^^^']);
});

it('marks a point with one mark, also behind the end of the line', () => {
  expect(shown('ab', 1, 2, 2)).toEqual(['ab', ' ^']);
  expect(shown('ab', 1, 3, 3)).toEqual(['ab', '  ^']);
});

it('marks the first line of a place over several', () => {
  expect(shown('a = """\nx\n"""', 1, 5, 4, 3)).toEqual(['a = """', '    ^^^']);
});

it('counts wide characters twice, marks that combine not at all, tabs as one space', () => {
  expect(shown('漢字\te\u0301 x', 1, 7, 8)).toEqual(['漢字 e\u0301 x', '       ^']);
});

it('cuts a long line around the place', () => {
  const [source, marks] = shown(`${'a'.repeat(500)}HERE${'b'.repeat(500)}`, 1, 501, 505) ?? [];
  expect(source).toMatch(/^…a{40}HEREb+…$/);
  expect(source?.indexOf('HERE')).toBe(marks?.indexOf('^'));
  expect(marks?.trim()).toBe('^^^^');
});

it('shows control characters instead of printing them', () => {
  expect(shown('a\x1b[2Jb', 1, 7, 8)?.[0]).toBe('a\\u{1b}[2Jb');
});

it('shows nothing of an empty line', () => {
  expect(shown('a\n\n', 2, 1, 1)).toBeUndefined();
  expect(shown('', 1, 1, 1)).toBeUndefined();
});
