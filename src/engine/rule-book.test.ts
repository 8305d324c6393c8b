import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateStore } from '../store/open-state-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { addRule, checkRuleText, readRuleBook, removeRule, runningRules } from './rule-book.ts';

const BUNDLED = '99c2b626-de44-4322-b1f9-157ca408c17e';
const text = (id: string, query: string) => `[rule]
name = "Rule ${id}"
rule_id = "${id}"
description = "A rule of a test."
type = "eql"
language = "eql"
severity = "low"
risk_score = 21
query = '${query}'
`;

describe('the rule book', () => {
  let dataFolder: string;
  let store: StateStore;
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'vedette-rules-'));
    store = openStateStore(dataFolder);
  });
  afterEach(() => {
    store.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  const running = async () =>
    runningRules(await readRuleBook({ dataFolder }, store)).map(({ document }) => document.id);

  it('holds the bundled rules in an empty data folder, and no complaint about its being empty', async () => {
    const book = await readRuleBook({ dataFolder }, store);
    expect(book.loose).toEqual([]);
    expect(book.entries.map(({ added }) => added)).not.toContain(true);
    expect(await running()).toContain(BUNDLED);
  });

  it('changes Sigma rules by the pipelines of the data folder, and tells of a file with a mistake', async () => {
    const pipelines = join(dataFolder, 'pipelines');
    mkdirSync(pipelines);
    writeFileSync(
      join(pipelines, 'a.yml'),
      'transformations: [{type: field_name_mapping, mapping: {Image: acme.path}}]',
    );
    writeFileSync(join(pipelines, 'b.yml'), 'transformations: [{type: nonsense}]');
    const sigma = `title: Acme
id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11
logsource: {product: linux}
detection: {s: {Image: /x}, condition: s}
`;
    addRule(dataFolder, store, ['0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11'], sigma);
    const book = await readRuleBook({ dataFolder }, store);
    expect(book.loose).toMatchObject([{ file: join(pipelines, 'b.yml'), code: 'pipeline-type-unknown', line: 1 }]);
    const entry = book.entries.find(({ document }) => document.name === 'Acme');
    expect(JSON.stringify(entry?.rule?.plan)).toContain('acme.path');
    expect(entry?.fieldUses?.()).toMatchObject([{ field: 'Image', by: ['a.yml:1 field_name_mapping'] }]);
    const checked = await checkRuleText(sigma.replace('Image', 'Imgae'), book);
    expect(checked.findings).toMatchObject([{ code: 'sigma-field-unknown' }]);
  });

  it('adds a rule as a file and removes it again, and never a bundled one', async () => {
    addRule(dataFolder, store, ['own-1'], text('own-1', 'process where true'));
    expect(readdirSync(join(dataFolder, 'rules'))).toEqual(['own-1.toml']);
    expect(await running()).toContain('own-1');
    expect(removeRule(await readRuleBook({ dataFolder }, store), store, BUNDLED)).toBe(false);
    expect(removeRule(await readRuleBook({ dataFolder }, store), store, 'own-1')).toBe(true);
    expect(readdirSync(join(dataFolder, 'rules'))).toEqual([]);
    expect(await running()).not.toContain('own-1');
  });

  it('names files by ids that are no file names', async () => {
    addRule(dataFolder, store, ['../../Own Rule/1'], text('own-1', 'process where true'));
    expect(readdirSync(join(dataFolder, 'rules'))).toEqual(['-own-rule-1.toml']);
  });

  it('removes one of several rules that were pasted together, and only that one', async () => {
    const sigma = (id: string) =>
      `title: ${id}\nid: ${id}\nlogsource:\n  product: linux\n  category: process_creation\ndetection:\n  sel:\n    Image: /bin/x\n  condition: sel\n`;
    const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    const both = `${sigma(one)}---\n${sigma(two)}`;
    addRule(dataFolder, store, [one, two], both);
    removeRule(await readRuleBook({ dataFolder }, store), store, one);
    expect(await running()).not.toContain(one);
    expect(await running()).toContain(two);
    addRule(dataFolder, store, [one, two], both);
    expect(await running()).toContain(one);
  });

  it('remembers which rules are off', async () => {
    store.rules.setOverlay(BUNDLED, { key: 'enabled', value: false, base: true });
    expect(await running()).not.toContain(BUNDLED);
    store.rules.removeOverlay(BUNDLED, 'enabled');
    expect(await running()).toContain(BUNDLED);
  });

  it('keeps a rule with an error, which does not run', async () => {
    addRule(dataFolder, store, ['broken'], text('broken', 'process where'));
    const entry = (await readRuleBook({ dataFolder }, store)).entries.find(({ document }) => document.id === 'broken');
    expect(entry?.findings.map(({ code }) => code)).toContain('eql-syntax');
    expect(await running()).not.toContain('broken');
  });

  it('says what a text holds and what is wrong with it', async () => {
    expect((await checkRuleText(text('a', 'process where true'))).rules.map(({ id }) => id)).toEqual(['a']);
    const together = 'title: t\nid: t\ncorrelation: {type: temporal, rules: [s], timespan: 5m}\n';
    const sigma = 'title: s\nid: s\nlogsource: {product: linux}\ndetection: {x: {a: 1}, condition: x}\n';
    addRule(dataFolder, store, ['s'], sigma);
    const book = await readRuleBook({ dataFolder }, store);
    const codes = async (text: string, beside = {}) =>
      (await checkRuleText(text, beside)).findings
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
    expect(await codes(together)).toEqual(['sigma-correlation-reference']);
    expect(await codes(together, book)).toEqual([]);
    expect(await codes(`${together}---\n${sigma}`, book)).toEqual([]);
    expect((await checkRuleText('nothing at all')).findings.map(({ severity }) => severity)).toContain('error');
  });
});
