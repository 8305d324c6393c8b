import { expect, test } from 'vitest';
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { chartData } from './chart-data.ts';

type Parts = Pick<TableHuntAnswer, 'columns' | 'rows'> & { readonly chart?: TableHuntAnswer['chart'] };

function drawn({ columns, rows, chart }: Parts) {
  return chartData({ columns, rows, findings: [], cut: false, ms: 1, ...(chart === undefined ? {} : { chart }) });
}

const TIME = { name: 'At', type: 'datetime' } as const;
const HOST = { name: 'Host', type: 'string' } as const;
const COUNT = { name: 'n', type: 'long' } as const;

test('counts over time become a series for each text, in the order of time', () => {
  const rows = [
    ['2026-01-01T00:02:00.0000000Z', 'a', 3],
    ['2026-01-01T00:01:00.0000000Z', 'a', 1],
    ['2026-01-01T00:01:00.0000000Z', 'b', 2],
  ];
  expect(drawn({ columns: [TIME, HOST, COUNT], rows, chart: { kind: 'timechart', x: 'At' } })).toEqual({
    kind: 'timechart',
    isTime: true,
    places: ['2026-01-01T00:01:00.0000000Z', '2026-01-01T00:02:00.0000000Z'],
    series: [
      { name: 'a', values: [1, 3] },
      { name: 'b', values: [2, null] },
    ],
    left: 0,
  });
});

test('of many series those with the most are drawn', () => {
  const rows = Array.from({ length: 10 }, (_, at) => [
    '2026-01-01T00:00:00.0000000Z',
    `h${at}`,
    at === 9 ? 100 : 9 - at,
  ]);
  const found = drawn({ columns: [TIME, HOST, COUNT], rows, chart: { kind: 'timechart', x: 'At' } });
  expect(found?.series.map(({ name }) => name)).toEqual(['h0', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h9']);
  expect(found?.left).toBe(2);
});

test('arrays, as make-series gives, are points', () => {
  const columns = [HOST, { name: 'At', type: 'dynamic' }, { name: 'n', type: 'dynamic' }] as const;
  const times = ['2026-01-01T00:00:00.0000000Z', '2026-01-01T01:00:00.0000000Z'];
  const found = drawn({ columns, rows: [['a', times, [4, 5]]], chart: { kind: 'timechart' } });
  expect(found).toMatchObject({ isTime: true, places: times, series: [{ name: 'a', values: [4, 5] }] });
});

test('columns and shares stand over texts, and what is too much is told', () => {
  const rows = Array.from({ length: 15 }, (_, index) => [`h${index}`, index]);
  const found = drawn({ columns: [HOST, COUNT], rows, chart: { kind: 'piechart', title: 'T' } });
  expect(found).toMatchObject({ isTime: false, title: 'T', left: 3, series: [{ name: 'n' }] });
  expect(found?.places).toHaveLength(12);
});

test('nothing is drawn without a chart, rows, or numbers', () => {
  expect(drawn({ columns: [HOST, COUNT], rows: [['a', 1]] })).toBeUndefined();
  expect(drawn({ columns: [HOST, COUNT], rows: [], chart: { kind: 'piechart' } })).toBeUndefined();
  expect(drawn({ columns: [HOST], rows: [['a']], chart: { kind: 'columnchart' } })).toBeUndefined();
});
