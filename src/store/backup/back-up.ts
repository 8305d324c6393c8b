/**
 * A backup of a data folder in one file, taken while the service runs or not.
 *
 *   parts ──copy, each as of one instant──▶ a folder beside the file ──tar, zstd──▶ FILE.unfinished ──fsync, rename──▶ FILE
 *
 * Invariants: FILE is there whole or not at all; only its owner may read it; a database is copied in one read transaction,
 * which neither waits for the writer nor makes it wait. It takes twice its size beside FILE while it is made.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { MIGRATIONS } from '../migrations.ts';
import { asStoreErrorsLater, StoreError } from '../store-error.ts';
import { type BackupPart, backupParts } from './backup-parts.ts';
import { copyDatabase } from './copy-database.ts';
import { copyEvents } from './copy-events.ts';
import { type TarFile, writeTar } from './tar.ts';

/** The first file of a backup: what it is, and of what. */
export const DESCRIPTION_FILE = 'vedette-backup.json';
/** The last one; a backup without it was cut off. As `sha256sum` writes it. */
export const SUMS_FILE = 'SHA256SUMS';
/** Where the data folder's files lie in it. */
export const DATA_PREFIX = 'data/';
export const BACKUP_FORM = 1;

export interface BackupDescription {
  readonly form: number;
  /** Of the program that made it. */
  readonly version: string;
  readonly made: string;
  /** The newest schema of the state that the program knew. */
  readonly state_schema: number;
  readonly has_events: boolean;
}

export interface BackupOptions {
  readonly dataFolder: string;
  readonly file: string;
  readonly withEvents: boolean;
  readonly version: string;
  readonly now: Date;
}

export interface BackupDone {
  readonly files: number;
  /** Of the backup. */
  readonly bytes: number;
}

const ZSTD = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** @throws {StoreError} in words: nothing there to back up, the file is there already, the disk is full. */
export async function backUp(options: BackupOptions): Promise<BackupDone> {
  const { dataFolder } = options;
  const file = resolve(options.file);
  if (!existsSync(join(dataFolder, 'state.sqlite'))) {
    throw new StoreError(
      'store-missing',
      `${dataFolder} holds no state of Vedette.`,
      'Name its data folder with --data.',
    );
  }
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw new StoreError('store-cannot-open', `There is no folder ${folder}.`, 'Make it, or name another file.');
  }
  if (existsSync(file)) {
    throw new StoreError('store-backup-exists', `${file} is there already.`, 'Name another file, or move it away.');
  }
  return await asStoreErrorsLater(file, async () => {
    const stage = await mkdtemp(join(folder, '.vedette-backup-'));
    const unfinished = `${file}.unfinished`;
    try {
      const parts = backupParts(dataFolder, options.withEvents);
      const copied: string[] = [];
      for (const part of parts) copied.push(...(await copyPart(part, dataFolder, stage)));
      const archive = writeTar(filesOf(copied, stage, options));
      await pipeline(archive, createZstdCompress(ZSTD), createWriteStream(unfinished, { mode: 0o600 }));
      await syncFile(unfinished);
      await rename(unfinished, file);
      await syncFile(dirname(file));
      return { files: copied.length, bytes: (await stat(file)).size };
    } finally {
      await rm(unfinished, { force: true });
      await rm(stage, { recursive: true, force: true });
    }
  });
}

/** The names of its files; none where it went meanwhile, as a rule does that is taken out. */
async function copyPart({ kind, name }: BackupPart, folder: string, stage: string): Promise<readonly string[]> {
  const [from, to] = [join(folder, name), join(stage, name)];
  if (kind === 'events') return await copyEvents(folder, stage);
  await mkdir(dirname(to), { recursive: true });
  try {
    if (kind === 'database') copyDatabase(from, to);
    else await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && name !== 'state.sqlite') return [];
    throw error;
  }
  await chmod(to, 0o600);
  return [name];
}

async function* filesOf(
  names: readonly string[],
  stage: string,
  { version, now, withEvents }: BackupOptions,
): AsyncGenerator<TarFile> {
  const description: BackupDescription = {
    form: BACKUP_FORM,
    version,
    made: now.toISOString(),
    state_schema: MIGRATIONS.length,
    has_events: withEvents,
  };
  yield { name: DESCRIPTION_FILE, content: Buffer.from(`${JSON.stringify(description, undefined, 2)}\n`) };
  const sums: string[] = [];
  for (const name of names) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(stage, name))) hash.update(chunk as Buffer);
    sums.push(`${hash.digest('hex')}  ${DATA_PREFIX}${name}\n`);
    yield { name: DATA_PREFIX + name, content: join(stage, name) };
  }
  yield { name: SUMS_FILE, content: Buffer.from(sums.join('')) };
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
