import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { newEvent } from './event.fixture.ts';
import { EVENT_LIMITS } from './event-limits.ts';
import { parcelOf, unpacked } from './event-protocol.ts';
import type { NewEvent } from './event-store.ts';
import { EventThread, openEventThread, startWorker } from './event-thread.ts';
import { eventFile, openEventReader } from './open-event-store.ts';
import { TextEvent } from './text-event.ts';

const root = mkdtempSync(join(tmpdir(), 'vedette-event-thread-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));
const settingsFor = (folder: string) => ({
  folder,
  options: { limits: { ...EVENT_LIMITS, keepMs: 1e14 } },
  isDamaged: false,
});

it('events cross threads as they are', () => {
  const text = anyText();
  const names = fc.array(fc.constantFrom('logs-a', 'logs-b', ''), { maxLength: 2 });
  const event: fc.Arbitrary<NewEvent> = fc.record(
    {
      id: text,
      timeMs: fc.maxSafeInteger(),
      ticks: fc.nat(9_999),
      format: fc.constantFrom('auditd', 'ecs'),
      dataStreams: names,
      standsInFor: names,
      sample: fc.boolean(),
      document: fc.dictionary(text, fc.jsonValue()) as fc.Arbitrary<NewEvent['document']>,
      origin: fc.record({ path: text, offset: fc.nat(), line: fc.nat() }),
    },
    { requiredKeys: ['id', 'timeMs', 'ticks', 'format', 'dataStreams', 'standsInFor', 'sample', 'document'] },
  );
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const written = events.map((one) => ({ ...one, json: JSON.stringify(one.document) }));
      const there = written.map((one) => ({ ...one, document: JSON.parse(one.json) as NewEvent['document'] }));
      for (const sent of [written, events, written.map((one) => new TextEvent(one))]) {
        const come = unpacked(structuredClone(parcelOf(sent)));
        expect(come.map((one) => ({ ...one, document: one.document }))).toEqual(there);
      }
    }),
    { numRuns: runs(100) },
  );
});

it('a thread that ends takes no event with it: what it did not answer fails, and another goes on where it was', async () => {
  const folder = freshFolder();
  const threads: Worker[] = [];
  const store = new EventThread(settingsFor(folder), () => {
    const worker = startWorker();
    threads.push(worker);
    return worker;
  });
  expect(await store.open()).toBeUndefined();
  await store.append([newEvent('a'), newEvent('s', { sample: true })]);
  expect(store.lastArrival).toBe(2);
  // From now on it answers nothing.
  const ended = threads[0]?.terminate();
  const gone = { code: 'store-failed', message: expect.stringMatching(/ended: /) };
  await expect(store.status()).rejects.toMatchObject(gone);
  await ended;

  await store.append([newEvent('a'), newEvent('b')]);
  expect(threads).toHaveLength(2);
  expect(store.lastArrival).toBe(3);
  expect(await store.known(['a', 'b', 'c'])).toEqual(new Set(['a', 'b']));
  expect((await store.query({ order: 'oldest' })).events.map(({ id }) => id)).toEqual(['a', 's', 'b']);
  expect(await store.removeSample()).toBe(1);
  expect((await store.status()).events).toBe(2);
  while (await store.prune(0));
  await store.close();
  const reader = await openEventReader(folder);
  expect(await reader?.event('b')).toMatchObject(newEvent('b'));
  await reader?.close();
});

it('what the store refuses crosses as it is, and damage is set aside', async () => {
  const folder = freshFolder();
  mkdirSync(dirname(eventFile(folder)));
  writeFileSync(eventFile(folder), 'not a database '.repeat(500));
  const { store, setAside = '' } = await openEventThread(settingsFor(folder));
  expect(readFileSync(setAside, 'utf8')).toMatch(/^not a database/);
  const timeless = { ...newEvent('a'), timeMs: Number.NaN };
  await expect(store.append([timeless])).rejects.toThrow(/^no time: NaN/);
  await store.append([newEvent('b')]);
  expect(store.lastArrival).toBe(1);
  await store.close();
  await store.close();

  writeFileSync(join(root, 'a file'), '');
  const refused = openEventThread(settingsFor(join(root, 'a file')));
  await expect(refused).rejects.toMatchObject({
    name: 'StoreError',
    code: 'store-cannot-open',
    hint: expect.stringMatching(/data folder/),
  });
});
