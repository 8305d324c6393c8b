import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RuleFilesWatch } from './rule-files-watch.ts';

let folder: string;
let changes: number;
let watch: RuleFilesWatch;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-watch-'));
  writeFileSync(join(folder, 'a.toml'), 'one');
  changes = 0;
  const paths = [folder, join(folder, 'named', 'values.yml')];
  watch = new RuleFilesWatch({ paths: () => paths, changed: () => (changes += 1) });
  await watch.look();
});
afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

it('tells of files that say something else, that come and that go', async () => {
  expect(await watch.look()).toBe(false);
  writeFileSync(join(folder, 'a.toml'), 'two');
  expect(await watch.look()).toBe(true);
  mkdirSync(join(folder, 'named'));
  expect(await watch.look()).toBe(false);
  writeFileSync(join(folder, 'named', 'values.yml'), 'a: b');
  expect(await watch.look()).toBe(true);
  rmSync(join(folder, 'a.toml'));
  expect(await watch.look()).toBe(true);
  expect(changes).toBeGreaterThanOrEqual(3);
});

it('tells nothing of files that were touched, and of what is no rule', async () => {
  utimesSync(join(folder, 'a.toml'), 1, 1);
  writeFileSync(join(folder, 'notes.pdf'), 'x');
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git', 'b.toml'), 'x');
  expect(await watch.look()).toBe(false);
  expect(changes).toBe(0);
});
