import { expect, test } from 'vitest';
import { type AnswerCell, type AnswerColumn, inOrder, secondsOf, shownText } from './answer-order.ts';

test.each<[AnswerColumn['type'], AnswerCell[], AnswerCell[]]>([
  ['long', [10, null, '9007199254740993', 9], [null, 9, 10, '9007199254740993']],
  ['real', [1.5, 'NaN', -2], ['NaN', -2, 1.5]],
  ['decimal', ['10.5', '9'], ['9', '10.5']],
  ['timespan', ['1.00:00:00', '23:00:00', '-00:00:01'], ['-00:00:01', '23:00:00', '1.00:00:00']],
  ['bool', [true, null, false], [null, false, true]],
  [
    'datetime',
    ['2026-01-02T00:00:00.0000000Z', null, '2026-01-01T00:00:00.0000000Z'],
    [null, '2026-01-01T00:00:00.0000000Z', '2026-01-02T00:00:00.0000000Z'],
  ],
  ['string', ['b', 'a', ''], ['', 'a', 'b']],
])('%s', (type, cells, sorted) => {
  const rows = cells.map((cell) => [cell]);
  const order = (isDescending: boolean) =>
    inOrder(rows, [{ name: 'c', type }], { column: 0, isDescending }).map(([cell]) => cell);
  expect(order(false)).toEqual(sorted);
  expect(order(true)).toEqual(sorted.toReversed());
});

test('rows that are equal stay as they were; without an order all do', () => {
  const rows = [
    [1, 'b'],
    [1, 'a'],
    [0, 'c'],
  ];
  const columns: AnswerColumn[] = [
    { name: 'n', type: 'long' },
    { name: 's', type: 'string' },
  ];
  expect(inOrder(rows, columns, { column: 0, isDescending: true })).toEqual(rows);
  expect(inOrder(rows, columns, undefined)).toBe(rows);
});

test('a span of time in seconds', () => {
  expect(secondsOf('-1.02:03:04.5')).toBe(-93_784.5);
});

test('times are shown as far as they say something', () => {
  const shown = ['00.0000000Z', '00.4210000Z', '00.4210001Z', '10.0000000Z'].map((text) => shownText(text, 'datetime'));
  expect(shown).toEqual(['00Z', '00.421Z', '00.4210001Z', '10Z']);
  expect(shownText('00.0000000Z', 'string')).toBe('00.0000000Z');
});
