import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { explainAsked } from '../engine/explain-asked.ts';
import { searchStore } from '../engine/store-search.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { Plan } from '../plan/plan.ts';
import { bundledRules } from '../rule/load.ts';
import type { RuleDocument } from '../rule/rule.ts';
import { newEvent } from '../store/event.fixture.ts';
import { type Served, serve } from './server.fixture.ts';

const headers = { host: '127.0.0.1:7077', 'content-type': 'application/json' };
const { rules } = await bundledRules();
const sigma = rules.find(({ document }) => document.language === 'sigma') as (typeof rules)[number];
const ID = sigma.document.id;

/** A sequence in the stead of another rule. */
const SEQUENCE: RuleDocument = {
  ...sigma.document,
  id: 'sequence',
  language: 'eql',
  query: `sequence by host.name with maxspan=1m
    [process where process.name == "python3"] [process where process.name == "curl"]`,
};

describe('explaining a rule over HTTP', () => {
  let served: Served;
  beforeAll(() => {
    const events = searchStore(() => served.events);
    served = serve({
      events,
      rules: () =>
        [...rules.map(({ document }) => document), SEQUENCE].map((document) => ({
          document,
          findings: [],
          enabled: true,
          paused: false,
          added: false,
        })),
      explainRule: (id) => {
        if (id === SEQUENCE.id) {
          const rule = { document: SEQUENCE, plan: compileEql(SEQUENCE.query).plan as Plan };
          return (asked) => explainAsked(rule, asked, { events, exceptions: served.store.exceptions });
        }
        if (id !== ID || sigma.plan.kind !== 'event') return undefined;
        const rule = { document: sigma.document, plan: sigma.plan };
        return (asked) => explainAsked(rule, asked, { events, exceptions: served.store.exceptions });
      },
    });
  });
  beforeEach(() => served.reset());
  afterAll(async () => {
    await served.server.close();
    served.store.close();
  });

  const post = async (url: string, body: object) => {
    const answer = await served.server.app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) });
    return { status: answer.statusCode, body: answer.json() };
  };
  const explain = (body: object, id = ID) => post(`/api/rules/${id}/explain`, body);
  const start = (command: string) => ({
    '@timestamp': '2026-03-01T12:00:00Z',
    event: { category: ['process'], type: ['start'], action: 'exec' },
    host: { name: 'web-01', os: { type: 'linux' } },
    process: { name: 'python3', executable: '/usr/bin/python3', command_line: command, args: command.split(' ') },
  });

  it('a sequence, on records, around a stored event, and over a time', async () => {
    const record = (second: number, name: string) => ({
      ...start(name),
      '@timestamp': `2026-03-01T12:00:${second}Z`,
      process: { name },
    });
    const pasted = await explain(
      { text: [record(10, 'python3'), record(20, 'wget')].map((each) => JSON.stringify(each)).join('\n') },
      SEQUENCE.id,
    );
    expect(pasted).toMatchObject({
      status: 200,
      body: {
        explained: [],
        events: 2,
        correlation: {
          fires: false,
          keys: [{ key: ['web-01'], outcome: 'waiting', steps: [{ step: 0 }, { step: 1, nearest: {} }] }],
        },
      },
    });
    const timeMs = Date.parse('2026-03-01T12:00:00Z');
    const stored = (id: string, at: number, name: string) =>
      newEvent(id, { timeMs: timeMs + at, document: { ...start(name), process: { name } } });
    await served.events.append([stored('a', 0, 'python3'), stored('b', 30_000, 'curl'), stored('c', 600_000, 'curl')]);
    const around = await explain({ event: 'b' }, SEQUENCE.id);
    expect(around.body).toMatchObject({ events: 2, correlation: { fires: true, keys: [{ outcome: 'matched' }] } });
    const time = { from: '2026-03-01T11:00:00Z', to: '2026-03-01T13:00:00Z', host: 'web-01' };
    expect((await explain(time, SEQUENCE.id)).body).toMatchObject({ events: 3, correlation: { fires: true } });
    expect((await explain({ ...time, to: 'later' }, SEQUENCE.id)).body.error).toMatchObject({ code: 'body-invalid' });
    expect((await explain({ ...time, event: 'a' }, SEQUENCE.id)).status).toBe(400);
  });

  it('a stored event, and a record that was pasted', async () => {
    await served.events.append([newEvent('a')]);
    const { status, body } = await explain({ event: 'a' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      events: 1,
      problems: [],
      explained: [{ sentence: expect.stringContaining('web-01') }],
    });
    const pasted = await explain({ document: start('python3 -m json.tool') });
    expect(pasted.body.explained[0].explanation).toMatchObject({ fires: false, trace: { result: false } });
    expect(pasted.body.explained[0].explanation.obstacles).not.toEqual([]);
    expect(pasted.body.rule).toMatchObject({ author: expect.any(Array), reference: expect.any(Array) });
    const lines = [start('python3 -m http.server'), start('ls')].map((each) => JSON.stringify(each)).join('\n');
    const several = await explain({ text: `${lines}\n<broken` });
    expect(several.body.explained.map((each: { explanation: { fires: boolean } }) => each.explanation.fires)).toEqual([
      true,
      false,
    ]);
    expect(several.body.problems).toHaveLength(1);
  });

  it('an exception that removes the match, while it is on', async () => {
    const exception = {
      id: 'x',
      name: 'Known server',
      rules: [ID],
      condition: { kind: 'entries', entries: [{ field: 'host.name', operator: 'is', value: 'web-01' }] },
      enabled: true,
      reason: 'Known.',
      author: 'ana',
      created: '2026-01-01T00:00:00Z',
      updated: '2026-01-01T00:00:00Z',
    } as const;
    const by = { by: 'ana', time: exception.created };
    const asked = { document: start('python3 -m http.server') };
    const explained = async () => (await explain(asked)).body.explained[0].explanation;
    served.store.exceptions.save([exception], by);
    expect(await explained()).toMatchObject({ fires: false, excepted_by: { id: 'x', name: 'Known server' } });
    served.store.exceptions.save([{ ...exception, enabled: false }], by);
    expect(await explained()).toMatchObject({ fires: true });
  });

  it('what cannot be explained is said', async () => {
    expect(await explain({ event: 'gone' })).toMatchObject({
      status: 404,
      body: { error: { code: 'event-not-found' } },
    });
    expect(await explain({ event: 'a' }, 'nothing')).toMatchObject({ body: { error: { code: 'rule-not-found' } } });
    const other = rules.find(({ document }) => document.id !== ID)?.document.id;
    expect(await explain({ event: 'a' }, other)).toMatchObject({
      status: 409,
      body: { error: { code: 'rule-not-explained' } },
    });
    for (const body of [{}, { event: 'a', text: 'b' }, { event: '' }, { other: 1 }]) {
      expect((await explain(body)).body.error.code).toBe('body-invalid');
    }
  });

  it('the fields of a form, and when time windows come next', async () => {
    const answer = await served.server.app.inject({ url: '/api/fields', headers });
    const names = answer.json().map(({ name }: { name: string }) => name);
    expect(names).toContain('python.web_server.reach');
    expect(names).toContain('process.command_line');
    const weekly = { kind: 'weekly', days: [7, 1], from: '22:00', to: '06:00', zone: 'Europe/Berlin' };
    const cron = { kind: 'cron', pattern: '0 9 1 * *', lasts: '2d', zone: 'UTC' };
    // It is Monday, the second of March, midnight UTC.
    const { body } = await post('/api/exceptions/windows', { windows: [weekly, cron, { ...cron, pattern: '1 2' }] });
    expect(body).toEqual([
      {
        words: 'Sundays and Mondays from 22:00 to 06:00 (Europe/Berlin)',
        open: true,
        next: ['2026-03-02T21:00:00.000Z', '2026-03-08T21:00:00.000Z', '2026-03-09T21:00:00.000Z'],
      },
      {
        words: 'for 2d from each time of “0 9 1 * *” (UTC)',
        open: true,
        next: ['2026-04-01T09:00:00.000Z', '2026-05-01T09:00:00.000Z', '2026-06-01T09:00:00.000Z'],
      },
      { words: '', open: false, next: [] },
    ]);
    expect((await post('/api/exceptions/windows', { windows: [{ kind: 'monthly' }] })).status).toBe(400);
  });
});
