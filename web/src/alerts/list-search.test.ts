import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertQueryOf, isNarrowed, listSearchOf, parseListSearch, toggleSeverity, toggleSort } from './list-search.ts';

test('an address keeps what it gets right and drops the rest', () => {
  expect(
    parseListSearch({
      status: 'all',
      severity: 'low,odd,high',
      q: ' ',
      host: 'web-07',
      from: 'yesterday',
      to: '2026-11-22T14:00:00Z',
      sort: 'colour',
      other: 1,
    }),
  ).toEqual({ status: 'all', severity: 'high,low', host: 'web-07', to: '2026-11-22T14:00:00Z' });
});

test('what is parsed parses to itself', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('status', 'severity', 'q', 'from', 'sort'), fc.string()), (raw) => {
      const search = parseListSearch(raw);
      expect(parseListSearch({ ...search })).toEqual(search);
    }),
  );
});

test('the default asks for what is to decide, newest first', () => {
  expect(alertQueryOf({})).toEqual({ status: 'open,acknowledged', sort: '-time', fold: 'process' });
  expect(alertQueryOf({ fold: 'off' })).toEqual({ status: 'open,acknowledged', sort: '-time' });
  expect(alertQueryOf({ status: 'closed', q: 'curl', fold: 'off' })).toEqual({
    status: 'closed',
    q: 'curl',
    sort: '-time',
  });
});

test('status and order do not narrow', () => {
  expect(isNarrowed({ status: 'all', sort: 'host' })).toBe(false);
  expect(isNarrowed({ q: 'curl' })).toBe(true);
});

test('severities toggle, worst first', () => {
  const both = toggleSeverity(toggleSeverity({}, 'low'), 'critical');
  expect(both).toEqual({ severity: 'critical,low' });
  expect(toggleSeverity(toggleSeverity(both, 'low'), 'critical')).toEqual({});
});

test('a column sorts from its natural end, then turns', () => {
  const sorts = ['time', 'host', 'host', 'severity', 'time'] as const;
  let search = {};
  const seen = sorts.map((column) => {
    search = toggleSort(search, column);
    return alertQueryOf(search).sort;
  });
  expect(seen).toEqual(['time', 'host', '-host', '-severity', '-time']);
});

test('a query of the API is shown by the list that asks it', () => {
  expect(listSearchOf('status=open,acknowledged,closed&host=web-07&limit=5')).toEqual({
    status: 'all',
    host: 'web-07',
  });
  expect(listSearchOf('status=closed&q=a%26b')).toEqual({ status: 'closed', q: 'a&b' });
  expect(listSearchOf('incident=x')).toEqual({ incident: 'x' });
});
