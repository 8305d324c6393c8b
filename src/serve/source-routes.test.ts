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

const served = serve({
  sources: async () => [summary],
  source: async (wanted) => (wanted === NAME ? profile : undefined),
});
afterAll(async () => {
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
