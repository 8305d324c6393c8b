/**
 * Every query in Kibana's language of Elastic's published rules: of rules of type query, threshold, new_terms and
 * threat_match, and those for indicators. All compile, and what is found in them is true.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { expect, test } from 'vitest';
import { requireCorpora } from '../../../test/requirement.ts';
import { compileKuery } from './kuery.ts';

/**
 * Rule id, code, how often, and why it is true. Besides, six queries for indicators look back from now, which is told.
 */
const EXPECTED: readonly (readonly [id: string, code: string, times: number, why: string])[] = [
  [
    '2a7823db-0bc2-48f6-aa2f-e6aef233c6dc',
    'kuery-star-in-quotes',
    25,
    'parts of paths and of bodies of requests are meant, with anything before and after them',
  ],
];

interface RuleFile {
  readonly rule?: {
    readonly rule_id: string;
    readonly language?: string;
    readonly query?: string;
    readonly threat_query?: string;
  };
}

test('Elastic’s queries compile, and what is found in them is true', (context) => {
  const folder = requireCorpora(context, 'elastic');
  const files = globSync(join(folder, '{rules,rules_building_block}', '**', '*.toml')).filter(
    (file) => !file.includes('/rules/_deprecated/'),
  );
  const found: string[] = [];
  let compiled = 0;
  for (const file of files) {
    const { rule } = parseToml(readFileSync(file, 'utf8')) as RuleFile;
    if (rule?.language !== 'kuery') continue;
    for (const query of [rule.query, rule.threat_query]) {
      if (query === undefined) continue;
      const { plan, diagnostics } = compileKuery(query);
      if (plan !== undefined) compiled += 1;
      for (const { code } of diagnostics) found.push(`${rule.rule_id} ${code}`);
    }
  }
  expect(compiled).toBe(735);
  expect(found.filter((finding) => finding.endsWith(' kuery-now'))).toHaveLength(6);
  const others = found.filter((finding) => !finding.endsWith(' kuery-now')).sort();
  expect(others).toEqual(EXPECTED.flatMap(([id, code, times]) => new Array(times).fill(`${id} ${code}`)).sort());
});
