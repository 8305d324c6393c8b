import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from './server.fixture.ts';

const headers = { host: '127.0.0.1:7077', 'content-type': 'application/json' };

describe('what editors ask of a language', () => {
  let served: Served;
  beforeAll(() => {
    served = serve({ seen: async () => ({ fields: ['my.own'], values: { 'process.name': ['bash'] } }) });
  });
  afterAll(async () => {
    await served.server.close();
    served.store.close();
  });
  const ask = async (what: string, payload: object, language = 'eql') => {
    const url = `/api/language/${language}/${what}`;
    const answer = await served.server.app.inject({ method: 'POST', url, headers, payload });
    return { status: answer.statusCode, body: answer.json() };
  };

  it('classes of its words', async () => {
    const { body } = await ask('highlight', { text: 'any where x == 1' });
    expect(body.map((each: { class: string }) => each.class)).toEqual([
      ...['keyword', 'keyword', 'field', 'operator', 'number'],
    ]);
  });

  it('what is wrong, and where', async () => {
    expect((await ask('check', { text: 'process where process.nmae == 1' })).body).toMatchObject([
      { code: 'eql-field-unknown', severity: 'error', start: 14, end: 26 },
    ]);
    expect(
      (await ask('check', { text: 'sequence by host.id [process where true] [file where true] | head 2' })).body,
    ).toEqual([]);
  });

  it('what may stand at a place, with what was seen', async () => {
    const text = 'process where process.name == ';
    expect((await ask('complete', { text, offset: text.length })).body).toMatchObject({
      start: text.length,
      options: [{ insert: '"bash"', kind: 'value' }],
    });
    const { body } = await ask('complete', { text: 'process where my.', offset: 17 });
    expect(body).toMatchObject({ start: 14, options: [{ label: 'my.own' }] });
  });

  it('what a word means', async () => {
    expect((await ask('hover', { text: 'any where process.pid == 1', offset: 12 })).body).toMatchObject({
      start: 10,
      end: 21,
      title: 'process.pid',
    });
    expect(await ask('hover', { text: 'any where x', offset: 3 })).toEqual({ status: 200, body: null });
  });

  it('in the query of a whole rule, whatever stands around it', async () => {
    const lines = [
      ...['[rule]', 'author = ["E"]', 'description = "d"', 'language = "eql"', 'name = "n"', 'risk_score = 1'],
      ...['rule_id = "r"', 'severity = "low"', 'type = "eql"', "query = '''", 'process where process.na'],
    ];
    const text = lines.join('\n');
    const rule = `${text}\n'''\n`;
    const { body } = await ask('complete', { text: rule, offset: text.length, in: 'rule' });
    expect(body.start).toBe(text.length - 'process.na'.length);
    expect(body.options[0]).toMatchObject({ label: 'process.name' });
    const hover = await ask('hover', { text: rule, offset: text.indexOf('where') + 1, in: 'rule' });
    expect(hover.body).toMatchObject({ start: text.indexOf('where'), title: 'where' });
    expect((await ask('complete', { text: rule, offset: 3, in: 'rule' })).body).toEqual({ start: 0, options: [] });
  });

  it('of kuery too', async () => {
    expect((await ask('highlight', { text: 'process.pid: 1' }, 'kuery')).body).toMatchObject([
      { class: 'field' },
      { class: 'operator' },
      {},
    ]);
    expect((await ask('check', { text: 'process.pid: x' }, 'kuery')).body).toMatchObject([
      { code: 'kuery-type', start: 13, end: 14 },
    ]);
    expect((await ask('complete', { text: 'process.name: ', offset: 14 }, 'kuery')).body.options[0]).toMatchObject({
      insert: '"bash"',
    });
    expect((await ask('complete', { text: 'my.', offset: 3 }, 'kuery')).body.options).toMatchObject([
      { label: 'my.own' },
    ]);
    expect((await ask('hover', { text: 'process.pid: 1', offset: 2 }, 'kuery')).body).toMatchObject({
      title: 'process.pid',
      doc: 'long',
    });
    expect((await ask('hover', { text: 'print strlen("x")', offset: 8 }, 'kusto')).body).toMatchObject({
      title: 'strlen(string): long',
    });
    expect((await ask('hover', { text: '', offset: 0 }, 'lucene')).status).toBe(404);
  });

  it('in a rule by the language of its query', async () => {
    const text = `[rule]\nlanguage = "kuery"\nname = "n"\nrule_id = "r"\ntype = "query"\nquery = '''\nprocess.na`;
    const place = { text: `${text}\n'''\n`, offset: text.length, in: 'rule' };
    const { body } = await ask('complete', place);
    expect(body.options[0]).toMatchObject({ label: 'process.name', insert: expect.stringMatching(/^process\.name/) });
    expect(body).toEqual((await ask('complete', place, 'kuery')).body);
  });

  it('nothing that is no place', async () => {
    expect((await ask('complete', { text: 'any', offset: 4 })).body.error).toMatchObject({ code: 'body-invalid' });
    expect((await ask('complete', { text: 'any', offset: 1.5 })).status).toBe(400);
    expect((await ask('hover', { text: 'any' })).status).toBe(400);
    expect((await ask('check', { text: 'x'.repeat(64_001) })).status).toBe(400);
  });
});
