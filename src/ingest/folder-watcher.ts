/**
 * Which files of a folder are to be followed, looked at again and again.
 *
 *   folder ──every two seconds──▶ regular files, at any depth ──▶ new: `onFile` │ gone for a while: `onGone`
 *
 * What a log was renamed to is not a file of its own: whoever follows the log reads it to its end under its old name.
 * Compressed and hidden files are left out. Bounded: of more files than may be followed, those written last are.
 */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asInputError } from './byte-source.ts';
import { isRotatedName } from './rotated-files.ts';

const LOOK_MS = 2_000;
/** A file may be away for a moment while it is rotated. */
const GONE_LOOKS = 30;
const MOST_FILES = 500;
const MOST_ENTRIES = 50_000;
const COMPRESSED = /\.(?:gz|zst|zstd|xz|bz2|lz4|zip|tar|tgz|7z)$/i;

export interface FolderHandlers {
  /** A file to be followed from now on. */
  readonly onFile: (path: string) => void;
  /** It is there no more, and what was in it has had time to be read. */
  readonly onGone: (path: string) => void;
  /** How many files are followed, and why some are not, in a sentence. */
  readonly onNote: (note: string) => void;
}

export interface FolderOptions {
  readonly lookMs?: number;
  readonly goneLooks?: number;
  readonly mostFiles?: number;
}

export class FolderWatcher {
  private readonly folder: string;
  private readonly handlers: FolderHandlers;
  private readonly options: FolderOptions;
  /** Path → looks since it was seen. */
  private readonly followed = new Map<string, number>();

  constructor(folder: string, handlers: FolderHandlers, options: FolderOptions = {}) {
    this.folder = folder;
    this.handlers = handlers;
    this.options = options;
  }

  /** Looks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await sleep(this.options.lookMs ?? LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** One look; `run` looks again and again. Never rejects. */
  async look(): Promise<void> {
    const found = new Set<string>();
    try {
      await this.walk(this.folder, found);
    } catch (error) {
      this.handlers.onNote(asText(this.folder, error));
      return;
    }
    const names = new Set([...found, ...this.followed.keys()]);
    const logs = [...found].filter((path) => !isRotatedOf(path, names));
    for (const path of this.followed.keys()) this.age(path, found);
    const fresh = logs.filter((path) => !this.followed.has(path));
    const room = (this.options.mostFiles ?? MOST_FILES) - this.followed.size;
    const chosen = fresh.length <= room ? fresh : await newest(fresh, room);
    for (const path of chosen) {
      this.followed.set(path, 0);
      this.handlers.onFile(path);
    }
    this.handlers.onNote(noteOf(this.followed.size, fresh.length - chosen.length));
  }

  private age(path: string, found: ReadonlySet<string>): void {
    const looks = found.has(path) ? 0 : (this.followed.get(path) ?? 0) + 1;
    this.followed.set(path, looks);
    if (looks < (this.options.goneLooks ?? GONE_LOOKS)) return;
    this.followed.delete(path);
    this.handlers.onGone(path);
  }

  private async walk(folder: string, found: Set<string>): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (found.size >= MOST_ENTRIES) return;
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (isFolder(entry)) await this.walk(path, found).catch(() => {});
      else if (entry.isFile() && !COMPRESSED.test(entry.name)) found.add(path);
    }
  }
}

/** Links are not followed into folders: they may lead in a circle. */
function isFolder(entry: Dirent): boolean {
  return entry.isDirectory();
}

function isRotatedOf(path: string, names: ReadonlySet<string>): boolean {
  for (let at = path.length - 1; at > 0 && /[\d.T_Z-]/.test(path[at] as string); at -= 1) {
    const base = path.slice(0, at);
    if (names.has(base) && isRotatedName(base, path)) return true;
  }
  return false;
}

async function newest(paths: readonly string[], count: number): Promise<readonly string[]> {
  const times = await Promise.all(
    paths.map(async (path) => ({
      path,
      time: await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  return times
    .sort((a, b) => b.time - a.time)
    .slice(0, Math.max(0, count))
    .map(({ path }) => path);
}

function noteOf(followed: number, leftOut: number): string {
  const files = followed === 1 ? '1 file is followed' : `${followed.toLocaleString('en-US')} files are followed`;
  return leftOut === 0 ? `${files}.` : `${files}; ${leftOut.toLocaleString('en-US')} more are too many.`;
}

function asText(folder: string, error: unknown): string {
  const problem = asInputError(folder, error);
  return problem instanceof Error ? problem.message : String(problem);
}
