/**
 * Finding what a log was renamed to.
 *
 *   audit.log ──rotation──▶ audit.log.1 ──rotation──▶ audit.log.2        app.log ──▶ app.log-20260731
 *
 * Only names of digits behind the log's own are looked at (`app.log.err` is another log), and compressed files are not.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FileIdentity, isSameFile, startsAs } from './file-identity.ts';

const ROTATED = /^[.-]\d[\d.T_-]*Z?$/;

/**
 * The files to read before the one that has the log's name now: the file of the identity, where it still is, then those
 * that took its place and were renamed in turn, oldest first.
 */
export async function rotatedSince(path: string, identity: FileIdentity): Promise<readonly string[]> {
  const siblings = await rotatedSiblings(path);
  const own = siblings.findIndex(({ status }) => isSameFile(identity, status));
  if (own === -1) return [];
  const found = siblings[own] as Sibling;
  if (!(await stillStartsAs(found.path, identity))) return [];
  return siblings.slice(own).map((sibling) => sibling.path);
}

/** Whether a name is one that a log of another name has when it was rotated. */
export function isRotatedName(log: string, name: string): boolean {
  return name.startsWith(log) && ROTATED.test(name.slice(log.length));
}

interface Sibling {
  readonly path: string;
  readonly status: {
    readonly dev: bigint;
    readonly ino: bigint;
    readonly mtimeNs: bigint;
    readonly birthtimeNs: bigint;
  };
}

/** Oldest first, by the time they were last written. */
async function rotatedSiblings(path: string): Promise<readonly Sibling[]> {
  const [folder, name] = [dirname(path), basename(path)];
  const found: Sibling[] = [];
  for (const other of await readdir(folder).catch(() => [])) {
    if (!isRotatedName(name, other)) continue;
    const status = await stat(join(folder, other), { bigint: true }).catch(() => undefined);
    if (status?.isFile() === true) found.push({ path: join(folder, other), status });
  }
  return found.sort(
    (a, b) =>
      Number(a.status.mtimeNs - b.status.mtimeNs) ||
      // Within one tick of the file system's clock: when they were made; then their names.
      Number(a.status.birthtimeNs - b.status.birthtimeNs) ||
      compareRotatedNames(a.path, b.path),
  );
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

async function stillStartsAs(path: string, identity: FileIdentity): Promise<boolean> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return false;
  try {
    return await startsAs(handle, identity);
  } finally {
    await handle.close();
  }
}
