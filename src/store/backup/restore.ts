/**
 * A backup back into a data folder that is empty or not there.
 *
 *   FILE ──zstd, tar──▶ a folder beside the wanted one ──sums and versions checked──▶ rename ──▶ data folder
 *
 * Invariant: the data folder is there whole and checked, or as it was before.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { checkSchema, MIGRATIONS } from '../migrations.ts';
import { asStoreErrorsLater, StoreError } from '../store-error.ts';
import { BACKUP_FORM, type BackupDescription, DATA_PREFIX, DESCRIPTION_FILE, SUMS_FILE } from './back-up.ts';
import { readTar, TarError } from './tar.ts';

/** Of the description, and of the sums of a million files. */
const MOST_TEXT = 128 * 1024 * 1024;

/** @throws {StoreError} in words: the file is none, damaged, cut off or newer; the folder is not empty; the disk is full. */
export async function restore(file: string, dataFolder: string): Promise<BackupDescription> {
  const folder = resolve(dataFolder);
  if (!existsSync(file)) throw new StoreError('store-backup-damaged', `There is no file ${file}.`);
  return await asStoreErrorsLater(folder, async () => {
    await mkdir(dirname(folder), { recursive: true });
    if (existsSync(folder) && (await readdir(folder)).length > 0) {
      const hint = 'Name one that is empty or not there, or move it away.';
      throw new StoreError('store-not-empty', `The folder ${folder} is not empty.`, hint);
    }
    const stage = await mkdtemp(join(dirname(folder), `.${basename(folder)}-restore-`));
    try {
      const description = await unpack(file, stage);
      checkState(join(stage, 'state.sqlite'));
      await rename(stage, folder);
      return description;
    } catch (error) {
      throw isDamage(error) ? damaged(file, error) : error;
    } finally {
      await rm(stage, { recursive: true, force: true });
    }
  });
}

async function unpack(file: string, stage: string): Promise<BackupDescription> {
  const source = createReadStream(file);
  const plain = createZstdDecompress();
  // An error of the one is passed on by the other, which is what is read.
  source.on('error', (error) => plain.destroy(error));
  source.pipe(plain);
  const sums = new Map<string, string>();
  let description: BackupDescription | undefined;
  let listed: ReadonlyMap<string, string> | undefined;
  try {
    for await (const { name, bytes } of readTar(plain)) {
      if (name === DESCRIPTION_FILE) description = readDescription(await textOf(bytes), file);
      else if (description === undefined) throw new TarError('it does not say what it is');
      else if (name === SUMS_FILE) listed = readSums(await textOf(bytes));
      else if (name.startsWith(DATA_PREFIX))
        sums.set(name, await unpackFile(bytes, join(stage, name.slice(DATA_PREFIX.length))));
      else throw new TarError(`${name} in it is not known`);
    }
  } finally {
    source.destroy();
    plain.destroy();
  }
  if (description === undefined || listed === undefined) throw new TarError('it ends too early');
  for (const [name, sum] of listed)
    if (sums.get(name) !== sum) throw new TarError(`${name} in it is not what was backed up`);
  if (sums.size !== listed.size) throw new TarError('it holds more than was backed up');
  return description;
}

async function unpackFile(bytes: AsyncIterable<Buffer>, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const hashed = async function* () {
    for await (const chunk of bytes) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.from(hashed()), createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
  return hash.digest('hex');
}

function readDescription(text: string, file: string): BackupDescription {
  const description = JSON.parse(text) as BackupDescription;
  const { form, version, state_schema: schema } = description;
  if (!Number.isInteger(form) || !Number.isInteger(schema)) throw new TarError('it does not say what it is');
  if (form > BACKUP_FORM || schema > MIGRATIONS.length) {
    const hint = `Update Vedette to ${version} or newer.`;
    throw new StoreError('store-newer', `${file} was made by a newer Vedette (${version}).`, hint);
  }
  return description;
}

function readSums(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

function checkState(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    checkSchema(database, path);
  } finally {
    database.close();
  }
}

async function textOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > MOST_TEXT) throw new TarError('its description is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What a damaged file makes of the reading: zstd's own complaints, JSON's, and ours. */
function isDamage(error: unknown): error is Error {
  if (error instanceof TarError || error instanceof SyntaxError) return true;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return code.startsWith('ZSTD_') || code.startsWith('ERR_ZLIB') || code === 'Z_BUF_ERROR';
}

function damaged(file: string, error: Error): StoreError {
  const message = `${file} is no whole backup of Vedette: ${error.message}.`;
  return new StoreError('store-backup-damaged', message, 'Restore another backup. Nothing was changed.', error);
}
