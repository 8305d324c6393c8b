import { expect, test } from 'vitest';
import { inspectText } from './inspect.ts';

function inspect(query: string) {
  const text = `[rule]
rule_id = "a"
name = "A"
type = "eql"
language = "eql"
risk_score = 21
severity = "low"
author = ["me"]
description = "d"
query = "${query}"
`;
  const [inspection] = inspectText(text, 'a.toml');
  return {
    runs: inspection?.rule !== undefined,
    codes: inspection?.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
  };
}

test.each([
  ['any where true', true, []],
  ['sequence by host.id [any where true] [any where true]', true, []],
  ['any where true | head 3', false, ['rule-trigger-unsupported']],
])('%s', (query, runs, codes) => expect(inspect(query)).toEqual({ runs, codes }));

test('the field of the category is the rule’s', () => {
  const text = '[rule]\nrule_id = "a"\nname = "A"\nlanguage = "eql"\ntype = "eql"\nquery = "info where true"\n';
  const plan = (more: string) => JSON.stringify(inspectText(text + more, 'a.toml')[0]?.rule?.plan);
  expect(plan('')).toContain('"name":"event.category"');
  expect(plan('event_category_override = "event.type"\n')).toContain('"name":"event.type"');
});
