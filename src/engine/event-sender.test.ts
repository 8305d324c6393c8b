import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { type SendOptions, sendFiles } from './event-sender.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'vedette-send-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

interface Asked {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function send(files: readonly string[], answers: readonly number[], more: Partial<SendOptions> = {}) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void reply(request, response));
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const status = answers[asked.length] ?? (request.url === '/api/runs' ? 202 : 200);
    asked.push({ url: request.url ?? '', headers: request.headers, body });
    const lines = body.split('\n').length - 1;
    const range = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:01.000Z' };
    const error = { error: { code: 'x', message: 'It cannot.', hint: 'Never.' } };
    const taken = { lines, events: lines, rejected: 1, rejects: [{ line: 1, code: 'x', reason: 'No.' }], range };
    response.statusCode = status;
    response.end(JSON.stringify(status === 202 ? { request: 3 } : status === 200 ? taken : error));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const stdin = (async function* () {})();
    return { asked, report: await sendFiles({ files, to, source: 's', isHistory: false, stdin, ...more }) };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('sends whole lines of files, compressed or not, and adds up what became of them', async () => {
  const line = `${'x'.repeat(999)}\n`;
  writeFileSync(join(FOLDER, 'a.log'), line.repeat(4_500));
  writeFileSync(join(FOLDER, 'b.log.gz'), gzipSync('y\nz'));
  const { asked, report } = await send([FOLDER, join(FOLDER, 'none')], [], { token: 't' });
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.every(({ body }) => body.endsWith('\n') || body === 'y\nz')).toBe(true);
  expect(asked[0]).toMatchObject({ url: '/api/ingest?source=s', headers: { authorization: 'Bearer t' } });
  expect(report).toMatchObject({ lines: 4_501, rejected: asked.length, problems: [expect.stringContaining('none')] });
  const b = report.rejects.find(({ file }) => file.endsWith('b.log.gz'));
  expect(b).toMatchObject({ line: 1, reason: 'No.' });
});

it('tries again what there is no room for, and gives up in words', async () => {
  writeFileSync(join(FOLDER, 'one'), 'y\n');
  const file = join(FOLDER, 'one');
  const { asked, report } = await send([file], [429, 503]);
  expect(asked.map(({ body }) => body)).toEqual(['y\n', 'y\n', 'y\n']);
  expect(report.events).toBe(1);
  await expect(send([file], [401])).rejects.toThrow('It cannot. Never.');
  await expect(send([file], [429, 429, 429], { patienceMs: 300 })).rejects.toThrow('It cannot.');
  await expect(send([file], [], { to: 'http://127.0.0.1:1', patienceMs: 0 })).rejects.toThrow('cannot be reached');
});

it('asks for one run over events of the past', async () => {
  const { asked, report } = await send([join(FOLDER, 'one'), join(FOLDER, 'b.log.gz')], [], { isHistory: true });
  expect(asked.map(({ url }) => url)).toEqual([
    '/api/ingest?source=s&history=stored',
    '/api/ingest?source=s&history=stored',
    '/api/runs',
  ]);
  expect(JSON.parse(asked[2]?.body ?? '')).toEqual({
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-01T00:00:01.001Z',
    by: 'vedette send',
  });
  expect(report.run).toBe(3);
});
