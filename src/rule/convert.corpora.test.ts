/**
 * Every twentieth of SigmaHQ's rules in every language: none makes an emitter throw, what is emitted is read back without
 * an error, and every refusal has a reason. The whole is measured by `npm run measure:convert`.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { DIALECTS } from '../dialect/dialect-names.ts';
import { compileEql } from '../language/eql/eql.ts';
import { compileLucene } from '../language/lucene/lucene.ts';
import { convertRule } from './convert.ts';
import { inspectText } from './inspect.ts';

it('SigmaHQ’s rules convert, or say why not', { timeout: 120_000 }, (context) => {
  const folder = requireCorpora(context, 'sigma');
  const files = globSync(join(folder, 'rules*', '**', '*.yml'))
    .sort()
    .filter((_, index) => index % 20 === 0);
  expect(files.length).toBeGreaterThan(100);
  let converted = 0;
  for (const file of files) {
    const [inspection] = inspectText(readFileSync(file, 'utf8'), file);
    const rule = inspection?.rule;
    if (rule === undefined) continue;
    for (const to of DIALECTS) {
      const { query, text, diagnostics } = convertRule(rule, { to, form: 'rule' });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors.length === 0, file).toBe(query !== undefined && text !== undefined);
      if (query === undefined) continue;
      converted += 1;
      if (to !== 'eql' && to !== 'lucene') continue;
      const { plan, diagnostics: reading } = to === 'eql' ? compileEql(query) : compileLucene(query);
      expect(plan, `${file}: ${reading[0]?.message}`).toBeDefined();
    }
  }
  expect(converted).toBeGreaterThan(files.length * 3);
});
