import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadRules } from './load.ts';

it('tests of a folder are no rules', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-test-files-'));
  try {
    const rule = 'title: T\nid: t\nlogsource: {product: linux}\ndetection: {s: {a: 1}, condition: s}\n';
    writeFileSync(join(folder, 'a.yml'), rule);
    writeFileSync(join(folder, 'a.test.yml'), 'cases: []');
    writeFileSync(join(folder, 'info.yml'), 'id: x\nregression_tests_info: []\n');
    const { rules, findings } = await loadRules([folder]);
    expect(rules.map(({ document }) => document.id)).toEqual(['t']);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    writeFileSync(join(folder, 'info.yml'), rule.replace('id: t', 'id: u'));
    expect((await loadRules([folder])).rules).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
