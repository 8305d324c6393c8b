/**
 * SIGKILL of the service right after it has answered what came over HTTP: what was acknowledged is there once, with its
 * alerts, and a shipper that sends all of it again changes nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const KILLS = Math.min(10, Math.ceil(Number(process.env.VEDETTE_KILLS ?? 10) / 5));
/** Of each of a round's two requests. Every one alerts, and a rule's cap is 100 in five minutes: fewer, the more rounds there are. */
const EVENTS = Math.min(10, Math.floor(45 / KILLS));
const entry = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
}

async function start(data: string): Promise<Running> {
  const child = spawn(process.execPath, [entry, 'start', '--data', data, '--port', '0', '--no-watch', '--no-sample'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const _chunk of child.stdout as NodeJS.ReadableStream) {
    const { address } = JSON.parse(readFileSync(join(data, 'service.json'), 'utf8')) as { address: string };
    return { child, address };
  }
  throw new Error('the service did not start');
}

async function kill({ child }: Running): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Executions of a Python web server on hosts of their own, so that each alerts. */
function requestOf(round: number, withIds: boolean): string {
  const time = new Date(Date.now() - 60_000).toISOString();
  return Array.from({ length: EVENTS }, (_, number) => {
    const name = `r${round}-${withIds ? 'named' : 'unnamed'}-${number}`;
    const names = { _index: 'logs-endpoint.events.process-default', ...(withIds ? { _id: name } : {}) };
    const document = {
      '@timestamp': time,
      event: { category: ['process'], type: ['start'], kind: 'event', module: 'endpoint' },
      host: { name, os: { type: 'linux' } },
      process: {
        name: 'python3',
        executable: '/usr/bin/python3',
        args: ['python3', '-m', 'http.server'],
        command_line: 'python3 -m http.server',
      },
    };
    return `${JSON.stringify({ create: names })}\n${JSON.stringify(document)}\n`;
  }).join('');
}

async function send({ address }: Running, body: string): Promise<number[]> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${address}/_bulk`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  const { items } = (await response.json()) as { items: { create: { status: number } }[] };
  return items.map(({ create }) => create.status);
}

/** How many events are stored, and the hosts of the alerts. */
async function found({ address }: Running): Promise<{ readonly events: number; readonly hosts: readonly string[] }> {
  const get = async (path: string) => (await fetch(`${address}${path}`)).json();
  const { events } = (await get('/api/events?limit=500')) as { events: unknown[] };
  const { alerts } = (await get('/api/alerts?limit=200')) as { alerts: { host?: string; reason: string }[] };
  return {
    events: events.length,
    hosts: alerts.map(({ reason }) => /r\d+-\w+-\d+/.exec(reason)?.[0] ?? reason).sort(),
  };
}

it('of a service that has just acknowledged events loses none, and repeats none', async () => {
  const data = mkdtempSync(join(tmpdir(), 'vedette-kill-ingest-'));
  try {
    const expected = new Set<string>();
    let stored = 0;
    const named: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const service = await start(data);
      const [withIds, without] = [requestOf(round, true), requestOf(round, false)];
      expect(await send(service, withIds)).toEqual(Array.from({ length: EVENTS }, () => 201));
      expect(await send(service, without)).toEqual(Array.from({ length: EVENTS }, () => 201));
      await kill(service);
      named.push(withIds);
      stored += 2 * EVENTS;
      for (const [name] of `${withIds}${without}`.matchAll(/r\d+-\w+-\d+/g)) expected.add(name);
    }
    const service = await start(data);
    for (const request of named)
      expect(await send(service, request)).toEqual(Array.from({ length: EVENTS }, () => 409));
    await sleep(300);
    const there = await found(service);
    await kill(service);
    expect(there.events).toBe(stored);
    expect(new Set(there.hosts)).toEqual(expected);
    // One rule of the bundled ones and its twin in another language hold for each.
    expect(there.hosts.length % expected.size).toBe(0);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
