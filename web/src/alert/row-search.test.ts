import { expect, test } from 'vitest';
import { rowSearch } from './row-search.ts';

const RESULT = {
  columns: [],
  rows: [],
  count: 1,
  window: { after: '2026-03-01T12:00:00.000Z', up_to: '2026-03-01T13:00:00.000Z' },
};

test.each([
  [{ host: { name: 'web-01' }, user: { name: 'a "b" \\c' } }, 'host.name: "web-01" and user.name: "a \\"b\\" \\\\c"'],
  [{ host: { name: 'web-01' }, process: { entity_id: 'e1' } }, 'process.entity_id: "e1"'],
  [{ kusto: { Total: 3 } }, undefined],
])('%j', (event, q) => {
  expect(rowSearch(event, RESULT)?.q).toBe(q);
});

test('looks where the query looked, its last moment among it', () => {
  expect(rowSearch({ host: { name: 'h' } }, RESULT)).toMatchObject({
    from: '2026-03-01T12:00:00.000Z',
    to: '2026-03-01T13:00:00.001Z',
  });
});
