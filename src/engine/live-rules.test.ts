import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireGit } from '../../test/requirement.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { openStateStore } from '../store/open-state-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { LiveRules } from './live-rules.ts';
import { addRule } from './rule-book.ts';

const SILENT = { info: () => {}, warn: () => {} };
const toml = (id: string, name = 'x', more = '') => `[rule]
name = "Rule ${id}"
rule_id = "${id}"
description = "A rule of a test."
type = "eql"
language = "eql"
severity = "low"
risk_score = 21
query = 'process where process.name == "${name}"'
${more}`;
const sigma = (id: string, image = '/bin/x') =>
  `title: ${id}\nid: ${id}\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {Image: ${image}}, condition: s}\n`;

describe('the rules of the live thread', () => {
  let folder: string;
  let rules: string;
  let store: StateStore;
  let live: LiveRules;
  let swaps: (readonly LoadedRule[])[];
  let wasChanged: Promise<void>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-live-rules-'));
    rules = join(folder, 'mine');
    mkdirSync(rules);
    store = openStateStore(join(folder, 'data'));
    swaps = [];
    open();
  });
  afterEach(() => {
    live.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  function open(named = [rules]) {
    const settings = { dataFolder: join(folder, 'data'), rules: named };
    wasChanged = new Promise((resolve) => {
      live = new LiveRules({ settings, store, now: () => 0, log: SILENT, changed: resolve });
    });
    live.follow(async (running) => void swaps.push(running));
  }
  const write = (name: string, text: string) => writeFileSync(join(rules, name), text);
  const entry = (id: string) => live.book.entries.find(({ document }) => document.id === id);
  /** What runs, by id, with its query. */
  const running = () => {
    return Object.fromEntries(
      live.book.entries.flatMap(({ rule }) => (rule ? [[rule.document.id, rule.document.query]] : [])),
    );
  };

  it('follow their files without being told', async () => {
    write('a.toml', toml('a'));
    await live.start();
    write('b.toml', toml('b'));
    await wasChanged;
    expect(Object.keys(running())).toEqual(['a', 'b']);
  });

  it('are swapped only where something runs otherwise, and are compiled again only where the text is another', async () => {
    write('a.toml', toml('a'));
    write('b.yml', sigma('b'));
    const first = await live.start();
    const before = swaps.length;
    await live.reload();
    expect(swaps.length).toBe(before);
    write('a.toml', toml('a', 'y'));
    await live.reload();
    expect(swaps.at(-1)?.[1]).toBe(first[1]);
    expect(swaps.at(-1)?.[0]).not.toBe(first[0]);
  });

  it('run on where a file is broken, half written, or for a while not to be read', async () => {
    write('a.toml', toml('a'));
    write('b.yml', `${sigma('b')}---\n${sigma('c')}`);
    await live.start();
    const before = running();
    write('a.toml', toml('a', 'y').replace('==', '= ='));
    write('b.yml', `${sigma('b')}---\ntitle: c\nid: c\nlogsou`);
    await live.reload();
    expect(running()).toEqual(before);
    expect(entry('a')).toMatchObject({ kept: 1, enabled: true });
    expect(entry('a')?.findings.map(({ code }) => code)).toEqual(['rule-kept', 'eql-syntax']);
    write('a.toml', toml('a').slice(0, 40));
    await live.reload();
    expect(running()).toEqual(before);
    expect(live.book.loose).toMatchObject([{ file: join(rules, 'a.toml') }, {}]);
    renameSync(rules, `${rules}-away`);
    await live.reload();
    expect(running()).toEqual(before);
    renameSync(`${rules}-away`, rules);
    write('a.toml', toml('a', 'z'));
    rmSync(join(rules, 'b.yml'));
    await live.reload();
    expect(running()).toEqual({ a: 'process where process.name == "z"' });
    expect(entry('a')?.kept).toBeUndefined();
  });

  it('run on after a start with a broken file', async () => {
    write('a.toml', toml('a'));
    await live.start();
    live.close();
    write('a.toml', 'nonsense');
    open();
    expect((await live.start()).map(({ document }) => document.id)).toEqual(['a']);
  });

  it('with an error from the start never run', async () => {
    write('a.toml', toml('a').replace('==', '= ='));
    expect(await live.start()).toEqual([]);
    expect(entry('a')).not.toHaveProperty('kept');
  });

  it('keep a revision for each text, with who added it on the page', async () => {
    write('a.toml', toml('a'));
    await live.start();
    write('a.toml', toml('a', 'y'));
    await live.reload();
    await live.reload();
    addRule(join(folder, 'data'), store, ['own'], toml('own'));
    await live.reload((id) => (id === 'own' ? 'ana' : undefined));
    expect(store.rules.revisions('a').map(({ revision }) => revision)).toEqual([2, 1]);
    expect(store.rules.revision('a', 1)?.text).toBe(toml('a'));
    expect(store.rules.revisions('own')).toMatchObject([{ revision: 1, author: 'ana' }]);
    renameSync(join(rules, 'a.toml'), join(rules, 'moved.toml'));
    await live.reload();
    expect(store.rules.revisions('a')).toMatchObject([{ revision: 2, path: join(rules, 'moved.toml') }, {}]);
  });

  it('have values that were changed here, whatever their file says later', async () => {
    write('a.toml', toml('a', 'x', 'interval = "5m"\nfrom = "now-6m"\n'));
    await live.start();
    const changes = { severity: 'high', risk_score: 60, interval: '1m', max_alerts: 9 } as const;
    expect(await live.overlay('a', changes, 'ana')).toEqual({});
    expect(swaps.at(-1)?.[0]?.document).toMatchObject({
      severity: 'high',
      riskScore: 60,
      schedule: { interval: '1m', from: 'now-6m' },
      maxAlerts: 9,
    });
    write('a.toml', toml('a', 'y').replace('"low"', '"medium"'));
    await live.reload();
    const view = (key: string) => entry('a')?.overlay.find((one) => one.key === key);
    expect(entry('a')?.document.severity).toBe('high');
    expect(view('severity')).toMatchObject({ base: 'low', value: 'high', theirs: 'medium', conflict: true, by: 'ana' });
    expect(view('risk_score')).toMatchObject({ base: 21, theirs: 21, conflict: false });
    expect(view('max_alerts')).toMatchObject({ base: null, theirs: null, conflict: false });
    await live.overlay('a', { severity: 'high' }, 'ben');
    expect(view('severity')).toMatchObject({ base: 'medium', conflict: false, by: 'ben' });
    await live.overlay('a', { severity: null, risk_score: 21, max_alerts: null, interval: null });
    expect(entry('a')).toMatchObject({ overlay: [], document: { severity: 'medium', riskScore: 21 } });
  });

  it('are turned off here, and refuse what does not fit', async () => {
    write('a.toml', toml('a'));
    await live.start();
    await live.overlay('a', { enabled: false });
    expect(swaps.at(-1)).toEqual([]);
    await live.overlay('a', { enabled: true });
    expect(swaps.at(-1)).toHaveLength(1);
    expect(store.rules.overlays().size).toBe(0);
    for (const changes of [
      { severity: 'grave' },
      { risk_score: 101 },
      { interval: '0m' },
      { from: 'now' },
      { max_alerts: 0 },
    ]) {
      expect((await live.overlay('a', { ...changes, enabled: false })).problem, JSON.stringify(changes)).toBeDefined();
    }
    expect(await live.overlay('a', { interval: '1h' })).toMatchObject({
      problem: expect.stringContaining('never read'),
    });
    expect(entry('a')).toMatchObject({ enabled: true, overlay: [] });
  });

  it('come from a git repository as soon as it is fetched, and say which commit', async (context) => {
    requireGit(context);
    write('a.toml', toml('a'));
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=ana', '-c', 'user.email=a@b', '-C', rules, ...args], { stdio: 'pipe' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'a');
    live.close();
    open([`git+file://${rules}`, 'git+nowhere']);
    expect(await live.start()).toEqual([]);
    await wasChanged;
    const origin = { repository: `file://${rules}`, commit: expect.stringMatching(/^[0-9a-f]{40}$/), author: 'ana' };
    expect(entry('a')).toMatchObject({ added: false, origin });
    expect(store.rules.revisions('a')).toMatchObject([origin]);
    expect(live.book.repositories).toMatchObject([{ commit: origin.commit }]);
    expect(live.book.loose).toMatchObject([{ code: 'rule-repository', severity: 'error' }]);
  });

  it('are compiled again where a filter comes, and where it goes', async () => {
    write('a.yml', sigma('a'));
    await live.start();
    const plan = () => JSON.stringify(entry('a')?.rule?.plan);
    const before = plan();
    write(
      'f.yml',
      'title: F\nlogsource: {product: linux, category: process_creation}\nfilter: {rules: [a], s: {User: u}, condition: not s}\n',
    );
    await live.reload();
    expect(plan()).toContain('user');
    await live.reload();
    expect(plan()).not.toBe(before);
    rmSync(join(rules, 'f.yml'));
    await live.reload();
    expect(plan()).toBe(before);
  });
});
