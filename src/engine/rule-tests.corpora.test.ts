/**
 * SigmaHQ's regression cases, put back into the folders they come from, through the tests of rules.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { testRules } from './rule-tests.ts';

interface Case {
  readonly rule: string;
  readonly expected_matches: number | null;
  readonly events: readonly object[];
  readonly source: string;
}

it('all of SigmaHQ’s regression cases pass', async (context) => {
  const corpora = requireCorpora(context, 'sigma');
  const lines = readFileSync(join(corpora, 'regression/cases.ndjson'), 'utf8').trim().split('\n');
  const root = mkdtempSync(join(tmpdir(), 'vedette-regression-'));
  try {
    for (const line of lines) {
      const { rule, expected_matches: count, events, source } = JSON.parse(line) as Case;
      const folder = join(root, dirname(source));
      mkdirSync(folder, { recursive: true });
      const test = { name: 'Positive Detection Test', path: source.replace(/json$/, 'evtx') };
      const info = {
        rule_metadata: [{ id: rule }],
        regression_tests_info: [count === null ? test : { ...test, match_count: count }],
      };
      const keys = Object.entries(info).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
      writeFileSync(join(folder, 'info.yml'), keys.join(''));
      // One after another over several lines, as SigmaHQ writes them. Integers lose digits here that no rule asks for.
      writeFileSync(
        join(folder, basename(source)),
        events.map((event) => JSON.stringify(event, undefined, 2)).join('\n'),
      );
    }
    const folders = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
    const { results, findings } = await testRules({ paths: [root], rules: folders.map((name) => join(corpora, name)) });
    expect(findings).toEqual([]);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results).toHaveLength(98);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
