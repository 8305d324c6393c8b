import { expect, test } from 'vitest';
import { checkRuleText } from '../../../src/engine/rule-book.ts';
import { newRuleId, ruleSkeleton } from './rule-skeleton.ts';

test.each([
  ['eql', 'sequence by host.id [process where true] [network where true]'],
  ['eql', `process where process.args == "'''"`],
  ['kuery', 'process.name: curl'],
  ['lucene', 'process.name:curl'],
  ['sigma', 'logsource:\n  category: process_creation\ndetection:\n  s:\n    Image|endswith: /curl\n  condition: s'],
  ['sigma', 'title: Own\nlogsource:\n  category: process_creation\ndetection:\n  s:\n    Image: /curl\n  condition: s'],
  ['kusto', 'imProcessCreate\n| where TargetProcessName has "curl"'],
] as const)('a query in %s becomes a rule that can be added: %s', async (language, query) => {
  const { rules, findings } = await checkRuleText(ruleSkeleton(language, query, newRuleId(), '2026-03-01'));
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(rules).toMatchObject([{ language }]);
  if (language !== 'sigma') expect(rules[0]?.query.trim()).toBe(query);
});
