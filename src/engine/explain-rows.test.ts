import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadRules } from '../rule/load.ts';
import { explainRows } from './explain-rows.ts';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

test('the rows that come through each operator of a rule over tables are counted', async () => {
  const { rules } = await loadRules([path('test/golden/sentinel-rules/rules/archive-then-served.yaml')]);
  const [rule] = rules;
  if (rule === undefined) throw new Error('The rule does not run.');
  const { steps, events, problems } = await explainRows(rule, [path('sample/web-07-audit.log')]);
  expect({ events, problems }).toEqual({ events: 183, problems: [] });
  expect(steps.map(({ rows, text }) => `${rows} ${text.split(' ', 1)[0]}`)).toEqual([
    '138 imProcessCreate',
    '4 where',
    '6 join',
    '6 where',
    '1 summarize',
  ]);
});
