import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { StoreError } from '../store/store-error.ts';
import { API_ERRORS } from './api-error.ts';
import { guardRequest } from './request-guard.ts';
import { RULE, type Served, serve } from './server.fixture.ts';

const LOCAL = { host: '127.0.0.1:7077' };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the API', () => {
  let served: Served;
  beforeAll(() => {
    served = serve();
  });
  beforeEach(() => served.reset());
  afterAll(async () => {
    await served.server.close();
    served.store.close();
  });

  const get = async (url: string, headers: Record<string, string> = LOCAL) => {
    const response = await served.server.app.inject({ url, headers });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  };
  const send = async (method: 'POST' | 'DELETE' | 'PUT', url: string, payload?: object | string, headers = {}) => {
    const all = { ...LOCAL, ...JSON_TYPE, ...headers };
    const response = await served.server.app.inject({
      method,
      url,
      headers: all,
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: response.statusCode, body: response.json() };
  };
  const error = (code: string, status: number) => ({ status, body: { error: expect.objectContaining({ code }) } });

  it('tells the status and its health', async () => {
    served.put('a', { sample: true });
    expect((await get('/api/status')).body).toMatchObject({ alerts: { open: 1 }, sample: { alerts: 1 } });
    expect((await get('/healthz')).body).toEqual({ status: 'ok', version: '9.9.9' });
  });

  it('lists, filters and pages alerts', async () => {
    served.put('a', { severity: 'high', time: '2026-03-01T12:00:00.000Z' });
    served.put('b', { host: 'db', time: '2026-03-01T13:00:00.000Z' });
    const { body } = await get('/api/alerts?limit=1');
    expect(body).toMatchObject({ alerts: [{ id: 'b' }], total: 2, by_severity: { high: 1, low: 1 } });
    expect((await get(`/api/alerts?limit=1&cursor=${body.next}`)).body.alerts).toMatchObject([{ id: 'a' }]);
    expect((await get('/api/alerts?q=python%20DB&status=open,closed')).body.total).toBe(1);
    expect((await get('/api/alerts?q=')).body.total).toBe(2);
    const histogram = (await get('/api/alerts/histogram?buckets=10&severity=high,low')).body;
    expect(histogram).toMatchObject({ bucket_ms: 600_000, counts: [1, 0, 0, 0, 0, 0, 1] });
  });

  it('gives an alert with its rule, its trace and its raw text', async () => {
    served.put('a', { raw: new TextEncoder().encode('{"übel":1}') });
    expect((await get('/api/alerts/a')).body).toMatchObject({
      alert: { id: 'a' },
      status: 'open',
      history: [],
      rule: { id: RULE.id },
      trace: { result: true },
      raw: '{"übel":1}',
    });
    served.put('b', { rule: 'gone' });
    expect((await get('/api/alerts/b')).body).not.toHaveProperty('rule');
    expect(await get('/api/alerts/none')).toMatchObject(error('alert-not-found', 404));
  });

  it('keeps triage with its time', async () => {
    served.put('a');
    const closed = await send('POST', '/api/alerts/a/status', {
      status: 'closed',
      reason: 'duplicate',
      comment: 'again',
    });
    expect(closed.status).toBe(200);
    expect(closed.body).toMatchObject({
      status: 'closed',
      close_reason: 'duplicate',
      history: [{ time: '2026-03-02T00:00:00.000Z', status: 'closed', close_reason: 'duplicate', comment: 'again' }],
    });
    expect(await send('POST', '/api/alerts/x/status', { status: 'open' })).toMatchObject(error('alert-not-found', 404));
  });

  it.each([
    ['', 'body-invalid'],
    ['{', 'body-invalid'],
    ['[]', 'body-invalid'],
    ['{}', 'body-invalid'],
    ['{"status":"resolved"}', 'body-invalid'],
    ['{"status":"closed"}', 'body-invalid'],
    ['{"status":"open","reason":"duplicate"}', 'body-invalid'],
    ['{"status":"open","comment":5}', 'body-invalid'],
    ['{"status":"open","coment":"x"}', 'body-invalid'],
    ['{"status":"open","__proto__":{"reason":"x"}}', 'body-invalid'],
    [JSON.stringify({ status: 'open', comment: 'x'.repeat(4_001) }), 'body-invalid'],
  ])('refuses the change %s', async (payload, code) => {
    served.put('a');
    expect(await send('POST', '/api/alerts/a/status', payload)).toMatchObject(error(code, 400));
    expect(served.store.alert('a')?.history).toEqual([]);
  });

  it('says which key was meant', async () => {
    const { body } = await send('POST', '/api/alerts/a/status', { status: 'open', coment: 'x' });
    expect(body.error.hint).toContain('Did you mean `comment`?');
  });

  it('removes the sample', async () => {
    served.put('a', { sample: true });
    expect((await send('DELETE', '/api/sample', '{}')).body).toEqual({ removed: 1 });
    expect((await send('DELETE', '/api/sample')).body).toEqual({ removed: 0 });
  });

  it('lists rules with their alerts, and gives one', async () => {
    served.put('a');
    const summary = {
      id: 'rule-1',
      name: RULE.name,
      language: 'eql',
      severity: 'low',
      risk_score: 21,
      threat: [],
      enabled: true,
      paused: false,
      added: false,
      errors: 0,
      warnings: 0,
      alerts: 1,
    };
    expect((await get('/api/rules')).body).toEqual([summary]);
    expect((await get('/api/rules/rule-1')).body).toEqual({
      ...summary,
      document: RULE,
      findings: [],
      fields: [],
      overlay: [],
      origin: { path: 'rule.toml' },
    });
    expect(await get('/api/rules/other')).toMatchObject(error('rule-not-found', 404));
  });

  it.each([
    ['limit=0', 'limit', '1 to 500'],
    ['limit=9999999', 'limit', '1 to 500'],
    ['limit=ten', 'limit', '1 to 500'],
    ['limit=-1', 'limit', '1 to 500'],
    ['limit=', 'limit', '1 to 500'],
    ['q=a&q=b', 'given 2 times', 'Words'],
    ['status=resolved', 'status', 'open, acknowledged, closed'],
    ['status=open,', 'status', 'open, acknowledged, closed'],
    ['severity=hgih', 'severity', 'critical'],
    ['sort=name', 'sort', '-time'],
    ['from=yesterday', 'from', 'ISO 8601'],
    ['from=2026-03-02&to=2026-03-01', 'from', 'inclusive'],
    ['cursor=xyz', 'cursor', 'next'],
    [`q=${'x'.repeat(501)}`, 'q', '500'],
  ])('refuses ?%s in words', async (text, message, hint) => {
    const response = await get(`/api/alerts?${text}`);
    expect(response).toMatchObject(error('query-invalid', 400));
    expect(response.body.error.message).toContain(message);
    expect(response.body.error.hint).toContain(hint);
  });

  it.each(['1', '501', 'x'])('refuses %s bars', async (buckets) => {
    expect(await get(`/api/alerts/histogram?buckets=${buckets}`)).toMatchObject(error('query-invalid', 400));
  });

  it('refuses a parameter that it does not know, and says which was meant', async () => {
    const response = await get('/api/alerts?stauts=open');
    expect(response).toMatchObject(error('query-unknown', 400));
    expect(response.body.error.hint).toContain('Did you mean `status`?');
    for (const url of [
      '/api/status?x',
      '/api/rules?x=1',
      '/api/live?x=1',
      '/api/alerts/a?__proto__=1',
      '/healthz?x=1',
    ]) {
      expect(await get(url), url).toMatchObject(error('query-unknown', 400));
    }
  });

  it('answers whatever stands in the query with 200 or 400', async () => {
    for (let n = 0; n < 5; n += 1) served.put(`a${n}`);
    const name = fc.oneof(
      fc.constantFrom('status', 'severity', 'q', 'rule', 'host', 'from', 'to', 'sort', 'limit', 'cursor', 'buckets'),
      fc.string(),
    );
    const value = fc.oneof(anyText(), fc.constantFrom('open', '-time', '5', '2026-03-01', '%', '%zz'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/api/alerts', '/api/alerts/histogram'),
        fc.array(fc.tuple(name, value), { maxLength: 4 }),
        fc.boolean(),
        async (path, pairs, encoded) => {
          const text = pairs.map(([k, v]) => (encoded ? `${k}=${v.toWellFormed()}` : `${k}=${v}`)).join('&');
          const query = encoded ? encodeURI(text.toWellFormed()) : text.replace(/[^!-~]/g, '%');
          const response = await get(`${path}?${query.replaceAll('#', '')}`);
          expect([200, 400]).toContain(response.status);
          if (response.status === 400) expect(response.body.error.message).toMatch(/\S/);
        },
      ),
      { numRuns: runs(100) },
    );
    expect(served.errors).toEqual([]);
  });

  it.each([
    ['evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example:7077', false],
    ['localhost@evil.example', false],
    ['10.0.0.1:7077', false],
    ['localhost', true],
    ['LOCALHOST:7077', true],
    ['[::1]:7077', true],
    ['127.0.0.1:9000', true],
  ])('Host: %s is let in: %s', async (host, isLetIn) => {
    for (const url of ['/api/status', '/healthz', '/']) {
      const { statusCode } = await served.server.app.inject({ url, headers: { host } });
      expect(statusCode !== 403, url).toBe(isLetIn);
    }
    if (!isLetIn) expect(await get('/api/status', { host })).toMatchObject(error('host-refused', 403));
  });

  it('lets nobody in without a Host', () => {
    expect(() => guardRequest({ method: 'GET', url: '/', headers: {} })).toThrow(
      expect.objectContaining({ code: 'host-refused' }),
    );
  });

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://127.0.0.1:8000' }, 403],
    [{ origin: 'http://localhost:7077' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
    [{ 'content-type': 'application/jsonp' }, 415],
    [{ 'content-type': '' }, 415],
    [{ origin: 'http://127.0.0.1:7077', 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'content-type': 'application/json; charset=utf-8' }, 200],
  ])('a change with %j is answered with %d', async (headers, status) => {
    served.put('a', { sample: true });
    expect((await send('DELETE', '/api/sample', '{}', headers)).status).toBe(status);
    expect(served.store.hasAlert('a')).toBe(status !== 200);
  });

  it('reads bodies of at most 64 kB', async () => {
    const body = { status: 'open', comment: 'x'.repeat(70_000) };
    expect(await send('POST', '/api/alerts/a/status', body)).toMatchObject(error('body-too-large', 413));
  });

  it('sends headers that protect the pages, on every answer, and keeps nothing of the API in caches', async () => {
    for (const url of ['/api/status', '/api/none', '/api/alerts?x=1', '/api/rules/%zz']) {
      const { headers } = await get(url);
      expect(headers['content-security-policy'], url).toContain("default-src 'self'");
      expect(headers['x-content-type-options'], url).toBe('nosniff');
      expect(headers['referrer-policy'], url).toBe('no-referrer');
      expect(headers['cache-control'], url).toBe('no-store');
      expect(headers['access-control-allow-origin'], url).toBeUndefined();
    }
  });

  it('has words for what is not there and what cannot be read', async () => {
    expect(await get('/api/none')).toMatchObject(error('not-found', 404));
    expect(await get('/api/rules/%zz')).toMatchObject(error('request-invalid', 400));
    expect(await get(`/api/alerts/${'x'.repeat(600)}`)).toMatchObject({
      status: expect.toSatisfy((s) => s === 404 || s === 414),
    });
    expect(await send('PUT', '/api/status', '{}')).toMatchObject(error('not-found', 404));
  });

  it('documents every error code', () => {
    const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
    for (const [code, status] of Object.entries(API_ERRORS)) expect(page).toContain(`| \`${code}\` | ${status} |`);
  });
});

describe('the API, when something is wrong behind it', () => {
  it('passes on why a change was not written', async () => {
    const setStatus = () => Promise.reject(Object.assign(new Error('The disk is full.'), { hint: 'Free some space.' }));
    const { server, store, errors } = serve({ setStatus });
    const response = await server.app.inject({
      method: 'POST',
      url: '/api/alerts/a/status',
      headers: { ...LOCAL, ...JSON_TYPE },
      payload: { status: 'open' },
    });
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({
      error: { code: 'write-failed', message: 'The disk is full.', hint: 'Free some space.' },
    });
    expect(errors).toHaveLength(1);
    await server.close();
    store.close();
  });

  it.each([
    [
      new StoreError('store-damaged', 'The file is damaged.', 'Restore it.'),
      503,
      'store-unavailable',
      'The file is damaged.',
    ],
    [new TypeError('secret detail'), 500, 'internal', 'The service made a mistake; its log says more.'],
  ])('answers %s with %d', async (thrown, status, code, message) => {
    const { server, store, errors } = serve({
      status: () => {
        throw thrown;
      },
    });
    const response = await server.app.inject({ url: '/api/status', headers: LOCAL });
    expect(response.statusCode).toBe(status);
    expect(response.json().error).toMatchObject({ code, message });
    expect(errors).toEqual([thrown]);
    await server.close();
    store.close();
  });
});
