import { beforeEach, describe, expect, it } from 'vitest';
import type { EventRecord } from '../store/event-store.ts';
import type { AlertDetail } from './api.ts';
import { RULE, serve } from './server.fixture.ts';
import type { AlertContext, Guide } from './triage-api.ts';

const NOW = '2026-03-02T00:00:00.000Z';
const TIME = '2026-03-01T12:00:00.000Z';

const GUIDE = `### Possible investigation steps

- Investigate the user account associated with the process.
- Check for other alerts on the same host during the past 48 hours.
- Use your judgement.

### Response and remediation

- Isolate the host.
- Reset the password.
`;

const served = serve({
  rules: () => [{ document: { ...RULE, guide: GUIDE }, findings: [], enabled: true, paused: false, added: false }],
});
const { server, put, reset } = served;
beforeEach(reset);

async function get<T>(url: string): Promise<T> {
  const response = await server.app.inject({ url });
  expect(response.statusCode, response.body).toBe(200);
  return response.json() as T;
}

async function post(
  url: string,
  body: object,
): Promise<{ status: number; body: AlertDetail & { error?: { code: string } } }> {
  const response = await server.app.inject({ method: 'POST', url, payload: body });
  return { status: response.statusCode, body: response.json() };
}

function storeStart(n: number, process: object, document: object = {}): void {
  const timeMs = Date.parse(TIME) + n * 1_000;
  const record: EventRecord = {
    id: `id:e${n}`,
    timeMs,
    ticks: 0,
    format: 'elastic-defend',
    dataStreams: [],
    standsInFor: [],
    sample: false,
    document: {
      '@timestamp': new Date(timeMs).toISOString(),
      event: { category: ['process'], type: ['start'] },
      host: { name: 'web-01' },
      user: { name: 'ana' },
      process: process as EventRecord['document'],
      ...document,
    },
  };
  void served.events.append([record]);
}

describe('notes and steps', () => {
  it('are kept with who wrote or did them, the operator where nobody is named', async () => {
    put('a');
    const noted = await post('/api/alerts/a/notes', { text: '  asked *bo*\n' });
    expect(noted).toMatchObject({ status: 200, body: { notes: [{ text: 'asked *bo*', by: 'vedette', time: NOW }] } });
    const done = await post('/api/alerts/a/steps', { step: 'Isolate the host.', done: true, by: 'ana' });
    expect(done.body.steps_done).toEqual([{ step: 'Isolate the host.', by: 'ana', time: NOW }]);
    const undone = await post('/api/alerts/a/steps', { step: 'Isolate the host.', done: false });
    expect(undone.body.steps_done).toEqual([]);
    const closed = await post('/api/alerts/a/status', { status: 'closed', reason: 'duplicate', by: 'cy' });
    expect(closed.body.history).toMatchObject([{ by: 'cy' }]);
    expect((await post('/api/alerts/a/status', { status: 'open' })).body.history.at(-1)).toMatchObject({
      by: 'vedette',
    });
  });

  it.each([
    ['notes', {}, 400],
    ['notes', { text: ' \n' }, 400],
    ['notes', { text: 'x'.repeat(10_001) }, 400],
    ['notes', { text: 'x', by: 'y'.repeat(101) }, 400],
    ['steps', { step: 'Something else', done: true }, 400],
    ['steps', { step: 'Isolate the host.' }, 400],
    ['steps', { step: 'Isolate the host.', done: 'yes' }, 400],
  ])('are refused in words: %s %j', async (route, body, status) => {
    put('a');
    const answer = await post(`/api/alerts/a/${route}`, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error?.code).toBe('body-invalid');
  });

  it('need their alert', async () => {
    expect((await post('/api/alerts/none/notes', { text: 'x' })).body.error?.code).toBe('alert-not-found');
    expect((await post('/api/alerts/none/steps', { step: 'x', done: false })).body.error?.code).toBe('alert-not-found');
    for (const route of ['context', 'guide', 'members', 'ticket']) {
      expect((await server.app.inject({ url: `/api/alerts/none/${route}` })).statusCode).toBe(404);
    }
  });
});

describe('groups and incidents', () => {
  it('fold a list, and tell their members', async () => {
    put('a', { entity: 'p', rule: 'r1' });
    put('b', { entity: 'p', rule: 'r2' });
    put('c');
    const page = await get<{ total: number; alerts: { id: string; folded: object }[] }>(
      '/api/alerts?fold=process&sort=time',
    );
    expect(page.total).toBe(2);
    expect(page.alerts.map(({ folded }) => folded)).toContainEqual({ alerts: 2, rules: 2 });
    expect(await get<object[]>('/api/alerts/b/members')).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    expect(await get('/api/alerts?process=p')).toMatchObject({ total: 2 });
    expect((await server.app.inject({ url: '/api/alerts?fold=host' })).statusCode).toBe(400);
    expect(await get('/api/alerts/histogram?fold=process')).toMatchObject({ bucket_ms: expect.any(Number) });
  });

  it('are listed and told', async () => {
    put('a');
    put('b', { host: 'db-01', rule: 'r2', ruleName: 'Two' });
    const page = await get<{ incidents: { id: string; reason: string }[]; total: number }>('/api/incidents');
    expect(page.total).toBe(2);
    const id = page.incidents.find(({ reason }) => reason === 'Two alerted on db-01.')?.id ?? '';
    expect(await get(`/api/incidents/${id}`)).toMatchObject({ incident: { host: 'db-01' }, alerts: [{ id: 'b' }] });
    expect(await get(`/api/alerts?incident=${id}`)).toMatchObject({ total: 1 });
    expect(await get('/api/incidents?status=closed&host=db-01&limit=5')).toEqual({ incidents: [], total: 0 });
    for (const url of [
      '/api/incidents?status=x',
      '/api/incidents?from=x',
      '/api/incidents?limit=0',
      '/api/incidents?cursor=x',
    ]) {
      const refused = await server.app.inject({ url });
      expect(refused.statusCode, url).toBe(400);
    }
    expect((await server.app.inject({ url: '/api/incidents/99' })).json()).toMatchObject({
      error: { code: 'incident-not-found' },
    });
  });
});

describe('the guide', () => {
  it('has each step with its questions counted', async () => {
    put('a', { entity: 'self' });
    put('b', { time: '2026-03-01T10:00:00.000Z' });
    storeStart(1, { name: 'ls', entity_id: 'ls' });
    storeStart(2, { name: 'nc', entity_id: 'nc' }, { user: { name: 'other' } });
    const guide = await get<Guide>('/api/alerts/a/guide');
    expect(guide).toMatchObject({ from: 'rule', response: ['Isolate the host.', 'Reset the password.'] });
    expect(guide.steps[0]?.questions).toEqual([
      {
        question: 'What else did ana run on web-01 within an hour?',
        query: {
          over: 'events',
          text: 'process where host.name == "web-01" and user.name == "ana"',
          from: '2026-03-01T11:00:00.000Z',
          to: '2026-03-01T13:00:00.000Z',
        },
        count: 1,
      },
    ]);
    expect(guide.steps[1]?.questions).toMatchObject([{ query: { over: 'alerts' }, count: 2 }]);
    const [alerts] = guide.steps[1]?.questions ?? [];
    expect(await get(`/api/alerts?${alerts?.query.text}`)).toMatchObject({ total: 2 });
    expect(guide.steps[2]).toEqual({ text: 'Use your judgement.', questions: [] });
  });

  it('of a rule that is gone asks what to ask of any alert', async () => {
    put('a', { rule: 'gone' });
    const guide = await get<Guide>('/api/alerts/a/guide');
    expect(guide).toMatchObject({ from: 'default', response: [] });
    const questions = guide.steps.flatMap((step) => step.questions);
    expect(questions.length).toBeGreaterThan(5);
    for (const { count, problem } of questions) expect(count ?? problem).toBeDefined();
    expect(questions.find(({ question }) => question === 'What did python3 start?')?.problem).toBe(
      'The event has no process.parent.entity_id.',
    );
  });
});

describe('the surroundings', () => {
  const shell = { entity_id: 'sh', pid: 10, name: 'sh', command_line: 'sh -c x', derived: true as const };

  it('are a tree of ancestors, siblings, the process and its children', async () => {
    const parent = { parent: { entity_id: 'sh' } };
    served.store.commit({ alerts: [withParent('b', 'sh')], positions: [], runs: [] });
    storeStart(-5, { entity_id: 'sh', pid: 10, name: 'sh' }, { user: { name: 'root' } });
    storeStart(-1, { entity_id: 'before', pid: 11, name: 'id', ...parent });
    storeStart(0, { entity_id: 'self', pid: 12, name: 'python3', ...parent });
    storeStart(
      3,
      { entity_id: 'after', pid: 13, name: 'nc', ...parent },
      { vedette: { derived: ['process.parent.entity_id'] } },
    );
    storeStart(4, { entity_id: 'child', pid: 14, name: 'cat', parent: { entity_id: 'self' } });
    storeStart(5, { entity_id: 'child', pid: 14, name: 'cat', parent: { entity_id: 'self' } });
    const context = await get<AlertContext>('/api/alerts/b/context');
    const { tree } = context;
    expect(
      tree.processes.map(({ relation, depth, name, derived, alerts, event }) => [
        relation,
        depth,
        name,
        derived ?? false,
        alerts,
        event,
      ]),
    ).toEqual([
      ['ancestor', 0, 'systemd', false, 0, undefined],
      ['ancestor', 1, 'sh', true, 0, 'id:e-5'],
      ['sibling', 2, 'id', false, 0, 'id:e-1'],
      ['self', 2, 'python3', false, 2, 'id:e0'],
      ['sibling', 2, 'nc', true, 0, 'id:e3'],
      ['child', 3, 'cat', false, 0, 'id:e4'],
    ]);
    expect(tree.left_out).toBe(0);
    expect(context.likeness).toMatchObject([
      {
        what: 'user',
        value: 'ana',
        events: 5,
        hosts: 1,
        all_hosts: 1,
        alerts: 2,
        rarity: 'seen on the only host there is',
      },
      { what: 'command', events: 0, alerts: 2, rarity: 'not among the stored events' },
    ]);
    expect(context.stored_from).toBe('2026-03-01T11:59:55.000Z');
  });

  it('are what the alert says where no events are stored', async () => {
    put('a', { entity: 'self', ancestry: [shell] });
    const context = await get<AlertContext>('/api/alerts/a/context');
    expect(context.tree.processes.map(({ relation }) => relation)).toEqual(['ancestor', 'self']);
    expect(context).not.toHaveProperty('stored_from');
  });

  it('leave out what is too much, and say how much', async () => {
    served.store.commit({ alerts: [withParent('b', 'sh')], positions: [], runs: [] });
    for (let n = 1; n <= 150; n += 1)
      storeStart(n, { entity_id: `s${n}`, pid: n, name: 's', parent: { entity_id: 'sh' } });
    const { tree } = await get<AlertContext>('/api/alerts/b/context');
    expect(tree.processes).toHaveLength(3 + 20);
    expect(tree.processes[3]?.entity_id).toBe('s1');
    expect(tree.left_out).toBe(130);
  });

  function withParent(id: string, parent: string) {
    put(`${id}-first`, { entity: 'self', ancestry: [shell, { pid: 1, name: 'systemd' }] });
    const { alert } = served.store.alert(`${id}-first`) ?? {};
    if (alert === undefined) throw new Error('not stored');
    const [event] = alert.events;
    const process = { ...(event?.process as object), parent: { entity_id: parent } };
    return { alert: { ...alert, id, events: [{ ...event, process }] } };
  }
});

describe('the ticket', () => {
  it('is told with its response, notes and decisions', async () => {
    put('a');
    await post('/api/alerts/a/notes', { text: 'asked bo' });
    await post('/api/alerts/a/steps', { step: 'Isolate the host.', done: true });
    const { text } = await get<{ text: string }>('/api/alerts/a/ticket');
    expect(text).toContain('# ana started python3 -m http.server 8000 on web-01');
    expect(text).toContain('- [x] Isolate the host. (vedette, 2026-03-02T00:00:00.000Z)');
    expect(text).toContain('- [ ] Reset the password.');
    expect(text).toContain('asked bo');
  });
});
