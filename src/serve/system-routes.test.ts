import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMPTY_FUNNEL } from '../detect/decide.ts';
import type { Status } from './api.ts';
import { METRICS } from './metric-names.ts';
import { Metrics } from './metrics.ts';
import { readinessOf } from './readiness.ts';
import { type Served, serve } from './server.fixture.ts';

const headers = { host: 'localhost' };

describe('over HTTP', () => {
  const metrics = new Metrics();
  let served: Served;
  beforeAll(() => {
    served = serve({ metrics, names: ['vedette.example.org', '10.0.0.5'] });
  });
  afterAll(async () => {
    await served.server.close();
    served.store.close();
  });
  const get = (url: string, more: Record<string, string> = headers) => served.server.app.inject({ url, headers: more });

  test('it says that it is alive and ready, whatever it is called', async () => {
    expect((await get('/health', { host: '10.1.2.3:80' })).json()).toEqual({ status: 'ok', version: '9.9.9' });
    const ready = await get('/ready', { host: 'pod' });
    expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true, reasons: [], notes: [] }]);
  });

  test('other requests need a name that it goes by', async () => {
    const statuses = ['localhost:7077', 'Vedette.example.org', '10.0.0.5:7077', 'evil.example.org'].map(
      async (host) => (await get('/api/system', { host })).statusCode,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 403]);
  });

  test('every metric is there, as declared', async () => {
    metrics.commits([0.02]);
    await get('/api/status');
    const { body, headers: answered } = await get('/metrics');
    expect(answered['content-type']).toContain('text/plain');
    for (const [name, { kind, help }] of Object.entries(METRICS)) {
      expect(body).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`);
    }
    expect(body).toContain('\nvedette_info{version="9.9.9"} 1\n');
    expect(body).toContain('\nvedette_commit_duration_seconds_count 1\n');
    expect(body).toMatch(/\nvedette_http_requests_total\{method="GET",route="\/api\/status",status="200"\} 1\n/);
  });

  test('asked twice, counters do not double', async () => {
    const line = async () => /\nvedette_start_time_seconds \S+/.exec((await get('/metrics')).body)?.[0];
    expect(await line()).toBe(await line());
  });
});

test('without metrics there are none', async () => {
  const served = serve();
  expect((await served.server.app.inject({ url: '/metrics', headers })).statusCode).toBe(404);
  await served.server.close();
  served.store.close();
});

test('what keeps it from being ready is told apart from what is merely wrong', () => {
  const events = { events: 0, bytes: 0, pruned: 0, waiting: 3, dropped: 0, problem: 'The disk is full.' };
  const source = {
    name: 'a.log',
    kind: 'file',
    state: 'failed',
    events: 0,
    rejected: 0,
    note: 'No permission.',
  } as const;
  const status: Status = {
    version: '9.9.9',
    started: '2026-03-01T00:00:00.000Z',
    data_folder: '/data',
    rules: { enabled: 3, failed: 1 },
    alerts: { open: 0, acknowledged: 0, closed: 0 },
    sources: [source],
    funnel: { ...EMPTY_FUNNEL, events: 0, unrouted: 0, rejected: 0 },
    events,
  };
  const facts = { status, silenceMs: 500, isEnding: false };
  expect(readinessOf(facts)).toEqual({
    ready: true,
    reasons: [],
    notes: [
      'Events are not stored (3 wait): The disk is full.',
      'The source a.log failed: No permission.',
      '1 rule does not run.',
    ],
  });
  const behind = { ...status, funnel: { ...status.funnel, clock_behind_ms: 3_600_000 } };
  expect(readinessOf({ ...facts, status: behind }).notes[0]).toBe(
    'The clock of this machine was set back by 60 minutes. Until it has caught up, rules over several events are decided by runs over the stored events, some minutes later.',
  );
  expect(readinessOf({ ...facts, silenceMs: 60_000 }).reasons).toEqual([
    'The working thread has not been heard of for 60 seconds.',
  ]);
  expect(readinessOf({ ...facts, silenceMs: Number.POSITIVE_INFINITY }).ready).toBe(false);
  expect(readinessOf({ ...facts, isEnding: true }).ready).toBe(false);
});
