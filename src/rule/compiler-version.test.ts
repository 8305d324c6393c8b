import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compilerVersion } from './compiler-version.ts';

describe('the version of what compiles rules', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-version-'));
    // As if nobody had written to the sources for an hour.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('is kept for as long as the sources are what they were', () => {
    const first = compilerVersion(folder);
    const kept = readFileSync(join(folder, 'compiler'), 'latin1');
    expect(kept.endsWith(` ${first}`)).toBe(true);
    writeFileSync(join(folder, 'compiler'), kept.replace(first, 'kept'));
    expect(compilerVersion(folder)).toBe('kept');
    writeFileSync(join(folder, 'compiler'), `other ${'0'.repeat(32)}`);
    expect(compilerVersion(folder)).toBe(first);
  });

  it('is found out anew where others may have written it, or it cannot be kept', () => {
    const first = compilerVersion(folder);
    const file = join(folder, 'compiler');
    writeFileSync(file, readFileSync(file, 'latin1').replace(first, 'forged'));
    chmodSync(file, 0o666);
    expect(compilerVersion(folder)).toBe(first);
    expect(compilerVersion(join(file, 'no folder'))).toBe(first);
  });
});
