/** What is known of uneven columns goes with the events wherever they go, and is looked for where nobody noted it. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from '../event.fixture.ts';
import { openSegments } from '../open-event-store.ts';
import { EventFiles } from './event-files.ts';
import { FIELD_COLUMNS, LIST_COLUMNS, lineOf } from './event-line.ts';
import { LooseEvents } from './loose-events.ts';
import type { RangeAction } from './segment-reader.ts';
import type { SegmentEventStore } from './segment-store.ts';
import { evenColumns, unevenColumns, unevenOfAll } from './uneven-columns.ts';

const COLUMNS = [...FIELD_COLUMNS, ...LIST_COLUMNS];
const LIMITS = { keepMs: 24 * 3_600_000, maxBytes: 1024 ** 3 };
/** Old enough that nothing is removed. */
const LONG_AGO = Number.MIN_SAFE_INTEGER;

const root = mkdtempSync(join(tmpdir(), 'vedette-uneven-columns-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));

const open = async (folder = freshFolder()): Promise<SegmentEventStore> =>
  (await openSegments(folder, { limits: LIMITS, now: () => EVENT_TIME, grainMs: 0, logBytes: 1 })).store;
const move = async (store: SegmentEventStore): Promise<void> => {
  while (await store.prune(LONG_AGO));
};

interface Ranged {
  withRange<T>(range: { readonly from?: number; readonly to?: number }, action: RangeAction<T>): Promise<T>;
}
/** Columns that are not told to be even. */
const unevenIn = (store: Ranged, range = {}): Promise<readonly string[]> =>
  store.withRange(range, async (_connection, _relation, _instance, { lowered }) =>
    COLUMNS.filter((column) => !lowered.has(column)),
  );

describe('uneven columns', () => {
  it('are told of each column of a line, and of none for letters that are only not ASCII', () => {
    const columnsOf = (user: string, name: string) => {
      const line = lineOf(newEvent('a', { user, name }), 1, 0);
      return [...unevenColumns(line, JSON.stringify(line))].sort();
    };
    expect(columnsOf('ana', 'python3')).toEqual([]);
    expect(columnsOf('Ünal ΣΩ', 'Жук K')).toEqual([]);
    expect(columnsOf('İnci', 'python3')).toEqual(['user.name']);
    expect(columnsOf('ana', 'x\u{10d50}')).toEqual(['process.command_line', 'process.executable', 'process.name']);
  });

  it('are lists with an item that is not in small letters of ASCII', () => {
    const columnsOf = (category: readonly string[]) => {
      const line = lineOf(newEvent('a', { category }), 1, 0);
      return unevenColumns(line, JSON.stringify(line));
    };
    expect(columnsOf(['process', 'intrusion_detection'])).toEqual([]);
    for (const item of ['Process', 'procesS', 'prozeß', '\u212a'])
      expect(columnsOf(['process', item]), item).toEqual(['event.category']);
  });

  it('are not known of all where one part does not tell', () => {
    expect(unevenOfAll([{ uneven: ['b'] }, { uneven: new Set(['a']) }])).toEqual(['a', 'b']);
    expect(unevenOfAll([{ uneven: ['b'] }, {}])).toBeUndefined();
    expect(evenColumns([], new Set()).size).toBe(FIELD_COLUMNS.length + LIST_COLUMNS.length);
  });

  it('are known in the log, in a segment, in what segments become, and after a restart', async () => {
    const folder = freshFolder();
    let store = await open(folder);
    expect(await unevenIn(store)).toEqual([]);
    await store.append([newEvent('a')]);
    expect(await unevenIn(store)).toEqual([]);
    await store.append([newEvent('b', { user: 'İnci', timeMs: EVENT_TIME + 10 })]);
    expect(await unevenIn(store)).toEqual(['user.name']);
    await store.close();
    store = await open(folder);
    expect(await unevenIn(store)).toEqual(['user.name']);
    await move(store);
    expect(await unevenIn(store)).toEqual(['user.name']);
    // Enough segments to become one.
    for (const id of ['c', 'd', 'e', 'f', 'g', 'h']) {
      await store.append([newEvent(id, { host: id === 'e' ? 'WİN' : 'web', timeMs: EVENT_TIME + 20 })]);
      await move(store);
    }
    expect((await unevenIn(store)).toSorted()).toEqual(['host.name', 'user.name']);
    await store.close();
    store = await open(folder);
    expect((await unevenIn(store)).toSorted()).toEqual(['host.name', 'user.name']);
    await store.close();
  });

  it('of other times do not matter', async () => {
    const store = await open();
    await store.append([newEvent('a')]);
    await move(store);
    await store.append([newEvent('b', { user: 'İnci', timeMs: EVENT_TIME + 1_000 })]);
    await move(store);
    expect(await unevenIn(store, { to: EVENT_TIME + 1 })).toEqual([]);
    expect(await unevenIn(store)).toEqual(['user.name']);
    await store.close();
  });

  it('are looked for where the list of segments is lost', async () => {
    const folder = freshFolder();
    let store = await open(folder);
    await store.append([
      newEvent('a', { user: 'İnci' }),
      newEvent('b', { name: 'Ünal', category: ['file', 'Process'] }),
    ]);
    await move(store);
    await store.close();
    const { manifest } = new EventFiles(folder);
    renameSync(manifest, `${manifest}.gone`);
    for (const end of ['-wal', '-shm']) rmSync(manifest + end, { force: true });
    store = await open(folder);
    expect(await unevenIn(store)).toEqual(['user.name', 'event.category']);
    await store.close();
  });

  it('may be anywhere in a segment of before they were noted, until it becomes part of another', async () => {
    const folder = freshFolder();
    let store = await open(folder);
    await store.append([newEvent('a', { user: 'İnci' })]);
    await move(store);
    await store.close();
    const database = new DatabaseSync(new EventFiles(folder).manifest);
    database.exec("UPDATE part SET facts = json_remove(facts, '$.uneven') WHERE facts IS NOT NULL");
    database.close();
    store = await open(folder);
    expect(await unevenIn(store)).toEqual(COLUMNS);
    for (const id of ['c', 'd', 'e', 'f', 'g']) {
      await store.append([newEvent(id)]);
      await move(store);
    }
    expect(await unevenIn(store)).toEqual(['user.name']);
    await store.close();
  });

  it('are known of events that are kept nowhere', async () => {
    const loose = new LooseEvents({ threads: 1, memoryMb: 128 });
    loose.append(newEvent('a'));
    loose.append(newEvent('b', { user: 'İnci' }));
    expect(await unevenIn(loose)).toEqual(['user.name']);
    await loose.close();
  });
});
