/** A clone as a user runs it: from what `tools/bundle.mjs` made of its sources, and from these. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'vedette-bundle-'));
/** No Kusto, whose parser takes seconds. */
const RULES = join(root, 'rules/sigma');
const NOW = /"(@timestamp|ingested)":"20[^"]*"/g;
const log = join(scratch, 'log.ndjson');

beforeAll(async () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools/setup.mjs'), 'web'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const { isAsMade } = await import(new URL('../../tools/source-stamps.mjs', import.meta.url).href);
  expect(isAsMade(root, join(root, 'bundle'))).toBe(true);
  const text = readFileSync(join(root, 'sample/web-07-audit.log'), 'utf8');
  // As long as is worth a second thread.
  for (let size = 0; size < 1_200_000; size += text.length) appendFileSync(log, text);
});
afterAll(() => rmSync(scratch, { recursive: true }));

function run(from: 'bundle' | 'sources', ...args: string[]) {
  const { VEDETTE_SOURCES: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'bin/vedette.js'), ...args], {
    encoding: 'utf8',
    env: { ...env, ...(from === 'sources' ? { VEDETTE_SOURCES: '1' } : {}) },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout };
}

test.each([
  ['a scan by two threads', ['scan', '--json', '--no-progress', '--no-cache', '--threads', '2', log, '--rules', RULES]],
  ['help', ['scan', '--help']],
  ['a rule', ['rule', 'show', 'rules/elastic/execution_python_webserver_spawned.toml']],
])('%s gives the same from the bundle', (_, args) => {
  const bundled = run('bundle', ...args);
  const own = run('sources', ...args);
  expect(bundled.stdout.length).toBeGreaterThan(100);
  expect(bundled.status).toBe(own.status);
  // Alerts tell when they were made.
  expect(bundled.stdout.replaceAll(NOW, '')).toBe(own.stdout.replaceAll(NOW, ''));
});
