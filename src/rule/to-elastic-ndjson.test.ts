import { expect, it } from 'vitest';
import { inspectWhole } from './inspect.ts';
import type { RuleDocument } from './rule.ts';
import { toElasticNdjson } from './to-elastic-ndjson.ts';

async function ruleOf(suppression: string): Promise<RuleDocument> {
  const text = `
title: Listings
id: 5d4f5a1e-6ad5-4a33-9b6a-0d9b4f3c1e21
logsource: {category: process_creation, product: linux}
detection:
  a: {Image|endswith: /ls}
  condition: a
suppression: ${suppression}
`;
  const [inspection] = await inspectWhole(text, 'rule.yml');
  return inspection?.document as RuleDocument;
}

it.each([
  ['{group_by: [host.name, user.name], duration: 5h}', ['host.name', 'user.name'], { value: 5, unit: 'h' }, 'suppress'],
  [
    '{group_by: [host.name], duration: 90s, missing_fields_strategy: doNotSuppress}',
    ['host.name'],
    { value: 90, unit: 's' },
    'doNotSuppress',
  ],
  ['{group_by: [host.name]}', ['host.name'], undefined, 'suppress'],
])('keeps the suppression %s', async (suppression, group_by, duration, missing_fields_strategy) => {
  const line = JSON.parse(toElasticNdjson(await ruleOf(suppression), 'any where true', 'eql', [], 0));
  expect(line.alert_suppression).toEqual({ group_by, ...(duration && { duration }), missing_fields_strategy });
});

it('leaves out a suppression that Kibana cannot say', async () => {
  const rule = await ruleOf('{group_by: [a, b, c, d]}');
  expect(rule.suppression?.groupBy).toHaveLength(4);
  expect(JSON.parse(toElasticNdjson(rule, 'any where true', 'eql', [], 0))).not.toHaveProperty('alert_suppression');
});
