import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { newEvent } from './event.fixture.ts';
import { eventFile, openEventReader, openEventStore } from './open-event-store.ts';

const root = mkdtempSync(join(tmpdir(), 'vedette-events-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));

describe('the events of a data folder', () => {
  it('are read beside their writer, and there is nothing to read before', async () => {
    const folder = freshFolder();
    expect(await openEventReader(folder)).toBeUndefined();
    const { store } = await openEventStore(folder);
    const reader = await openEventReader(folder);
    await store.append([newEvent('a')]);
    expect(await reader?.event('a')).toMatchObject(newEvent('a'));
    await reader?.close();
    await store.close();
    expect(statSync(eventFile(folder)).mode & 0o077).toBe(0);
  });

  it('go on where the manifest is damaged, which is set aside', async () => {
    const folder = freshFolder();
    let count = 0;
    mkdirSync(dirname(eventFile(folder)));
    for (const text of ['not a database '.repeat(500), 'damaged again '.repeat(500)]) {
      writeFileSync(eventFile(folder), text);
      const { store, setAside = '' } = await openEventStore(folder);
      expect(readFileSync(setAside, 'utf8')).toBe(text);
      await store.append([newEvent(text.slice(0, 9))]);
      expect(await store.count({})).toBe(++count);
      await store.close();
    }
  });

  it('are refused in words where the file is newer or another program’s, and left as they are', async () => {
    const folder = freshFolder();
    await (await openEventStore(folder)).store.close();
    const database = new DatabaseSync(eventFile(folder));
    database.exec('PRAGMA user_version = 999');
    database.close();
    await expect(openEventStore(folder)).rejects.toMatchObject({ code: 'store-newer' });
    await expect(openEventReader(folder)).rejects.toThrow(/newer Vedette/);
    expect(existsSync(join(folder, 'events', 'damaged', 'manifest.sqlite'))).toBe(false);
    const other = freshFolder();
    mkdirSync(dirname(eventFile(other)));
    const foreign = new DatabaseSync(eventFile(other));
    foreign.exec('CREATE TABLE bookmark (url TEXT)');
    foreign.close();
    await expect(openEventStore(other)).rejects.toMatchObject({ code: 'store-foreign' });
  });
});
