import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const { isAsMade, MADE_OF, stampsOf } = await import(new URL('source-stamps.mjs', import.meta.url).href);
const files = ['src/a.ts', 'src/b.ts'];
/** Of a file system's clock on Linux, at most. */
const TICK_MS = 10;
const then = new Date('2026-01-02T03:04:05Z');
let clone = '';
let bundle = '';

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'vedette-stamps-'));
  bundle = join(clone, 'bundle');
  mkdirSync(join(clone, 'src'));
  mkdirSync(bundle);
  for (const file of files) put(file, '1;');
  writeFileSync(join(bundle, MADE_OF), JSON.stringify({ files, stamps: stampsOf(clone, files) }));
});
afterEach(() => rmSync(clone, { recursive: true }));

function put(file: string, text: string): void {
  writeFileSync(join(clone, file), text);
  utimesSync(join(clone, file), then, then);
}

test('what was made of sources is as they are until one is another', () => {
  expect(isAsMade(clone, bundle)).toBe(true);
  put('src/c.ts', 'nobody read it;');
  expect(isAsMade(clone, bundle)).toBe(true);
});

test.each<[string, () => void]>([
  ['is written to', () => writeFileSync(join(clone, 'src/a.ts'), 'more;')],
  ['is written to, as long as before and with its old time', () => put('src/a.ts', '2;')],
  [
    'is replaced by another as long and as old',
    () => {
      put('src/c.ts', '2;');
      renameSync(join(clone, 'src/c.ts'), join(clone, 'src/b.ts'));
    },
  ],
  ['is gone', () => rmSync(join(clone, 'src/b.ts'))],
  ['is as it was, and what it was made of is not told', () => rmSync(join(bundle, MADE_OF))],
  ['is as it was, and what it was made of is damaged', () => writeFileSync(join(bundle, MADE_OF), '{"files":["src/a')],
])('what was made of sources counts as nothing where a source %s', (_, change) => {
  // Otherwise the change may come within the tick of the clock in which the file was made.
  const { ctimeMs } = statSync(join(clone, 'src/b.ts'));
  while (Date.now() <= Math.ceil(ctimeMs) + TICK_MS);
  change();
  expect(isAsMade(clone, bundle)).toBe(false);
});
