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
      overlayRule: async (...what) => {
        asked.push(['overlay', ...what]);
        return what[1].max_alerts === 0 ? { problem: 'Too few.' } : {};
      },
      reloadRules: async () => void asked.push(['reload']),
      removeRule: async (id) => id === 'mine',
    });
  };
  const send = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload: object = {}) => {
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
    expect(asked).toEqual([['add', ['rule-2'], 'the text', 'vedette']]);
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
    expect(asked).toEqual([['overlay', 'rule-1', { enabled: false }, 'vedette']]);
    expect(await send('POST', '/api/rules/rule-1/enabled', { enabled: 'no' })).toMatchObject({ status: 400 });
    expect(await send('POST', '/api/rules/other/enabled', { enabled: true })).toMatchObject({ status: 404 });
  });

  it('changes values here, says what does not fit, and reads the files again', async () => {
    start([]);
    const put = (payload: object, id = 'rule-1') => send('PUT', `/api/rules/${id}/overlay`, payload);
    expect(await put({ severity: 'high', from: null, by: 'ana' })).toMatchObject({
      status: 200,
      body: { overlay: [] },
    });
    expect(await put({ max_alerts: 0 })).toMatchObject({ status: 422, body: { error: { message: 'Too few.' } } });
    expect(await put({ severity: 3 })).toMatchObject({ status: 400 });
    expect(await put({ query: 'x' })).toMatchObject({ status: 400 });
    expect(await put({}, 'other')).toMatchObject({ status: 404 });
    expect(await send('POST', '/api/rules/reload')).toMatchObject({ status: 200 });
    expect(asked).toEqual([
      ['overlay', 'rule-1', { severity: 'high', from: null }, 'ana'],
      ['overlay', 'rule-1', { max_alerts: 0 }, 'vedette'],
      ['reload'],
    ]);
  });

  it('shows revisions and what is between two', async () => {
    start([]);
    const text = (words: string) => ({ ruleId: 'rule-1', hash: words, time: 't', path: '/a.toml', text: `${words}\n` });
    served.store.rules.addRevisions([text('one'), text('two')]);
    expect((await send('GET', '/api/rules/rule-1/revisions')).body).toEqual([
      { revision: 2, hash: 'two', time: 't', path: '/a.toml' },
      { revision: 1, hash: 'one', time: 't', path: '/a.toml' },
    ]);
    expect((await send('GET', '/api/rules/rule-1/revisions/1')).body).toMatchObject({ text: 'one\n' });
    expect((await send('GET', '/api/rules/rule-1/diff?from=1&to=2')).body).toMatchObject({
      from: { revision: 1 },
      to: { revision: 2 },
      hunks: [
        {
          lines: [
            { kind: 'removed', text: 'one' },
            { kind: 'added', text: 'two' },
          ],
        },
      ],
    });
    expect(await send('GET', '/api/rules/rule-1/diff?from=1&to=7')).toMatchObject({ status: 404 });
    expect(await send('GET', '/api/rules/rule-1/diff?from=1')).toMatchObject({ status: 400 });
    expect(await send('GET', '/api/rules/other/revisions')).toMatchObject({ status: 404 });
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
