/**
 * Rules from git repositories: fetched into the data folder at the start and then by the clock, with the system’s git.
 *
 *   git+https://… ──fetch (one commit)──▶ repository ──another commit than before──▶ files.new ──rename──▶ files
 *                        └── fails ──▶ the files of the last time stay, and the state says why
 *
 *   <data>/rule-sources/<name>/repository, files, state.json
 *
 * Nothing that a repository brings is run: no hooks, no filters, no submodules, no links; git asks nobody for a password.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GitAddress, gitSourceFolder, isGitAddress, parseGitAddress } from './git-address.ts';

/** What is known of a repository, as people are shown it. */
export interface GitSourceState {
  readonly repository: string;
  readonly ref?: string;
  readonly folder?: string;
  /** What the files are of; absent where nothing was ever fetched. */
  readonly commit?: string;
  readonly author?: string;
  /** When it was last asked with success, ISO 8601. */
  readonly fetched?: string;
  /** Why the last fetching failed, in words. */
  readonly problem?: string;
}

export interface GitSourcesOptions {
  readonly dataFolder: string;
  /** Those of these paths that are addresses of repositories. */
  readonly paths: readonly string[];
  readonly everyMs: number;
  readonly now: () => number;
  /** After a fetch that brought another commit, or failed otherwise than before. */
  readonly changed: () => void;
}

/** A repository of ten thousand rules takes seconds; who waits longer has no connection. */
const PATIENCE_MS = 120_000;

/** Programs and files of the repository are left alone. */
const SAFE = ['core.hooksPath=/dev/null', 'core.symlinks=false', 'core.fsmonitor=false', 'submodule.recurse=false'];

export class GitSources {
  private readonly options: GitSourcesOptions;
  private readonly addresses: readonly GitAddress[];
  private readonly clock: NodeJS.Timeout | undefined;
  private fetching: Promise<void> = Promise.resolve();
  private readonly ending = new AbortController();

  constructor(options: GitSourcesOptions) {
    this.options = options;
    this.addresses = options.paths.filter(isGitAddress).flatMap((path) => {
      const address = parseGitAddress(path);
      return 'problem' in address ? [] : [address];
    });
    if (this.addresses.length > 0) this.clock = setInterval(() => void this.fetch(), options.everyMs);
  }

  /** Asks all repositories for what is new; kept when all have answered or failed. */
  fetch(): Promise<void> {
    this.fetching = this.fetching.then(() => this.fetchAll());
    return this.fetching;
  }

  close(): void {
    clearInterval(this.clock);
    this.ending.abort();
  }

  private async fetchAll(): Promise<void> {
    let isChanged = false;
    const done = new Set<string>();
    for (const address of this.addresses) {
      const folder = gitSourceFolder(this.options.dataFolder, address);
      if (done.has(folder) || this.ending.signal.aborted) continue;
      done.add(folder);
      const before = gitSourceState(this.options.dataFolder, address);
      const after = await this.fetchOne(address, folder, before);
      if (this.ending.signal.aborted) return;
      keepState(folder, after);
      if (after.commit !== before.commit || after.problem !== before.problem) isChanged = true;
    }
    if (isChanged) this.options.changed();
  }

  private async fetchOne(address: GitAddress, folder: string, before: GitSourceState): Promise<GitSourceState> {
    try {
      const repository = join(folder, 'repository');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!existsSync(join(repository, 'HEAD'))) await this.git(['init', '--quiet', '--bare', '--', repository]);
      const within = [`--git-dir=${repository}`];
      const ref = address.ref ?? 'HEAD';
      await this.git([...within, 'fetch', '--quiet', '--depth=1', '--no-tags', '--force', '--', address.url, ref]);
      const said = await this.git([...within, 'log', '-1', '--format=%H%n%an', 'FETCH_HEAD', '--']);
      const [commit = '', author = ''] = said.split('\n');
      if (commit !== before.commit || !existsSync(join(folder, 'files'))) await this.checkOut(folder, within);
      const { problem: _, ...rest } = before;
      const fetched = new Date(this.options.now()).toISOString();
      return { ...rest, commit, fetched, ...(author === '' ? {} : { author }) };
    } catch (error) {
      return { ...before, problem: inWords(error, address) };
    }
  }

  /** All files beside the old ones first, so that no reader sees a part of them. */
  private async checkOut(folder: string, within: readonly string[]): Promise<void> {
    const [files, fresh, old] = ['files', 'files.new', 'files.old'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    const index = join(folder, 'index');
    rmSync(index, { force: true });
    await this.git([...within, `--work-tree=${fresh}`, 'read-tree', '--reset', '-u', 'FETCH_HEAD'], {
      GIT_INDEX_FILE: index,
    });
    if (existsSync(files)) renameSync(files, old);
    renameSync(fresh, files);
    rmSync(old, { recursive: true, force: true });
  }

  private git(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = {
      ...process.env,
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
      GIT_SSH_COMMAND: process.env.GIT_SSH_COMMAND ?? 'ssh -o BatchMode=yes',
      GIT_LFS_SKIP_SMUDGE: '1',
      LC_ALL: 'C',
      ...environment,
    };
    const configured = SAFE.flatMap((setting) => ['-c', setting]);
    return new Promise((resolve, reject) => {
      execFile(
        'git',
        [...configured, ...args],
        { env, timeout: PATIENCE_MS, signal: this.ending.signal, maxBuffer: 1024 * 1024, cwd: this.options.dataFolder },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(Object.assign(error, { stderr }));
        },
      );
    });
  }
}

/** As it was kept; of a repository that was never asked, only how it is called. */
export function gitSourceState(dataFolder: string, address: GitAddress): GitSourceState {
  const { shown: repository, ref, folder } = address;
  const names = { repository, ...(ref === undefined ? {} : { ref }), ...(folder === undefined ? {} : { folder }) };
  try {
    const kept = JSON.parse(readFileSync(join(gitSourceFolder(dataFolder, address), 'state.json'), 'utf8')) as object;
    return { ...kept, ...names };
  } catch {
    return names;
  }
}

function keepState(folder: string, state: GitSourceState): void {
  const path = join(folder, 'state.json');
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // A full disk: what was known before stays, and is true of the files that are there.
  }
}

function inWords(error: unknown, { url, shown }: GitAddress): string {
  const { code, killed, stderr = '', message } = error as NodeJS.ErrnoException & { killed?: boolean; stderr?: string };
  if (code === 'ENOENT') return 'There is no git on this machine’s path: install it, or name a folder of rules.';
  if (killed === true) return `git has not answered for ${PATIENCE_MS / 1_000} seconds.`;
  const [line = message] = stderr.split('\n').filter((one) => /^(?:fatal|error|ssh|remote)/.test(one));
  return line
    .replaceAll(url, shown)
    .replaceAll(/\/\/[^/@\s]+@/g, '//')
    .slice(0, 300);
}
