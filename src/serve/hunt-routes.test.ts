import { afterAll, beforeEach, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from '../store/event.fixture.ts';
import type { HuntAnswer, HuntAsk } from './hunt-api.ts';
import { serve } from './server.fixture.ts';

const served = serve();
afterAll(async () => {
  await served.server.close();
  served.store.close();
});

/** Thirty seconds apart: `ls` and `nc` by turns, on two hosts. */
beforeEach(async () => {
  served.reset();
  await served.events.append(
    Array.from({ length: 40 }, (_, n) =>
      newEvent(`${n}`, {
        timeMs: EVENT_TIME + n * 30_000,
        name: n % 2 === 0 ? 'nc' : 'ls',
        host: n % 4 < 2 ? 'a' : 'b',
      }),
    ),
  );
});

const ask = async (payload: HuntAsk) => {
  const response = await served.server.app.inject({ method: 'POST', url: '/api/hunt', payload });
  return { status: response.statusCode, body: response.json() as HuntAnswer };
};
const total = ({ histogram }: HuntAnswer) => histogram?.counts.reduce((sum, count) => sum + count, 0);

it.each([
  ['eql', 'process where process.name == "nc"'],
  ['kuery', 'process.name: nc'],
  ['lucene', 'process.name:nc'],
  [
    'sigma',
    'logsource: { category: process_creation }\ndetection: { s: { CommandLine|contains: http.server }, condition: s }',
  ],
] as const)('asks in %s, counts all, and hands over the newest', async (language, text) => {
  const { status, body } = await ask({ language, text, limit: 3 });
  expect(status).toBe(200);
  expect(body.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(body.events).toHaveLength(3);
  const [first, second] = body.events;
  expect(first?.time && second && first.time > second.time).toBe(true);
  expect(first?.document).toHaveProperty('process');
  expect(total(body)).toBe(body.found);
  expect(body.found).toBeGreaterThanOrEqual(20);
});

it('keeps to a time, and lays what it found over it', async () => {
  const { body } = await ask({
    language: 'eql',
    text: 'any where true',
    from: new Date(EVENT_TIME).toISOString(),
    to: new Date(EVENT_TIME + 120_000).toISOString(),
  });
  expect(body.found).toBe(4);
  expect(body.histogram).toMatchObject({ from: new Date(EVENT_TIME).toISOString(), bucket_ms: 2_000 });
  expect((await ask({ language: 'eql', text: 'any where true', from: '2031-01-01' })).body).toMatchObject({
    found: 0,
    read: 0,
  });
});

it('gives sequences as groups, the latest first, and takes pipes in order', async () => {
  const sequence =
    'sequence by host.name with maxspan=1m [any where process.name == "nc"] [any where process.name == "ls"]';
  const { body } = await ask({ language: 'eql', text: sequence, limit: 2 });
  expect(body).toMatchObject({ kind: 'groups', found: 20, events: [], read: 40 });
  expect(body.groups.map(({ key, events }) => [key, events.map((event) => event?.id)])).toEqual([
    [['b'], ['38', '39']],
    [['a'], ['36', '37']],
  ]);
  expect(total(body)).toBe(20);
  const piped = await ask({ language: 'eql', text: 'any where process.name == "ls" | head 2' });
  expect(piped.body).toMatchObject({ found: 2, events: [{ id: '1' }, { id: '3' }] });
});

it('says where a query is wrong, and what a request is', async () => {
  const { status, body } = await ask({ language: 'eql', text: 'process were true' });
  expect(status).toBe(422);
  expect(body).toMatchObject({ findings: [{ severity: 'error', start: 8 }], read: 0 });
  expect((await ask({ language: 'sql' as 'eql', text: 'x' })).status).toBe(400);
  expect((await ask({ language: 'eql', text: 'any where true', from: 'then' })).status).toBe(400);
  expect((await ask({ language: 'eql', text: 'any where true', from: '2026-02-02', to: '2026-02-01' })).status).toBe(
    400,
  );
});
