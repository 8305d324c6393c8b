import { hash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from './event.fixture.ts';
import { isEventCursor } from './event-cursor.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from './event-schema.ts';
import { testEventStore } from './event-store.conformance.ts';
import type { EventStore } from './event-store.ts';
import { migrate } from './migrations.ts';
import { sqliteEventStore } from './sqlite-event-store.ts';

const DAY = 24 * 3_600_000;
const LIMITS = { keepMs: DAY };

function inMemory(limits = LIMITS, now: () => number = () => EVENT_TIME): EventStore {
  const database = new DatabaseSync(':memory:');
  migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
  return sqliteEventStore(database, ':memory:', limits, now);
}

testEventStore('SQLite in memory', async () => inMemory());

/** Events that hardly compress. */
function* manyEvents(count: number, first = 0) {
  for (let n = first; n < first + count; n += 1) {
    const noise = Array.from({ length: 8 }, (_, at) => hash('sha512', `${n} ${at}`)).join('');
    yield newEvent(`e${n}`, { timeMs: EVENT_TIME + n, name: `p${n % 50}`, host: `h${n % 9}`, entity: noise });
  }
}

describe('the SQLite event store', () => {
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
