import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivered, Delivery } from '../engine/delivery.ts';
import { Intake } from '../engine/intake.ts';
import type { IngestOptions } from './ingest-routes.ts';
import { type Served, serve } from './server.fixture.ts';

const LOCAL = { host: '127.0.0.1:7077' };
const TAKEN = { lines: 1, events: 1, rejected: 0, rejects: [] };
const RANGE = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:01.000Z' };
const ANSWER = '{"errors":false,"items":[{"create":{"status":201}}]}';

const open: Served[] = [];
afterEach(async () => {
  for (const { server, store } of open.splice(0)) {
    await server.close();
    store.close();
  }
});

function doors(changed: Partial<IngestOptions> = {}, delivered?: Delivered) {
  const deliveries: (Omit<Delivery, 'body'> & { readonly body: string })[] = [];
  const runs: object[] = [];
  const served = serve({
    ingest: {
      deliver: async ({ body, ...rest }) => {
        deliveries.push({ ...rest, body: Buffer.from(body).toString() });
        if (delivered !== undefined) return delivered;
        if (rest.form === 'bulk') return { kind: 'bulk', answer: ANSWER, range: RANGE };
        return { kind: 'lines', taken: { ...TAKEN, range: RANGE } };
      },
      intake: new Intake(),
      requestManualRun: async (wanted) => {
        runs.push(wanted);
        return { state: 'queued', id: '7' };
      },
      ...changed,
    },
  });
  open.push(served);
  const ask = async (method: 'GET' | 'HEAD' | 'POST' | 'PUT', url: string, headers = {}, payload?: string | Buffer) =>
    served.server.app.inject({
      method,
      url,
      headers: { ...LOCAL, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  return { deliveries, runs, ask, served };
}

describe('the doors', () => {
  it('take lines of any type, under the name of their source', async () => {
    const { ask, deliveries } = doors();
    const types = ['application/json', 'text/plain', 'application/x-ndjson', undefined];
    for (const type of types) {
      const headers = type === undefined ? {} : { 'content-type': type };
      const response = await ask('POST', '/api/ingest?source=web', headers, '{"a":1}\n');
      expect(response.statusCode).toBe(200);
      expect(response.json()).toEqual({ ...TAKEN, range: RANGE });
    }
    expect(deliveries[0]).toEqual({ source: 'web', form: 'lines', isHistory: false, body: '{"a":1}\n' });
    expect(deliveries).toHaveLength(types.length);
  });

  it('take what shippers compress', async () => {
    const { ask, deliveries, served } = doors();
    const text = `${'{"a":1}\n'.repeat(100)}`;
    for (const [encoding, payload] of [
      ['gzip', gzipSync(text)],
      ['zstd', zstdCompressSync(text)],
      ['deflate', deflateSync(text)],
      ['deflate', deflateRawSync(text)],
    ] as const) {
      const response = await ask('POST', '/_bulk', { 'content-encoding': encoding }, payload);
      expect([encoding, response.statusCode, served.errors]).toEqual([encoding, 200, []]);
    }
    expect(deliveries.map(({ body }) => body)).toEqual([text, text, text, text]);
    for (const encoding of ['gzip', 'zstd', 'deflate']) {
      expect((await ask('POST', '/_bulk', { 'content-encoding': encoding }, 'nonsense')).statusCode).toBe(400);
    }
    expect((await ask('POST', '/api/ingest', { 'content-encoding': 'br' }, 'x')).statusCode).toBe(415);
    expect((await ask('POST', '/api/ingest', {}, '')).statusCode).toBe(200);
  });

  it('refuse too much, before it has taken the memory', async () => {
    const intake = new Intake(1_000, 0);
    const { ask, deliveries } = doors({ intake });
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    const busy = await ask('POST', '/_bulk', { 'content-encoding': 'gzip' }, bomb);
    expect(busy.statusCode).toBe(429);
    expect(busy.headers['retry-after']).toBe('2');
    expect(busy.json()).toMatchObject({ status: 429, error: { type: 'es_rejected_execution_exception' } });
    const large = await ask('POST', '/api/ingest', { 'content-length': String(65 * 1024 * 1024) }, 'x');
    expect(large.statusCode).toBe(413);
    const declared = await ask('POST', '/api/ingest', { 'content-length': '1001' }, 'x');
    expect([declared.statusCode, declared.headers['retry-after']]).toEqual([429, '2']);
    expect(intake.status).toMatchObject({ requests: 0, bytes: 0, answered: 3, refused: 2 });
    expect(deliveries).toEqual([]);
  });

  it('pass on what became of it', async () => {
    const later = doors({}, { kind: 'later', reason: 'a sends more than it may.', seconds: 7 });
    const response = await later.ask('POST', '/_bulk', {}, 'x');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '7']);
    const items = '{"errors":true,"items":[{"create":{"status":429}}]}';
    const told = doors({}, { kind: 'failed', reason: 'The disk is full.', answer: items });
    const byItem = await told.ask('POST', '/_bulk', {}, 'x');
    expect([byItem.statusCode, byItem.body]).toEqual([503, items]);
    const failed = await doors({}, { kind: 'failed', reason: 'The disk is full.' }).ask('POST', '/api/ingest', {}, 'x');
    expect(failed.json()).toMatchObject({ error: { code: 'write-failed', message: 'The disk is full.' } });
    const malformed = await doors({}, { kind: 'malformed', reason: 'It is none.' }).ask('POST', '/_bulk', {}, 'x');
    expect(malformed.json()).toMatchObject({
      status: 400,
      error: { type: 'illegal_argument_exception', root_cause: [{ reason: 'It is none.' }] },
    });
  });

  it('ask for a run over events of the past', async () => {
    const { ask, runs, deliveries } = doors();
    const response = await ask('POST', '/api/ingest?history=true&source=case', {}, 'x');
    expect(response.json()).toEqual({ ...TAKEN, range: RANGE, run: { ...RANGE, state: 'queued', id: '7' } });
    await ask('POST', '/_bulk', { 'x-vedette-history': 'true', 'user-agent': 'Vector/0.40' }, 'x');
    expect(deliveries.map(({ isHistory }) => isHistory)).toEqual([true, true]);
    expect(runs).toEqual([
      { ...RANGE, reason: 'Events of the past from case' },
      { ...RANGE, reason: 'Events of the past from vector' },
    ]);
  });

  it('keep other web sites out, and names that cannot be a source’s', async () => {
    const { ask, deliveries } = doors();
    const foreign = { origin: 'https://example.org', 'content-type': 'text/plain' };
    for (const url of ['/_bulk', '/logs-a/_bulk', '/api/ingest']) {
      expect((await ask('POST', url, foreign, 'x')).statusCode).toBe(403);
    }
    expect((await ask('POST', '/api/ingest?source=../x', {}, 'x')).statusCode).toBe(400);
    expect((await ask('POST', '/api/ingest?other=1', {}, 'x')).statusCode).toBe(400);
    expect(deliveries).toEqual([]);
  });

  it('want the token where there is one, shown in any of three ways', async () => {
    const { ask } = doors({ token: 'secret' });
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const statusOf = async (authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const answers = await Promise.all([ask('POST', '/_bulk', headers, 'x'), ask('GET', '/_license', headers)]);
      const other = await ask('POST', '/api/ingest', headers, 'x');
      return [...answers, other].map(({ statusCode }) => statusCode);
    };
    for (const shown of [
      'Bearer secret',
      'ApiKey secret',
      `ApiKey ${base64('id:secret')}`,
      `Basic ${base64('elastic:secret')}`,
    ]) {
      expect(await statusOf(shown), shown).toEqual([200, 200, 200]);
    }
    for (const shown of [undefined, 'Bearer Secret', `Basic ${base64('secret:elastic')}`, 'secret', 'Bearer']) {
      expect(await statusOf(shown), shown).toEqual([401, 401, 401]);
    }
    expect((await ask('POST', '/_bulk', {}, 'x')).headers['www-authenticate']).toContain('Basic');
  });
});

describe('what shippers ask first', () => {
  it('is answered with their own version, and the page is still the page', async () => {
    const { ask } = doors();
    const beat = await ask('GET', '/', {
      accept: 'application/json',
      'user-agent': 'Elastic-filebeat/9.1.2 (linux; amd64)',
    });
    expect(beat.headers['x-elastic-product']).toBe('Elasticsearch');
    expect(beat.json()).toMatchObject({ version: { number: '9.1.2' }, tagline: 'You Know, for Search' });
    expect((await ask('HEAD', '/', { 'user-agent': 'Vector/0.40' })).headers['x-elastic-product']).toBe(
      'Elasticsearch',
    );
    const page = await ask('GET', '/', { accept: 'text/html', 'user-agent': 'Mozilla/5.0' });
    expect(page.headers['content-type']).toContain('text/html');
  });

  it('is there, whatever it is, or said not to be in their words', async () => {
    const { ask } = doors();
    for (const url of [
      ...['/_license?human=false', '/_xpack', '/_cluster/health', '/_nodes', '/_nodes/http', '/_ilm/status'],
      ...['/_ilm/policy/filebeat', '/_index_template/filebeat-8.17.0', '/_ingest/pipeline/winlogbeat-8.17.0-routing'],
      ...['/_data_stream/logs-x-default', '/_cat/health', '/_alias/filebeat'],
    ]) {
      for (const method of ['GET', 'HEAD'] as const) {
        const response = await ask(method, url);
        expect([url, response.statusCode]).toEqual([url, 200]);
        expect(response.headers['x-elastic-product']).toBe('Elasticsearch');
      }
    }
    const put = await ask(
      'PUT',
      '/_index_template/a',
      { 'content-type': 'application/json' },
      `{"a":"${'x'.repeat(200_000)}"}`,
    );
    expect(put.json()).toEqual({ acknowledged: true });
    const absent = await ask('GET', '/_search');
    expect(absent.json()).toMatchObject({ status: 404, error: { type: 'resource_not_found_exception' } });
    const compatible = { accept: 'application/vnd.elasticsearch+json;compatible-with=8' };
    expect((await ask('POST', '/logs-a-b/_bulk', compatible, 'x')).headers['content-type']).toBe(compatible.accept);
  });

  it('takes the short answer where only that is wanted, and the index from the path', async () => {
    const { ask, deliveries } = doors();
    const response = await ask('POST', '/logs-a-b/_bulk?filter_path=errors,items.*.error,items.*.status', {}, 'x');
    expect(response.body).toBe(ANSWER);
    await ask('POST', '/_bulk?filter_path=took', { 'user-agent': 'Elastic-filebeat/8.17.0' }, 'x');
    expect(deliveries).toMatchObject([
      { index: 'logs-a-b', isBrief: true, source: 'lightmyrequest' },
      { isBrief: false, source: 'filebeat' },
    ]);
  });
});
