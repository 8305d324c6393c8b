/**
 * One writer per data folder.
 *
 * The lock is a write transaction held open on an empty SQLite file of its own. The operating system drops it when the
 * process ends in whatever way, so there is no stale lock to recover after a kill and no process id to mistake for
 * another's; and SQLite also keeps two threads of one process apart. The process id stands beside it only to be named
 * in the message.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './store-error.ts';

export interface WriterLock {
  /** Once released, does nothing. */
  release(): void;
}

/** @throws {StoreError} `store-locked`, naming the process that writes to the folder. */
export function lockForWriting(folder: string): WriterLock {
  const owner = join(folder, 'writer.pid');
  const lock = new DatabaseSync(join(folder, 'writer.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN IMMEDIATE');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? locked(folder, owner, error) : error;
  }
  try {
    writeFileSync(owner, `${process.pid}\n`);
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    release: () => {
      if (!lock.isOpen) return;
      try {
        rmSync(owner, { force: true });
      } catch {
        // A folder that has become read-only keeps it. The lock itself ends here all the same.
      }
      lock.close();
    },
  };
}

function locked(folder: string, owner: string, cause: unknown): StoreError {
  const pid = readPid(owner);
  return new StoreError(
    'store-locked',
    `The data folder ${folder} is in use by another Vedette${pid === undefined ? '' : ` (process ${pid})`}.`,
    `${pid === undefined ? 'Stop it' : `Stop it with \`kill ${pid}\``}, or name another data folder.`,
    cause,
  );
}

function readPid(owner: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(owner, 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : undefined;
  } catch {
    return undefined; // Between taking the lock and writing the id: the refusal stands without it.
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
