/**
 * What keeping events costs, and how long the event store takes to answer, over a file on disk.
 *
 *   node bench/event-store.ts [events of each format, default 4,000]
 *
 * First, for each format of logs: microseconds an event for deriving and writing it out, and for storing it in batches
 * of 1,000; bytes an event on the disk, indexes included, beside its JSON and beside that JSON deflated by itself. Then,
 * over all of them: median and worst of 15 runs in milliseconds for each question, and what pruning takes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { searchStore } from '../src/engine/store-search.ts';
import type { Event } from '../src/event/event.ts';
import { eventIdentity } from '../src/event/identity.ts';
import { openStream } from '../src/format/stream.ts';
import { EVENT_LIMITS } from '../src/store/event-limits.ts';
import type { EventStore, NewEvent } from '../src/store/event-store.ts';
import { openEventStore } from '../src/store/open-event-store.ts';
import { generateAuditLog, generateEcs } from './generate.ts';
import { FORMAT_LANES, generateFormat } from './generate-formats.ts';

const RUNS = 15;
const BATCH = 1_000;
const NEWLINE = 10;
const count = Number(process.argv[2] ?? 4_000);
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));

try {
  const { store } = await openEventStore(folder, EVENT_LIMITS);
  console.log(`${'microseconds an event'.padEnd(24)}    derive  write out     store   bytes: JSON  deflated   on disk`);
  await fill(store, 'ecs', generateEcs(count));
  await fill(store, 'audit', generateAuditLog(count));
  for (const lane of FORMAT_LANES) await fill(store, lane.format, generateFormat(lane, count));
  await ask(store);
  await prune(store);
  await store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fill(store: EventStore, name: string, bytes: Buffer): Promise<void> {
  const events = eventsOf(name, bytes);
  const before = await store.status();
  const documents = timed(() => events.map((event) => event.sharedDocument()));
  const written = timed(() => documents.value.map((document) => JSON.stringify(document)));
  const records = events.map((event, at) =>
    recordOf(name, event, documents.value[at] as object, written.value[at] as string),
  );
  const started = performance.now();
  for (let first = 0; first < records.length; first += BATCH) await store.append(records.slice(first, first + BATCH));
  const storedUs = (performance.now() - started) * 1_000;
  const after = await store.status();
  const plain = written.value.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const deflated = written.value.reduce((sum, text) => sum + deflateRawSync(text, { level: 1 }).length, 0);
  const each = (total: number) => (total / events.length).toFixed(0);
  const columns = [documents.us, written.us, storedUs].map((us) => each(us).padStart(10));
  const sizes = [plain, deflated, after.bytes - before.bytes].map((size) => each(size).padStart(10));
  console.log(`${name.padEnd(24)}${columns.join('')}     ${sizes.join('')}`);
}

function eventsOf(name: string, bytes: Buffer): Event[] {
  const events: Event[] = [];
  const stream = openStream(
    { standsInForEndpoint: true, now: Date.now, hostName: 'bench' },
    { event: (event) => events.push(event), reject: () => {} },
  );
  let [start, line] = [0, 0];
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    line += 1;
    stream.line({ bytes: bytes.subarray(start, end), origin: { path: `/var/log/${name}.log`, offset: start, line } });
    start = end + 1;
  }
  stream.end();
  return events;
}

function recordOf(name: string, event: Event, document: object, json: string): NewEvent {
  const { time, format, dataStreams, standsInFor, origin } = event;
  return {
    // The same record comes in several formats, with the same id.
    id: `${name} ${eventIdentity(event)}`,
    timeMs: time.ms,
    ticks: time.ticks,
    format,
    dataStreams,
    standsInFor,
    document: document as NewEvent['document'],
    ...(origin === undefined ? {} : { origin }),
    sample: false,
    json,
  };
}

async function ask(store: EventStore): Promise<void> {
  const { events, bytes, oldest = 0, newest = 0 } = await store.status();
  console.log(
    `\n${events.toLocaleString('en-US')} events, ${(bytes / 1e6).toFixed(1)} MB; milliseconds, median and worst`,
  );
  const search = searchStore(() => store);
  const some = (await store.query({ limit: 1 })).events[0];
  const where = { 'user.name': 'root' };
  await measure('newest 100', () => store.query({}));
  await measure('oldest 100 of the middle', () => store.query({ from: (oldest + newest) / 2, order: 'oldest' }));
  await measure('100 of a user', () => store.query({ where }));
  await measure('100 of user and category', () => store.query({ where, category: 'process' }));
  await measure('one by id', () => store.event(some?.id ?? ''));
  await measure('count of a user to 10,000', () => store.count({ where }, 10_000));
  await measure('hosts with a user', () => store.hostsWith('user.name', 'root'));
  await measure('status', () => store.status());
  const started = performance.now();
  const condition = { kind: 'eql', text: 'any where process.command_line : "*nothing has this*"' } as const;
  const { read } = await search.search({}, condition, { deadlineMs: 5_000 });
  const seconds = (performance.now() - started) / 1_000;
  console.log(`search by a wildcard: ${Math.round(read / seconds).toLocaleString('en-US')} events a second`);
}

async function prune(store: EventStore): Promise<void> {
  const { events, newest = 0 } = await store.status();
  const steps: number[] = [];
  const started = performance.now();
  for (let more = true; more; ) {
    const step = performance.now();
    more = await store.prune(newest + 2 * EVENT_LIMITS.keepMs);
    steps.push(performance.now() - step);
  }
  const each = ((performance.now() - started) * 1_000) / events;
  steps.sort((a, b) => a - b);
  const worst = [0.5, 0.99, 1].map((part) => (steps[Math.ceil(part * steps.length) - 1] ?? 0).toFixed(1)).join(', ');
  console.log(`pruning all: ${each.toFixed(0)} µs an event; a step: median, 99th percentile, worst ${worst} ms`);
}

function timed<T>(action: () => T): { readonly value: T; readonly us: number } {
  const started = performance.now();
  const value = action();
  return { value, us: (performance.now() - started) * 1_000 };
}

async function measure(name: string, action: () => unknown): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const started = performance.now();
    await action();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  console.log(
    `${name.padEnd(26)} ${(times[RUNS >> 1] as number).toFixed(1).padStart(7)} ${(times[RUNS - 1] as number).toFixed(1).padStart(7)}`,
  );
}
