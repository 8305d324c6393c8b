import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { EVENT_TIME, newEvent } from '../event.fixture.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from '../event-schema.ts';
import { testEventStore } from '../event-store.conformance.ts';
import type { EventQuery, EventReader, NewEvent } from '../event-store.ts';
import { migrate } from '../migrations.ts';
import { openEventReader, openSegments } from '../open-event-store.ts';
import { sqliteEventStore } from '../sqlite-event-store.ts';
import { EventFiles } from './event-files.ts';
import type { SegmentEventStore, SegmentStoreOptions } from './segment-store.ts';

const DAY = 24 * 3_600_000;
const LIMITS = { keepMs: DAY, maxBytes: 1024 ** 3 };
/** Old enough that nothing is removed. */
const LONG_AGO = Number.MIN_SAFE_INTEGER;

const root = mkdtempSync(join(tmpdir(), 'vedette-segments-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));

async function open(folder = freshFolder(), changed: Partial<SegmentStoreOptions> = {}): Promise<SegmentEventStore> {
  return (await openSegments(folder, { limits: LIMITS, now: () => EVENT_TIME, grainMs: 0, ...changed })).store;
}

/** Every append becomes a segment of its own, until there are enough to make one of. */
async function openMoving(folder = freshFolder(), changed: Partial<SegmentStoreOptions> = {}) {
  const store = await open(folder, { logBytes: 1, ...changed });
  const append = store.append.bind(store);
  return Object.assign(store, {
    append: async (events: readonly NewEvent[]) => {
      await append(events);
      while (await store.prune(LONG_AGO));
      expect(await store.status()).not.toHaveProperty('problem');
    },
  });
}

testEventStore('segments, everything still in the log', () => open());
testEventStore('segments, everything moved at once', () => openMoving());

const idsOf = async (store: EventReader, query: EventQuery = {}): Promise<string[]> =>
  (await store.query({ limit: 1_000, ...query })).events.map(({ id }) => id);

const segmentsIn = (folder: string): string[] => {
  const { segments } = new EventFiles(folder);
  return readdirSync(segments)
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => join(segments, name));
};

describe('segments', () => {
  it('answer as the simple store does, wherever the events lie', async () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
    const simple = sqliteEventStore(database, ':memory:', LIMITS, () => EVENT_TIME);
    const store = await open(freshFolder(), { logBytes: 1 });
    const text = fc.constantFrom('ana', 'Ana', 'b\0b', "o'h", '\ud800', '4', '');
    const event = fc.record({
      timeMs: fc.integer({ min: EVENT_TIME, max: EVENT_TIME + 9 }),
      ticks: fc.constantFrom(0, 9_999),
      document: fc.record(
        {
          user: fc.record({ name: fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.constant(4)) }),
          host: fc.record({ name: text }),
          event: fc.record({ category: fc.oneof(text, fc.array(text, { maxLength: 2 })) }),
        },
        { requiredKeys: [] },
      ),
    });
    const query = fc.record(
      {
        order: fc.constantFrom('newest' as const, 'oldest' as const),
        from: fc.integer({ min: EVENT_TIME, max: EVENT_TIME + 5 }),
        to: fc.integer({ min: EVENT_TIME + 4, max: EVENT_TIME + 10 }),
        category: text,
        where: fc.record({ 'host.name': text, 'user.name': text }, { requiredKeys: [] }),
        limit: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: [] },
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 8 }),
        fc.integer({ min: 0, max: 2 }),
        fc.array(query, { minLength: 1, maxLength: 4 }),
        async (fields, steps, queries) => {
          round += 1;
          const events = fields.map((one, n) => newEvent(`${round}-${n}`, one));
          await simple.append(events);
          await store.append(events);
          for (let step = 0; step < steps; step += 1) await store.prune(LONG_AGO);
          for (const asked of queries) {
            expect(await idsOf(store, asked)).toEqual(await idsOf(simple, asked));
            expect(await store.count(asked, 20)).toBe(await simple.count(asked, 20));
            const value = asked.where?.['user.name'] ?? 'ana';
            expect(await store.hostsWith('user.name', value)).toBe(await simple.hostsWith('user.name', value));
          }
          expect(await store.hosts()).toBe(await simple.hosts());
        },
      ),
      { numRuns: runs(6) },
    );
    const { oldest, newest, events } = await simple.status();
    expect(await store.status()).toMatchObject({ oldest, newest, events });
    await store.close();
  });

  it('that cannot be read are set aside; the others answer', async () => {
    const folder = freshFolder();
    const store = await openMoving(folder);
    for (const id of ['a', 'b', 'c']) await store.append([newEvent(id)]);
    const [first = '', second = ''] = segmentsIn(folder);
    const bytes = readFileSync(first);
    writeFileSync(first, bytes.fill(0xa5, 100, 900));
    rmSync(second);
    expect(await idsOf(store)).toEqual(['c']);
    expect(await store.event('a')).toBeUndefined();
    expect(await store.status()).toMatchObject({ events: 1, damaged: 2 });
    await store.prune(LONG_AGO);
    await store.append([newEvent('a', { user: 'again' })]);
    expect((await store.event('a'))?.document).toMatchObject({ user: { name: 'again' } });
    expect(existsSync(first)).toBe(false);
    expect(readdirSync(new EventFiles(folder).damaged).some((name) => name.endsWith('.parquet'))).toBe(true);
    await store.close();
  });

  it('become fewer as they come, and stay sorted', async () => {
    const folder = freshFolder();
    const store = await openMoving(folder);
    for (let n = 0; n < 13; n += 1) await store.append([newEvent(`e${n}`, { timeMs: EVENT_TIME + ((n * 5) % 13) })]);
    while (await store.prune(LONG_AGO));
    expect(segmentsIn(folder).length).toBeLessThan(6);
    expect(await store.count({})).toBe(13);
    const times: number[] = [];
    for await (const { timeMs } of store.scan({})) times.push(timeMs - EVENT_TIME);
    expect(times).toEqual(Array.from({ length: 13 }, (_, n) => n));
    await store.close();
  });

  it('stay as long as somebody reads them, and go then', async () => {
    const folder = freshFolder();
    const store = await openMoving(folder, { now: Date.now });
    for (let n = 0; n < 3; n += 1) await store.append([newEvent(`e${n}`)]);
    const reader = await openEventReader(folder);
    const reading = reader?.withRange({}, async (connection, relation) => {
      for (let n = 3; n < 8; n += 1) await store.append([newEvent(`e${n}`)]);
      expect(segmentsIn(folder).length).toBeGreaterThan(6);
      return (await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${relation}`)).getRowsJS();
    });
    expect(await reading).toEqual([[3]]);
    expect(await reader?.count({})).toBe(8);
    while (await store.prune(LONG_AGO));
    expect(segmentsIn(folder)).toHaveLength(3);
    await reader?.close();
    await store.close();
  });

  it('are asked in SQL together with the log', async () => {
    const folder = freshFolder();
    const store = await open(folder, { logBytes: 1 });
    await store.append([newEvent('a', { user: 'ana' }), newEvent('b', { timeMs: EVENT_TIME + 1_500, user: 'bob' })]);
    while (await store.prune(LONG_AGO));
    await store.append([newEvent('c', { timeMs: EVENT_TIME + 2_000 }), newEvent('d', { timeMs: EVENT_TIME + 3_000 })]);
    const asked = (from: number, to: number, sql: string) =>
      store.withRange({ from, to }, async (connection, relation) =>
        (await connection.runAndReadAll(sql.replace('EVENTS', relation))).getRowsJS(),
      );
    const sql = `SELECT id, "user.name", epoch_ms("@timestamp")::DOUBLE, document->>'$.host.name' FROM EVENTS ORDER BY id`;
    expect(await asked(EVENT_TIME + 1, EVENT_TIME + 3_000, sql)).toEqual([
      ['b', 'bob', EVENT_TIME + 1_500, 'web-01'],
      ['c', 'ana', EVENT_TIME + 2_000, 'web-01'],
    ]);
    expect(await asked(0, 1, 'SELECT * FROM EVENTS')).toEqual([]);
    await expect(asked(0, 1, 'SELECT nothing FROM EVENTS')).rejects.toThrow('nothing');
    await expect(asked(0, 1, `SELECT * FROM read_text('/etc/hostname')`)).rejects.toThrow(/disabled/);
    const ending = new AbortController();
    const long = store.withRange(
      {},
      (connection) => connection.run('SELECT count(*) FROM range(100000000000) a'),
      ending.signal,
    );
    setTimeout(() => ending.abort(), 20);
    await expect(long).rejects.toThrow(/interrupt|abort/i);
    await store.close();
  });
});

describe('the files', () => {
  it('are read by DuckDB as the page on the data folder shows it', async () => {
    const page = readFileSync(new URL('../../../docs/data-folder.md', import.meta.url), 'utf8');
    const [grouped = '', latest = ''] = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql);
    const folder = freshFolder();
    const store = await open(folder, { logBytes: 1 });
    await store.append([newEvent('a'), newEvent('b', { timeMs: EVENT_TIME + 5 })]);
    while (await store.prune(LONG_AGO));
    await store.append([newEvent('c', { name: 'nc' })]);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const ask = async (sql: string) =>
      (await connection.runAndReadAll(sql.replaceAll("'events/", `'${folder}/events/`))).getRowsJson();
    expect(await ask(grouped)).toEqual([['web-01', 'python3', '2']]);
    expect(await ask(latest)).toEqual([['2026-03-01 12:00:00', 'nc -m http.server 8000']]);
    instance.closeSync();
    await store.close();
  });
});

describe('an identity', () => {
  it('is known in every segment of its time and in young ones, and after a restart', async () => {
    const folder = freshFolder();
    const store = await openMoving(folder);
    await store.append([newEvent('a'), newEvent('b')]);
    await store.append([newEvent('a'), newEvent('b', { timeMs: EVENT_TIME + DAY }), newEvent('c')]);
    expect(await store.count({})).toBe(3);
    await store.close();
    const later = await openMoving(folder, { now: () => EVENT_TIME + DAY });
    await later.append([newEvent('a'), newEvent('c')]);
    expect(await later.count({})).toBe(3);
    await later.close();
  });

  it('is looked for again where the keys of a segment are lost', async () => {
    const folder = freshFolder();
    const store = await openMoving(folder);
    await store.append([newEvent('a')]);
    await store.close();
    for (const path of segmentsIn(folder)) truncateSync(path.replace('.parquet', '.keys'), 7);
    const later = await openMoving(folder);
    expect(await later.event('a')).toBeDefined();
    await later.append([newEvent('b')]);
    await later.append([newEvent('a'), newEvent('b')]);
    expect(await later.count({})).toBe(2);
    await later.close();
  });
});

describe('the log', () => {
  it('that a crash cut in the middle of a line goes on after the line before', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    await store.append([newEvent('a')]);
    await store.close();
    const files = new EventFiles(folder);
    const [name = ''] = readdirSync(files.logs);
    appendFileSync(join(files.logs, name), '{"arrival":2,"id":"torn');
    const later = await open(folder);
    await later.append([newEvent('b')]);
    expect(await idsOf(later)).toEqual(['b', 'a']);
    await later.close();
    expect(readFileSync(join(files.logs, name), 'utf8')).toMatch(/\n$/);
  });

  it('that was cut off at any byte holds every line before it, and takes the rest again', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const ids = ['a', 'b', 'c', 'd'];
    await store.append(ids.map((id) => newEvent(id)));
    await store.close();
    const files = new EventFiles(folder);
    const [name = ''] = readdirSync(files.logs);
    const whole = readFileSync(join(files.logs, name));
    const property = fc.asyncProperty(fc.nat(whole.length), async (bytes) => {
      writeFileSync(join(files.logs, name), whole.subarray(0, bytes));
      const later = await open(folder);
      const lines = whole.subarray(0, bytes).toString().split('\n').length - 1;
      expect((await idsOf(later)).sort()).toEqual(ids.slice(0, lines));
      expect(later.lastArrival).toBe(lines);
      await later.append(ids.map((id) => newEvent(id)));
      expect((await idsOf(later)).sort()).toEqual(ids);
      await later.close();
      for (const log of readdirSync(files.logs)) if (log !== name) rmSync(join(files.logs, log));
    });
    await fc.assert(property, { numRuns: runs(8) });
  });

  it('that somebody took away is counted, and the others are there', async () => {
    const folder = freshFolder();
    const files = new EventFiles(folder);
    const store = await open(folder);
    await store.append([newEvent('a')]);
    await store.close();
    for (const name of readdirSync(files.logs)) rmSync(join(files.logs, name));
    const later = await open(folder);
    await later.append([newEvent('b')]);
    expect(await idsOf(later)).toEqual(['b']);
    expect(await later.status()).toMatchObject({ events: 1, damaged: 1 });
    await later.close();
  });

  it('moves into a segment without the lines that a disk has spoilt', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    await store.append([newEvent('a')]);
    await store.close();
    const files = new EventFiles(folder);
    const [name = ''] = readdirSync(files.logs);
    appendFileSync(join(files.logs, name), `\0\0\0\0\n{"id":7}\n[]\nnull\n${'['.repeat(2_000)}\n`);
    const later = await openMoving(folder);
    expect(await idsOf(later)).toEqual(['a']);
    await later.append([newEvent('b')]);
    expect((await idsOf(later)).sort()).toEqual(['a', 'b']);
    expect(readdirSync(files.logs)).toEqual([]);
    await later.close();
  });
});

describe('what is kept', () => {
  it('stays within its bytes, oldest out first; a time that lies ahead keeps nothing longer', async () => {
    let now = EVENT_TIME;
    const folder = freshFolder();
    const limits = { keepMs: DAY, maxBytes: 90_000 };
    const store = await open(folder, { limits, logBytes: 1, now: () => now });
    const noise = (n: number) => Array.from({ length: 3_000 }, (_, at) => (n * 31 + at * at * 17) % 9_973).join(' ');
    for (let n = 0; n < 14; n += 1) {
      now += 1_000;
      const timeMs = n === 3 ? now + 365 * DAY : now;
      await store.append([newEvent(`e${n}`, { timeMs, entity: noise(n) })]);
      while (await store.prune(now));
    }
    const { events, pruned } = await store.status();
    const { logs, segments } = new EventFiles(folder);
    const sizes = [logs, segments].flatMap((path) => readdirSync(path).map((name) => statSync(join(path, name)).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(limits.maxBytes);
    expect(events + pruned).toBe(14);
    expect(pruned).toBeGreaterThan(3);
    const left = await idsOf(store);
    expect(left).not.toContain('e3');
    expect(left[0]).toBe('e13');
    await store.close();
  });

  it('is what an earlier Vedette kept, too', async () => {
    const folder = freshFolder();
    const path = join(folder, 'events.sqlite');
    const database = new DatabaseSync(path);
    migrate(database, path, EVENT_MIGRATIONS, EVENT_FILE);
    const earlier = sqliteEventStore(database, path);
    await earlier.append([newEvent('a', { sample: true }), newEvent('b', { timeMs: EVENT_TIME + 1 })]);
    await earlier.close();
    const store = await open(folder);
    expect(await idsOf(store)).toEqual(['b', 'a']);
    expect(await store.event('a')).toMatchObject(newEvent('a', { sample: true }));
    await store.close();
    expect(existsSync(path)).toBe(false);
  });

  it('is found again where the list of it is lost, each event once', async () => {
    const folder = freshFolder();
    const store = await openMoving(folder);
    for (const id of ['a', 'b', 'c']) await store.append([newEvent(id)]);
    const [first = '', ...others] = segmentsIn(folder);
    const copy = readFileSync(first);
    for (const id of ['d', 'e', 'f', 'g']) await store.append([newEvent(id)]);
    await store.close();
    expect(others).toHaveLength(2);
    // As a crash leaves it between listing a segment and removing what it replaces.
    writeFileSync(first, copy);
    const files = new EventFiles(folder);
    renameSync(files.manifest, `${files.manifest}.gone`);
    for (const end of ['-wal', '-shm']) rmSync(files.manifest + end, { force: true });
    const later = await openMoving(folder);
    expect((await idsOf(later)).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const { arrival } = await later.status();
    await later.append([newEvent('h'), newEvent('a')]);
    expect(await idsOf(later, { arrivedAfter: arrival })).toEqual(['h']);
    await later.close();
  });
});
