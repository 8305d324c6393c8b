import { expect, test } from 'vitest';
import { huntHeadline, parseHuntSearch, tableHeadline } from './hunt-search.ts';

test('an address is taken as far as it makes sense', () => {
  expect(parseHuntSearch({ language: 'sql', q: ' ', from: 'then', columns: ',' })).toEqual({});
  const search = { language: 'kusto', q: 'imProcessCreate', from: '2026-03-01T00:00:00Z', columns: 'a.b,c' };
  expect(parseHuntSearch({ ...search, columns: 'a.b, c,,a.b' })).toEqual(search);
});

test('the headline counts what was found', () => {
  const answer = {
    findings: [],
    kind: 'events',
    events: [],
    groups: [],
    columns: [],
    found: 0,
    read: 9,
    ms: 1,
  } as const;
  expect(huntHeadline(undefined)).toBe('Hunt in the stored events');
  expect(huntHeadline(answer)).toBe('No events found');
  expect(huntHeadline({ ...answer, found: 1_204, stopped_at: '2026-03-01T00:00:00Z' })).toBe(
    'At least 1,204 events found',
  );
  expect(huntHeadline({ ...answer, kind: 'groups' })).toBe('No groups of events found');
  expect(huntHeadline({ ...answer, kind: 'groups', found: 1 })).toBe('1 group of events found');
  const wrong = { code: 'x', severity: 'error', message: 'No.', start: 0, end: 1 } as const;
  expect(huntHeadline({ ...answer, findings: [wrong] })).toBe('The query cannot be run');
});

test('a query that took too long was stopped, and is not wrong', () => {
  const headline = (code: string) =>
    tableHeadline({ findings: [{ code, severity: 'error', message: '', start: 0, end: 0 }], rows: [], cut: false });
  expect(headline('kusto-time')).toBe('The query was stopped');
  expect(headline('kusto-name-unknown')).toBe('The query cannot be run');
});
