/**
 * `vedette exception` over the files in `exception/`, compared with what is recorded beside them. After a wanted change:
 * `vitest run --project golden -u exception`, and read the difference.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerException } from '../../src/cli/exception.ts';
import { newAlert } from '../../src/store/alert.fixture.ts';
import { openStateStore } from '../../src/store/open-state-store.ts';

const golden = (name: string): string => fileURLToPath(new URL(`exception/${name}`, import.meta.url));

describe('vedette exception', () => {
  let out = '';
  let errors = '';
  let data = '';

  beforeEach(() => {
    out = '';
    errors = '';
    data = mkdtempSync(join(tmpdir(), 'vedette-exception-'));
    vi.stubEnv('NO_COLOR', '1');
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      errors += String(text);
      return true;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.exitCode = undefined;
    rmSync(data, { recursive: true });
  });

  const run = async (...argv: string[]): Promise<number> => {
    const program = new Command('vedette').exitOverride();
    registerException(program);
    await program.parseAsync(['exception', ...argv], { from: 'user' });
    return Number(process.exitCode);
  };
  const mine = 'test/golden/exception/mine.yaml';

  it('check says of each what it does and what is wrong with it', async () => {
    expect(await run('check', mine, 'no/such/file.yaml')).toBe(2);
    await expect(out + errors).toMatchFileSnapshot(golden('check.txt'));
  });

  it('keeps, lists, exports and removes', async () => {
    const folder = ['--data', data];
    expect(await run('add', mine, '--by', 'ana', ...folder)).toBe(1);
    expect(await run('import', 'test/golden/exception/kibana.ndjson', '--for', 'all', '--by', 'ana', ...folder)).toBe(
      1,
    );
    expect(await run('list', ...folder)).toBe(0);
    expect(await run('export', ...folder)).toBe(1);
    expect(await run('remove', 'night', ...folder)).toBe(0);
    expect(await run('remove', 'night', ...folder)).toBe(2);
    // When things were made is today.
    const today = new RegExp(`${new Date().getUTCFullYear()}-\\d\\d-\\d\\dT[\\d:.]+Z`, 'g');
    const shown = `${out}\n${errors}`
      .replaceAll(today, (time) => (time.endsWith(':00:00.000Z') ? time : '<now>'))
      .replace(/(?:active|outside its time window)(?=, has removed nothing yet {2}night)/, '<by the clock>');
    await expect(shown).toMatchFileSnapshot(golden('kept.txt'));
  });

  it('shows what would be removed before anything is kept', async () => {
    const store = openStateStore(data);
    store.commit({
      alerts: [newAlert('a1'), newAlert('a2', { user: 'bo' }), newAlert('a3', { rule: 'rule-2' })],
      positions: [],
      runs: [],
    });
    store.close();
    const tried = 'test/golden/exception/tried.yaml';
    expect(await run('preview', tried, '--data', data)).toBe(1);
    expect(await run('preview', tried, '--json', '--data', data)).toBe(1);
    expect(await run('list', '--data', data)).toBe(0);
    expect(await run('add', tried, '--data', data, '--by', ' ')).toBe(2);
    expect(await run('add', tried, '--data', data, '--by', 'ana')).toBe(1);
    const shown = `${out}\n${errors}`.replaceAll(/"(created|updated)":"[^"]*"/g, '"$1":"<now>"');
    await expect(shown).toMatchFileSnapshot(golden('preview.txt'));
  });

  it('says where there is nothing', async () => {
    expect(await run('list', '--data', join(data, 'none'))).toBe(2);
    expect(errors).toContain('holds no state of Vedette');
  });

  it('prints the scenarios, and one of them to be filled in', async () => {
    expect(await run('scenarios')).toBe(0);
    expect(await run('scenarios', 'python-web-server-admin')).toBe(0);
    expect(await run('scenarios', 'python-web-server-admim')).toBe(64);
    await expect(out + errors).toMatchFileSnapshot(golden('scenarios.txt'));
  });
});
