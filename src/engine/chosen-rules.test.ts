import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadChosenRules } from './chosen-rules.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-chosen-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RULE = `title: Admins
id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11
logsource: {product: linux}
detection: {s: {'User|expand': '%admins%'}, condition: s}
`;

test('a pipeline makes a rule with placeholders run', async () => {
  const [rule, pipeline] = [join(folder, 'rule.yml'), join(folder, 'pipeline.yml')];
  writeFileSync(rule, RULE);
  writeFileSync(pipeline, 'vars: {admins: [root, ada]}\ntransformations: [{type: value_placeholders}]\n');
  expect((await loadChosenRules([rule])).findings).toMatchObject([{ code: 'sigma-placeholder' }]);
  const { rules, findings } = await loadChosenRules([rule], { pipelines: [pipeline] });
  expect(findings).toEqual([]);
  expect(JSON.stringify(rules[0]?.plan)).toContain('ada');
});

test('with a mistake in a pipeline no rule is loaded', async () => {
  const [rule, pipeline] = [join(folder, 'rule.yml'), join(folder, 'pipeline.yml')];
  writeFileSync(rule, RULE.replace('%admins%', 'root'));
  writeFileSync(pipeline, 'transformations: [{type: value_placeholder}]\n');
  const { rules, findings } = await loadChosenRules([rule], { pipelines: [pipeline] });
  expect(rules).toEqual([]);
  expect(findings).toMatchObject([{ code: 'pipeline-type-unknown', line: 1 }]);
});
