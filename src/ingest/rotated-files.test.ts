import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { identityOf } from './file-identity.ts';
import { rotatedSince } from './rotated-files.ts';

test.each([
  [['app.log.2', 'app.log.1']],
  [['app.log.10', 'app.log.9', 'app.log.1']],
  [['app.log-20260731', 'app.log-20260801', 'app.log-20270101']],
  [['app.log-2026-07-31T10', 'app.log-2026-07-31T11']],
  [['app.log.1785456000', 'app.log.1785542400']],
  [['app.log-20260731', 'app.log-20260731.1']],
  [['app.log-20260731', 'app.log.2', 'app.log.1']],
])('written and made at one time, oldest first: %s', async (names) => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-rotated-'));
  try {
    // Names of one file have one time, which two files have only by chance.
    const [first = '', ...others] = [...names].reverse();
    writeFileSync(join(folder, first), 'a line\n');
    for (const name of others) linkSync(join(folder, first), join(folder, name));
    const handle = await open(join(folder, first), 'r');
    const identity = await identityOf(handle, 7);
    await handle.close();
    const found = await rotatedSince(join(folder, 'app.log'), identity);
    expect(found.map(({ path }) => basename(path))).toEqual(names);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
