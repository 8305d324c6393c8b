/**
 * What a user named, as the list of files to read.
 *
 *   files, folders, `-` ──▶ folders walked in order of names ──▶ each file once
 *
 * A folder gives its regular files at any depth, hidden ones (`.name`) left out. Symbolic links are followed; a file
 * or folder that is reached a second time, by a link or because it was named twice, is not taken again, so links in a
 * circle end and no event is read twice.
 */
import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { asInputError, InputError, STANDARD_INPUT } from './byte-source.ts';

export interface InputProblem {
  readonly path: string;
  readonly diagnostic: Diagnostic;
}

export interface ExpandedInputs {
  /** As named, or the named folder joined with the path in it. */
  readonly files: readonly InputFile[];
  readonly problems: readonly InputProblem[];
}

export interface InputFile {
  readonly path: string;
  /** Bytes as they lie on the disk; absent for pipes and standard input. */
  readonly size?: number;
}

/** Finds the files to read; what cannot be read is a problem and hides nothing else. */
export async function expandInputs(paths: readonly string[]): Promise<ExpandedInputs> {
  const walk = new Walk();
  for (const path of paths) await walk.named(path);
  return { files: walk.files, problems: walk.problems };
}

class Walk {
  readonly files: InputFile[] = [];
  readonly problems: InputProblem[] = [];
  private readonly seen = new Set<string>();

  async named(path: string): Promise<void> {
    if (path === STANDARD_INPUT) {
      if (this.isNew(path)) this.files.push({ path });
      return;
    }
    try {
      const status = await stat(path, { bigint: true });
      if (!this.isNew(identity(status))) return;
      if (status.isDirectory()) await this.folder(path);
      // A pipe or a terminal is read when it is asked for by name, never because it lies in a folder.
      else this.files.push(status.isFile() ? { path, size: Number(status.size) } : { path });
    } catch (error) {
      this.failed(path, error);
    }
  }

  private async folder(root: string): Promise<void> {
    let found = 0;
    const waiting = (await visibleNames(root)).map((name) => join(root, name));
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      try {
        const status = await stat(path, { bigint: true });
        if (status.isFile()) found += 1;
        if (!(status.isDirectory() || status.isFile()) || !this.isNew(identity(status))) continue;
        if (status.isFile()) this.files.push({ path, size: Number(status.size) });
        else for (const name of await visibleNames(path)) waiting.push(join(path, name));
      } catch (error) {
        found += 1;
        // Gone since the folder was listed, or a link to nothing: there is nothing to read there.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.failed(path, error);
      }
    }
    if (found > 0) return;
    const hint = 'Hidden files in a folder are left out; name them to read them.';
    const message = `The folder ${root} holds no files to read.`;
    this.problems.push({ path: root, diagnostic: diagnose('ingest-folder-empty', 'warning', message, NO_SPAN, hint) });
  }

  private failed(path: string, error: unknown): void {
    const problem = asInputError(path, error);
    if (!(problem instanceof InputError)) throw error;
    this.problems.push({ path, diagnostic: problem.diagnostic });
  }

  private isNew(identity: string): boolean {
    if (this.seen.has(identity)) return false;
    this.seen.add(identity);
    return true;
  }
}

/** Last name first, since the walk takes from the end. */
async function visibleNames(folder: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => !name.startsWith('.'))
    .sort()
    .reverse();
}

function identity(status: BigIntStats): string {
  return `${status.dev}:${status.ino}`;
}
