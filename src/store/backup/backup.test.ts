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
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newAlert } from '../alert.fixture.ts';
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

beforeAll(async () => {
  store = openStateStore(data);
  store.commit({ alerts: [newAlert('a', {})], positions: [{ source: 'log', position: '7' }], runs: [] });
  const events = new DatabaseSync(join(data, 'events.sqlite'));
  events.exec('CREATE TABLE event (id INTEGER)');
  events.close();
  mkdirSync(join(data, 'rules'));
  writeFileSync(join(data, 'rules', 'mine.toml'), 'name = "mine"\n');
  writeFileSync(join(data, 'service.json'), '{}');
  writeFileSync(join(data, 'state.before-v2.sqlite'), 'old');
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

test('what belongs to the running service and what was left over is no part of it', () => {
  const names = (withEvents: boolean) => backupParts(data, withEvents).map(({ name }) => name);
  expect(names(true)).toEqual(['state.sqlite', 'events.sqlite', 'rules/mine.toml']);
  expect(names(false)).toEqual(['state.sqlite', 'rules/mine.toml']);
});

describe('a backup beside the writer', () => {
  const file = at('one.tar.zst');
  beforeAll(async () => {
    expect(await backUp({ ...options, file })).toMatchObject({ files: 3 });
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
    expect(readFileSync(at('new/restored/rules/mine.toml'), 'utf8')).toBe('name = "mine"\n');
    expect(readdirSync(at('new'))).toEqual(['restored']);
    expect(statSync(at('new/restored')).mode & 0o077).toBe(0);
  });

  test('is not written over, and not restored over anything', async () => {
    await expect(backUp({ ...options, file })).rejects.toMatchObject({ code: 'store-backup-exists' });
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
