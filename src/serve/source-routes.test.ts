import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { SourceProfile } from './api.ts';
import { serve } from './server.fixture.ts';

const NONE = { top: [], different: 0, rest: 0, exceeded: false };
const NAME = 'file:/var/log/50% off?.log';
const profile: SourceProfile = {
  name: NAME,
  kind: 'file',
  state: 'running',
  events: 0,
  rejected: 0,
  formats: NONE,
  hosts: 0,
  rate: { last_minute: 0, last_quarter_hour: 0 },
  counts: { formats: NONE, hosts: NONE, kinds: NONE, dataStreams: NONE, unrouted: 0 },
  rejects: { total: 0, byCode: [] },
  fields: { fields: [], notFollowed: false, sampled: 0 },
  recent: [],
};
const { name, kind, state, events, rejected, formats, hosts, rate } = profile;
const summary = { name, kind, state, events, rejected, formats, hosts, rate };

const folder = mkdtempSync(join(tmpdir(), 'vedette-source-routes-'));
const files = ['1', '2', '3'].map((file) => join(folder, file));
for (const file of files.slice(0, 2)) writeFileSync(file, `{"file":${file.at(-1)}}\n`);

const served = serve({
  sources: async () => [summary],
  source: async (wanted) => (wanted === NAME ? profile : undefined),
  rejects: (wanted) => (wanted === 'gone' ? files : []),
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await served.server.close();
  served.store.close();
});

const get = async (url: string) => {
  const response = await served.server.app.inject({ url, headers: { host: '127.0.0.1:7077' } });
  return { status: response.statusCode, body: response.json() };
};

it('lists sources, and gives one by its name, which may be any path', async () => {
  expect(await get('/api/sources')).toEqual({ status: 200, body: [summary] });
  expect(await get(`/api/sources/${encodeURIComponent(NAME)}`)).toEqual({ status: 200, body: profile });
});

it('says that there is no such source', async () => {
  const long = encodeURIComponent(`file:/${'directory/'.repeat(400)}`);
  for (const wanted of ['other', long, '__proto__']) {
    expect(await get(`/api/sources/${wanted}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'source-not-found' } },
    });
  }
  expect(await get('/api/sources?top=3')).toMatchObject({ status: 400, body: { error: { code: 'query-unknown' } } });
});

it('gives what could not be read, of sources that are read no more, too', async () => {
  const rejects = async (name: string) => {
    const url = `/api/sources/${encodeURIComponent(name)}/rejects`;
    const { statusCode, body, headers } = await served.server.app.inject({ url, headers: { host: '127.0.0.1:7077' } });
    return { status: statusCode, body, type: headers['content-type'] };
  };
  const type = 'application/x-ndjson; charset=utf-8';
  expect(await rejects('gone')).toEqual({ status: 200, body: '{"file":1}\n{"file":2}\n', type });
  expect(await rejects(NAME)).toEqual({ status: 200, body: '', type });
  expect(await rejects('other')).toMatchObject({ status: 404 });
});
