import { expect, test } from 'vitest';
import type { TableAnswer } from '../plan/relation/answer.ts';
import { answerLines } from './answer-lines.ts';
import { style } from './terminal.ts';

const PLAIN = style({ isTTY: false });
const ANSWER: TableAnswer = {
  columns: [
    { name: 'Host', type: 'string' },
    { name: 'n', type: 'long' },
    { name: 'd', type: 'dynamic' },
  ],
  rows: [
    ['web-01', 1_234n, { a: [1] }],
    ['\u001b[31m', null, null],
  ],
};

test('a table has a head of names and types, numbers stand to the right, and nothing reaches the terminal as it is', () => {
  const lines = answerLines(ANSWER, PLAIN, 80);
  expect(lines.slice(0, 3)).toEqual(
    ['Host          n  d', 'string     long  dynamic', 'web-01     1234  {"a":[1]}'].map((line) =>
      expect.stringMatching(
        line
          .split(/\s+/)
          .map((part) => part.replace(/[[\]{}]/g, '\\$&'))
          .join('\\s+'),
      ),
    ),
  );
  expect(lines.join('')).not.toContain('\u001b');
});

test('rows wider than the terminal become blocks', () => {
  expect(answerLines(ANSWER, PLAIN, 12).slice(0, 4)).toEqual([
    'row 1',
    '  Host  web-01',
    '  n     1234',
    '  d     {"a":[1]}',
  ]);
});

test('of many columns those that are empty are left out', () => {
  const columns = Array.from({ length: 12 }, (_, at) => ({ name: `c${at}`, type: 'string' }) as const);
  const lines = answerLines({ columns, rows: [columns.map((_, at) => (at === 3 ? 'x' : ''))] }, PLAIN, 80);
  expect(lines).toEqual(['c3', 'string', 'x', '11 columns without a value in these rows are left out']);
  expect(answerLines({ columns, rows: [] }, PLAIN, 80)).toEqual([]);
});
