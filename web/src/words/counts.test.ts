import { expect, test } from 'vitest';
import { counted, grouped, headline } from './counts.ts';

test('numbers are grouped and nouns agree', () => {
  expect(grouped(61204)).toBe('61,204');
  expect([0, 1, 7, 1200].map((count) => counted(count, 'alert'))).toEqual([
    'no alerts',
    '1 alert',
    '7 alerts',
    '1,200 alerts',
  ]);
});

test.each([
  [7, 'decide', false, '7 alerts to decide'],
  [1, 'decide', false, '1 alert to decide'],
  [0, 'decide', false, 'Nothing to decide'],
  [0, 'closed', false, 'Nothing closed yet'],
  [0, 'all', false, 'No alerts'],
  [3, 'closed', false, '3 alerts closed'],
  [3, 'all', true, '3 alerts match the filter'],
  [1, 'decide', true, '1 alert to decide matches the filter'],
  [0, 'decide', true, 'No alerts to decide match the filter'],
] as const)('%d, %s, narrowed %s', (total, status, narrowed, text) => {
  expect(headline(total, status, narrowed)).toBe(text);
});
