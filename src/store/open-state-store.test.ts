import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newAlert } from './alert.fixture.ts';
import { openStateStore } from './open-state-store.ts';
import { testStateStore } from './state-store.conformance.ts';
import type { StateStore } from './state-store.ts';
import { testTriageStore } from './triage-store.conformance.ts';

const root = mkdtempSync(join(tmpdir(), 'vedette-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const freshFolder = (): string => join(mkdtempSync(join(root, 'case-')), 'data');

testStateStore('SQLite in a data folder', () => openStateStore(freshFolder()));
testTriageStore('SQLite in a data folder', () => openStateStore(freshFolder()));

describe('a data folder', () => {
  let folder: string;
  const opened: StateStore[] = [];
  const open = (options = {}): StateStore => {
    const store = openStateStore(folder, options);
    opened.push(store);
    return store;
  };
  const refusal = (code: string) => expect.objectContaining({ name: 'StoreError', code });
  const put = (store: StateStore, id: string): void =>
    store.commit({ alerts: [newAlert(id)], positions: [], runs: [] });

  beforeEach(() => {
    folder = freshFolder();
  });
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });

  it('keeps everything over a restart, readable by its owner only', () => {
    const store = open();
    put(store, 'a');
    store.setStatus('a', { status: 'closed', reason: 'true_positive', time: '2026-03-02T00:00:00.000Z' });
    store.close();
    expect(open().alert('a')).toMatchObject({ status: 'closed', close_reason: 'true_positive' });
    for (const name of ['', 'state.sqlite', 'state.sqlite-wal'])
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  });

  it('has one writer, named in the refusal, until it closes', () => {
    const store = open();
    expect(() => open()).toThrow(refusal('store-locked'));
    expect(() => open()).toThrow(`process ${process.pid}`);
    store.close();
    expect(existsSync(join(folder, 'writer.pid'))).toBe(false);
    put(open(), 'a');
  });

  it('is free again after its writer was killed', async () => {
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      WRITER,
      new URL('.', import.meta.url).href,
      folder,
    ]);
    const failure: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => failure.push(chunk));
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(Buffer.concat(failure).toString()).toBe('');
    expect(() => open()).toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(open().hasAlert('a')).toBe(true);
  });

  it('is read beside its writer', () => {
    const writer = open();
    const reader = open({ readOnly: true });
    put(writer, 'a');
    expect(reader.alerts({ q: 'python' }).total).toBe(1);
    expect(() => put(reader, 'b')).toThrow(refusal('store-read-only'));
    writer.close();
    expect(reader.hasAlert('a')).toBe(true);
  });

  it('is refused to a reader before it was written', () => {
    expect(() => open({ readOnly: true })).toThrow(refusal('store-missing'));
    expect(existsSync(folder)).toBe(false);
  });

  it('is refused when it is newer than the program, and left as it is', () => {
    open().close();
    const database = new DatabaseSync(join(folder, 'state.sqlite'));
    database.exec('PRAGMA user_version = 999');
    database.close();
    expect(() => open()).toThrow(refusal('store-newer'));
    expect(() => open({ readOnly: true })).toThrow(refusal('store-newer'));
  });

  it('is refused to a reader when it is older', () => {
    open().close();
    const database = new DatabaseSync(join(folder, 'state.sqlite'));
    database.exec('PRAGMA user_version = 0');
    database.close();
    expect(() => open({ readOnly: true })).toThrow(refusal('store-older'));
  });

  it('is refused when the file is another program’s, or none of SQLite’s', () => {
    open().close();
    const path = join(folder, 'state.sqlite');
    rmSync(path);
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE bookmark (url TEXT)');
    other.close();
    expect(() => open()).toThrow(refusal('store-foreign'));
    writeFileSync(path, 'not a database, whatever its name says '.repeat(200));
    expect(() => open()).toThrow(refusal('store-damaged'));
    expect(readFileSync(path, 'utf8')).toMatch(/^not a database/);
  });

  it('is refused where it cannot be a folder', () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    expect(() => openStateStore(file)).toThrow(refusal('store-cannot-open'));
    expect(() => openStateStore(join(file, 'below'))).toThrow(refusal('store-cannot-open'));
  });

  it('says so when another program keeps the file locked', () => {
    open().close();
    const other = new DatabaseSync(join(folder, 'state.sqlite'));
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE');
    expect(() => openStateStore(folder, { busyTimeoutMs: 0 })).toThrow(refusal('store-busy'));
    other.close();
    put(open(), 'a');
  });
});

const WRITER = `
  const [room, folder] = process.argv.slice(1);
  const { openStateStore } = await import(new URL('open-state-store.ts', room));
  const { newAlert } = await import(new URL('alert.fixture.ts', room));
  const store = openStateStore(folder);
  store.commit({ alerts: [newAlert('a')], positions: [], runs: [] });
  console.log('written');
  // Named, or its locks would go with it once it is collected as garbage.
  setInterval(() => store, 1000);
`;
