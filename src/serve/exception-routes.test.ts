import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExceptionDraft, ExceptionSummary } from './exception-api.ts';
import { serve } from './server.fixture.ts';

const DRAFT: ExceptionDraft = {
  name: 'Ana’s tests',
  rules: ['rule-1'],
  condition: { kind: 'entries', entries: [{ field: 'user.name', operator: 'is', value: 'ana' }] },
  reason: 'She tests the server.',
};
const ITEM = {
  item_id: 'i1',
  list_id: 'l1',
  name: 'Backup',
  description: '',
  namespace_type: 'single',
  type: 'simple',
  entries: [{ field: 'user.name', operator: 'included', type: 'match', value: 'backup' }],
};

describe('the routes of exceptions', () => {
  const served = serve();
  beforeEach(() => served.reset());
  afterAll(async () => {
    await served.server.close();
    served.store.close();
  });

  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: unknown, type?: string) => {
    const headers = { host: '127.0.0.1:7077', 'content-type': type ?? 'application/json' };
    const body = typeof payload === 'string' ? payload : (payload as object | undefined);
    const response = await served.server.app.inject({
      ...{ method, url, headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return { status: response.statusCode, body: isJson ? response.json() : response.payload };
  };
  const add = async (draft: object = DRAFT): Promise<ExceptionSummary> =>
    (await ask('POST', '/api/exceptions?by=bo', draft)).body;

  it('keeps, lists, changes and removes one, and remembers who did', async () => {
    const { exception, state, removed, check } = await add();
    expect({ state, removed, errors: check.findings.filter(({ severity }) => severity === 'error') }).toEqual({
      state: 'active',
      removed: 0,
      errors: [],
    });
    expect(exception).toMatchObject({ ...DRAFT, enabled: true, author: 'bo', created: '2026-03-02T00:00:00.000Z' });
    const url = `/api/exceptions/${exception.id}`;
    expect((await ask('GET', '/api/exceptions')).body).toHaveLength(1);
    expect((await ask('GET', '/api/exceptions?rule=rule-1')).body).toHaveLength(1);
    expect((await ask('GET', '/api/exceptions?rule=other')).body).toHaveLength(0);
    const changed = await ask('PUT', url, { ...DRAFT, enabled: false });
    expect(changed).toMatchObject({ status: 200, body: { state: 'off', exception: { author: 'bo' } } });
    expect((await ask('GET', url)).body.exception.enabled).toBe(false);
    expect(await ask('DELETE', `${url}?by=cy`)).toEqual({ status: 200, body: { removed: true } });
    expect(await ask('GET', url)).toMatchObject({ status: 404, body: { error: { code: 'exception-not-found' } } });
    expect(await ask('DELETE', url)).toMatchObject({ status: 404 });
    expect(await ask('PUT', url, DRAFT)).toMatchObject({ status: 404 });
    const { body: history } = await ask('GET', `${url}/history`);
    expect(history.map((entry: { change: string; by: string }) => [entry.change, entry.by])).toEqual([
      ['created', 'bo'],
      ['changed', 'vedette'],
      ['removed', 'cy'],
    ]);
    expect(await ask('GET', '/api/exceptions/none/history')).toMatchObject({ status: 404 });
  });

  it('takes an exception as it came, and refuses an id that is taken', async () => {
    const { exception } = await add();
    expect(await ask('PUT', `/api/exceptions/${exception.id}`, exception)).toMatchObject({ status: 200 });
    expect(await ask('POST', '/api/exceptions', exception)).toMatchObject({
      status: 409,
      body: { error: { code: 'exception-exists' } },
    });
  });

  it('answers an error with its check and keeps nothing', async () => {
    const wrong = { ...DRAFT, rules: [] };
    const refused = await ask('POST', '/api/exceptions', wrong);
    expect(refused).toMatchObject({ status: 422, body: { findings: [{ at: 'rules', severity: 'error' }] } });
    expect(await ask('POST', '/api/exceptions/check', wrong)).toMatchObject({ status: 200, body: refused.body });
    expect(await ask('POST', '/api/exceptions/preview', wrong)).toMatchObject({ body: { alerts: { count: 0 } } });
    expect((await ask('GET', '/api/exceptions')).body).toEqual([]);
  });

  it('keeps none without a reason and an author, but those from Elastic’s lists', async () => {
    for (const [part, at] of [
      [{ reason: ' ' }, 'reason'],
      [{ author: ' ' }, 'author'],
    ] as const) {
      const refused = await ask('POST', '/api/exceptions', { ...DRAFT, ...part });
      expect(refused).toMatchObject({ status: 422, body: { findings: [{ at, code: 'exception-empty' }] } });
    }
    expect(await ask('POST', '/api/exceptions?by=%20', DRAFT)).toMatchObject({ status: 400 });
    const { exception } = await add();
    const url = `/api/exceptions/${exception.id}`;
    expect(await ask('PUT', url, { ...DRAFT, reason: '' })).toMatchObject({ status: 422 });
    await ask('POST', '/api/exceptions/import', { text: `${JSON.stringify(ITEM)}\n`, rules: 'all' });
    const { body: imported } = await ask('GET', '/api/exceptions/i1');
    expect(imported.exception.reason).toBe('');
    const off = { ...imported.exception, enabled: false };
    expect(await ask('PUT', '/api/exceptions/i1', off)).toMatchObject({ status: 200 });
  });

  it('says in words what has not the shape of an exception', async () => {
    const { condition: _, ...without } = DRAFT;
    for (const [body, words] of [
      [without, '`condition` is missing'],
      [{ ...DRAFT, expiers: 'x' }, 'no key `expiers`'],
      [{ ...DRAFT, condition: { kind: 'entries', entries: [{ field: 'a', operator: 'iss' }] } }, 'cannot be "iss"'],
    ] as const) {
      const { status, body: answer } = await ask('POST', '/api/exceptions', body);
      expect([status, answer.error.message]).toEqual([400, expect.stringContaining(words)]);
    }
    expect(await ask('POST', '/api/exceptions', [])).toMatchObject({ status: 400 });
  });

  it('shows what one would remove before it is kept', async () => {
    served.put('a');
    served.put('b', { user: 'bo' });
    served.put('c', { rule: 'rule-2' });
    const { status, body } = await ask('POST', '/api/exceptions/preview', { ...DRAFT, enabled: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ alerts: { count: 1, examined: 2, shown: [{ id: 'a' }] }, events: { count: 0 } });
    expect(body).not.toHaveProperty('stopped_at');
    const all = await ask('POST', '/api/exceptions/preview', { ...DRAFT, rules: 'all' });
    expect(all.body.alerts).toMatchObject({ count: 2, examined: 3 });
  });

  it('fills exceptions in from an alert, each of which removes it', async () => {
    served.put('a', { commandLine: 'python3 -m http.server --bind 127.0.0.1' });
    const { body: drafts } = await ask('GET', '/api/alerts/a/exceptions');
    expect(drafts.length).toBeGreaterThan(2);
    const counts = drafts.map(
      ({ condition }: ExceptionDraft) => condition.kind === 'entries' && condition.entries.length,
    );
    expect(counts[0]).toBe(Math.max(...counts));
    for (const draft of drafts) {
      const { body } = await ask('POST', '/api/exceptions/preview', draft);
      expect(body).toMatchObject({ alerts: { count: 1 } });
      const unsigned = await ask('POST', '/api/exceptions', draft);
      expect(unsigned).toMatchObject({ status: 422, body: { findings: [{ at: 'reason', code: 'exception-empty' }] } });
      expect(await ask('POST', '/api/exceptions', { ...draft, reason: 'known' })).toMatchObject({ status: 201 });
    }
    expect(await ask('GET', '/api/alerts/none/exceptions')).toMatchObject({ status: 404 });
  });

  it('tells of a rule’s runs which exception removed what', async () => {
    const { exception } = await add();
    const funnel = { matched: 3, excepted: 2, suppressed: 0, duplicate: 0, capped: 0, created: 1 };
    const byException = new Map([[exception.id, 2]]);
    served.store.commit({ alerts: [], positions: [], runs: [{ ruleId: 'rule-1', slot: 0, funnel, byException }] });
    const runs = [
      { start: '1970-01-01T00:00:00.000Z', funnel, removed_by: [{ id: exception.id, name: DRAFT.name, removed: 2 }] },
    ];
    expect((await ask('GET', '/api/rules/rule-1/runs')).body).toEqual(runs);
    expect((await ask('GET', `/api/exceptions/${exception.id}`)).body).toMatchObject({
      removed: 2,
      last_removed: '1970-01-01T00:00:00.000Z',
    });
    expect(await ask('GET', '/api/rules/none/runs')).toMatchObject({ status: 404 });
    expect(await ask('GET', '/api/rules/rule-1/runs?limit=0')).toMatchObject({ status: 400 });
  });

  it('imports Elastic’s lists and gives them back', async () => {
    const text = `${JSON.stringify(ITEM)}\n`;
    const { body: loose } = await ask('POST', '/api/exceptions/import', { text });
    expect(loose.exceptions[0].check.findings[0].at).toBe('rules');
    expect(loose.problems[0].message).toContain('say which rules');
    expect((await ask('GET', '/api/exceptions')).body).toEqual([]);
    const { body } = await ask('POST', '/api/exceptions/import', { text, rules: ['rule-1'] });
    expect(body.exceptions).toMatchObject([{ id: 'i1', name: 'Backup' }]);
    const { body: exported } = await ask('GET', '/api/exceptions/export');
    expect(JSON.parse(exported.split('\n')[1])).toEqual(ITEM);
    const { body: own } = await ask('GET', '/api/exceptions/export?form=vedette');
    const again = await ask('POST', '/api/exceptions/import', { text: JSON.stringify(own) });
    expect(again.body).toMatchObject({ exceptions: [{ id: 'i1' }], problems: [] });
  });

  it('makes the lists that an import names, empty, and keeps off what names them', async () => {
    const entries = [{ field: 'source.ip', operator: 'included', type: 'list', list: { id: 'ips', type: 'ip' } }];
    const text = JSON.stringify({ ...ITEM, entries });
    const { body } = await ask('POST', '/api/exceptions/import', { text, rules: 'all' });
    expect(body.lists).toMatchObject([{ id: 'ips', type: 'ip', size: 0 }]);
    expect((await ask('GET', '/api/exceptions/i1')).body.state).toBe('off');
  });

  describe('value lists', () => {
    const list = { id: 'hosts', name: 'Hosts', type: 'ip' };
    const lines = 'application/octet-stream';

    it('takes values line by line, says which it refuses, and gives them back', async () => {
      expect(await ask('POST', '/api/lists', list)).toMatchObject({ status: 201, body: { size: 0 } });
      expect(await ask('POST', '/api/lists', list)).toMatchObject({ status: 409 });
      const { body } = await ask('POST', '/api/lists/hosts/items', '10.0.0.2\r\n\n10.0.0.1\n10.0.0.2\nx', lines);
      expect(body).toMatchObject({
        ...{ added: 2, known: 1, removed: 0, refused_in_all: 1, list: { size: 2 } },
        refused: [{ line: 5, value: 'x', message: expect.stringContaining('address') }],
      });
      expect((await ask('GET', '/api/lists/hosts/items')).body).toBe('10.0.0.1\n10.0.0.2\n');
      expect((await ask('DELETE', '/api/lists/hosts/items', '10.0.0.2', lines)).body).toMatchObject({ removed: 1 });
      expect((await ask('GET', '/api/lists')).body).toMatchObject([{ id: 'hosts', size: 1 }]);
    });

    it('is not removed while an exception uses it', async () => {
      await ask('POST', '/api/lists', list);
      const entry = { field: 'source.ip', operator: 'in_list', list: 'hosts' };
      const { exception } = await add({ ...DRAFT, condition: { kind: 'entries', entries: [entry] } });
      expect(await ask('DELETE', '/api/lists/hosts')).toMatchObject({
        status: 409,
        body: { error: { code: 'list-in-use', message: expect.stringContaining('Ana’s tests') } },
      });
      await ask('DELETE', `/api/exceptions/${exception.id}`);
      expect(await ask('DELETE', '/api/lists/hosts')).toEqual({ status: 200, body: { removed: true } });
      expect(await ask('DELETE', '/api/lists/hosts')).toMatchObject({ status: 404 });
    });

    it('refuses what is no list, no type, no lines', async () => {
      expect(await ask('POST', '/api/lists', { ...list, type: 'regex' })).toMatchObject({ status: 400 });
      expect(await ask('POST', '/api/lists', { ...list, id: 'a/b' })).toMatchObject({ status: 400 });
      expect(await ask('POST', '/api/lists/none/items', 'a', lines)).toMatchObject({ status: 404 });
      expect(await ask('GET', '/api/lists/none/items')).toMatchObject({ status: 404 });
      expect(await ask('POST', '/api/lists/none/items', {})).toMatchObject({ status: 415 });
      // A form of another site can send text/plain.
      expect(await ask('POST', '/api/lists/none/items', 'a', 'text/plain')).toMatchObject({ status: 415 });
    });
  });
});
