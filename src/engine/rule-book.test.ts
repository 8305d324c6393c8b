import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateStore } from '../store/open-state-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { addRule, checkRuleText, readRuleBook, removeRule, runningRules, setRuleEnabled } from './rule-book.ts';

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

  it('adds a rule as a file and removes it again, and never a bundled one', async () => {
    addRule(dataFolder, '../Own Rule/1', text('own-1', 'process where true'));
    expect(readdirSync(join(dataFolder, 'rules'))).toEqual(['-own-rule-1.toml']);
    expect(await running()).toContain('own-1');
    expect(removeRule(await readRuleBook({ dataFolder }, store), BUNDLED)).toBe(false);
    expect(removeRule(await readRuleBook({ dataFolder }, store), 'own-1')).toBe(true);
    expect(await running()).not.toContain('own-1');
  });

  it('remembers which rules are off', async () => {
    setRuleEnabled(store, BUNDLED, false);
    expect(await running()).not.toContain(BUNDLED);
    setRuleEnabled(store, BUNDLED, true);
    expect(await running()).toContain(BUNDLED);
  });

  it('keeps a rule with an error, which does not run', async () => {
    addRule(dataFolder, 'broken', text('broken', 'process where'));
    const entry = (await readRuleBook({ dataFolder }, store)).entries.find(({ document }) => document.id === 'broken');
    expect(entry?.findings.map(({ code }) => code)).toContain('eql-syntax');
    expect(await running()).not.toContain('broken');
  });

  it('says what a text holds and what is wrong with it', async () => {
    expect((await checkRuleText(text('a', 'process where true'))).rules.map(({ id }) => id)).toEqual(['a']);
    expect((await checkRuleText('nothing at all')).findings.map(({ severity }) => severity)).toContain('error');
  });
});
