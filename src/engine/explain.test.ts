import { describe, expect, it } from 'vitest';
import { bundledRules } from '../rule/load.ts';
import { explain, explainRecord } from './explain.ts';

const sample = new URL('../../sample/web-07-audit.log', import.meta.url).pathname;
const { rules } = await bundledRules();
const rule = rules.find(({ document }) => document.language === 'eql') as (typeof rules)[number];

describe('the library explains', () => {
  it('the events of files, as many as asked for', async () => {
    const { explained, problems } = await explain({ rule, logs: [sample], limit: 3 });
    expect(problems).toEqual([]);
    expect(explained.map(({ explanation }) => explanation.fires)).toEqual([false, false, false]);
    const { explained: matches } = await explain({ rule, logs: [sample], matches: true, limit: 2 });
    expect(matches.map(({ explanation }) => explanation.obstacles)).toEqual([[], []]);
  });

  it('a document', () => {
    const document = {
      '@timestamp': '2026-01-01T00:00:00Z',
      event: { category: ['process'], type: ['start'], action: 'exec' },
      host: { os: { type: 'Linux' } },
      process: { name: 'python3', args: ['python3', '-m', 'http.server'] },
    };
    const { explained } = explainRecord(rule, document);
    expect(explained).toHaveLength(1);
    expect(explained[0]?.explanation.obstacles).toMatchObject([{ kind: 'other-case', field: 'host.os.type' }]);
  });

  it('what a record lacks to be one', () => {
    const { explained, problems } = explainRecord(rule, '<broken');
    expect(explained).toEqual([]);
    expect(problems).toHaveLength(1);
  });
});
