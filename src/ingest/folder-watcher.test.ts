import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type FolderOptions, FolderWatcher } from './folder-watcher.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function watch(options: FolderOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-folder-'));
  made.push(folder);
  const told: string[] = [];
  let note = '';
  const short = (path: string) => path.slice(folder.length + 1);
  const watcher = new FolderWatcher(
    folder,
    {
      onFile: (path) => told.push(`+${short(path)}`),
      onGone: (path) => told.push(`-${short(path)}`),
      onNote: (text) => {
        note = text;
      },
    },
    options,
  );
  const look = async () => {
    await watcher.look();
    return told.splice(0).sort();
  };
  const write = (name: string) => writeFileSync(join(folder, name), name);
  return { folder, look, write, note: () => note };
}

describe('a folder that is followed', () => {
  it('gives files at any depth, new ones as they come, and none twice', async () => {
    const { folder, look, write, note } = watch();
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
    for (const name of ['a.log', 'deep/er/b.log', '.hidden', 'old.log.gz', 'app-2026-01-01.log']) write(name);
    symlinkSync(folder, join(folder, 'deep', 'circle'));
    expect(await look()).toEqual(['+a.log', '+app-2026-01-01.log', '+deep/er/b.log']);
    expect(await look()).toEqual([]);
    write('c.log');
    expect(await look()).toEqual(['+c.log']);
    expect(note()).toBe('4 files are followed.');
  });

  it('leaves what a log was renamed to with the log', async () => {
    const { folder, look, write } = watch();
    write('a.log');
    write('a.log.2');
    expect(await look()).toEqual(['+a.log']);
    renameSync(join(folder, 'a.log'), join(folder, 'a.log.1'));
    expect(await look()).toEqual([]);
    write('a.log');
    write('a.log.err');
    expect(await look()).toEqual(['+a.log.err']);
  });

  it('lets go of files that are gone, and takes them up when they come back', async () => {
    const { folder, look, write } = watch({ goneLooks: 2 });
    write('a.log');
    expect(await look()).toEqual(['+a.log']);
    rmSync(join(folder, 'a.log'));
    expect(await look()).toEqual([]);
    expect(await look()).toEqual(['-a.log']);
    write('a.log');
    expect(await look()).toEqual(['+a.log']);
  });

  it('takes so many, those written last, and says so; and waits for a folder that is not there', async () => {
    const { folder, look, write, note } = watch({ mostFiles: 2 });
    for (const [number, name] of ['1', '2', '3'].entries()) {
      write(name);
      utimesSync(join(folder, name), 1_000 + number, 1_000 + number);
    }
    expect(await look()).toEqual(['+2', '+3']);
    expect(note()).toBe('2 files are followed; 1 more are too many.');
    rmSync(folder, { recursive: true });
    expect(await look()).toEqual([]);
    expect(note()).toContain('There is no file or folder');
  });
});
