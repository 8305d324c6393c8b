/**
 * `node bench/ingest.ts`: what the service takes over `_bulk`, from receipt to alerts on the disk, in a process of its own.
 *
 *   executions made on the way, a web server among every so many ──several shippers, a batch after the other──▶ the service
 *
 * An answer goes out when the events and the alerts for them are durable, so the time to the answer is the time from receipt
 * to alert. `--rules` names other rules than the bundled ones (SigmaHQ's, say); `--events`, `--batch` and `--shippers` change the
 * load; `--json` prints the figures.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SERVER_EVERY = 1_000;
const HOSTS = 50;
const MEBIBYTE = 1024 * 1024;
/** How often memory is looked at. */
const LOOK_MS = 250;
const entry = fileURLToPath(new URL('../bin/vedette.js', import.meta.url));

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    batch: { type: 'string', default: '1000' },
    shippers: { type: 'string', default: '4' },
    rules: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const [events, batch, shippers] = [Number(values.events), Number(values.batch), Number(values.shippers)];

const data = mkdtempSync(join(tmpdir(), 'vedette-bench-ingest-'));
const rules = values.rules === undefined ? [] : ['--rules', ...values.rules];
const flags = ['start', '--data', data, '--port', '0', '--no-watch', '--no-sample', ...rules];
const service = spawn(process.execPath, [entry, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  await once(service.stdout, 'data');
  const { address } = JSON.parse(readFileSync(join(data, 'service.json'), 'utf8')) as { address: string };
  const times: number[] = [];
  const memory: number[] = [];
  const looking = setInterval(() => memory.push(residentOf(service.pid ?? 0)), LOOK_MS);
  const begun = performance.now();
  let next = 0;
  const ship = async (): Promise<void> => {
    while (next < events) {
      const first = next;
      next += batch;
      const body = requestOf(first, Math.min(batch, events - first));
      const sent = performance.now();
      await deliver(address, body);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: shippers }, ship));
  const seconds = (performance.now() - begun) / 1_000;
  clearInterval(looking);
  const status = (await (await fetch(`${address}/api/status`)).json()) as Status;
  times.sort((a, b) => a - b);
  const half = memory.slice(Math.floor(memory.length / 2));
  const figures = {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`,
    rules: status.rules.enabled,
    ...{ events, batch, shippers },
    eventsPerSecond: Math.round(events / seconds),
    milliseconds: { p50: Math.round(at(times, 0.5)), p99: Math.round(at(times, 0.99)) },
    megabytes: { first: Math.max(...memory.slice(0, memory.length - half.length)), last: Math.max(...half) },
    alerts: status.alerts.open,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
  else
    console.table(
      [{ ...figures, milliseconds: `${figures.milliseconds.p50} / ${figures.milliseconds.p99}` }].map(shown),
    );
} finally {
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}

interface Status {
  readonly rules: { readonly enabled: number };
  readonly alerts: { readonly open: number };
}

function shown({ machine: _, megabytes, ...rest }: Record<string, unknown> & { readonly megabytes: object }): object {
  return { ...rest, megabytes: Object.values(megabytes).join(' → ') };
}

async function deliver(address: string, body: string): Promise<void> {
  for (;;) {
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${address}/_bulk`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { readonly errors?: boolean };
    if (response.status === 200 && answer.errors === false) return;
    if (response.status !== 429) throw new Error(`the service answered ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function requestOf(first: number, count: number): string {
  const now = Date.now();
  const lines: string[] = [];
  for (let number = first; number < first + count; number += 1) {
    const isServer = number % SERVER_EVERY === 7;
    const args = isServer
      ? ['python3', '-m', 'http.server', String(8_000 + (number % 900))]
      : ['ls', '-la', `/srv/${number}`];
    lines.push(`{"create":{"_index":"logs-endpoint.events.process-default","_id":"${number}"}}`);
    lines.push(JSON.stringify(documentOf(number, now, args)));
  }
  return `${lines.join('\n')}\n`;
}

function documentOf(number: number, now: number, args: readonly string[]): object {
  const [name = ''] = args;
  return {
    '@timestamp': new Date(now).toISOString(),
    agent: { type: 'endpoint', version: '8.17.0', id: `agent-${number % HOSTS}` },
    ecs: { version: '8.11.0' },
    event: {
      category: ['process'],
      type: ['start'],
      kind: 'event',
      module: 'endpoint',
      dataset: 'endpoint.events.process',
    },
    data_stream: { type: 'logs', dataset: 'endpoint.events.process', namespace: 'default' },
    host: { name: `srv-${number % HOSTS}`, os: { type: 'linux', name: 'Debian' } },
    user: { name: 'ana', id: '1001' },
    process: {
      ...{ entity_id: `e${number}`, pid: 1_000 + (number % 30_000), name, args, args_count: args.length },
      executable: `/usr/bin/${name}`,
      command_line: args.join(' '),
      working_directory: '/srv',
      parent: { entity_id: `p${number % 500}`, pid: 700, name: 'bash', executable: '/usr/bin/bash', args: ['bash'] },
    },
  };
}

/** Megabytes. */
function residentOf(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round((Number(kilobytes) * 1024) / MEBIBYTE);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
