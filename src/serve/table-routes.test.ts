import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchTables, type TableSearch } from '../engine/tables/table-search.ts';
import { LooseEvents } from '../store/segments/loose-events.ts';
import { type Served, serve } from './server.fixture.ts';
import type { TableAsk, TableFileAsk, TableHuntAnswer } from './table-api.ts';

let served: Served;
let folder: string;
const events = new LooseEvents({ threads: 1, memoryMb: 256 });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-test-'));
  writeFileSync(join(folder, 'hosts.csv'), 'name,weight\n"web, one",3\ndb,\n');
  for (const [index, name] of ['curl', 'bash', 'curl'].entries()) events.append(execution(index, name));
  served = serve({
    tables: {
      search: searchTables(async () => events),
      limits: { seconds: 20, rows: 100, externalFolder: folder },
    },
  });
});

afterAll(async () => {
  await served.server.close();
  await events.close();
  rmSync(folder, { recursive: true });
});

const MINUTE = 60_000;
const BEGIN = Date.parse('2026-03-01T10:00:00Z');

function execution(index: number, name: string) {
  const time = new Date(BEGIN + index * MINUTE).toISOString();
  return {
    id: `event-${index}`,
    timeMs: Date.parse(time),
    ticks: index,
    format: 'ecs',
    dataStreams: [],
    standsInFor: [],
    sample: false,
    document: {
      '@timestamp': time,
      event: { category: ['process'], type: ['start'] },
      host: { name: 'web-01', os: { type: 'linux' } },
      process: { name, executable: `/usr/bin/${name}`, pid: 100 + index },
    },
  };
}

async function ask(body: TableAsk): Promise<{ status: number; answer: TableHuntAnswer }> {
  const { statusCode, body: text } = await served.server.app.inject({
    method: 'POST',
    url: '/api/hunt/table',
    payload: body,
  });
  return { status: statusCode, answer: JSON.parse(text) };
}

function file(body: TableFileAsk) {
  return served.server.app.inject({ method: 'POST', url: '/api/hunt/table/file', payload: body });
}

describe('a whole query over stored events', () => {
  test('is answered as columns with Kusto’s types, and rows', async () => {
    const { status, answer } = await ask({
      text: 'imProcessCreate | summarize Starts = count(), Last = max(TimeGenerated) by TargetProcessName | sort by Starts',
    });
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      findings: [],
      cut: false,
      columns: [
        { name: 'TargetProcessName', type: 'string' },
        { name: 'Starts', type: 'long' },
        { name: 'Last', type: 'datetime' },
      ],
      rows: [
        ['/usr/bin/curl', 2, '2026-03-01T10:02:00.0000002Z'],
        ['/usr/bin/bash', 1, '2026-03-01T10:01:00.0000001Z'],
      ],
    });
  });

  test('sees the time that is asked for alone', async () => {
    const text = 'imProcessCreate | count';
    const from = new Date(BEGIN + MINUTE).toISOString();
    const to = new Date(BEGIN + 2 * MINUTE).toISOString();
    expect((await ask({ text, from, to })).answer.rows).toEqual([[1]]);
    expect((await ask({ text, from: to, to: from })).status).toBe(400);
  });

  test('gives as many rows as are asked for and allowed, and says that there are more', async () => {
    const few = await ask({ text: 'range x from 1 to 1000 step 1', rows: 2 });
    expect(few.answer).toMatchObject({ cut: true, rows: [[1], [2]] });
    const most = await ask({ text: 'range x from 1 to 1000 step 1', rows: 900 });
    expect(most.answer.rows).toHaveLength(100);
  });

  test('keeps the digits of large numbers', async () => {
    expect((await ask({ text: 'print 9007199254740993, 1' })).answer.rows).toEqual([['9007199254740993', 1]]);
  });

  test('says how it wants to be drawn', async () => {
    const counted = await ask({ text: 'imProcessCreate | summarize count() by bin(TimeGenerated, 1m)' });
    expect(counted.answer.chart).toEqual({ kind: 'timechart', x: 'TimeGenerated' });
    const drawn = await ask({ text: 'print a = "x", n = 1 | render piechart with (title = "Shares")' });
    expect(drawn.answer.chart).toEqual({ kind: 'piechart', title: 'Shares' });
    expect((await ask({ text: 'print 1' })).answer.chart).toBeUndefined();
  });

  test('tells what is wrong, where, and what would be right', async () => {
    const { status, answer } = await ask({ text: 'imProcessCreate | where CommandLin has "x"' });
    expect(status).toBe(422);
    expect(answer).toMatchObject({ columns: [], rows: [] });
    expect(answer.findings).toMatchObject([{ code: 'kusto-name-unknown', start: 24, end: 34 }]);
    expect(answer.findings[0]?.hint).toContain('CommandLine');
  });

  test.each([
    ['print a = 1, b = dynamic({"a": 2}) | evaluate bag_unpack(b)', 'already there'],
    ['range x from 1 to 200 step 1 | mv-apply y = range(1, 10000, 1) on (project y)', 'gives more than'],
  ])('tells what asks for too much while it runs: %s', async (text, expected) => {
    const { status, answer } = await ask({ text });
    expect(status).toBe(422);
    expect(answer.findings.map(({ code }) => code)).toEqual(['kusto-refused']);
    expect(answer.findings[0]?.message).toContain(expected);
  });

  test('reads files below one folder, and none elsewhere', async () => {
    const named = (uri: string) => `externaldata(name: string, weight: long)["${uri}"] with (ignoreFirstRecord = true)`;
    expect((await ask({ text: named('hosts.csv') })).answer.rows).toEqual([
      ['web, one', 3],
      ['db', null],
    ]);
    for (const uri of [
      '../hosts.csv',
      '/etc/passwd',
      'https://example.org/hosts.csv',
      'file:///etc/passwd',
      'none.csv',
    ]) {
      const { status, answer } = await ask({ text: named(uri) });
      expect({ uri, status, code: answer.findings[0]?.code }).toEqual({ uri, status: 422, code: 'kusto-refused' });
    }
  });
});

describe('an answer as a file', () => {
  const text =
    'datatable(name: string, n: long, at: datetime)["a,b", 1, datetime(2026-01-02), "c", long(null), datetime(null)]';

  test('of CSV', async () => {
    const { headers, body } = await file({ text, format: 'csv' });
    expect(headers['content-disposition']).toBe('attachment; filename="hunt.csv"');
    expect(body).toBe('name,n,at\r\n"a,b",1,2026-01-02T00:00:00.0000000Z\r\nc,,\r\n');
  });

  test('of JSON', async () => {
    expect(JSON.parse((await file({ text, format: 'json' })).body)).toEqual({
      columns: [
        { name: 'name', type: 'string' },
        { name: 'n', type: 'long' },
        { name: 'at', type: 'datetime' },
      ],
      rows: [
        ['a,b', 1, '2026-01-02T00:00:00.0000000Z'],
        ['c', null, null],
      ],
    });
  });

  test('of Parquet, which externaldata reads again', async () => {
    const kinds =
      'print t = datetime(2026-01-02 03:04:05.1234567), l = 9007199254740993, r = 1.5, b = true, d = dynamic({"a": [1]}), s = 1h, g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), e = ""';
    const { rawPayload } = await file({ text: kinds, format: 'parquet' });
    expect(rawPayload.subarray(0, 4).toString()).toBe('PAR1');
    writeFileSync(join(folder, 'kinds.parquet'), rawPayload);
    const schema = 't: datetime, l: long, r: real, b: bool, d: dynamic, s: timespan, g: guid, e: string';
    const again = await ask({ text: `externaldata(${schema})["kinds.parquet"]` });
    expect(again.answer.rows).toEqual([
      [
        '2026-01-02T03:04:05.1234567Z',
        '9007199254740993',
        1.5,
        true,
        { a: [1] },
        '01:00:00',
        '74be27de-1e4e-49d9-b579-fe0b331d3642',
        '',
      ],
    ]);
  });

  test('is refused where the query is wrong', async () => {
    const { statusCode, body } = await file({ text: 'print (', format: 'csv' });
    expect(statusCode).toBe(422);
    expect(JSON.parse(body).findings[0].code).toBe('kusto-syntax');
  });
});

test('a query whose asker has gone is given up', async () => {
  let heard: AbortSignal | undefined;
  const search: TableSearch = {
    answer: (_plan, _asked, { signal } = {}) => {
      heard = signal;
      giving.abort();
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
    pluginColumns: () => Promise.reject(new Error('Not asked for.')),
  };
  const giving = new AbortController();
  const patient = serve({ tables: { search, limits: { seconds: 20, rows: 10 } } });
  const address = await patient.server.app.listen({ host: '127.0.0.1', port: 0 });
  const asked = fetch(`${address}/api/hunt/table`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'print 1' }),
    signal: giving.signal,
  });
  await expect(asked).rejects.toThrow();
  await expect.poll(() => heard?.aborted).toBe(true);
  await patient.server.close();
  expect(patient.errors).toEqual([]);
});

test('a query that takes too long is interrupted', async () => {
  const slow = 'range x from 1 to 1000000000 step 1 | summarize dcount(hash_sha256(tostring(x)))';
  const port = searchTables(async () => events);
  const short = serve({ tables: { search: port, limits: { seconds: 1, rows: 10 } } });
  const { statusCode, body } = await short.server.app.inject({
    method: 'POST',
    url: '/api/hunt/table',
    payload: { text: slow },
  });
  expect(statusCode).toBe(422);
  expect(JSON.parse(body).findings[0]).toMatchObject({ code: 'kusto-time' });
  await short.server.close();
});
