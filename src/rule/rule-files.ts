/**
 * The texts behind paths: files, folders (all `.toml` files in them, in order of name), `-` for standard input.
 *
 * What cannot be read is a diagnostic in place of a text. A file reached twice is given once. Links to folders inside a
 * folder are not followed, so that a circle of links ends.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';

export type RuleFile =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly diagnostic: Diagnostic };

/** Elastic's largest rule has 60 kB; this keeps out what was never meant as one. */
const LARGEST = 1024 * 1024;

export async function* readRuleFiles(paths: Iterable<string>): AsyncGenerator<RuleFile> {
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === '-') {
      yield await readStandardInput();
      continue;
    }
    for await (const found of filesAt(path)) {
      if (typeof found !== 'string') {
        yield found;
      } else if (!seen.has(resolve(found))) {
        seen.add(resolve(found));
        yield await readOne(found);
      }
    }
  }
}

async function* filesAt(path: string): AsyncGenerator<string | RuleFile> {
  try {
    if (!(await stat(path)).isDirectory()) {
      yield path;
      return;
    }
    const files = await filesUnder(path);
    if (files.length > 0) yield* files;
    else yield { file: path, diagnostic: diagnose('rule-file-empty', 'error', 'The folder holds no .toml file.') };
  } catch (error) {
    yield { file: path, diagnostic: unreadable(error) };
  }
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.toml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function readOne(file: string): Promise<RuleFile> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST) return { file, diagnostic: tooLarge() };
    return decode(file, await readFile(file));
  } catch (error) {
    return { file, diagnostic: unreadable(error) };
  }
}

async function readStandardInput(): Promise<RuleFile> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > LARGEST) return { file: '-', diagnostic: tooLarge() };
      chunks.push(chunk);
    }
    return decode('-', Buffer.concat(chunks));
  } catch (error) {
    return { file: '-', diagnostic: unreadable(error) };
  }
}

function decode(file: string, bytes: Uint8Array): RuleFile {
  try {
    // The mark at the start is kept so that offsets stay those of the file; TOML skips it.
    return { file, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { file, diagnostic: diagnose('rule-file-unreadable', 'error', 'The file is not UTF-8 text.') };
  }
}

function tooLarge(): Diagnostic {
  return diagnose('rule-file-too-large', 'error', 'The file is larger than 1 MiB.');
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'It may not be read (permission denied).',
  EISDIR: 'It is a folder.',
  ELOOP: 'It is a link that leads to itself.',
  ENOENT: 'There is no such file or folder.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
};

function unreadable(error: unknown): Diagnostic {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return diagnose('rule-file-unreadable', 'error', REASONS[code] ?? `It cannot be read (${code || String(error)}).`);
}
