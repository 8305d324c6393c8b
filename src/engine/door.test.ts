/** Deliveries through the door and a live loop: what is answered, and when. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { eventIdentity } from '../event/identity.ts';
import type { EventSink } from '../format/format.ts';
import { migrate } from '../store/migrations.ts';
import { sqliteStateStore } from '../store/sqlite-state-store.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Delivered, Delivery } from './delivery.ts';
import { Detector } from './detector.ts';
import { Door } from './door.ts';
import { LiveLoop } from './live-loop.ts';

const NOW = Date.UTC(2026, 0, 2);
const DAY_MS = 24 * 3_600_000;

interface Bench {
  readonly door: Door;
  readonly stored: string[];
  readonly state: StateStore;
  readonly store: { isFailing: boolean; hold: Promise<void> };
  stop(): Promise<void>;
}

/** A loop in memory whose stored events and positions go on in the next one. */
function open(before?: Pick<Bench, 'stored' | 'state'>, rate?: number): Bench {
  const stored = before?.stored ?? [];
  const state = before?.state ?? emptyState();
  const store = { isFailing: false, hold: Promise.resolve() };
  const waiting: string[] = [];
  const recorder = {
    hasWaiting: false,
    add: (event: Parameters<EventSink['event']>[0]) => {
      const { id, origin } = event;
      waiting.push(id === undefined ? `${origin?.path}:${origin?.offset}` : eventIdentity(event));
    },
    flush: async () => {
      const batch = waiting.splice(0);
      await store.hold;
      if (store.isFailing) return false;
      for (const id of batch) if (!stored.includes(id)) stored.push(id);
      return true;
    },
  };
  const now = () => NOW;
  const loop = new LiveLoop({
    store: state,
    detector: new Detector({ rules: [], now }),
    recorder,
    now,
    onCreated: () => {},
  });
  const door = new Door({
    settings: { standsInForEndpoint: true, now },
    add: (input) => loop.add(input),
    keepMs: 7 * DAY_MS,
    stored: async (ids) => new Set(ids.filter((id) => stored.includes(id))),
    ...(rate === undefined ? {} : { rate }),
  });
  const running = loop.run([], true);
  const stop = async () => {
    loop.stop();
    await running;
    door.close();
  };
  return { door, stored, state, store, stop };
}

function emptyState(place?: string): StateStore {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const state = sqliteStateStore(database, ':memory:');
  if (place !== undefined) state.commit({ alerts: [], runs: [], positions: [{ source: 'http:a', position: place }] });
  return state;
}

const event = (id: string, time = '2026-01-01T00:00:00Z') => `{"@timestamp":"${time}","event":{"id":"${id}"}}`;

function lines(text: string, more: Partial<Delivery> = {}): Delivery {
  return { source: 'a', form: 'lines', isHistory: false, body: new TextEncoder().encode(text), ...more };
}

function bulk(...items: string[]): Delivery {
  return lines(items.map((item) => `${item}\n`).join(''), { form: 'bulk' });
}

function statusesOf(delivered: Delivered): readonly number[] {
  if (delivered.kind !== 'bulk') throw new Error(delivered.kind);
  const { items } = JSON.parse(delivered.answer) as { items: Record<string, { status: number }>[] };
  return items.map((item) => Object.values(item)[0]?.status ?? 0);
}

describe('a delivery', () => {
  it('is answered when its events are stored and its place is committed, not before', async () => {
    const bench = open();
    let release = () => {};
    bench.store.hold = new Promise((resolve) => {
      release = resolve;
    });
    let isAnswered = false;
    const answer = bench.door.take(lines(`${event('1')}\n\nnonsense\n`)).then((delivered) => {
      isAnswered = true;
      expect(bench.stored).toEqual(['id:1']);
      return delivered;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAnswered).toBe(false);
    release();
    expect(await answer).toEqual({
      kind: 'lines',
      taken: {
        ...{ lines: 3, events: 1, rejected: 1 },
        rejects: [{ line: 3, code: 'unknown-format', reason: 'No format recognises the line.' }],
        range: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' },
      },
    });
    await bench.stop();
  });

  it('waits for a record whose other lines have not come', async () => {
    const bench = open();
    const id = 'audit(1767225601.000:9)';
    const record = `type=SYSCALL msg=${id}: arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="ls" exe="/usr/bin/ls"\n`;
    const first = bench.door.take(lines(record));
    const early = await Promise.race([first, new Promise((resolve) => setTimeout(() => resolve('waits'), 50))]);
    expect(early).toBe('waits');
    const second = bench.door.take(lines(`type=PROCTITLE msg=${id}: proctitle=6C73\n`));
    expect(await first).toMatchObject({ kind: 'lines', taken: { lines: 1, events: 1 } });
    expect(await second).toMatchObject({ kind: 'lines', taken: { lines: 1, events: 0 } });
    await bench.stop();
  });

  it('that was never answered stands at the same place when it is sent again after a stop', async () => {
    const before = open();
    const text = '{"@timestamp":"2026-01-01T00:00:00Z","n":1}\n';
    await before.door.take(lines(text));
    const late = before.door.take(lines(`${text}${text}`));
    await before.stop();
    await late;
    const after = open({
      stored: before.stored.slice(0, 2),
      state: emptyState('{"v":1,"offset":45,"line":2}'),
    });
    await after.door.take(lines(`${text}${text}`));
    expect(after.stored).toEqual(['http:a:0', 'http:a:45', 'http:a:89']);
    await after.stop();
  });

  it('is to be sent again where its events cannot be stored, and is no repetition then', async () => {
    const bench = open();
    bench.store.isFailing = true;
    const item = bulk('{"create":{"_id":"1"}}', event('x'));
    const failed = await bench.door.take(item);
    expect(failed).toMatchObject({ kind: 'failed', answer: expect.stringContaining('"status":429') });
    bench.store.isFailing = false;
    expect(statusesOf(await bench.door.take(item))).toEqual([201]);
    await bench.stop();
  });

  it('comes too fast, or to a service that stops', async () => {
    const bench = open(undefined, 1);
    const many = lines(`${event('1')}\n`.repeat(30));
    expect(await bench.door.take(many)).toMatchObject({ kind: 'lines' });
    expect(await bench.door.take(many)).toMatchObject({ kind: 'later', seconds: 21 });
    expect(await bench.door.take(lines(event('2'), { source: 'b' }))).toMatchObject({ kind: 'lines' });
    await bench.stop();
    expect(await bench.door.take(many)).toMatchObject({ kind: 'later', reason: 'The service is stopping.' });
  });

  it('with nothing in it is answered, too', async () => {
    const bench = open();
    expect(await bench.door.take(lines(''))).toEqual({
      kind: 'lines',
      taken: { lines: 0, events: 0, rejected: 0, rejects: [] },
    });
    expect(await bench.door.take(bulk())).toMatchObject({ kind: 'malformed' });
    await bench.stop();
  });
});

describe('a bulk request', () => {
  it('has an answer for each item, in their order', async () => {
    const bench = open();
    const request = bulk(
      ...['{"create":{"_index":"logs-endpoint.events.process-default","_id":"1"}}', event('x')],
      ...['{"create":{"_index":".ds-logs-endpoint.events.process-default-2026.01.01-000001","_id":"1"}}', event('x')],
      ...['{"index":{"_index":"logs-endpoint.events.process-default","_id":"1"}}', event('x')],
      ...['{"index":{}}', '{"a'],
      ...['{"index":{}}', '[{"a":1}]'],
      ...['{"index":{}}', '{"message":"no time at all"}'],
      ...['{"update":{"_id":"1"}}', '{"doc":{}}'],
      '{"delete":{"_id":"1"}}',
      ...[`{"create":{"_id":"${'i'.repeat(513)}"}}`, event('x')],
    );
    const delivered = await bench.door.take(request);
    expect(statusesOf(delivered)).toEqual([201, 409, 200, 400, 400, 201, 400, 400, 400]);
    expect(bench.stored).toHaveLength(2);
    const { answer } = delivered as { answer: string };
    expect(answer).toContain('The document is no JSON: ');
    expect(answer).not.toContain('_source');
    expect(delivered).toMatchObject({
      kind: 'bulk',
      answer: expect.stringContaining('"type":"version_conflict_engine_exception"'),
    });
    const again = bulk('{"create":{"_index":"logs-endpoint.events.process-default","_id":"1"}}', event('x'));
    const brief = await bench.door.take({ ...again, isBrief: true });
    expect(brief).toMatchObject({
      answer:
        '{"errors":true,"items":[{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"[1]: version conflict, document already exists"}}}]}',
    });
    await bench.stop();
  });

  it('takes a document whose id another one had that could not be read', async () => {
    const bench = open();
    const create = '{"create":{"_index":"a","_id":"1"}}';
    const request = bulk(create, '{"a": no}', create, event('x'), create, event('x'));
    expect(statusesOf(await bench.door.take(request))).toEqual([400, 201, 409]);
    expect(bench.stored).toEqual(['id:a/1']);
    await bench.stop();
  });

  it('takes what two indices call the same for two events, over a restart, too', async () => {
    const before = open();
    const items = ['a', 'b'].flatMap((index) => [`{"create":{"_index":"${index}","_id":"1"}}`, event('x')]);
    const request = bulk(...items, '{"create":{"_id":"1"}}', event('x'));
    expect(statusesOf(await before.door.take(request))).toEqual([201, 201, 201]);
    expect(before.stored).toEqual(['id:a/1', 'id:b/1', 'id:1']);
    expect(statusesOf(await before.door.take(request))).toEqual([409, 409, 409]);
    await before.stop();
    const after = open({ ...before, stored: ['id:a/1', 'id:b/1'] });
    expect(statusesOf(await after.door.take(request))).toEqual([409, 409, 201]);
    await after.stop();
    const byEarlierVersion = open({ ...before, stored: ['id:1'] });
    expect(statusesOf(await byEarlierVersion.door.take(request))).toEqual([409, 409, 409]);
    await byEarlierVersion.stop();
  });

  it('repeats what was stored before a restart', async () => {
    const before = open();
    const request = bulk('{"create":{"_id":"1"}}', event('x'), '{"create":{"_id":"2"}}', event('y'));
    expect(statusesOf(await before.door.take(request))).toEqual([201, 201]);
    await before.stop();
    const after = open(before);
    expect(statusesOf(await after.door.take(request))).toEqual([409, 409]);
    expect(after.stored).toEqual(['id:1', 'id:2']);
    await after.stop();
  });
});

describe('events of the past', () => {
  it('are told with their range, and refused where they are older than what is kept', async () => {
    const bench = open();
    const text = [
      event('1', '2025-12-30T00:00:00Z'),
      event('2', '2026-01-01T12:00:00Z'),
      event('3', '2020-01-01T00:00:00Z'),
    ];
    expect(await bench.door.take(lines(text.join('\n'), { isHistory: true }))).toMatchObject({
      taken: {
        ...{ lines: 3, events: 2, rejected: 1, rejects: [{ line: 3, code: 'too-old' }] },
        range: { from: '2025-12-30T00:00:00.000Z', to: '2026-01-01T12:00:00.000Z' },
      },
    });
    await bench.stop();
  });
});
