import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandInputs } from './expand-inputs.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-inputs-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), name);
  }
}

async function expand(...names: string[]): Promise<{ files: string[]; problems: string[] }> {
  const { files, problems } = await expandInputs(names.map((name) => (name === '-' ? name : join(root, name))));
  return {
    files: files.map(({ path }) => (path === '-' ? path : relative(root, path))),
    problems: problems.map(({ path, diagnostic }) => `${diagnostic.code} ${relative(root, path)}`),
  };
}

describe('expandInputs', () => {
  it('walks folders in the order of names, hidden entries left out', async () => {
    write('b.log', 'a/z.log', 'a/b/c.log', 'a.log', '.hidden.log', 'a/.git/config', 'c/d.log');
    expect(await expand('')).toEqual({
      files: ['a/b/c.log', 'a/z.log', 'a.log', 'b.log', 'c/d.log'],
      problems: [],
    });
  });

  it('keeps the order in which inputs were named, each once', async () => {
    write('a.log', 'b.log');
    expect((await expand('b.log', '-', 'a.log', 'b.log', '-', '')).files).toEqual(['b.log', '-', 'a.log']);
  });

  it('reads a hidden file that is named, and tells the size of files', async () => {
    write('.hidden.log');
    expect(await expandInputs([join(root, '.hidden.log')])).toEqual({
      files: [{ path: join(root, '.hidden.log'), size: 11 }],
      problems: [],
    });
  });

  it('follows links, ends where they lead in a circle, and reads what has two names once', async () => {
    write('logs/a.log', 'elsewhere/b.log');
    symlinkSync('..', join(root, 'logs/up'));
    symlinkSync('../elsewhere', join(root, 'logs/more'));
    symlinkSync('a.log', join(root, 'logs/z-current.log'));
    linkSync(join(root, 'logs/a.log'), join(root, 'logs/same.log'));
    symlinkSync('nowhere', join(root, 'logs/dangling'));
    expect(await expand('logs')).toEqual({ files: ['logs/a.log', 'logs/more/b.log'], problems: [] });
  });

  it('takes a named pipe when it is named, not when it lies in a folder', async () => {
    write('logs/a.log');
    execFileSync('mkfifo', [join(root, 'logs/pipe')]);
    expect((await expand('logs')).files).toEqual(['logs/a.log']);
    expect((await expand('logs/pipe')).files).toEqual(['logs/pipe']);
  });

  it('tells what cannot be read, and reads the rest', async () => {
    write('a.log', 'hidden-only/.x');
    symlinkSync('circle', join(root, 'circle'));
    expect(await expand('nothing', 'hidden-only', 'a.log', 'circle', 'a.log/below')).toEqual({
      files: ['a.log'],
      problems: [
        'ingest-not-found nothing',
        'ingest-folder-empty hidden-only',
        'ingest-unreadable circle',
        'ingest-not-found a.log/below',
      ],
    });
  });
});
