import { expect, test } from 'vitest';
import type { ExceptionDraft } from '../../../src/serve/exception-api.ts';
import { emptyEntry, emptyForm, isBlank, toDraft, toForm, withOperator } from './form-draft.ts';

const DRAFT: ExceptionDraft = {
  id: 'x',
  name: 'Backups',
  rules: ['a', 'b'],
  condition: {
    kind: 'entries',
    entries: [
      { field: 'user.name', operator: 'is', value: 'backup', ignore_case: true },
      { field: 'host.name', operator: 'is_not_one_of', values: ['a', 'b'] },
      { field: 'process.executable', operator: 'matches', value: 'C:\\Backup\\*' },
      { field: 'source.ip', operator: 'in_list', list: 'ours' },
      { field: 'tags', operator: 'does_not_exist' },
      { field: 'threat.enrichments', operator: 'nested', entries: [{ field: 'matched.field', operator: 'exists' }] },
    ],
  },
  enabled: false,
  reason: 'Every night.',
  expires: '2027-01-01T00:00:00Z',
  windows: [{ kind: 'cron', pattern: '0 1 * * *', lasts: '2h', zone: 'UTC' }],
  step: 2,
  scenario: 's',
  comments: [{ text: 'As agreed.', author: 'ana', time: '2026-01-01T00:00:00Z' }],
  extra: { tie_breaker_id: 't' },
};

test('what the form is given comes out of it again', () => {
  expect(toDraft(toForm(DRAFT))).toEqual(DRAFT);
  const query = { ...DRAFT, condition: { kind: 'query', language: 'sigma', query: 'a: b' } } as const;
  expect(toDraft(toForm(query))).toEqual(query);
});

test('what is left empty is not sent', () => {
  const draft = toDraft({ ...emptyForm(['a']), name: ' n ', reason: 'r' });
  expect(draft).toEqual({
    name: 'n',
    rules: ['a'],
    condition: { kind: 'entries', entries: [{ field: '', operator: 'is', value: '' }] },
    reason: 'r',
    enabled: true,
  });
  expect(isBlank(emptyForm())).toBe(true);
  expect(isBlank({ ...emptyForm(), entries: [emptyEntry('host.name')] })).toBe(false);
  expect(isBlank({ ...emptyForm(), kind: 'query', query: 'any where true' })).toBe(false);
});

test('another operator keeps what was typed', () => {
  const is = { ...emptyEntry('host.name', 'web-07') };
  const several = withOperator(is, 'is_one_of');
  expect(several.values).toEqual(['web-07']);
  expect(withOperator({ ...several, value: '' }, 'matches').value).toBe('web-07');
  expect(withOperator(withOperator(is, 'exists'), 'is').value).toBe('web-07');
  expect(withOperator(is, 'nested').entries).toHaveLength(1);
});
