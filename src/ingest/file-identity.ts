/**
 * Which file a name stands for: device and inode, and the first bytes.
 *
 * The inode alone is not enough, since file systems hand the number of a deleted file to the next one, and a file can be
 * emptied and written anew (`copytruncate`). The first bytes of a log carry a time or a serial number, so they tell.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Enough for the first record of every format, cheap to compare at each look. */
const MOST_START_BYTES = 256;

export interface FileIdentity {
  readonly dev: string;
  readonly ino: string;
  /** How many first bytes `start` was made of; 0 for a file that was empty. */
  readonly startBytes: number;
  /** SHA-256 of these bytes, hex, 16 digits. */
  readonly start: string;
}

/** Identity of an open file of which `size` bytes are known. */
export async function identityOf(handle: FileHandle, size: number): Promise<FileIdentity> {
  const { dev, ino } = await handle.stat({ bigint: true });
  const startBytes = Math.min(size, MOST_START_BYTES);
  return { dev: String(dev), ino: String(ino), startBytes, start: await startOf(handle, startBytes) };
}

/** Whether more first bytes are known by now than the identity was made of. */
export function couldKnowMore(identity: FileIdentity, size: number): boolean {
  return identity.startBytes < Math.min(size, MOST_START_BYTES);
}

/** Whether the open file still begins as the identity says. */
export async function startsAs(handle: FileHandle, identity: FileIdentity): Promise<boolean> {
  return (await startOf(handle, identity.startBytes)) === identity.start;
}

/** The same file as the name or handle that a `stat` was made of; its content may have been replaced. */
export function isSameFile(identity: FileIdentity, status: { readonly dev: bigint; readonly ino: bigint }): boolean {
  return identity.dev === String(status.dev) && identity.ino === String(status.ino);
}

async function startOf(handle: FileHandle, length: number): Promise<string> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, 0);
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, 16);
}
