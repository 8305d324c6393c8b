/**
 * What this program makes of rules, as one short text: another wherever a line of what reads and compiles them is another.
 *
 * Of a checkout under development a version number says nothing, so it is the sources themselves that are hashed (under a
 * megabyte of JavaScript or TypeScript, as it runs), with the package's file, which names the libraries, and Node.
 *
 *   sources ──stamps (`file-stamp.ts`) as they were──▶ the version that was kept beside the rules
 *         └──other or too new──▶ read, hashed, kept
 *
 * What was made of sources (`tools/bundle.mjs`) lies beside its own version.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stampOf } from './file-stamp.ts';

/** The rooms that decide what becomes of a rule's text: `match/` for what is known of a plan without it. */
const ROOMS = ['diagnostic', 'event', 'plan', 'vocabulary', 'language', 'match', 'rule'];

const MADE_OF = new URL('../made-of.json', import.meta.url);

/** @param folder in which it is kept for the next process; made where it is not there */
export function compilerVersion(folder: string): string {
  const made = versionMade();
  if (made !== undefined) return made;
  const kept = join(folder, 'compiler');
  const files = sources();
  const stamps = stampsOf(files);
  if (stamps === undefined) return hashSources(files);
  const before = readKept(kept);
  const last = `${stamps} `;
  if (before?.startsWith(last) === true) return before.slice(last.length);
  const version = hashSources(files);
  const unfinished = `${kept}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, `${last}${version}`, { mode: 0o600 });
    renameSync(unfinished, kept);
  } catch {
    // It is found out again the next time.
    if (existsSync(unfinished)) rmSync(unfinished, { force: true });
  }
  return version;
}

function versionMade(): string | undefined {
  if (!existsSync(MADE_OF)) return undefined;
  const { version } = JSON.parse(readFileSync(MADE_OF, 'utf8')) as { readonly version: string };
  return createHash('sha256')
    .update(version + process.version + process.arch)
    .digest('hex')
    .slice(0, 32);
}

/** As rules are kept: a file that others may write says nothing. */
function readKept(kept: string): string | undefined {
  try {
    const { uid, mode } = statSync(kept);
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOurs ? readFileSync(kept, 'latin1') : undefined;
  } catch {
    return undefined;
  }
}

/** In an order of their own; the package's file first. */
function sources(): readonly string[] {
  const files: string[] = [];
  const folders = ROOMS.map((room) => fileURLToPath(new URL(`../${room}/`, import.meta.url)));
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory()) folders.push(`${path}${sep}`);
      else if (/(?<!\.test|\.d)\.[jt]s$/.test(entry.name)) files.push(path);
    }
  }
  return [fileURLToPath(new URL('../../package.json', import.meta.url)), ...files.sort()];
}

/** One text that is another where a file is another; nothing where some file may be written to at this moment. */
function stampsOf(files: readonly string[]): string | undefined {
  const hash = createHash('sha256').update(process.version + process.arch);
  const now = Date.now();
  for (const file of files) {
    const stamp = stampOf(statSync(file), now);
    if (stamp === undefined) return undefined;
    hash.update(`${file} ${stamp.size} ${stamp.mtimeMs} ${stamp.ctimeMs} ${stamp.ino}\n`);
  }
  return hash.digest('hex');
}

function hashSources(files: readonly string[]): string {
  const hash = createHash('sha256').update(process.version + process.arch);
  const root = fileURLToPath(new URL('../../', import.meta.url));
  for (const file of files) hash.update(`\n${file.slice(root.length)}\n`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}
