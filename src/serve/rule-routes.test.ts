import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../rule/finding.ts';
import type { RuleDocument } from '../rule/rule.ts';
import { RULE, type Served, serve } from './server.fixture.ts';

const mistake: Finding = {
  file: '-',
  rule: {},
  code: 'eql-syntax',
  severity: 'error',
  message: 'Expected “where”.',
  line: 1,
  column: 9,
  end: { line: 1, column: 10 },
};

const NEW: RuleDocument = { ...RULE, id: 'rule-2', name: 'Another' };

describe('changing rules', () => {
  let served: Served;
  const asked: unknown[][] = [];
  afterEach(async () => {
    await served.server.close();
    served.store.close();
    asked.length = 0;
  });

  const start = (rules: readonly RuleDocument[], findings: readonly Finding[] = []) => {
    served = serve({
      checkRule: async () => ({ rules, findings }),
      addRule: async (...what) => void asked.push(['add', ...what]),
      enableRule: async (...what) => void asked.push(['enable', ...what]),
      removeRule: async (id) => id === 'mine',
    });
  };
  const send = async (method: 'POST' | 'DELETE', url: string, payload: object = {}) => {
    const headers = { host: '127.0.0.1:7077', 'content-type': 'application/json' };
    const response = await served.server.app.inject({ method, url, headers, payload });
    return { status: response.statusCode, body: response.json() };
  };

  it('checks a text without keeping it', async () => {
    start([NEW], [mistake]);
    expect(await send('POST', '/api/rules/check', { text: 'x' })).toEqual({
      status: 200,
      body: { rules: [NEW], findings: [mistake] },
    });
    expect(asked).toEqual([]);
  });

  it('keeps a text without errors with the ids of its rules', async () => {
    start([NEW], [{ ...mistake, severity: 'warning' }]);
    expect((await send('POST', '/api/rules', { text: 'the text' })).status).toBe(201);
    expect(asked).toEqual([['add', ['rule-2'], 'the text']]);
  });

  it('refuses errors with their findings, texts that hold no rule, and ids that are taken', async () => {
    start([NEW], [mistake]);
    expect(await send('POST', '/api/rules', { text: 'x' })).toMatchObject({
      status: 422,
      body: { findings: [mistake] },
    });
    await served.server.close();
    start([]);
    expect((await send('POST', '/api/rules', { text: 'x' })).status).toBe(422);
    await served.server.close();
    start([RULE]);
    expect(await send('POST', '/api/rules', { text: 'x' })).toMatchObject({
      status: 409,
      body: { error: { code: 'rule-exists' } },
    });
    expect(asked).toEqual([]);
  });

  it('turns a rule on and off, and says what is no boolean', async () => {
    start([]);
    expect(await send('POST', '/api/rules/rule-1/enabled', { enabled: false })).toMatchObject({ status: 200 });
    expect(asked).toEqual([['enable', 'rule-1', false]]);
    expect(await send('POST', '/api/rules/rule-1/enabled', { enabled: 'no' })).toMatchObject({ status: 400 });
    expect(await send('POST', '/api/rules/other/enabled', { enabled: true })).toMatchObject({ status: 404 });
  });

  it('removes only what was added', async () => {
    start([]);
    expect(await send('DELETE', '/api/rules/rule-1')).toMatchObject({
      status: 409,
      body: { error: { code: 'rule-not-added' } },
    });
    expect(await send('DELETE', '/api/rules/other')).toMatchObject({ status: 404 });
  });
});
