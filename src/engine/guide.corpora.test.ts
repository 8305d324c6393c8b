/** Elastic's guides, all of them: steps are found where there are any, and every question that comes of them can be run. */
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { hasErrors } from '../diagnostic/diagnostic.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { RuleDocument } from '../rule/rule.ts';
import { newAlert } from '../store/alert.fixture.ts';
import { type GuideSources, guideOf } from './guide.ts';

describe('Elastic’s guides', () => {
  it('come to steps with questions, each a query that runs', async (context) => {
    const folder = requireCorpora(context, 'elastic', 'rules');
    const { alert } = newAlert('a', { entity: 'p', hash: 'h', user: 'o"d\\d\n', host: 'web "1"' });
    const sources: GuideSources = {
      store: { alerts: () => ({ alerts: [], total: 1, by_severity: {} }) },
      events: {
        count: async () => 1,
        search: async (_query, condition) => {
          const text = condition.kind === 'eql' ? condition.text : '';
          const { diagnostics } = compileEql(text);
          expect(hasErrors(diagnostics), `${text}\n${JSON.stringify(diagnostics)}`).toBe(false);
          return { events: [], found: 1, read: 1, diagnostics };
        },
      },
      budgetMs: 60_000,
    };
    const seen = { guides: 0, steps: 0, asked: 0, questions: 0, lacking: 0, response: 0 };
    for (const file of globSync('**/*.toml', { cwd: folder })) {
      const { rule, transform } = parse(readFileSync(`${folder}/${file}`, 'utf8')) as {
        rule?: { note?: string };
        transform?: unknown;
      };
      if (!/possible investigation steps/i.test(rule?.note ?? '')) continue;
      const guide = await guideOf(
        alert,
        { guide: rule?.note, extra: { transform } } as unknown as RuleDocument,
        sources,
      );
      expect(guide.from, file).toBe('rule');
      expect(guide.steps.length, file).toBeGreaterThan(0);
      const questions = guide.steps.flatMap((step) => step.questions);
      for (const question of questions) {
        if (question.count === undefined) {
          expect(question.problem, file).toMatch(/^The event has no |^Alerts are not looked up by /);
          seen.lacking += 1;
        }
        const { over, text } = question.query;
        if (question.count !== undefined && over === 'events') {
          expect(hasErrors(compileEql(text).diagnostics), text).toBe(false);
        }
      }
      for (const { text } of guide.steps) expect(text, file).not.toMatch(/\$investigate_|\$osquery_|!\{investigate/);
      seen.guides += 1;
      seen.steps += guide.steps.length;
      seen.asked += guide.steps.filter((step) => step.questions.length > 0).length;
      seen.questions += questions.length;
      seen.response += guide.response.length > 0 ? 1 : 0;
    }
    expect(seen.guides).toBeGreaterThan(1_000);
    // More than half of the steps come to a question, which is what the topics were chosen by.
    expect(seen.asked / seen.steps).toBeGreaterThan(0.5);
  });
});
