import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireGit } from '../../test/requirement.ts';
import { type GitAddress, gitRulesFolder, parseGitAddress } from './git-address.ts';
import { GitSources, gitSourceState } from './git-sources.ts';

describe('an address', () => {
  it.each([
    ['git+https://h/r.git', { url: 'https://h/r.git', shown: 'https://h/r.git' }],
    ['git+https://me:secret@h/r.git#v1:a//b/', { shown: 'https://h/r.git', ref: 'v1', folder: 'a/b' }],
    ['git+ssh://git@h/r.git#feature/x', { shown: 'ssh://git@h/r.git', ref: 'feature/x' }],
    ['git+file:///r#:rules', { url: 'file:///r', folder: 'rules' }],
  ])('%s is read', (text, address) => {
    expect(parseGitAddress(text)).toMatchObject(address);
  });

  it.each([
    'git+ext::sh -c x',
    'git+https://',
    'git+https://h/r#--upload-pack=x',
    'git+https://h/r#a..b',
    'git+https://h/r#m:../x',
    'git+https://h/r#m:.git',
  ])('%s is refused', (text) => {
    expect(parseGitAddress(text)).toHaveProperty('problem');
  });
});

describe('rules from a repository', () => {
  let folder: string;
  let work: string;
  let dataFolder: string;
  let changes: number;
  let sources: GitSources;
  let address: GitAddress;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=ana', '-c', 'user.email=a@b', '-C', work, ...args], { stdio: 'pipe' });
  const commit = (name: string, text: string) => {
    writeFileSync(join(work, 'rules', name), text);
    git('add', '-A');
    git('commit', '-q', '-m', name);
  };
  beforeEach((context) => {
    requireGit(context);
    folder = mkdtempSync(join(tmpdir(), 'vedette-git-'));
    [work, dataFolder] = [join(folder, 'work'), join(folder, 'data')];
    for (const one of [join(work, 'rules'), dataFolder]) mkdirSync(one, { recursive: true });
    git('init', '-q', '-b', 'main');
    commit('a.toml', 'one');
    changes = 0;
    open(`git+file://${work}#main:rules`);
  });
  afterEach(() => {
    sources?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  function open(path: string) {
    address = parseGitAddress(path) as GitAddress;
    const options = { dataFolder, paths: ['elsewhere', path], everyMs: 3_600_000, now: () => 0 };
    sources = new GitSources({ ...options, changed: () => (changes += 1) });
  }
  const files = () => readdirSync(gitRulesFolder(dataFolder, address));
  const state = () => gitSourceState(dataFolder, address);

  it('come with their commit, and again only when there is another', async () => {
    expect(state()).toEqual({ repository: `file://${work}`, ref: 'main', folder: 'rules' });
    await sources.fetch();
    expect(files()).toEqual(['a.toml']);
    const first = state();
    expect(first).toMatchObject({ commit: expect.stringMatching(/^[0-9a-f]{40}$/), author: 'ana' });
    await sources.fetch();
    expect(changes).toBe(1);
    git('rm', '-q', 'rules/a.toml');
    mkdirSync(join(work, 'rules'), { recursive: true });
    commit('b.toml', 'two');
    await sources.fetch();
    expect(files()).toEqual(['b.toml']);
    expect(state().commit).not.toBe(first.commit);
    expect(changes).toBe(2);
  });

  it('stay as they were where the repository cannot be reached, which is said once', async () => {
    await sources.fetch();
    const { commit: before } = state();
    rmSync(work, { recursive: true });
    await sources.fetch();
    await sources.fetch();
    expect(changes).toBe(2);
    expect(files()).toEqual(['a.toml']);
    expect(state()).toMatchObject({ commit: before, problem: expect.stringContaining('fatal') });
  });

  it('bring no links, and run nothing', async () => {
    execFileSync('ln', ['-s', '/etc/passwd', join(work, 'rules', 'link.toml')]);
    writeFileSync(join(work, '.gitattributes'), '* filter=evil\n');
    commit('c.toml', 'x');
    await sources.fetch();
    expect(execFileSync('find', [gitRulesFolder(dataFolder, address), '-type', 'l']).toString()).toBe('');
  });

  it('without git on the path are not there, and the state says why', async () => {
    const before = process.env.PATH;
    process.env.PATH = join(folder, 'none');
    try {
      await sources.fetch();
    } finally {
      process.env.PATH = before;
    }
    expect(state().problem).toContain('no git');
    expect(existsSync(gitRulesFolder(dataFolder, address))).toBe(false);
  });

  it('of a branch that is not there say so', async () => {
    sources.close();
    open(`git+file://${work}#other`);
    await sources.fetch();
    expect(state().problem).toContain("couldn't find remote ref other");
  });
});
