import { expect, test } from 'vitest';
import { parseEql } from '../../../src/language/eql/parse-eql.ts';
import { around, eventsHeadline, eventsWith, parseEventSearch, refusedAt } from './event-search.ts';

test('an address is read as far as it can be', () => {
  expect(
    parseEventSearch({ query: 'any where true', host: ' ', from: 'soon', to: '2026-11-22T14:00:00Z', x: '1' }),
  ).toEqual({
    query: 'any where true',
    to: '2026-11-22T14:00:00Z',
  });
});

test.each(['plain', 'C:\\Temp\\"a b".exe', 'two\nlines\tand\r', 'päss', "'"])('%j is one text to EQL', (value) => {
  const parsed = parseEql(eventsWith('process.command_line', value));
  expect(parsed.diagnostics).toEqual([]);
  expect(JSON.stringify(parsed)).toContain(JSON.stringify(value));
});

test('around a time', () => {
  expect(around('2026-11-22T14:00:00Z', 60_000)).toEqual({
    from: '2026-11-22T13:59:00.000Z',
    to: '2026-11-22T14:01:00.000Z',
  });
  expect(around('soon', 1)).toEqual({});
});

test('the page says what it shows', () => {
  expect(eventsHeadline(undefined, false, {})).toBe('Stored events');
  expect(eventsHeadline(100, true, {})).toBe('More than 100 events stored');
  expect(eventsHeadline(1, false, { user: 'ana', host: 'web-07' })).toBe('1 event of ana on web-07');
  expect(eventsHeadline(0, false, { query: 'any where true', from: '2026-11-22T14:00:00Z' })).toBe(
    'No events in this time that match the query',
  );
});

test('a refused query is marked where it is wrong', () => {
  const message = '`query`, line 2, column 3: Expected a condition.';
  expect(refusedAt(message, 'any where\n  user.name is x')).toEqual({
    words: 'Expected a condition.',
    line: '  user.name is x',
    range: [2, 6],
  });
  expect(refusedAt(message, 'any where\n  ').range).toEqual([2, 3]);
  expect(refusedAt('`limit` is 0.', 'any where true')).toEqual({ words: '`limit` is 0.' });
});
