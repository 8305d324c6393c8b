/**
 * What keeping events costs, and how long the event store takes to answer, over a folder on disk.
 *
 *   node bench/event-store.ts [events of each format, default 4,000]
 *
 * First, for each format of logs: microseconds an event for deriving and writing it out, and for storing it in batches
 * of 1,000; bytes of its JSON, and of that JSON deflated by itself. Then what moving all of it into segments takes, and
 * bytes an event on the disk; median and worst of 15 runs in milliseconds for each question; scanning everything; making
 * one segment of several; removing all. Processor time counts every thread.
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
import { openSegments } from '../src/store/open-event-store.ts';
import type { SegmentEventStore } from '../src/store/segments/segment-store.ts';
import { generateAuditLog, generateEcs } from './generate.ts';
import { FORMAT_LANES, generateFormat } from './generate-formats.ts';

const RUNS = 15;
/** The generated logs are of the past. */
const KEPT = { keepMs: 100 * 365 * 24 * 3_600_000, maxBytes: EVENT_LIMITS.maxBytes };
/** Small enough that there are several segments. */
const LOG_BYTES = 8 * 1024 * 1024;
const BATCH = 1_000;
const NEWLINE = 10;
const count = Number(process.argv[2] ?? 4_000);
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));

try {
  const { store } = await openSegments(folder, { limits: KEPT, logBytes: LOG_BYTES });
  console.log(`${'microseconds an event'.padEnd(24)}    derive  write out     store   bytes: JSON  deflated`);
  await fill(store, 'ecs', generateEcs(count));
  await fill(store, 'audit', generateAuditLog(count));
  for (const lane of FORMAT_LANES) await fill(store, lane.format, generateFormat(lane, count));
  await move(store);
  await ask(store);
  await scan(store);
  await remove(store);
  await store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fill(store: EventStore, name: string, bytes: Buffer): Promise<void> {
  const events = eventsOf(name, bytes);
  const documents = timed(() => events.map((event) => event.sharedDocument()));
  const written = timed(() => documents.value.map((document) => JSON.stringify(document)));
  const records = events.map((event, at) =>
    recordOf(name, event, documents.value[at] as object, written.value[at] as string),
  );
  const started = performance.now();
  for (let first = 0; first < records.length; first += BATCH) await store.append(records.slice(first, first + BATCH));
  const storedUs = (performance.now() - started) * 1_000;
  const plain = written.value.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const deflated = written.value.reduce((sum, text) => sum + deflateRawSync(text, { level: 1 }).length, 0);
  const each = (total: number) => (total / events.length).toFixed(0);
  const columns = [documents.us, written.us, storedUs].map((us) => each(us).padStart(10));
  const sizes = [plain, deflated].map((size) => each(size).padStart(10));
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

/** All of the log into segments, and these into fewer. */
async function move(store: SegmentEventStore): Promise<void> {
  const moved = await measured(async () => {
    while (await store.prune(0));
  });
  const { events, bytes } = await store.status();
  console.log(
    `\nmoving into segments: ${moved.cpuUs(events)} µs of processor an event, ${moved.rate(events)} events a second; ` +
      `${(bytes / events).toFixed(0)} bytes an event on the disk`,
  );
}

async function scan(store: SegmentEventStore): Promise<void> {
  let read = 0;
  const scanned = await measured(async () => {
    for await (const _ of store.scan({})) read += 1;
  });
  console.log(`scan: ${scanned.cpuUs(read)} µs of processor an event, ${scanned.rate(read)} events a second`);
  const counted = await measured(() =>
    store.withRange({}, (connection, relation) =>
      connection.run(`SELECT "process.name", count(*) FROM ${relation} GROUP BY 1 ORDER BY 2 DESC LIMIT 10`),
    ),
  );
  console.log(`SQL, events by program: ${counted.ms.toFixed(0)} ms`);
}

async function remove(store: SegmentEventStore): Promise<void> {
  const { newest = 0 } = await store.status();
  const removed = await measured(async () => {
    while (await store.prune(newest + 2 * KEPT.keepMs));
  });
  console.log(`removing all: ${removed.ms.toFixed(0)} ms`);
}

interface Measured {
  readonly ms: number;
  readonly cpuUs: (events: number) => string;
  readonly rate: (events: number) => string;
}

async function measured(action: () => Promise<unknown>): Promise<Measured> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await action();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return {
    ms,
    cpuUs: (events) => ((user + system) / events).toFixed(0),
    rate: (events) => Math.round((events / ms) * 1_000).toLocaleString('en-US'),
  };
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
