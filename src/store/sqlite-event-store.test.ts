import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from './event.fixture.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from './event-schema.ts';
import { testEventStore } from './event-store.conformance.ts';
import type { EventStore } from './event-store.ts';
import { migrate } from './migrations.ts';
import { eventFile, openEventReader, openEventStore } from './open-event-store.ts';
import { type EventLimits, isEventCursor, sqliteEventStore } from './sqlite-event-store.ts';

const DAY = 24 * 3_600_000;
const LIMITS: EventLimits = { keepMs: DAY, maxBytes: 1024 ** 3 };
const MEBIBYTE = 1024 ** 2;

const root = mkdtempSync(join(tmpdir(), 'vedette-events-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));

function inMemory(limits = LIMITS, now: () => number = () => EVENT_TIME): EventStore {
  const database = new DatabaseSync(':memory:');
  migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
  return sqliteEventStore(database, ':memory:', limits, now);
}

testEventStore('SQLite in memory', async () => inMemory());
testEventStore('SQLite in a data folder', async () => (await openEventStore(freshFolder(), LIMITS)).store);

/** Events that hardly compress. */
function* manyEvents(count: number, first = 0) {
  for (let n = first; n < first + count; n += 1) {
    const noise = Array.from({ length: 8 }, (_, at) => hash('sha512', `${n} ${at}`)).join('');
    yield newEvent(`e${n}`, { timeMs: EVENT_TIME + n, name: `p${n % 50}`, host: `h${n % 9}`, entity: noise });
  }
}

const bytesIn = (folder: string): number =>
  ['', '-wal'].reduce((sum, end) => sum + (statSync(eventFile(folder) + end, { throwIfNoEntry: false })?.size ?? 0), 0);

describe('the SQLite event store', () => {
  it('stays within its bytes on the disk however much comes, oldest out first', async () => {
    const folder = freshFolder();
    const limits = { keepMs: DAY, maxBytes: 6 * MEBIBYTE };
    const { store } = await openEventStore(folder, limits);
    let most = 0;
    for (let first = 0; first < 4_500; first += 20) {
      await store.append([...manyEvents(20, first)]);
      most = Math.max(most, bytesIn(folder));
    }
    expect(most).toBeLessThan(limits.maxBytes);
    const { events, pruned, newest, bytes } = await store.status();
    expect(events + pruned).toBe(4_500);
    expect(events).toBeGreaterThan(1_000);
    expect(newest).toBe(EVENT_TIME + 4_499);
    expect(bytes).toBe(bytesIn(folder));
    expect((await store.query({ limit: 20_000 })).events).toHaveLength(events);
    expect((await store.query({ limit: 1, order: 'oldest' })).events[0]?.timeMs).toBe(EVENT_TIME + pruned);
    await store.close();
  });

  it('gives space back where the limit has become smaller', async () => {
    const folder = freshFolder();
    const large = (await openEventStore(folder, LIMITS)).store;
    await large.append([...manyEvents(3_000)]);
    await large.close();
    const before = bytesIn(folder);
    const limits = { keepMs: DAY, maxBytes: 2 * MEBIBYTE };
    expect(before).toBeGreaterThan(limits.maxBytes);
    const { store } = await openEventStore(folder, limits);
    while (await store.prune(EVENT_TIME));
    await store.close();
    expect(bytesIn(folder)).toBeLessThan(limits.maxBytes);
  });

  it('prunes in small steps', async () => {
    const { store } = await openEventStore(freshFolder(), LIMITS);
    await store.append([...manyEvents(3_000)]);
    let steps = 1;
    while (await store.prune(EVENT_TIME + 2 * DAY)) steps += 1;
    expect((await store.status()).events).toBe(0);
    // How long a step takes is measured in bench/event-store.ts.
    expect(steps).toBeGreaterThan(5);
    await store.close();
  });

  it('begins a dictionary each day, and drops one with the last event that needs it', async () => {
    let now = EVENT_TIME;
    const database = new DatabaseSync(':memory:');
    migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
    const store = sqliteEventStore(database, ':memory:', LIMITS, () => now);
    const dictionaries = () => database.prepare('SELECT count(*) AS n FROM dictionary').get()?.n;
    await store.append([...manyEvents(20)]);
    await store.append([...manyEvents(20, 20)]);
    expect(dictionaries()).toBe(1);
    now += DAY;
    await store.append([newEvent('next', { timeMs: now })]);
    expect(dictionaries()).toBe(2);
    expect((await store.event('e3'))?.document).toEqual([...manyEvents(4)].at(-1)?.document);
    while (await store.prune(now + 1_000));
    expect(dictionaries()).toBe(1);
    expect(await store.event('next')).toBeDefined();
    while (await store.prune(now + 2 * DAY));
    expect(dictionaries()).toBe(0);
    await store.append([newEvent('again', { timeMs: now })]);
    expect(await store.event('again')).toMatchObject(newEvent('again', { timeMs: now }));
    await store.close();
  });

  it('says that the disk is full, keeps what it had, and goes on when there is space', async () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
    const store = sqliteEventStore(database, 'events.sqlite', LIMITS);
    await store.append([newEvent('a')]);
    database.exec(`PRAGMA max_page_count = ${Number(database.prepare('PRAGMA page_count').get()?.page_count) + 1}`);
    await expect(store.append([...manyEvents(500)])).rejects.toMatchObject({ code: 'store-full' });
    expect((await store.query({})).events).toMatchObject([newEvent('a')]);
    database.exec('PRAGMA max_page_count = 1000000');
    await store.append([...manyEvents(500)]);
    expect(await store.count({})).toBe(501);
    expect(await store.event('e7')).toBeDefined();
    await store.close();
  });

  it('takes a cursor that was not checked for a bug', async () => {
    const store = inMemory();
    for (const cursor of ['', 'x', '1.2', "1.2.3' OR 1", '1e5.0.1']) {
      expect(isEventCursor(cursor)).toBe(false);
      await expect(store.query({ cursor })).rejects.toThrow(TypeError);
    }
    await store.close();
  });
});

describe('the events of a data folder', () => {
  it('are read beside their writer, and there is nothing to read before', async () => {
    const folder = freshFolder();
    expect(await openEventReader(folder)).toBeUndefined();
    const { store } = await openEventStore(folder);
    const reader = await openEventReader(folder);
    await store.append([newEvent('a')]);
    expect(await reader?.event('a')).toMatchObject(newEvent('a'));
    await expect(reader?.append([newEvent('b')])).rejects.toMatchObject({ code: 'store-read-only' });
    await reader?.close();
    await store.close();
    expect(statSync(eventFile(folder)).mode & 0o077).toBe(0);
  });

  it('begin anew where the file is damaged, which is set aside', async () => {
    const folder = freshFolder();
    for (const text of ['not a database '.repeat(500), 'damaged again '.repeat(500)]) {
      writeFileSync(eventFile(folder), text);
      const { store, setAside = '' } = await openEventStore(folder);
      expect(readFileSync(setAside, 'utf8')).toBe(text);
      await store.append([newEvent('a')]);
      expect(await store.count({})).toBe(1);
      await store.close();
    }
  });

  it('are refused in words where the file is newer or another program’s, and left as they are', async () => {
    const folder = freshFolder();
    await (await openEventStore(folder)).store.close();
    const database = new DatabaseSync(eventFile(folder));
    database.exec('PRAGMA user_version = 999');
    database.close();
    await expect(openEventStore(folder)).rejects.toMatchObject({ code: 'store-newer' });
    await expect(openEventReader(folder)).rejects.toThrow(/newer Vedette/);
    expect(existsSync(join(folder, 'events.damaged.sqlite'))).toBe(false);
    const other = freshFolder();
    const foreign = new DatabaseSync(eventFile(other));
    foreign.exec('CREATE TABLE bookmark (url TEXT)');
    foreign.close();
    await expect(openEventStore(other)).rejects.toMatchObject({ code: 'store-foreign' });
  });
});
