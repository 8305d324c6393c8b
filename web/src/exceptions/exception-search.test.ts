import { expect, test } from 'vitest';
import type { ExceptionSummary } from '../../../src/serve/exception-api.ts';
import {
  exceptionsHeadline,
  parseExceptionSearch,
  parseStartSearch,
  selectExceptions,
  stateOf,
} from './exception-search.ts';

const summary = (name: string, changed: Partial<ExceptionSummary> = {}): ExceptionSummary => ({
  exception: {
    id: name,
    name,
    rules: ['r1'],
    condition: { kind: 'entries', entries: [] },
    enabled: true,
    reason: 'known',
    author: 'ana',
    created: '',
    updated: '',
  },
  state: 'active',
  removed: 0,
  check: { findings: [], sentence: `No alert where host.name is “${name}”.` },
  ...changed,
});
const broken = { code: 'exception-empty', severity: 'error', message: '', span: { start: 0, end: 0 }, at: '' } as const;
const all = [
  summary('web', { removed: 1 }),
  summary('db', { state: 'outside its time window', removed: 1200 }),
  summary('ci', { check: { sentence: '', findings: [broken] } }),
  summary('old', { state: 'off', check: { sentence: '', findings: [broken] } }),
];

test('what an address gets wrong is left out', () => {
  expect(parseExceptionSearch({ q: ' ', state: 'sleeping', rule: 7 })).toEqual({});
  expect(parseExceptionSearch({ q: 'web', state: 'off', rule: 'r1', other: '1' })).toEqual({
    q: 'web',
    state: 'off',
    rule: 'r1',
  });
  expect(parseStartSearch({ alert: 'a', rule: '', scenario: 3 })).toEqual({ alert: 'a' });
});

test('an error weighs more than being on', () => {
  expect(all.map(stateOf)).toEqual(['active', 'waiting', 'broken', 'off']);
});

test('words, states and rules narrow the list', () => {
  const names = (search: object) => selectExceptions(all, search).map(({ exception }) => exception.name);
  expect(names({ q: 'HOST.NAME web' })).toEqual(['web']);
  expect(names({ state: 'broken' })).toEqual(['ci']);
  expect(names({ rule: 'r2' })).toEqual([]);
  expect(names({ rule: 'r1' })).toHaveLength(4);
});

test('the headline', () => {
  expect(exceptionsHeadline([], 0, {})).toBe('No exceptions yet');
  expect(exceptionsHeadline(all, 4, {})).toBe('4 exceptions, 1 active, 1,201 matches removed');
  expect(exceptionsHeadline(all.slice(2), 2, {})).toBe('2 exceptions, none active, nothing removed yet');
  expect(exceptionsHeadline(all, 1, { q: 'x' })).toBe('1 of 4 exceptions matches the filter');
});
