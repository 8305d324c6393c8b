import { afterEach, describe, expect, it } from 'vitest';
import type { RuleTexts } from '../engine/rule-test-text.ts';
import type { RuleTestReport } from '../engine/rule-tests.ts';
import { type Served, serve } from './server.fixture.ts';

const REPORT: RuleTestReport = { results: [], findings: [], rules: 1, passed: 1, failed: 0, milliseconds: 1 };

describe('testing a rule’s text', () => {
  let served: Served;
  afterEach(async () => {
    await served.server.close();
    served.store.close();
  });

  const send = async (payload: object) => {
    const headers = { host: '127.0.0.1:7077', 'content-type': 'application/json' };
    const response = await served.server.app.inject({ method: 'POST', url: '/api/rules/test', headers, payload });
    return { status: response.statusCode, body: response.json() };
  };

  it('gives the report', async () => {
    const asked: RuleTexts[] = [];
    served = serve({
      testRule: async (texts) => {
        asked.push(texts);
        return REPORT;
      },
    });
    expect(await send({ text: 'a rule', tests: 'tests' })).toEqual({ status: 200, body: REPORT });
    expect(asked).toEqual([{ text: 'a rule', tests: 'tests' }]);
    expect(await send({ text: 'a rule' })).toMatchObject({ status: 400, body: { error: { code: 'body-invalid' } } });
  });

  it('runs one after the other, refuses what would wait too long, and goes on after a fault of ours', async () => {
    const release: (() => void)[] = [];
    let isFaulty = true;
    served = serve({
      testRule: () =>
        new Promise((resolve, reject) => {
          release.push(() => (isFaulty ? reject(new Error('a bug')) : resolve(REPORT)));
        }),
    });
    const runs = Array.from({ length: 8 }, () => send({ text: 'a', tests: 'b' }));
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((resolve) => setImmediate(resolve));
    };
    await until(() => release.length === 1);
    // Requests reach their route one after the other; the refused one is the first beyond the eighth.
    expect(await send({ text: 'a', tests: 'b' })).toMatchObject({
      status: 503,
      body: { error: { code: 'tests-busy' } },
    });
    expect(release).toHaveLength(1);
    for (let at = 0; at < runs.length; at += 1) {
      await until(() => release.length === at + 1);
      isFaulty = at === 0;
      release[at]?.();
    }
    expect((await Promise.all(runs)).map(({ status }) => status)).toEqual([500, ...Array(7).fill(200)]);
  });
});
