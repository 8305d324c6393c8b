/**
 * Finding what a log was renamed to.
 *
 *   audit.log ──rotation──▶ audit.log.1 ──rotation──▶ audit.log.2        app.log ──▶ app.log-20260731
 *
 * Only names of digits behind the log's own are looked at (`app.log.err` is another log), and compressed files are not.
 */
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FileIdentity, isSameFile, startsAs } from './file-identity.ts';

const ROTATED = /^[.-]\d[\d.T_-]*Z?$/;

/** How often names are looked up that move meanwhile: more than logs are rotated at once, and few where a file system numbers files anew at each look. */
export const MOST_TRIES = 200;

/** A file under the name that it had when it was looked for. */
export interface RotatedFile {
  readonly path: string;
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * The files to read before the one that has the log's name now: the file of the identity, where it still is, then those
 * that took its place and were renamed in turn, oldest first.
 */
export async function rotatedSince(path: string, identity: FileIdentity): Promise<readonly RotatedFile[]> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const siblings = await rotatedFiles(path);
    const own = siblings.findIndex((sibling) => isSameFile(identity, sibling));
    if (own === -1) return [];
    const handle = await openRotated(siblings[own] as RotatedFile);
    if (handle === 'moved') continue;
    if (handle === 'unreadable') return [];
    try {
      return (await startsAs(handle, identity)) ? siblings.slice(own) : [];
    } finally {
      await handle.close();
    }
  }
  return [];
}

/** Opens a file under the name that it was found with, unless the name stands for another file by now, or for none. */
export async function openRotated({ path, dev, ino }: RotatedFile): Promise<FileHandle | 'moved' | 'unreadable'> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'moved' : 'unreadable';
  }
  const status = await handle.stat({ bigint: true });
  if (status.dev === dev && status.ino === ino) return handle;
  await handle.close();
  return 'moved';
}

/**
 * What is to be read next, before the file that has the log's name: what was renamed after the file of the identity and,
 * where that one is gone by now, what is still there of those that were `known` to be unread.
 */
export async function rotatedAfter(
  path: string,
  identity: FileIdentity | undefined,
  known: readonly RotatedFile[],
): Promise<readonly RotatedFile[]> {
  const since = identity === undefined ? [] : await rotatedSince(path, identity);
  if (since.length > 0) return since.slice(1);
  if (known.length === 0) return [];
  const siblings = await rotatedFiles(path);
  const first = siblings.findIndex((sibling) =>
    known.some(({ dev, ino }) => dev === sibling.dev && ino === sibling.ino),
  );
  return first === -1 ? [] : siblings.slice(first);
}

/** Whether a name is one that a log of another name has when it was rotated. */
export function isRotatedName(log: string, name: string): boolean {
  return name.startsWith(log) && ROTATED.test(name.slice(log.length));
}

interface Sibling extends RotatedFile {
  readonly mtimeNs: bigint;
  readonly birthtimeNs: bigint;
}

/** Oldest first. A name that moves on while names are looked up would be missed or found twice: then all are looked up again. */
async function rotatedFiles(path: string): Promise<readonly Sibling[]> {
  let before = await listing(path);
  for (let tries = 1; tries < MOST_TRIES; tries += 1) {
    const now = await listing(path);
    if (!before.isMissing && !now.isMissing && namesOf(now.siblings) === namesOf(before.siblings)) return now.siblings;
    before = now;
  }
  return before.siblings;
}

function namesOf(siblings: readonly Sibling[]): string {
  return siblings.map(({ path, dev, ino }) => `${path}\0${dev}\0${ino}`).join('\n');
}

interface Listing {
  /** Oldest first, by the time they were last written. */
  readonly siblings: readonly Sibling[];
  /** A name was there and then was not: the file has another one, which may have been passed already. */
  readonly isMissing: boolean;
}

async function listing(path: string): Promise<Listing> {
  const [folder, name] = [dirname(path), basename(path)];
  const found: Sibling[] = [];
  let isMissing = false;
  for (const other of await readdir(folder).catch(() => [])) {
    if (!isRotatedName(name, other)) continue;
    const status = await stat(join(folder, other), { bigint: true }).catch(() => undefined);
    if (status === undefined) isMissing ||= !(await isLink(join(folder, other)));
    if (status?.isFile() !== true) continue;
    const { dev, ino, mtimeNs, birthtimeNs } = status;
    found.push({ path: join(folder, other), dev, ino, mtimeNs, birthtimeNs });
  }
  const siblings = found.sort(
    (a, b) =>
      Number(a.mtimeNs - b.mtimeNs) ||
      // Within one tick of the file system's clock: when they were made; then their names.
      Number(a.birthtimeNs - b.birthtimeNs) ||
      compareRotatedNames(a.path, b.path),
  );
  return { siblings, isMissing };
}

/** Whether the name is there, and leads nowhere. */
async function isLink(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined);
  return status?.isSymbolicLink() === true;
}

/** Digits from which on a name has a date (`-260731`) or seconds since 1970, not a number. */
const DATE_DIGITS = 6;

/**
 * Older first. Of audit.log.1 and audit.log.2 the second is older, of app.log-20260731 and app.log-20260801 the first. Both
 * kinds beside each other are of two ways to rotate; there the dated ones go first.
 */
function compareRotatedNames(a: string, b: string): number {
  const [dateA, dateB] = [isDated(a), isDated(b)];
  if (dateA !== dateB) return dateA ? -1 : 1;
  const order = a.length - b.length || (a < b ? -1 : 1);
  return dateA ? order : -order;
}

function isDated(path: string): boolean {
  return (/[\d.T_-]*Z?$/.exec(path)?.[0] ?? '').replace(/\D/g, '').length >= DATE_DIGITS;
}
