import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SearchError } from '../engine/event-search.ts';
import { searchStore } from '../engine/store-search.ts';
import { EVENT_TIME, newEvent } from '../store/event.fixture.ts';
import { type Served, serve } from './server.fixture.ts';

const headers = { host: '127.0.0.1:7077' };

describe('the routes of stored events', () => {
  let served: Served;
  let isUnreadable = false;
  beforeAll(() => {
    const search = searchStore(() => {
      if (isUnreadable) throw new SearchError('The file is newer.', 'Update Vedette.');
      return served.events;
    });
    served = serve({ events: search });
  });
  beforeEach(() => {
    served.reset();
    isUnreadable = false;
  });
  afterAll(async () => {
    await served.server.close();
    served.store.close();
  });

  const get = async (url: string) => {
    const response = await served.server.app.inject({ url, headers });
    return { status: response.statusCode, body: response.json() };
  };
  const ids = async (parameters: Record<string, string>) => {
    const { body } = await get(`/api/events?${new URLSearchParams(parameters)}`);
    return (body.events as { id: string }[]).map(({ id }) => id);
  };

  it('list, newest first, page by page', async () => {
    expect((await get('/api/events')).body).toEqual({ events: [] });
    await served.events.append([
      newEvent('a'),
      newEvent('b', { timeMs: EVENT_TIME + 1, host: 'db' }),
      newEvent('c', { timeMs: EVENT_TIME + 2, user: 'bob' }),
    ]);
    const { body } = await get('/api/events?limit=2');
    expect(body.events).toMatchObject([{ id: 'c' }, { id: 'b' }]);
    expect((await get(`/api/events?limit=2&cursor=${body.next}`)).body).toMatchObject({ events: [{ id: 'a' }] });
    expect(await ids({ host: 'db' })).toEqual(['b']);
    expect(await ids({ user: 'ana', to: '2026-03-01T12:00:00.001Z' })).toEqual(['a']);
    expect(await ids({ process: 'entity-c', from: '2026-03-01' })).toEqual(['c']);
    expect(body.events[0]).toEqual({
      id: 'c',
      time: '2026-03-01T12:00:00.002Z',
      sentence: 'bob started a web server on web-01 that anyone can reach on port 8000',
      kind: 'process · start · executed',
      host: 'web-01',
      user: 'bob',
      process: 'python3',
      command_line: 'python3 -m http.server 8000',
    });
  });

  it('search in EQL, page by page', async () => {
    await served.events.append(
      [0, 1, 2, 3].map((n) => newEvent(`${n}`, { timeMs: EVENT_TIME + n, name: n === 2 ? 'bash' : 'python3' })),
    );
    const query = 'process where process.name like~ "PYTHON*"';
    const { body } = await get(`/api/events?${new URLSearchParams({ query, limit: '2' })}`);
    expect(body.events).toMatchObject([{ id: '3' }, { id: '1' }]);
    const rest = await get(`/api/events?${new URLSearchParams({ query, limit: '2', cursor: body.next })}`);
    expect(rest.body.events).toMatchObject([{ id: '0' }]);
    expect(rest.body).not.toHaveProperty('next');
  });

  it('give one whole, with where it was read', async () => {
    const origin = { path: '/var/log/audit/audit.log', offset: 12, line: 3 };
    const event = { ...newEvent('at:/var/log/audit/audit.log:12:ff', { ticks: 7 }), origin };
    await served.events.append([event]);
    expect((await get(`/api/events/${encodeURIComponent(event.id)}`)).body).toMatchObject({
      id: event.id,
      time: '2026-03-01T12:00:00.0000007Z',
      document: { ...event.document, log: { file: { path: origin.path }, offset: 12 } },
    });
    const missing = await get('/api/events/none');
    expect(missing).toMatchObject({ status: 404, body: { error: { code: 'event-not-found' } } });
  });

  it.each([
    [{ limit: '0' }, '`limit` is 0.'],
    [{ limit: '501' }, '`limit` is 501.'],
    [{ from: 'yesterday' }, '`from` is not a time: "yesterday".'],
    [{ to: '2026-13-01' }, '`to` is not a time'],
    [{ from: '2026-03-02', to: '2026-03-01' }, '`from` (2026-03-02) is not before `to`'],
    [{ cursor: 'x' }, '`cursor` is not the `next`'],
    [{ query: 'process where\n  user.name = "x"' }, '`query`, line 2, column 13: '],
    [{ query: 'sequence [process where true] [process where true]' }, 'no sequence'],
    [{ query: 'process where true | head 1' }, 'no sequence, sample or pipe'],
  ])('refuse %o in words, with what is accepted', async (parameters, words) => {
    const { status, body } = await get(`/api/events?${new URLSearchParams(parameters as Record<string, string>)}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'query-invalid', hint: expect.any(String) });
    expect(body.error.message).toContain(words);
  });

  it('say why events cannot be read', async () => {
    isUnreadable = true;
    expect(await get('/api/events')).toMatchObject({
      status: 503,
      body: { error: { code: 'events-unavailable', message: 'The file is newer.', hint: 'Update Vedette.' } },
    });
  });
});
