/** What is known of columns that hold nothing is true of the events wherever they lie. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from '../event.fixture.ts';
import { openSegments } from '../open-event-store.ts';
import { EventFiles } from './event-files.ts';
import type { SegmentEventStore } from './segment-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-filled-columns-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LIMITS = { keepMs: 24 * 3_600_000, maxBytes: 1024 ** 3 };
const ASKED = ['dns.question.name', 'destination.port', 'registry.path'];
const dns = { event: { category: ['network'] }, dns: { question: { name: 'a.example' } } };

const open = async (): Promise<SegmentEventStore> =>
  (await openSegments(folder, { limits: LIMITS, now: () => EVENT_TIME, grainMs: 0, logBytes: 1 })).store;
const move = async (store: SegmentEventStore): Promise<void> => {
  while (await store.prune(Number.MIN_SAFE_INTEGER));
};
/** Of those asked for, the columns that are told to hold nothing. */
const emptyIn = (store: SegmentEventStore): Promise<readonly string[]> =>
  store.withRange({}, async (_connection, _relation, _instance, { empty }) => ASKED.filter((name) => empty.has(name)));
const alter = (statement: string): void => {
  const database = new DatabaseSync(new EventFiles(folder).manifest);
  database.exec(statement);
  database.close();
};

it('is told in the log, in segments, in what they become, after a restart and where the list is lost', async () => {
  let store = await open();
  await store.append([newEvent('a', { document: dns })]);
  expect(await emptyIn(store)).toEqual(['destination.port', 'registry.path']);
  await move(store);
  expect(await emptyIn(store)).toEqual(['destination.port', 'registry.path']);
  await store.append([newEvent('b', { document: { destination: { port: 80 } }, timeMs: EVENT_TIME + 1 })]);
  expect(await emptyIn(store)).toEqual(['registry.path']);
  await store.close();
  store = await open();
  expect(await emptyIn(store)).toEqual(['registry.path']);
  for (const id of ['c', 'd', 'e', 'f', 'g', 'h']) {
    await store.append([newEvent(id)]);
    await move(store);
  }
  expect(await emptyIn(store)).toEqual(['registry.path']);
  await store.close();
  const { manifest } = new EventFiles(folder);
  renameSync(manifest, `${manifest}.gone`);
  for (const end of ['-wal', '-shm']) rmSync(manifest + end, { force: true });
  store = await open();
  expect(await emptyIn(store)).toEqual(['registry.path']);
  await store.close();
  // A segment of before this was noted: any column may hold something.
  alter("UPDATE part SET facts = json_remove(facts, '$.filled') WHERE facts IS NOT NULL");
  store = await open();
  expect(await emptyIn(store)).toEqual([]);
  await store.close();
});
