import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { diffTexts } from './text-diff.ts';

test('tells what went and what came, with lines around it', () => {
  expect(diffTexts('a\nb\nc\n', 'a\nx\nc\n')).toEqual([
    {
      from_line: 1,
      to_line: 1,
      lines: [
        { kind: 'same', text: 'a' },
        { kind: 'removed', text: 'b' },
        { kind: 'added', text: 'x' },
        { kind: 'same', text: 'c' },
      ],
    },
  ]);
  expect(diffTexts('a', 'a')).toEqual([]);
});

test('comes to an end where all is different', () => {
  const text = (letter: string) => Array.from({ length: 4_000 }, (_, at) => `${letter}${at}`).join('\n');
  const [hunk] = diffTexts(text('a'), text('b'));
  expect(hunk?.lines).toHaveLength(8_000);
});

test('has every line that went and came', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => `${lines.join('\n')}\n`);
  fc.assert(
    fc.property(text, text, (from, to) => {
      const lines = diffTexts(from, to).flatMap((hunk) => hunk.lines);
      const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
      expect(from.split('\n').length - count('removed')).toBe(to.split('\n').length - count('added'));
    }),
    { numRuns: runs(200) },
  );
});
