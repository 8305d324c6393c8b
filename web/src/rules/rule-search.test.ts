import { expect, it } from 'vitest';
import type { RuleSummary } from '../../../src/serve/api.ts';
import { parseRuleSearch, rulesHeadline, selectRules, toggle } from './rule-search.ts';

const rule = (id: string, more: Partial<RuleSummary> = {}): RuleSummary => ({
  id,
  name: `Rule ${id}`,
  language: 'eql',
  threat: [],
  enabled: true,
  paused: false,
  added: false,
  errors: 0,
  warnings: 0,
  alerts: 0,
  ...more,
});
const RULES = [
  rule('a', { severity: 'low', enabled: false }),
  rule('b', { severity: 'high', language: 'sigma', alerts: 9 }),
  rule('c', { language: 'kusto', errors: 1 }),
  rule('d', {
    severity: 'high',
    threat: [
      {
        framework: 'MITRE ATT&CK',
        tactic: { id: 'TA0010', name: 'Exfiltration' },
        technique: [{ id: 'T1048', name: 'Exfiltration Over Alternative Protocol', subtechnique: [] }],
      },
    ],
  }),
];
const ids = (search: Parameters<typeof selectRules>[1]) => selectRules(RULES, search).map(({ id }) => id);

it('lists the most severe first, then by name, those without a severity last', () => {
  expect(ids({})).toEqual(['b', 'd', 'a', 'c']);
});

it('filters by severity, language, state, and words of name, id and techniques', () => {
  expect(ids({ severity: 'low' })).toEqual(['a']);
  expect(ids({ language: 'sigma,kusto' })).toEqual(['b', 'c']);
  expect(ids({ state: 'off' })).toEqual(['a']);
  expect(ids({ state: 'failing' })).toEqual(['c']);
  expect(ids({ q: 't1048 exfil' })).toEqual(['d']);
  expect(ids({ q: 'kql' })).toEqual(['c']);
});

it('leaves out what an address gets wrong', () => {
  expect(parseRuleSearch({ q: ' ', severity: 'grave,low', language: 'perl', state: 'asleep', page: '2' })).toEqual({
    severity: 'low',
  });
});

it('toggles names of a filter in their order, and drops a filter that names none', () => {
  expect(toggle({ severity: 'low' }, 'severity', 'high')).toEqual({ severity: 'high,low' });
  expect(toggle({ q: 'x', language: 'eql' }, 'language', 'eql')).toEqual({ q: 'x' });
});

it('says how many there are and how many run', () => {
  expect(rulesHeadline(RULES, 4, {})).toBe('4 rules, 2 running');
  expect(rulesHeadline([rule('a')], 1, {})).toBe('1 rule, running');
  expect(rulesHeadline([rule('a'), rule('b')], 2, {})).toBe('2 rules, all running');
  expect(rulesHeadline(RULES, 1, { q: 'd' })).toBe('1 of 4 rules matches the filter');
  expect(rulesHeadline([], 0, {})).toBe('No rules yet');
});
