import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { EVENT_TIME } from '../store/event.fixture.ts';
import { EVENT_LIMITS } from '../store/event-limits.ts';
import type { NewEvent } from '../store/event-store.ts';
import { eventFile, type OpenedEvents, openEventStore } from '../store/open-event-store.ts';
import { StoreError } from '../store/store-error.ts';
import { EventRecorder } from './event-recorder.ts';

const root = mkdtempSync(join(tmpdir(), 'vedette-recorder-'));
afterAll(() => rmSync(root, { recursive: true }));

const DAY = 24 * 3_600_000;
const eventOf = (id: string, { timeMs = EVENT_TIME, document = { user: { name: 'ana' } } as JsonObject } = {}) =>
  new Event({
    time: { ms: timeMs, ticks: 5 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: ['logs-test-default'],
    origin: { path: '/log', offset: 1, line: 1 },
    id,
  });

describe('recording events', () => {
  let folder: string;
  let now: number;
  let warnings: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'case-'));
    now = EVENT_TIME;
    warnings = [];
  });
  const record = (
    open?: (isDamaged: boolean) => Promise<OpenedEvents>,
    mostWaiting?: number,
    acknowledged = Number.NaN,
  ) =>
    new EventRecorder({
      acknowledged,
      open: open ?? ((isDamaged) => openEventStore(folder, EVENT_LIMITS, isDamaged)),
      keepMs: DAY,
      now: () => now,
      warn: (_fields, message) => warnings.push(message),
      ...(mostWaiting === undefined ? {} : { mostWaiting }),
    });

  it('stores what the event was, once, with what earlier events taught', async () => {
    const recorder = record();
    const event = eventOf('a');
    event.enrich({ names: new Set(['process.parent.name']), get: () => 'bash' });
    recorder.add(event, true);
    recorder.add(eventOf('a'), true);
    expect(recorder.hasWaiting).toBe(true);
    await recorder.flush();
    recorder.add(eventOf('old', { timeMs: EVENT_TIME - DAY - 1 }), false);
    expect(recorder.hasWaiting).toBe(false);
    expect(await recorder.status()).toMatchObject({ events: 1, waiting: 0, dropped: 0 });
    await recorder.close();
    const { store } = await openEventStore(folder);
    expect(await store.event('id:a')).toMatchObject({
      id: 'id:a',
      timeMs: EVENT_TIME,
      ticks: 5,
      format: 'test',
      dataStreams: ['logs-test-default'],
      standsInFor: [],
      origin: { path: '/log', offset: 1, line: 1 },
      sample: true,
      document: { user: { name: 'ana' }, process: { parent: { name: 'bash' } } },
    });
    await store.close();
  });

  it('goes on while storing fails, says why, offers it again, and drops the oldest beyond a bound', async () => {
    const { store } = await openEventStore(folder);
    const stored: string[][] = [];
    let isFull = true;
    const full = new StoreError('store-full', 'The disk is full.');
    const append = async (events: readonly NewEvent[]) => {
      if (isFull) throw full;
      stored.push(events.map(({ id }) => id));
    };
    const recorder = record(async () => ({ store: Object.assign(Object.create(store), { append }) }), 60);
    for (const id of ['a', 'b', 'c']) recorder.add(eventOf(id), false);
    await recorder.flush();
    expect(await recorder.status()).toMatchObject({ problem: 'The disk is full.', waiting: 2, dropped: 1 });
    recorder.add(eventOf('d'), false);
    expect(recorder.hasWaiting).toBe(false);
    isFull = false;
    await recorder.flush();
    expect(stored).toEqual([]);
    now += 5_000;
    await recorder.flush();
    expect(stored).toEqual([['id:b', 'id:c', 'id:d']]);
    expect(await recorder.status()).not.toHaveProperty('problem');
    await recorder.close();
  });

  it('goes on where the list of what is stored turns out to be damaged, losing nothing', async () => {
    const first = record();
    for (let n = 0; n < 50; n += 1) first.add(eventOf(`${n}`, { document: { user: { name: `u${n}` } } }), false);
    await first.flush();
    await first.close();
    const bytes = statSync(eventFile(folder)).size;
    const file = openSync(eventFile(folder), 'r+');
    writeSync(file, Buffer.alloc(bytes - 4_096, 0xa5), 0, bytes - 4_096, 4_096);
    closeSync(file);
    const recorder = record();
    recorder.add(eventOf('new'), false);
    await recorder.flush();
    const { set_aside: aside = '', ...status } = await recorder.status();
    expect(status).toMatchObject({ events: 51, waiting: 0 });
    expect(status).not.toHaveProperty('problem');
    expect(statSync(aside).size).toBe(bytes);
    expect(warnings).toEqual([expect.stringContaining('set aside')]);
    await recorder.close();
  });

  it('does not call stored what was never acknowledged, and counts what was and is gone', async () => {
    const first = record();
    for (const id of ['a', 'b']) {
      first.add(eventOf(id), false);
      await first.flush();
    }
    expect(first.arrival).toBe(2);
    await first.close();
    const ids = ['id:a', 'id:b', 'id:c'];
    const stored = async (acknowledged: number) => {
      const recorder = record(undefined, undefined, acknowledged);
      await recorder.flush();
      const found = { known: [...(await recorder.stored(ids))], missing: (await recorder.status()).missing };
      await recorder.close();
      return found;
    };
    expect(await stored(Number.NaN)).toEqual({ known: ['id:a', 'id:b'], missing: undefined });
    expect(await stored(2)).toEqual({ known: ['id:a', 'id:b'], missing: undefined });
    expect(await stored(1)).toEqual({ known: ['id:a'], missing: undefined });
    expect(await stored(5)).toEqual({ known: ['id:a', 'id:b'], missing: 3 });
  });

  it('does without a store that cannot be opened', async () => {
    writeFileSync(join(folder, 'file'), '');
    folder = join(folder, 'file');
    const recorder = record();
    recorder.add(eventOf('a'), false);
    await recorder.flush();
    expect(await recorder.status()).toMatchObject({
      events: 0,
      waiting: 1,
      problem: expect.stringContaining('cannot be'),
    });
    expect(await recorder.removeSample()).toBe(0);
    await recorder.close();
  });

  it('prunes until nothing is left to prune, and not after it was closed', async () => {
    const recorder = record();
    for (let n = 0; n < 1_000; n += 1) recorder.add(eventOf(`${n}`), false);
    await recorder.flush();
    now += 8 * DAY;
    await Promise.all([recorder.pruneAll(), recorder.pruneAll()]);
    expect(await recorder.status()).toMatchObject({ events: 0, pruned: 1_000 });
    await recorder.close();
    await recorder.pruneAll();
    expect(warnings).toEqual([]);
  });

  it('removes the sample, stored or waiting', async () => {
    const recorder = record();
    recorder.add(eventOf('a'), true);
    await recorder.flush();
    recorder.add(eventOf('b'), true);
    recorder.add(eventOf('c'), false);
    expect(await recorder.removeSample()).toBe(1);
    await recorder.flush();
    expect((await recorder.status()).events).toBe(1);
    await recorder.close();
  });

  it('passes over a document that is nested too deep to be written', async () => {
    let deep: Json = 1;
    for (let n = 0; n < 200_000; n += 1) deep = [deep];
    const recorder = record();
    recorder.add(eventOf('deep', { document: { deep } }), false);
    recorder.add(eventOf('a'), false);
    await recorder.flush();
    expect(await recorder.status()).toMatchObject({ events: 1, dropped: 1 });
    await recorder.close();
  });
});
