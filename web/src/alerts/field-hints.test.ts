import { expect, it, test } from 'vitest';
import { ALERT_FIELDS } from '../../../src/store/alert-fields.ts';
import { FIELD_NAMES, fieldHints } from './field-hints.ts';

it('has the fields that the service searches', () => {
  expect(FIELD_NAMES).toEqual([...ALERT_FIELDS.keys()].filter((name) => !name.startsWith('kibana.')));
});

test.each([
  ['ho', ['host.name: ']],
  ['host.name: x and us', ['host.name: x and user.name: ']],
  ['not (na', ['not (host.name: ', 'not (user.name: ', 'not (process.name: ', 'not (rule.name: ']],
  ['sev', ['severity: ']],
  ['h', []],
  ['host.name: us', []],
  ['curl us', []],
  ['', []],
])('%s', (typed, filters) => expect(fieldHints(typed).map(({ filter }) => filter)).toEqual(filters));
