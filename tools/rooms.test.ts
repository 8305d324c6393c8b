import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ROOMS, ROOMS_CONFIGURATION, roomOverrides } from './rooms.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('the generated Biome configuration is what the list of rooms gives', () => {
  const committed = JSON.parse(readFileSync(join(root, ROOMS_CONFIGURATION), 'utf8'));
  expect(committed, 'run npm run generate:rooms').toEqual({ overrides: roomOverrides('src') });
});

test('every folder under src is a room, and no folder inside a room has a room’s name', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const rooms = folders.filter((entry) => join(entry.parentPath, '.') === join(root, 'src')).map(({ name }) => name);
  expect(rooms.filter((name) => !(ROOMS as readonly string[]).includes(name))).toEqual([]);
  const inner = folders.filter((entry) => join(entry.parentPath, '.') !== join(root, 'src'));
  expect(inner.filter(({ name }) => (ROOMS as readonly string[]).includes(name)).map(({ name }) => name)).toEqual([]);
});

test('an upward import and a cycle fail the check, a downward import does not', () => {
  const findings = lintFixture();
  expect(findings.filter(({ rule }) => rule.endsWith('noRestrictedImports')).map(({ file }) => file)).toEqual([
    'src/event/upward.ts',
  ]);
  expect(
    findings
      .filter(({ rule }) => rule.endsWith('noImportCycles'))
      .map(({ file }) => file)
      .sort(),
  ).toEqual(['src/plan/early.ts', 'src/plan/late.ts']);
});

/** Biome's errors on the fixture, under the repository's own rules. */
function lintFixture(): { rule: string; file: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-rooms-'));
  try {
    cpSync(join(root, 'test/fixtures/rooms'), folder, { recursive: true });
    const { linter } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ root: true, linter, overrides: roomOverrides('src') }));
    const biome = join(root, 'node_modules/.bin/biome');
    const run = spawnSync(biome, ['lint', '--reporter=json', '.'], { cwd: folder, encoding: 'utf8' });
    const report = JSON.parse(run.stdout) as { diagnostics: { category: string; location: { path: string } }[] };
    return report.diagnostics.map(({ category, location }) => ({ rule: category, file: location.path }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
