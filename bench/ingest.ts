/**
 * `npm run bench:ingest -- --events 2000000 --rules FOLDER`: what the service takes over `_bulk`, from receipt to alerts on the disk, in a process of its own.
 *
 *   process starts made on the way ──several shippers, a batch after the other──▶ the service ──▶ answers, memory, processor
 *
 * An answer goes out when the events and the alerts for them are durable, so the time to the answer is the time from receipt
 * to alert. Shippers send as fast as they are answered, or with `--rate` so many events a second in all, each batch at
 * its time: then the time that a batch had to wait for its shipper counts, too. What is refused (429) is sent again. At the end
 * every event has to be stored, once.
 *
 *   --rules FOLDER   other rules than the bundled ones; may be given several times
 *   --events 50000 --batch 1000 --shippers 4 --rate EVENTS-A-SECOND --traffic linux|windows|mixed
 *   --padding 10000  bytes that each event is longer: with many shippers more than the service has room for
 *   --profile FOLDER  a profile of each thread   --json  prints the figures for a program
 *
 * Processor time counts what the threads had, so it tells more than the rate does on a machine that others use, too.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bulkBody, TRAFFICS, type Traffic } from './bulk-traffic.ts';
import { processorSeconds, residentMebibytes } from './process-usage.ts';

/** How often memory is looked at. */
const LOOK_MS = 500;
const RETRY_MS = 500;
const PARTS = 8;
/** Events before what is measured: compilers, caches and pools. They are stored and matched as the others are. */
const WARM_UP = 5_000;
const entry = fileURLToPath(new URL('../bin/vedette.js', import.meta.url));

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    batch: { type: 'string', default: '1000' },
    shippers: { type: 'string', default: '4' },
    rate: { type: 'string' },
    traffic: { type: 'string', default: 'mixed' },
    padding: { type: 'string', default: '0' },
    rules: { type: 'string', multiple: true },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [events, batch, shippers] = [Number(values.events), Number(values.batch), Number(values.shippers)];
const padding = 'x'.repeat(Number(values.padding));
const rate = values.rate === undefined ? Number.POSITIVE_INFINITY : Number(values.rate);
const traffic = TRAFFICS.find((one) => one === values.traffic);
if (traffic === undefined || ![events, batch, shippers, rate].every((number) => number > 0)) {
  console.error(`--events, --batch, --shippers and --rate are numbers, --traffic one of ${TRAFFICS.join(', ')}`);
  process.exit(64);
}

const data = mkdtempSync(join(tmpdir(), 'vedette-bench-ingest-'));
const rules = (values.rules ?? []).flatMap((folder) => ['--rules', folder]);
const profiling = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
const flags = ['start', '--data', data, '--port', '0', '--no-watch', '--no-sample', ...rules];
const service = spawn(process.execPath, [...profiling, entry, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
const pid = service.pid ?? 0;
try {
  await once(service.stdout, 'data');
  const { address } = JSON.parse(readFileSync(join(data, 'service.json'), 'utf8')) as { address: string };
  const ready = await statusWhenReady(address);
  const load = await sendAll(address, traffic);
  const status = await statusWith(address, events + WARM_UP);
  const figures = {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`,
    ...{ rules: ready.rules.enabled, traffic, events, batch, shippers },
    ...(Number.isFinite(rate) ? { rate } : {}),
    ...load,
    stored: status.events?.events,
    dropped: status.events?.dropped,
    funnel: status.funnel,
    alerts: status.alerts.open,
  };
  process.stdout.write(values.json ? `${JSON.stringify(figures, undefined, 2)}\n` : inWords(figures));
  if (figures.stored !== events + WARM_UP) {
    console.error(`${events + WARM_UP} events were acknowledged, and ${figures.stored} are stored`);
    process.exitCode = 1;
  }
} finally {
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}

interface Status {
  readonly rules: { readonly enabled: number };
  readonly alerts: { readonly open: number };
  readonly events?: { readonly events: number; readonly waiting: number; readonly dropped: number };
  readonly funnel: { readonly events: number; readonly matched: number; readonly created: number };
}

async function sendAll(address: string, of: Traffic) {
  const agent = new Agent({ keepAlive: true, maxSockets: shippers });
  const times: number[] = [];
  const memory: number[] = [];
  let refused = 0;
  let next = 0;
  if (!(await deliver(address, agent, bulkBody(of, { first: events, count: WARM_UP }))))
    throw new Error('no room for the first');
  const before = processorSeconds(pid);
  const looking = setInterval(() => memory.push(residentMebibytes(pid)), LOOK_MS);
  const begun = performance.now();
  const ship = async (): Promise<void> => {
    while (next < events) {
      const first = next;
      next += batch;
      const due = begun + (1_000 * first) / rate;
      if (due > performance.now()) await sleep(due - performance.now());
      const body = bulkBody(of, { first, count: Math.min(batch, events - first), padding });
      const since = Number.isFinite(rate) ? due : performance.now();
      while (!(await deliver(address, agent, body))) {
        refused += 1;
        await sleep(RETRY_MS);
      }
      times.push(performance.now() - since);
    }
  };
  await Promise.all(Array.from({ length: shippers }, ship));
  const seconds = (performance.now() - begun) / 1_000;
  clearInterval(looking);
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    eventsPerSecond: Math.round(events / seconds),
    milliseconds: { p50: Math.round(at(times, 0.5)), p99: Math.round(at(times, 0.99)), most: Math.round(at(times, 1)) },
    refused,
    microsecondsOfProcessor: usedSince(before),
    /** The median of each part of the time, and the most ever. */
    megabytes: { parts: partsOf(memory), most: Math.round(Math.max(...memory)) },
  };
}

/** An event, by thread; those that took next to nothing together. */
function usedSince(before: ReadonlyMap<string, number>): Record<string, number> {
  const used: Record<string, number> = {};
  let all = 0;
  for (const [name, seconds] of processorSeconds(pid)) {
    const each = Math.round(((seconds - (before.get(name) ?? 0)) / events) * 1e6);
    all += each;
    if (each > 0) used[name] = each;
  }
  return { all, ...used };
}

/** False where it has to be sent again. */
async function deliver(address: string, agent: Agent, body: Buffer): Promise<boolean> {
  const { status, text } = await post(`${address}/_bulk?filter_path=errors,items.*.error`, agent, body);
  if (status === 429) return false;
  if (status !== 200 || (JSON.parse(text) as { readonly errors?: boolean }).errors !== false) {
    throw new Error(`the service answered ${status}: ${text.slice(0, 500)}`);
  }
  return true;
}

function post(url: string, agent: Agent, body: Buffer): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-length': body.length };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** Rules are read after it listens. */
async function statusWhenReady(address: string): Promise<Status> {
  while ((await fetch(`${address}/ready`)).status !== 200) await sleep(RETRY_MS);
  return statusOf(address);
}

async function statusOf(address: string): Promise<Status> {
  return (await (await fetch(`${address}/api/status`)).json()) as Status;
}

/** The status comes from the working thread every second. */
async function statusWith(address: string, wanted: number): Promise<Status> {
  for (let tries = 0; ; tries += 1) {
    const status = await statusOf(address);
    if (tries === 20 || (status.events?.events === wanted && status.funnel.events === wanted)) return status;
    await sleep(RETRY_MS);
  }
}

function partsOf(memory: readonly number[]): readonly number[] {
  const each = memory.length / PARTS;
  return Array.from({ length: PARTS }, (_, part) => {
    const sorted = memory.slice(Math.floor(part * each), Math.ceil((part + 1) * each)).sort((a, b) => a - b);
    return Math.round(at(sorted, 0.5));
  });
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function inWords(figures: object): string {
  const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(24)} ${written(value)}`);
  return `${lines.join('\n')}\n`;
}

function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.join(' → ');
  return Object.entries(value)
    .map(([name, one]) => `${name} ${written(one)}`)
    .join(', ');
}
