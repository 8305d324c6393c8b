/**
 * `vedette rule test`: the bundled rules' own tests, and what it prints, compared with what is recorded in `rule-test/`.
 * After a wanted change: `vitest run --project golden -u rule-test`, and read the difference.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerRule } from '../../src/cli/rule.ts';
import { bundledRules } from '../../src/rule/load.ts';

const golden = (name: string): string => fileURLToPath(new URL(`rule-test/${name}`, import.meta.url));
const home = 'test/golden/rule-test/rules';

describe('vedette rule test', () => {
  let out = '';
  let errors = '';

  beforeEach(() => {
    out = '';
    errors = '';
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
  });

  const run = async (...argv: string[]): Promise<number> => {
    const program = new Command('vedette').exitOverride();
    registerRule(program);
    await program.parseAsync(['rule', 'test', ...argv], { from: 'user' });
    return Number(process.exitCode);
  };
  const steady = (text: string) => text.replaceAll(/(time=")[\d.]+|(?<=in )[\d.]+(?= s\.)/g, '$10.00');

  it('every bundled rule has tests, and they pass', async () => {
    const code = await run('rules', '--json');
    const cases = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { passed: boolean; rule: { id: string } });
    expect(cases.filter(({ passed }) => !passed)).toEqual([]);
    expect(code).toBe(0);
    const { rules } = await bundledRules();
    const tested = new Set(cases.map(({ rule }) => rule.id));
    expect(rules.map(({ document }) => document.id).filter((id) => !tested.has(id))).toEqual([]);
    expect(errors).toMatch(/^\d+ cases of 4 rules: \d+ passed in [\d.]+ s\.\n$/);
  });

  it('shows people what differs, and why', async () => {
    expect(await run(home)).toBe(1);
    await expect(steady(out)).toMatchFileSnapshot(golden('test.txt'));
    expect(errors).toBe('');
  });

  it('shows what passed too, where that is asked for', async () => {
    expect(await run('--all', `${home}/passes.test.yml`)).toBe(0);
    expect(steady(out)).toBe(
      `${home}/passes.test.yml  Netcat listens\n  ✓ it listens  :3\n\n1 case of 1 rule: 1 passed in 0.00 s.\n`,
    );
  });

  it('writes JUnit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-junit-'));
    try {
      const file = join(folder, 'junit.xml');
      expect(await run(home, '--junit', file)).toBe(1);
      await expect(steady(readFileSync(file, 'utf8'))).toMatchFileSnapshot(golden('junit.xml'));
      expect(await run(home, '--junit', join(folder, 'none', 'junit.xml'))).toBe(2);
      expect(errors).toMatch(/cannot be written/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('runs the example of the docs', async () => {
    const block = (page: string, language: string) =>
      readFileSync(`docs/${page}`, 'utf8').split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'vedette-docs-'));
    try {
      writeFileSync(join(folder, 'archive.toml'), block('rules.md', 'toml'));
      writeFileSync(join(folder, 'archive.test.yml'), block('rule-tests.md', 'yaml'));
      expect(await run(folder)).toBe(0);
      expect(steady(out)).toBe('3 cases of 1 rule: 3 passed in 0.00 s.\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('exits with 2 where there is nothing to run', async () => {
    expect(await run('docs')).toBe(2);
    expect(out).toMatch(/^docs {2}error {2}There are no tests of rules\. {2}test-none/);
    expect(await run('no/such/folder')).toBe(2);
  });
});
