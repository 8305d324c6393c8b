/**
 * What tells of a file, without reading it, that nobody has written to it since it was read: as git does it.
 *
 * Sound because whoever writes to a file, or puts another in its place, changes the time of the change of its inode, which no
 * program can set, or its number. The one exception are two changes within one tick of the file system's clock: a file that
 * was changed a moment before it was looked at has no stamp, and is read again the next time.
 */

export interface FileStamp {
  readonly size: number;
  /** Milliseconds, as exactly as the system has them. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/** Longer than a tick of any clock of files (FAT's is two seconds), in milliseconds. */
const SETTLED_MS = 3000;

/**
 * @param stats of before the file was read
 * @param now of before they were asked for, epoch milliseconds
 * @returns nothing where the file was changed so lately, or is dated so far ahead, that it may have been written to since
 */
export function stampOf({ size, mtimeMs, ctimeMs, ino }: FileStamp, now: number): FileStamp | undefined {
  return mtimeMs < now - SETTLED_MS && ctimeMs < now - SETTLED_MS ? { size, mtimeMs, ctimeMs, ino } : undefined;
}

export function isSameStamp(one: FileStamp, other: FileStamp): boolean {
  return (
    one.size === other.size && one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs && one.ino === other.ino
  );
}
