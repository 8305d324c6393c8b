/**
 * Data folders that earlier versions recorded (`tools/record-data-folder.ts`): restored, brought up to date and opened by
 * the present program, each holds what it held then.
 */
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startService } from '../../src/engine/service.ts';
import { restore } from '../../src/store/backup/restore.ts';
import { digestOf } from '../data-folder-digest.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/data-folders', import.meta.url));
const names = globSync('*.tar.zst', { cwd: FOLDER }).map((file) => basename(file, '.tar.zst'));
const MOST_BYTES = 300_000;
/** The recorded events are older with every year. */
const CENTURY_MS = 100 * 365 * 24 * 3_600_000;

test('there is one at least', () => {
  expect(names).not.toEqual([]);
});

test.each(names)('the data folder of %s holds what it held', async (name) => {
  const recording = join(FOLDER, `${name}.tar.zst`);
  expect(statSync(recording).size).toBeLessThan(MOST_BYTES);
  const { source, ...expected } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  const work = mkdtempSync(join(tmpdir(), 'vedette-data-folder-'));
  try {
    const dataFolder = join(work, 'data');
    await restore(recording, dataFolder);
    const eventLimits = { keepMs: CENTURY_MS, maxBytes: 2 ** 30 };
    const service = await startService({ dataFolder, sample: false, watch: false, eventLimits });
    try {
      const digest = JSON.parse(JSON.stringify(await digestOf(service, source)));
      // Rules that come along are this version's; what the folder itself says of rules is what it said then.
      const known = new Set(digest.rules.map(({ id }: { id: string }) => id));
      const rules = expected.rules.filter(({ id }: { id: string }) => known.has(id));
      // An earlier recording says less of itself.
      const told = Object.fromEntries(Object.keys(expected).map((key) => [key, digest[key]]));
      expect({ ...told, rules: [] }).toEqual({ ...expected, rules: [] });
      expect(digest.rules).toEqual(expect.arrayContaining(rules));
      expect(rules.length).toBeGreaterThan(0);
    } finally {
      await service.stop();
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
