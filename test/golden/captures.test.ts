/**
 * The mission's rule over real audit captures, raw and through laurel alike.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scan } from '../../src/engine/index.ts';
import { valuesAt } from '../../src/event/field-path.ts';
import { requireCorpora } from '../requirement.ts';

const rules = [fileURLToPath(new URL('../../rules/elastic', import.meta.url))];

describe('the mission’s EQL rule', () => {
  it.for([
    ['audit-clean-raw.log', 305, 7],
    ['laurel-clean.ndjson', 305, 7],
    ['audit-python2-and-variants-raw.log', 27, 5],
    ['laurel-python2-and-variants.ndjson', 27, 5],
  ] as const)('%s: of %i events %i alert', async ([file, events, alerts], context) => {
    const run = scan({ logs: [requireCorpora(context, 'linux-audit', file)], rules });
    const found = await run.alerts();
    expect(found).toHaveLength(alerts);
    expect(await run.summary).toMatchObject({ events, unrouted: 0, rejects: { total: 0 } });
    for (const {
      events: [event = {}],
      evidence,
      ancestry,
      stands_in_for: standsInFor,
    } of found) {
      expect(valuesAt(event, 'log.file.path')).toEqual([expect.stringContaining(file)]);
      expect(Object.keys(evidence.fields)).toContain('process.name');
      expect(ancestry[0]?.name).toMatch(/^(?:ba|da)sh$/);
      expect(standsInFor).toEqual(['logs-endpoint.events.process-vedette']);
    }
  });

  it('names the same alerts whether a log was read raw or through laurel', async (context) => {
    const [raw, laurel] = await Promise.all(
      ['audit-clean-raw.log', 'laurel-clean.ndjson'].map((file) =>
        scan({ logs: [requireCorpora(context, 'linux-audit', file)], rules }).alerts(),
      ),
    );
    expect(raw?.map(({ id }) => id)).toEqual(laurel?.map(({ id }) => id));
  });
});

describe('the mission’s Sigma rule', () => {
  it.for([
    ['audit-clean-raw.log', 6],
    ['laurel-clean.ndjson', 6],
    ['audit-python2-and-variants-raw.log', 6],
    ['laurel-python2-and-variants.ndjson', 6],
  ] as const)('%s: %i alerts', async ([file, alerts], context) => {
    const rules = [fileURLToPath(new URL('../../rules/sigma', import.meta.url))];
    const found = await scan({ logs: [requireCorpora(context, 'linux-audit', file)], rules }).alerts();
    expect(found).toHaveLength(alerts);
    for (const { rule, severity, evidence } of found) {
      expect(rule).toMatchObject({ language: 'sigma', id: '3f0f5957-04f8-4792-ad89-192b0303bde6' });
      expect(severity).toBe('medium');
      expect(Object.keys(evidence.fields)).toEqual(
        expect.arrayContaining(['process.executable', 'process.command_line']),
      );
    }
  });
});

describe('the mission’s Kusto rule', () => {
  it.for([
    ['audit-clean-raw.log', 6],
    ['laurel-clean.ndjson', 6],
    ['audit-python2-and-variants-raw.log', 6],
    ['laurel-python2-and-variants.ndjson', 6],
  ] as const)('%s: %i alerts', async ([file, alerts], context) => {
    const rules = [fileURLToPath(new URL('../../rules/kusto', import.meta.url))];
    const found = await scan({ logs: [requireCorpora(context, 'linux-audit', file)], rules }).alerts();
    expect(found).toHaveLength(alerts);
    for (const { rule, severity, risk_score: risk, evidence } of found) {
      expect(rule).toMatchObject({ language: 'kusto', license: 'DRL-1.1' });
      expect([severity, risk]).toEqual(['medium', 47]);
      expect(Object.keys(evidence.fields)).toEqual(
        expect.arrayContaining(['process.executable', 'process.command_line']),
      );
    }
  });
});

describe('the improved rule', () => {
  it.for([
    ['audit-clean-raw.log', 5],
    ['laurel-clean.ndjson', 5],
    ['audit-python2-and-variants-raw.log', 6],
    ['laurel-python2-and-variants.ndjson', 6],
  ] as const)('%s: %i alerts, all of them servers', async ([file, alerts], context) => {
    const rules = [fileURLToPath(new URL('../../rules/vedette', import.meta.url))];
    const found = await scan({ logs: [requireCorpora(context, 'linux-audit', file)], rules }).alerts();
    expect(found).toHaveLength(alerts);
    for (const { rule, events } of found) {
      expect(rule).toMatchObject({ name: 'Web Server Spawned via Python (improved)', license: 'Apache-2.0' });
      expect(valuesAt(events[0] ?? {}, 'process.name')[0]).toMatch(/^python[\d.]+$/);
    }
  });
});

describe('the pages that the product was begun with', () => {
  it.for([
    ['audit-clean-raw.log', { eql: 7, sigma: 6, kusto: 6 }],
    ['laurel-clean.ndjson', { eql: 7, sigma: 6, kusto: 6 }],
    ['audit-python2-and-variants-raw.log', { eql: 5, sigma: 6, kusto: 6 }],
    ['laurel-python2-and-variants.ndjson', { eql: 5, sigma: 6, kusto: 6 }],
  ] as const)('as they are, over %s', async ([file, expected], context) => {
    const mission = requireCorpora(context, '..', 'mission');
    if (!existsSync(mission)) context.skip('corpora: no mission folder beside them');
    const rules = ['elastic-rule-page.md', 'hunting-page.txt'].map((page) => join(mission, page));
    const found = await scan({ logs: [requireCorpora(context, 'linux-audit', file)], rules }).alerts();
    const counts = { eql: 0, sigma: 0, kusto: 0, kuery: 0, lucene: 0, esql: 0, ml: 0 };
    for (const { rule } of found) counts[rule.language] += 1;
    expect(counts).toEqual({ ...expected, kuery: 0, lucene: 0, esql: 0, ml: 0 });
  });
});
