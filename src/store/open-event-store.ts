/**
 * Opens the events of a data folder, to write or to read beside the writer.
 *
 *   folder ──▶ events/manifest.sqlite ──pragmas──▶ migrate ──▶ recover ──▶ EventStore
 *                  └─damaged──▶ events/damaged/manifest.sqlite, and a new one is made from the files beside it
 *   folder ──▶ events.sqlite, of an earlier Vedette ──▶ carried over first
 *
 * Whoever writes has the state store of the folder open, whose lock keeps other writers out. Events are worth less than
 * alerts: damage is set aside, never a reason not to start.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EVENT_LIMITS, type EventLimits } from './event-limits.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from './event-schema.ts';
import type { EventStore } from './event-store.ts';
import { checkSchema, migrate } from './migrations.ts';
import { carryOver, removeSqlite } from './segments/carry-over.ts';
import type { DuckLimits } from './segments/duck.ts';
import { EventFiles } from './segments/event-files.ts';
import { MANIFEST_FILE, MANIFEST_MIGRATIONS, Manifest } from './segments/manifest.ts';
import { recoverEvents } from './segments/recover-events.ts';
import { SegmentReader } from './segments/segment-reader.ts';
import { SegmentEventStore, type SegmentStoreOptions } from './segments/segment-store.ts';
import { sqliteEventStore } from './sqlite-event-store.ts';
import { asStoreErrors, asStoreErrorsLater, StoreError } from './store-error.ts';

const BUSY_TIMEOUT_MS = 5_000;

export interface OpenedEvents {
  readonly store: EventStore;
  /** Where a damaged file was moved to before a new one was begun. */
  readonly setAside?: string;
}

/**
 * @param isDamaged the manifest is known to be, though it may open: damage in its middle shows only when that is read.
 * @throws {StoreError} in words, when the file is newer, another program’s, or cannot be written.
 */
export async function openEventStore(
  folder: string,
  limits: EventLimits = EVENT_LIMITS,
  isDamaged = false,
): Promise<OpenedEvents> {
  return openSegments(folder, { limits }, isDamaged);
}

/** The same, with what the service and tests set besides. */
export async function openSegments(
  folder: string,
  options: SegmentStoreOptions,
  isDamaged = false,
): Promise<OpenedEvents & { readonly store: SegmentEventStore }> {
  const files = new EventFiles(folder);
  return asStoreErrorsLater(files.folder, async () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    files.make();
    let setAside: string | undefined;
    if (isDamaged) setAside = setManifestAside(files);
    let opened: { manifest: Manifest; isNew: boolean };
    try {
      opened = openManifest(files.manifest);
    } catch (error) {
      if (!isDamage(error)) throw error;
      setAside = setManifestAside(files);
      opened = openManifest(files.manifest);
    }
    const { manifest, isNew } = opened;
    try {
      const logs = await recoverEvents(files, manifest, isNew);
      const store = new SegmentEventStore(folder, files, manifest, logs, options);
      await carryOverSqlite(folder, store, options);
      return { store, ...(setAside === undefined ? {} : { setAside }) };
    } catch (error) {
      manifest.close();
      throw error;
    }
  });
}

/** Reads beside the writer; nothing where no events were stored yet. @throws {StoreError} */
export async function openEventReader(folder: string, limits?: DuckLimits): Promise<SegmentReader | undefined> {
  const files = new EventFiles(folder);
  if (!existsSync(files.manifest)) return undefined;
  return asStoreErrors(files.manifest, () => {
    const database = openDatabase(files.manifest);
    return closedOnError(database, () => {
      // What it writes are leases, which end with a power cut anyhow.
      database.exec('PRAGMA synchronous = NORMAL');
      const version = checkSchema(database, files.manifest, MANIFEST_MIGRATIONS, MANIFEST_FILE);
      if (version === MANIFEST_MIGRATIONS.length)
        return new SegmentReader(files, new Manifest(database, files.manifest), true, limits);
      // Made, but nothing in it yet: its writer is about to begin.
      database.close();
      return undefined;
    });
  });
}

export function isDamage(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'store-damaged';
}

/** Whether events were ever stored there. */
export function hasEvents(folder: string): boolean {
  return existsSync(eventFile(folder)) || existsSync(join(folder, 'events.sqlite'));
}

/** The file whose change of identity says that the events were begun anew. */
export function eventFile(folder: string): string {
  return new EventFiles(folder).manifest;
}

/** Moves it away, in the place of one moved away before; gives where it is. */
function setManifestAside(files: EventFiles): string {
  const aside = join(files.damaged, 'manifest.sqlite');
  for (const suffix of ['-wal', '-shm']) rmSync(files.manifest + suffix, { force: true });
  if (existsSync(files.manifest)) renameSync(files.manifest, aside);
  return aside;
}

function openManifest(path: string): { readonly manifest: Manifest; readonly isNew: boolean } {
  return asStoreErrors(path, () => {
    // SQLite would make it readable to all; the files beside it take its mode.
    closeSync(openSync(path, 'a', 0o600));
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    return closedOnError(database, () => {
      const version = checkSchema(database, path, MANIFEST_MIGRATIONS, MANIFEST_FILE);
      database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
        PRAGMA wal_autocheckpoint = 100; PRAGMA journal_size_limit = 1048576;`);
      migrate(database, path, MANIFEST_MIGRATIONS, MANIFEST_FILE);
      return { manifest: new Manifest(database, path), isNew: version === 0 };
    });
  });
}

/** To write leases where that is allowed. */
function openDatabase(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  } catch {
    return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  }
}

async function carryOverSqlite(
  folder: string,
  store: SegmentEventStore,
  { now = Date.now, limits }: SegmentStoreOptions,
): Promise<void> {
  const path = join(folder, 'events.sqlite');
  if (!existsSync(path)) return;
  try {
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    await asStoreErrorsLater(path, async () => {
      checkSchema(database, path, EVENT_MIGRATIONS, EVENT_FILE);
      migrate(database, path, EVENT_MIGRATIONS, EVENT_FILE);
      const earlier = sqliteEventStore(database, path, limits);
      await carryOver(earlier, store, now());
      await earlier.close();
    });
    removeSqlite(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    renameSync(path, join(folder, 'events.damaged.sqlite'));
  }
}

function closedOnError<T>(database: DatabaseSync, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (database.isOpen) database.close();
    throw error;
  }
}
