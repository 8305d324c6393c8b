import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_FUNNEL } from '../detect/decide.ts';
import { RULE, serve } from './server.fixture.ts';

const paused: unknown[] = [];
const served = serve({ pauseRule: async (...what) => void paused.push(what) });
const { app } = served.server;
afterAll(() => app.close());
beforeEach(() => served.reset());

const get = async (url: string) => (await app.inject({ url })).json();
const post = (url: string, payload: object = {}) => app.inject({ method: 'POST', url, payload });
const AT = Date.UTC(2026, 2, 1);
const RUN = { ruleId: RULE.id, kind: 'manual', from: AT, to: AT + 60_000, started: AT + 100_000 } as const;

describe('runs', () => {
  it('are listed, newest first, with names and times, page by page', async () => {
    const { runLog } = served.store;
    const ids = [runLog.begin(RUN), runLog.begin({ ...RUN, ruleId: 'gone', kind: 'fill' })];
    const funnel = { ...EMPTY_FUNNEL, matched: 1, created: 1 };
    const end = { state: 'succeeded', ended: AT + 101_000, events: 9, warnings: [], funnel } as const;
    served.store.commit({ alerts: [], positions: [], runs: [], finished: [{ id: ids[0] as number, ...end }] });
    const first = await get('/api/runs?limit=1');
    expect(first.runs.map(({ rule }: { rule: unknown }) => rule)).toEqual([{ id: 'gone' }]);
    const second = await get(`/api/runs?before=${first.next}`);
    expect(second).toEqual({
      waiting: 0,
      runs: [
        {
          id: ids[0],
          rule: { id: RULE.id, name: RULE.name },
          kind: 'manual',
          from: '2026-03-01T00:00:00.000Z',
          to: '2026-03-01T00:01:00.000Z',
          started: '2026-03-01T00:01:40.000Z',
          ended: '2026-03-01T00:01:41.000Z',
          state: 'succeeded',
          funnel,
          events: 9,
          warnings: [],
        },
      ],
    });
    expect((await get('/api/runs?state=running')).runs).toHaveLength(1);
    expect((await get('/api/runs?kind=nothing')).error.code).toBe('query-invalid');
  });

  it('can be asked for, are listed while they wait, and taken back', async () => {
    const ask = { rules: [RULE.id], from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', by: 'ana' };
    const answer = await post('/api/runs', ask);
    expect(answer.statusCode).toBe(202);
    const { request } = answer.json();
    expect(await get('/api/runs/requests')).toEqual([
      expect.objectContaining({
        id: request,
        kind: 'manual',
        rules: [{ id: RULE.id, name: RULE.name }],
        from: '2026-03-01T00:00:00.000Z',
        uncapped: false,
        reason: 'ana asked for it.',
      }),
    ]);
    const remove = () => app.inject({ method: 'DELETE', url: `/api/runs/requests/${request}`, payload: {} });
    expect((await remove()).json()).toEqual({ removed: true });
    expect((await remove()).json().error.code).toBe('request-not-found');
  });

  it.each([
    [{ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, 'body-invalid'],
    [{ from: 'yesterday', to: '2026-03-01T00:00:00Z' }, 'body-invalid'],
    [{ from: '2026-03-01T00:00:00Z' }, 'body-invalid'],
    [{ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', rules: ['none'] }, 'rule-not-found'],
  ])('refuses %j', async (ask, code) => {
    expect((await post('/api/runs', ask)).json().error.code).toBe(code);
  });

  it('of live rules are slots with their funnels; pages never part the slots of one time', async () => {
    const slot = (ruleId: string, number: number, capped = 0) => ({
      ruleId,
      slot: AT + number * 300_000,
      funnel: { ...EMPTY_FUNNEL, matched: 1 + capped, created: 1, capped },
    });
    const runs = [slot('a', 0), slot('a', 1), slot('b', 1), slot(RULE.id, 2, 3)];
    served.store.commit({ alerts: [], positions: [], runs });
    const first = await get('/api/runs/slots?limit=2');
    expect(first.slots).toEqual([
      {
        rule: { id: RULE.id, name: RULE.name },
        from: '2026-03-01T00:10:00.000Z',
        to: '2026-03-01T00:15:00.000Z',
        funnel: runs[3]?.funnel,
      },
    ]);
    const next = await get(`/api/runs/slots?limit=2&before=${first.next}`);
    expect(next.slots.map(({ rule }: { rule: { id: string } }) => rule.id)).toEqual(['a', 'b']);
    expect((await get('/api/runs/slots?capped=true')).slots).toHaveLength(1);
  });
});

describe('gaps', () => {
  it('are listed and filled when somebody asks', async () => {
    const gap = { ruleId: RULE.id, from: AT, to: AT + 1_000, reason: 'down', detected: AT + 5_000 } as const;
    const id = served.store.runLog.addGap(gap);
    expect((await get('/api/gaps?state=open')).gaps).toEqual([
      {
        id,
        rule: { id: RULE.id, name: RULE.name },
        from: '2026-03-01T00:00:00.000Z',
        to: '2026-03-01T00:00:01.000Z',
        reason: 'down',
        detected: '2026-03-01T00:00:05.000Z',
        state: 'open',
        tries: 0,
      },
    ]);
    expect((await post(`/api/gaps/${id}/fill`)).statusCode).toBe(202);
    served.store.runLog.setGap(id, { state: 'gone' });
    expect((await post(`/api/gaps/${id}/fill`)).json().error.code).toBe('gap-not-open');
    expect((await post('/api/gaps/77/fill')).json().error.code).toBe('gap-not-found');
    expect((await post('/api/gaps/x/fill')).json().error.code).toBe('gap-not-found');
  });
});

describe('a rule', () => {
  it('can be paused', async () => {
    expect((await post(`/api/rules/${RULE.id}/paused`, { paused: true })).json()).toMatchObject({ id: RULE.id });
    expect(paused).toEqual([[RULE.id, true]]);
    expect((await post('/api/rules/none/paused', { paused: true })).json().error.code).toBe('rule-not-found');
  });
});
