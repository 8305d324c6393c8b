/**
 * Opens the recent events of a data folder, to write or to read beside the writer.
 *
 *   folder ──▶ events.sqlite ──pragmas──▶ migrate ──▶ EventStore
 *                  └─damaged──▶ events.damaged.sqlite, and a new one is begun
 *
 * Whoever writes has the state store of the folder open, whose lock keeps other writers out. Events are worth less than
 * alerts: a damaged file is set aside, never a reason not to start.
 */
import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EVENT_FILE, EVENT_MIGRATIONS } from './event-schema.ts';
import type { EventStore } from './event-store.ts';
import { checkSchema, migrate } from './migrations.ts';
import { EVENT_LIMITS, type EventLimits, logPagesOf, sqliteEventStore } from './sqlite-event-store.ts';
import { asStoreErrors, StoreError } from './store-error.ts';

const BUSY_TIMEOUT_MS = 5_000;

// Terms lie all over the file: with 32 MB of it at hand, adding an event reads nothing.
const PRAGMAS = 'PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;';

export interface OpenedEvents {
  readonly store: EventStore;
  /** Where a damaged file was moved to before a new one was begun. */
  readonly setAside?: string;
}

/**
 * @param isDamaged the file is known to be, though it may open: damage in its middle shows only when that is read.
 * @throws {StoreError} in words, when the file is newer, another program’s, or cannot be written.
 */
export async function openEventStore(folder: string, limits = EVENT_LIMITS, isDamaged = false): Promise<OpenedEvents> {
  const path = eventFile(folder);
  try {
    if (!isDamaged) return { store: openWriter(path, limits) };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  const setAside = setEventsAside(folder);
  return { store: openWriter(path, limits), setAside };
}

/** Reads beside the writer; nothing where no events were stored yet. @throws {StoreError} */
export async function openEventReader(folder: string): Promise<EventStore | undefined> {
  const path = eventFile(folder);
  if (!existsSync(path)) return undefined;
  return asStoreErrors(path, () => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    return closedOnError(database, () => {
      database.exec(PRAGMAS);
      // Made, but nothing in it yet: its writer is about to begin.
      const isBegun = checkSchema(database, path, EVENT_MIGRATIONS, EVENT_FILE) === EVENT_MIGRATIONS.length;
      if (isBegun) return sqliteEventStore(database, path);
      database.close();
      return undefined;
    });
  });
}

/** Moves the file away, in the place of one moved away before; gives where it is. */
function setEventsAside(folder: string): string {
  const path = eventFile(folder);
  const aside = join(folder, 'events.damaged.sqlite');
  return asStoreErrors(path, () => {
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    if (existsSync(path)) renameSync(path, aside);
    return aside;
  });
}

export function isDamage(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'store-damaged';
}

export function eventFile(folder: string): string {
  return join(folder, 'events.sqlite');
}

function openWriter(path: string, limits: EventLimits): EventStore {
  return asStoreErrors(path, () => {
    // SQLite would make it readable to all; the files beside it take its mode.
    closeSync(openSync(path, 'a', 0o600));
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    return closedOnError(database, () => {
      checkSchema(database, path, EVENT_MIGRATIONS, EVENT_FILE);
      const logPages = logPagesOf(limits);
      // Only an empty file takes auto_vacuum; without it a file never gets smaller.
      database.exec(`${PRAGMAS} PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = ${logPages}; PRAGMA journal_size_limit = ${logPages * 8_192};`);
      migrate(database, path, EVENT_MIGRATIONS, EVENT_FILE);
      return sqliteEventStore(database, path, limits);
    });
  });
}

function closedOnError<T>(database: DatabaseSync, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (database.isOpen) database.close();
    throw error;
  }
}
