/**
 * Opens the state of a data folder, to write (one process at a time) or to read beside the writer.
 *
 *   folder ──make──▶ lock ──▶ state.sqlite ──pragmas──▶ migrate ──▶ StateStore
 */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkSchema, MIGRATIONS, migrate } from './migrations.ts';
import { sqliteStateStore } from './sqlite-state-store.ts';
import type { StateStore } from './state-store.ts';
import { asStoreErrors, StoreError } from './store-error.ts';
import { lockForWriting } from './writer-lock.ts';

const BUSY_TIMEOUT_MS = 5_000;

// What a search finds is put aside in memory, never in a file that an attacker's alerts could fill a disk with.
const PRAGMAS = 'PRAGMA temp_store = MEMORY;';

// FULL makes a commit outlive a power cut: what is acknowledged is on the disk (DESIGN, decision 9).
const WRITER_PRAGMAS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;';

export interface OpenOptions {
  /** Reads beside the writer, takes no lock and changes nothing. The folder must have been written before. */
  readonly readOnly?: boolean;
  /** How long a statement waits for another connection; a commit takes a few milliseconds. Default 5,000. */
  readonly busyTimeoutMs?: number;
}

/** @throws {StoreError} in words, when the folder is in use, newer, damaged, full, missing or not writable. */
export function openStateStore(folder: string, options: OpenOptions = {}): StateStore {
  const timeout = options.busyTimeoutMs ?? BUSY_TIMEOUT_MS;
  const open = options.readOnly === true ? openReader : openWriter;
  return asStoreErrors(folder, () => open(folder, timeout));
}

function openReader(folder: string, timeout: number): StateStore {
  const path = join(folder, 'state.sqlite');
  if (!existsSync(path)) {
    throw new StoreError(
      'store-missing',
      `${folder} holds no state of Vedette.`,
      'Start Vedette with this folder once.',
    );
  }
  const database = new DatabaseSync(path, { readOnly: true, timeout });
  return closedOnError(database, () => {
    database.exec(PRAGMAS);
    if (checkSchema(database, path) < MIGRATIONS.length) {
      const hint = 'Start Vedette with this folder: it makes a copy first, then brings the file up to date.';
      throw new StoreError('store-older', `${path} was written by an older Vedette.`, hint);
    }
    return sqliteStateStore(database, path);
  });
}

function openWriter(folder: string, timeout: number): StateStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockForWriting(folder);
  try {
    const path = join(folder, 'state.sqlite');
    // SQLite would make it readable to all; the files beside it take its mode.
    closeSync(openSync(path, 'a', 0o600));
    const database = new DatabaseSync(path, { timeout });
    const store = closedOnError(database, () => {
      checkSchema(database, path);
      database.exec(PRAGMAS + WRITER_PRAGMAS);
      migrate(database, path);
      return sqliteStateStore(database, path);
    });
    return releasingOnClose(store, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function releasingOnClose(store: StateStore, release: () => void): StateStore {
  const close = store.close.bind(store);
  return Object.assign(store, {
    close: () => {
      close();
      release();
    },
  });
}

function closedOnError<T>(database: DatabaseSync, action: () => T): T {
  try {
    return action();
  } catch (error) {
    database.close();
    throw error;
  }
}
