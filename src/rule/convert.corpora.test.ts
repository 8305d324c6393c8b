/**
 * SigmaHQ's rules in every language: none makes an emitter throw, what is emitted is read back without
 * an error, and every refusal has a reason. So for Elastic's EQL rules, every sequence among them. The whole is measured
 * by `npm run measure:convert`.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { oneIn } from '../../test/effort.ts';
import { requireCorpora } from '../../test/requirement.ts';
import { DIALECTS } from '../dialect/dialect-names.ts';
import { compileEql } from '../language/eql/eql.ts';
import { compileLucene } from '../language/lucene/lucene.ts';
import type { Plan } from '../plan/plan.ts';
import { convertRule } from './convert.ts';
import { inspectText } from './inspect.ts';
import { loadRules } from './load.ts';

const sampling = oneIn(20);

it(sampling.name('SigmaHQ’s rules convert, or say why not'), (context) => {
  const folder = requireCorpora(context, 'sigma');
  const files = sampling.of(globSync(join(folder, 'rules*', '**', '*.yml')).sort());
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

it(sampling.name('Elastic’s EQL rules are EQL again, sequences and computed values as well'), async (context) => {
  const folder = requireCorpora(context, 'elastic');
  const { rules } = await loadRules([folder]);
  const eql = rules.filter(({ document }) => document.language === 'eql');
  const some = new Set([...eql.filter(({ plan }) => plan.kind !== 'event'), ...sampling.of(eql)]);
  expect(some.size).toBeGreaterThan(200);
  for (const rule of some) {
    const { query = '', diagnostics } = convertRule(rule, { to: 'eql' });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { plan } = compileEql(query);
    expect(shapeOf(plan), query).toBe(shapeOf(rule.plan));
    for (const to of DIALECTS) convertRule(rule, { to });
  }
});

/** How a plan is built: its steps, keys and span, without the conditions, which may be written otherwise. */
function shapeOf(plan: Plan | undefined): string {
  return JSON.stringify(plan, (key, value: unknown) => (key === 'span' || key === 'predicate' ? undefined : value));
}
