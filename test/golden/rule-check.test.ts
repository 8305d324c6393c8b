/**
 * `vedette rule check` and `rule show` over the rules in `rule-check/rules`, compared with what is recorded beside
 * them. After a wanted change: `vitest run --project golden -u rule-check`, and read the difference.
 */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerRule } from '../../src/cli/rule.ts';

const golden = (name: string): string => fileURLToPath(new URL(`rule-check/${name}`, import.meta.url));

describe('vedette rule', () => {
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
    await program.parseAsync(['rule', ...argv], { from: 'user' });
    return Number(process.exitCode);
  };
  const rules = 'test/golden/rule-check/rules';

  it('check shows people every finding in its place', async () => {
    expect(await run('check', rules, 'no/such/folder')).toBe(2);
    await expect(out).toMatchFileSnapshot(golden('check.txt'));
    expect(errors).toBe('');
  });

  it('check --json gives programs one finding a line', async () => {
    expect(await run('check', '--json', rules)).toBe(2);
    await expect(out).toMatchFileSnapshot(golden('check.ndjson'));
    for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ code: expect.any(String) });
  });

  it('exits with 0 for rules without a fault and 1 for findings', async () => {
    expect(await run('check', `${rules}/more`)).toBe(0);
    expect(out).toBe('1 rule checked: nothing to report.\n');
    expect(await run('check', `${rules}/careless.toml`)).toBe(1);
  });

  it('show prints a rule for people', async () => {
    expect(await run('show', 'rules/elastic')).toBe(0);
    await expect(out).toMatchFileSnapshot(golden('show.txt'));
  });

  it('show --json prints the whole document, and says what it cannot show', async () => {
    expect(await run('show', '--json', `${rules}/esql.toml`, `${rules}/more`)).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ name: 'A rule without a fault', source: { form: 'elastic-toml' } });
    expect(errors).toMatch(/^test.golden.rule-check.rules.esql\.toml:3:12: The rule is written in esql/);
  });
});
