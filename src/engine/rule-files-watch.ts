/**
 * Says when files of rules have changed: in folders, and files that were named.
 *
 *   the system's word (folders only), every half minute ──quiet for a moment──▶ sizes and times ──another──▶ content ──another──▶ changed
 *
 * A file that was touched and says the same is no change. Systems that give no word (network disks) are looked at by the
 * clock alone. What git keeps for itself is passed over.
 */
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRuleFile } from '../rule/rule-file-names.ts';

export interface RuleFilesWatchOptions {
  /** Files and folders; they need not exist. */
  readonly paths: () => readonly string[];
  /** Folders whose files count, whatever they are called; they need not exist. */
  readonly others?: () => readonly string[];
  readonly changed: () => void;
}

/** Who writes a file does so in several steps. */
const QUIET_MS = 300;
/** Who never stops writing is read all the same. */
const LONGEST_MS = 2_000;
const LOOK_MS = 30_000;
/** Each costs the system a watch, of which a user has some thousands. */
const MOST_FOLDERS = 2_000;
const AT_ONCE = 64;
/** No file of rules is larger; of one that is, size and time have to do. */
const LARGEST = 64 * 1024 * 1024;

/** By folder, the names that matter in it: every one where it is a folder of rules. */
type Folders = Map<string, Set<string> | 'all'>;

interface Print {
  /** Changes with size, time and place on the disk. */
  readonly outside: string;
  /** Of the content. */
  readonly hash: string;
}

export class RuleFilesWatch {
  private readonly options: RuleFilesWatchOptions;
  private readonly clock: NodeJS.Timeout;
  private readonly watchers = new Map<string, FSWatcher>();
  private folders: Folders = new Map();
  private prints: ReadonlyMap<string, Print> | undefined;
  private looking: Promise<boolean> = Promise.resolve(false);
  private soon: NodeJS.Timeout | undefined;
  private since = 0;
  private isClosed = false;

  constructor(options: RuleFilesWatchOptions) {
    this.options = options;
    this.clock = setInterval(() => void this.look(), LOOK_MS);
  }

  /**
   * Looks now, and calls `changed` where something has; the first time, only remembers how files are.
   * @returns whether something has
   */
  look(): Promise<boolean> {
    this.looking = this.looking.then(() => this.compare());
    return this.looking;
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.clock);
    clearTimeout(this.soon);
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  private async compare(): Promise<boolean> {
    const { files, folders } = await filesOf(this.options.paths(), this.options.others?.() ?? []);
    const prints = await printsOf(files, this.prints ?? new Map());
    if (this.isClosed) return false;
    this.follow(folders);
    const before = this.prints;
    this.prints = prints;
    if (before === undefined || isSame(before, prints)) return false;
    this.options.changed();
    return true;
  }

  private follow(folders: Folders): void {
    this.folders = folders;
    for (const [folder, watcher] of this.watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    for (const folder of folders.keys()) {
      if (this.watchers.has(folder) || this.watchers.size >= MOST_FOLDERS) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => this.heard(folder, name));
        // The folder is gone, or the system has had enough: the clock goes on.
        watcher.on('error', () => watcher.close());
        this.watchers.set(folder, watcher);
      } catch {
        return;
      }
    }
  }

  private heard(folder: string, name: string | null): void {
    const wanted = this.folders.get(folder);
    if (this.isClosed || (wanted !== 'all' && name !== null && wanted?.has(name) !== true)) return;
    const now = Date.now();
    if (this.soon === undefined) this.since = now;
    else if (now - this.since > LONGEST_MS) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => {
      this.soon = undefined;
      void this.look();
    }, QUIET_MS);
  }
}

async function filesOf(paths: readonly string[], others: readonly string[]) {
  const files = new Set<string>();
  const folders: Folders = new Map();
  for (const path of paths) {
    if (path === '-') continue;
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => undefined,
    );
    if (isFolder === true) await walk(path, files, folders);
    else {
      files.add(path);
      const names = folders.get(dirname(path)) ?? new Set();
      if (names !== 'all') folders.set(dirname(path), names.add(basename(path)));
    }
  }
  for (const path of others) await walk(path, files, folders, () => true);
  return { files, folders };
}

async function walk(
  folder: string,
  files: Set<string>,
  folders: Folders,
  isWanted: (name: string) => boolean = (name) => isRuleFile(name) !== false,
): Promise<void> {
  folders.set(folder, 'all');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '.git') await walk(path, files, folders, isWanted);
    } else if (isWanted(entry.name)) {
      files.add(path);
    }
  }
}

async function printsOf(
  files: ReadonlySet<string>,
  before: ReadonlyMap<string, Print>,
): Promise<ReadonlyMap<string, Print>> {
  const prints = new Map<string, Print>();
  const names = [...files];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    const printed = await Promise.all(some.map((file) => printOf(file, before.get(file))));
    for (const [index, print] of printed.entries()) {
      if (print !== undefined) prints.set(some[index] as string, print);
    }
  }
  return prints;
}

/** Nothing for a file that is not there. */
async function printOf(file: string, before: Print | undefined): Promise<Print | undefined> {
  try {
    const found = await stat(file);
    const { size, mtimeMs, ino } = found;
    const outside = `${size} ${mtimeMs} ${ino}`;
    if (before?.outside === outside) return before;
    if (!found.isFile() || size > LARGEST) return { outside, hash: outside };
    return {
      outside,
      hash: createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    };
  } catch {
    return undefined;
  }
}

function isSame(before: ReadonlyMap<string, Print>, now: ReadonlyMap<string, Print>): boolean {
  if (before.size !== now.size) return false;
  return [...now].every(([file, { hash }]) => before.get(file)?.hash === hash);
}
