import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from '../store/event.fixture.ts';
import { EVENT_LIMITS } from '../store/event-limits.ts';
import { eventFile, openEventStore } from '../store/open-event-store.ts';
import type { QueryAnswer, QueryRequest } from './query-protocol.ts';
import { type QueryPort, QueryThread, startQueryThread } from './query-thread.ts';

/** A busy machine takes longer to load the thread than a question may. */
const PATIENCE_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'vedette-query-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the reading thread', () => {
  it('answers beside the writer, also when the file is begun anew, and when events are first stored', async () => {
    const events = startQueryThread({ dataFolder: folder }, PATIENCE_MS);
    try {
      expect(await events.query({})).toEqual({ events: [], cursors: [] });
      const { store } = await openEventStore(folder);
      await store.append([newEvent('a'), newEvent('b', { timeMs: EVENT_TIME + 1, host: 'db' })]);
      expect((await events.query({ limit: 1 })).events).toMatchObject([
        newEvent('b', { timeMs: EVENT_TIME + 1, host: 'db' }),
      ]);
      expect(await events.count({ where: { 'host.name': 'db' } })).toBe(1);
      expect(await events.hostsWith('user.name', 'ana')).toBe(2);
      expect(await events.event('a')).toMatchObject(newEvent('a'));
      expect(await events.status()).toMatchObject({ events: 2, hosts: 2, oldest: EVENT_TIME });
      const found = await events.search({}, { kind: 'eql', text: 'process where host.name : "D*"' }, { limit: 5 });
      expect(found.events.map(({ id }) => id)).toEqual(['b']);
      expect((await events.search({}, { kind: 'eql', text: 'process' })).diagnostics).not.toEqual([]);
      await store.close();
      const anew = (await openEventStore(folder, EVENT_LIMITS, true)).store;
      await anew.append([newEvent('c')]);
      expect((await events.query({})).events.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
      await anew.close();
      await expect(events.event('c', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    } finally {
      await events.close();
    }
    await expect(events.count({})).rejects.toThrow('ending');
  });

  it('tells in words why a file cannot be read', async () => {
    const other = mkdtempSync(join(folder, 'newer-'));
    const { store } = await openEventStore(other);
    await store.close();
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(eventFile(other));
    database.exec('PRAGMA user_version = 99');
    database.close();
    const events = startQueryThread({ dataFolder: other }, PATIENCE_MS);
    await expect(events.count({})).rejects.toThrow(/newer Vedette/);
    await events.close();
  });
});

/** A thread that does with each question as it is told. */
class FakePort extends EventEmitter implements QueryPort {
  readonly asked: QueryRequest[] = [];
  isTerminated = false;
  private readonly react: (request: QueryRequest, port: FakePort) => void;

  constructor(react: (request: QueryRequest, port: FakePort) => void) {
    super();
    this.react = react;
  }

  postMessage(request: QueryRequest): void {
    this.asked.push(request);
    queueMicrotask(() => this.react(request, this));
  }

  answer(call: number, value: QueryAnswer): void {
    this.emit('message', { call, value });
  }

  async terminate(): Promise<number> {
    this.isTerminated = true;
    return 0;
  }

  unref(): void {}
}

const isFor = (request: QueryRequest, id: string) =>
  'ask' in request && request.ask.kind === 'event' && request.ask.id === id;

describe('a thread that hangs', () => {
  it('is ended and begun anew; only the question that was overdue is refused', async () => {
    const ports: FakePort[] = [];
    const thread = new QueryThread(() => {
      const hangs = ports.length === 0;
      const port = new FakePort((request, own) => {
        if (!hangs && !isFor(request, 'hang')) own.answer(request.call, undefined);
      });
      ports.push(port);
      return port;
    }, 60);
    const hanging = thread.event('hang');
    const refused = expect(hanging).rejects.toThrow('did not answer in time');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const other = thread.event('other');
    await refused;
    expect(await other).toBeUndefined();
    expect(ports.map(({ isTerminated }) => isTerminated)).toEqual([true, false]);
    await thread.close();
  });

  it('that dies again and again refuses what killed it', async () => {
    let begun = 0;
    const thread = new QueryThread(() => {
      begun += 1;
      return new FakePort((_request, own) => own.emit('error', new Error('out of memory')));
    }, 1_000);
    await expect(thread.count({})).rejects.toThrow('could not be read');
    expect(begun).toBe(2);
    await thread.close();
  });

  it('passes a cancellation on, and lets only so many wait', async () => {
    const port = new FakePort(() => {});
    const thread = new QueryThread(() => port, 1_000);
    const ending = new AbortController();
    const one = thread.event('a', { signal: ending.signal });
    ending.abort(new Error('gone'));
    await expect(one).rejects.toThrow('gone');
    expect(port.asked.at(-1)).toEqual({ call: 1, cancel: true });
    const waiting = Array.from({ length: 200 }, () => thread.count({}));
    const all = Promise.allSettled(waiting);
    await expect(thread.count({})).rejects.toThrow('Too many questions');
    await thread.close();
    expect((await all).every(({ status }) => status === 'rejected')).toBe(true);
  });
});
