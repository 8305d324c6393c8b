import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newAlert } from '../alert.fixture.ts';
import { EVENT_TIME, newEvent } from '../event.fixture.ts';
import type { EventStore } from '../event-store.ts';
import { openEventReader, openSegments } from '../open-event-store.ts';
import { openStateStore } from '../open-state-store.ts';
import type { StateStore } from '../state-store.ts';
import { backUp } from './back-up.ts';
import { backupParts } from './backup-parts.ts';
import { restore } from './restore.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-backup-'));
const data = join(folder, 'data');
const at = (name: string) => join(folder, name);
const options = { dataFolder: data, withEvents: true, version: '9.9.9', now: new Date('2026-03-02T00:00:00Z') };
let store: StateStore;
let events: EventStore;

beforeAll(async () => {
  store = openStateStore(data);
  store.commit({ alerts: [newAlert('a', {})], positions: [{ source: 'log', position: '7' }], runs: [] });
  events = (await openSegments(data, { limits: { keepMs: 1e12, maxBytes: 1e9 }, now: () => EVENT_TIME, logBytes: 1 }))
    .store;
  await events.append([newEvent('one')]);
  while (await events.prune(EVENT_TIME));
  await events.append([newEvent('two')]);
  mkdirSync(join(data, 'rules'));
  writeFileSync(join(data, 'rules', 'mine.toml'), 'name = "mine"\n');
  writeFileSync(join(data, 'service.json'), '{}');
  writeFileSync(join(data, 'state.before-v2.sqlite'), 'old');
});
afterAll(async () => {
  await events.close();
  store.close();
  rmSync(folder, { recursive: true });
});

test('what belongs to the running service and what was left over is no part of it', () => {
  const names = (withEvents: boolean) => backupParts(data, withEvents).map(({ name }) => name);
  expect(names(true)).toEqual(['state.sqlite', 'events', 'rules/mine.toml']);
  expect(names(false)).toEqual(['state.sqlite', 'rules/mine.toml']);
});

describe('a backup beside the writer', () => {
  const file = at('one.tar.zst');
  beforeAll(async () => {
    expect(await backUp({ ...options, file })).toMatchObject({ files: 6 });
    await events.append([newEvent('three')]);
    store.commit({ alerts: [newAlert('b', {})], positions: [], runs: [] });
  });

  test('is one file of its owner, with nothing left beside it', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['data', 'one.tar.zst']);
  });

  test('is restored as it was then', async () => {
    expect(await restore(file, at('new/restored'))).toMatchObject({
      version: '9.9.9',
      made: '2026-03-02T00:00:00.000Z',
    });
    const restored = openStateStore(at('new/restored'));
    expect([restored.hasAlert('a'), restored.hasAlert('b'), restored.position('log')]).toEqual([true, false, '7']);
    restored.close();
    const reader = await openEventReader(at('new/restored'));
    const page = await reader?.query({ order: 'oldest' });
    expect(page?.events.map(({ id }) => id)).toEqual(['one', 'two']);
    await reader?.close();
    expect(readFileSync(at('new/restored/rules/mine.toml'), 'utf8')).toBe('name = "mine"\n');
    expect(readdirSync(at('new'))).toEqual(['restored']);
    expect(statSync(at('new/restored')).mode & 0o077).toBe(0);
  });

  test('may leave the events out', async () => {
    const small = at('small.tar.zst');
    expect(await backUp({ ...options, withEvents: false, file: small })).toMatchObject({ files: 2 });
    await restore(small, at('small'));
    expect(readdirSync(at('small')).sort()).toEqual(['rules', 'state.sqlite']);
    rmSync(small);
    rmSync(at('small'), { recursive: true });
  });

  test('is not written over, and not restored over anything', async () => {
    await expect(backUp({ ...options, file })).rejects.toMatchObject({ code: 'store-backup-exists' });
    await expect(backUp({ ...options, file: at('none/x') })).rejects.toMatchObject({ code: 'store-cannot-open' });
    await expect(restore(file, data)).rejects.toMatchObject({ code: 'store-not-empty' });
    await expect(backUp({ ...options, dataFolder: at('none'), file: at('x') })).rejects.toMatchObject({
      code: 'store-missing',
    });
  });

  test('cut off or changed anywhere, is refused and leaves nothing behind', async () => {
    const whole = readFileSync(file);
    const broken = at('broken.tar.zst');
    const cuts = [0, 3, 100, whole.length >> 1, whole.length - 20];
    for (const cut of cuts) {
      writeFileSync(broken, whole);
      truncateSync(broken, cut);
      await expect(restore(broken, at('broken')), `cut at ${cut}`).rejects.toMatchObject({
        code: 'store-backup-damaged',
      });
    }
    for (let bit = 1; bit <= 8; bit += 1) {
      const changed = Buffer.from(whole);
      const place = Math.floor((whole.length * bit) / 9);
      changed[place] = (changed[place] as number) ^ 0x10;
      writeFileSync(broken, changed);
      await expect(restore(broken, at('broken')), `byte ${place}`).rejects.toMatchObject({
        code: 'store-backup-damaged',
      });
    }
    writeFileSync(broken, 'hello\n');
    await expect(restore(broken, at('broken'))).rejects.toMatchObject({ code: 'store-backup-damaged' });
    rmSync(broken);
    expect(readdirSync(folder).filter((name) => name.includes('broken'))).toEqual([]);
  });
});
