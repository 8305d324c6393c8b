import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileIndexPatterns } from './index-pattern.ts';
import { bundledRules, checkRules, isUnreadable, loadRules } from './load.ts';

const rule = (id: string, query = 'any where true'): string =>
  `[rule]\nname = "Rule ${id}"\nrule_id = "${id}"\nlanguage = "eql"\ntype = "eql"\nquery = '${query}'\n`;

describe('loadRules', () => {
  let folder = '';
  const file = (path: string, text: string | Uint8Array): string => {
    const whole = join(folder, path);
    mkdirSync(join(whole, '..'), { recursive: true });
    writeFileSync(whole, text);
    return whole;
  };
  const codes = async (...paths: string[]): Promise<string[]> => (await checkRules(paths)).map(({ code }) => code);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-rules-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('loads folders in order of name, and a bad rule stops no other', async () => {
    file('b.toml', rule('b'));
    file('a/deep/x.toml', rule('x'));
    file('a/bad.toml', 'name = ');
    file('c.toml', rule('c', 'any where ('));
    file('readme.md', 'no rule');
    const { rules, findings } = await loadRules([folder]);
    expect(rules.map(({ document }) => document.id)).toEqual(['x', 'b']);
    expect(rules[0]?.plan.kind).toBe('event');
    expect(findings.map(({ file, rule }) => [file, rule.id])).toEqual([
      [join(folder, 'a/bad.toml'), undefined],
      [join(folder, 'c.toml'), 'c'],
    ]);
  });

  it('points into the query as it stands in the file', async () => {
    const path = file('q.toml', rule('q', 'any where (').replace("'any where ('", '"any where (\\"a\\" = )"'));
    const [finding] = await checkRules([path]);
    expect(finding).toMatchObject({ severity: 'error', line: 6, rule: { id: 'q', name: 'Rule q' } });
    expect(finding?.column).toBeGreaterThan(20);
  });

  it('takes the first of two rules with one id, and a file given twice once', async () => {
    const one = file('one.toml', rule('same'));
    const two = file('two.toml', rule('same'));
    const { rules, findings } = await loadRules([two, folder, one]);
    expect(rules.map(({ document }) => document.source.path)).toEqual([two]);
    expect(findings).toMatchObject([{ code: 'rule-id-duplicate', file: one, line: 3, column: 11 }]);
  });

  it('says what cannot be read', async () => {
    const text = file('latin1.toml', Uint8Array.of(0x23, 0xe9));
    const large = file('large.toml', `#${'x'.repeat(1024 * 1024)}`);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(await codes(join(folder, 'missing'))).toEqual(['rule-file-unreadable']);
    expect(await codes(text)).toEqual(['rule-file-unreadable']);
    expect(await codes(large)).toEqual(['rule-file-too-large']);
    expect(await codes(empty)).toEqual(['rule-file-empty']);
    expect((await checkRules([text, large, empty])).every(isUnreadable)).toBe(true);
    expect((await checkRules([file('a.toml', rule('a', 'any'))])).some(isUnreadable)).toBe(false);
  });

  it('passes over tests of rules that were named among the rules, and says so once', async () => {
    const one = file('a.toml', rule('a'));
    const tests = [file('a.test.yml', 'cases: []'), file('b.test.yaml', 'common: {}\ncases: []')];
    const info = file('info.yml', 'regression_tests_info: []\n');
    const { rules, findings } = await loadRules([one, ...tests, info]);
    expect(rules.map(({ document }) => document.id)).toEqual(['a']);
    expect(findings.map(({ file, code, severity, message }) => [file, code, severity, message])).toEqual([
      [tests[0], 'rule-test-file', 'info', 'The file holds tests of rules, as do 2 others: no rule is read from them.'],
    ]);
    expect((await loadRules([folder])).findings).toEqual([]);
    expect(await codes(file('rule.test.yml', 'title: x'))).toContain('rule-key-missing');
  });

  it('looks at a text whose name does not tell its form', async () => {
    expect((await loadRules([file('rule.txt', rule('t'))])).rules).toHaveLength(1);
    expect(await codes(file('shopping.txt', 'milk, bread'))).toEqual(['rule-form-unknown']);
  });

  it('takes pages of a folder only where they hold a rule, and a page named alone in any case', async () => {
    const page = '# N\n**Rule type**: eql\n**Risk score**: 21\n## Rule query\n```\nany where true\n```\n';
    const notes = file('pages/notes.md', '# Notes');
    expect(await codes(join(folder, 'pages'))).toEqual(['rule-file-empty']);
    file('pages/rule.md', page);
    file('pages/large.txt', `${page}${'x'.repeat(1024 * 1024)}`);
    const { rules, findings } = await loadRules([join(folder, 'pages')]);
    expect(rules.map(({ document }) => document.name)).toEqual(['N']);
    expect(findings.map(({ code }) => code)).toEqual(['rule-id-derived']);
    expect(await codes(notes)).toEqual(['rule-form-unknown']);
  });

  it('reads more than one rule’s worth where a form holds many', async () => {
    const line = (id: number) =>
      JSON.stringify({
        rule_id: `r${id}`,
        name: `R${id}`,
        type: 'eql',
        language: 'eql',
        query: 'any where true',
        note: 'x'.repeat(60_000),
      });
    const many = file('many.ndjson', Array.from({ length: 30 }, (_, id) => line(id)).join('\n'));
    expect((await loadRules([many])).rules).toHaveLength(30);
  });

  it('reads a Sigma rule that was pasted without its indentation', async () => {
    const text =
      'title: T\nid: 0b5f8f0e-6d0b-4b6f-9a53-6f3d0c8b7a11\nlogsource:\nproduct: linux\ncategory: process_creation\ndetection:\nsel:\nImage: /bin/a\ncondition: sel\n';
    const { rules, findings } = await loadRules([file('pasted.yml', text)]);
    expect(rules.map(({ document }) => [document.id, document.source.text])).toEqual([
      ['0b5f8f0e-6d0b-4b6f-9a53-6f3d0c8b7a11', text],
    ]);
    expect(findings.map(({ code }) => code)).toEqual(['sigma-indentation-repaired']);
    expect(await codes(file('unclear.yml', text.replace('sel:', 'set:')))).toEqual(['sigma-indentation-lost']);
  });

  it('ends where links make a circle', async () => {
    file('a.toml', rule('a'));
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync('self', join(folder, 'self'));
    expect((await loadRules([folder])).rules).toHaveLength(1);
    expect(await codes(join(folder, 'self'))).toEqual(['rule-file-unreadable']);
  });

  it('skips the mark that some editors put at the start of a file', async () => {
    expect((await loadRules([file('bom.toml', `\ufeff${rule('bom')}`)])).rules).toHaveLength(1);
  });
});

describe('bundledRules', () => {
  it('loads without a finding, and reads what the rule is meant to read', async () => {
    const { rules, findings } = await bundledRules();
    expect(findings).toEqual([]);
    const bundled = (id: string) => rules.find(({ document }) => document.id === id)?.document;
    expect(bundled('3f0f5957-04f8-4792-ad89-192b0303bde6')).toMatchObject({
      name: 'Python WebServer Execution - Linux',
      language: 'sigma',
      severity: 'medium',
      riskScore: 47,
      authors: ['Mohamed LAKRI'],
      source: { path: join('rules', 'sigma', 'proc_creation_lnx_python_webserver.yml') },
    });
    const document = bundled('99c2b626-de44-4322-b1f9-157ca408c17e');
    expect(document).toMatchObject({
      name: 'Web Server Spawned via Python',
      version: 102,
      severity: 'low',
      riskScore: 21,
      maxAlerts: 100,
      schedule: { interval: '5m', from: 'now-9m' },
      source: { path: join('rules', 'elastic', 'execution_python_webserver_spawned.toml') },
    });
    expect(document?.response).toMatch(/^1\. \*\*Stop the bleeding/);
    const reads = compileIndexPatterns(document?.indexPatterns ?? []);
    expect(reads(['logs-auditd_manager.auditd-vedette', 'logs-endpoint.events.process-vedette'])).toBe(true);
    expect(reads(['logs-auditd_manager.auditd-vedette'])).toBe(false);
  });
});
