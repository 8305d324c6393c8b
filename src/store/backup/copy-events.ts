/**
 * The folder of events copied as of one instant, beside its writer.
 *
 *   lease ──▶ manifest copied in one read transaction ──its live parts──▶ their files copied ──▶ lease given back
 *
 * Sound because a lease keeps every file that was live when it was taken or became so later. A log that grows meanwhile may
 * be copied with half a line at its end, which opening cuts off, as after a crash.
 */
import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkSchema } from '../migrations.ts';
import { EventFiles } from '../segments/event-files.ts';
import { LEASE_MS, MANIFEST_FILE, MANIFEST_MIGRATIONS, Manifest } from '../segments/manifest.ts';
import { BUSY_TIMEOUT_MS, copyDatabase } from './copy-database.ts';

/** The names of the files copied, below the data folder; none where no events were stored. */
export async function copyEvents(dataFolder: string, stage: string): Promise<readonly string[]> {
  const files = new EventFiles(dataFolder);
  if (!existsSync(files.manifest)) return [];
  const manifest = openManifest(files.manifest);
  const lease = `backup-${randomUUID()}`;
  const { generation } = manifest.lease(lease, Date.now());
  const renewal = setInterval(() => manifest.lease(lease, Date.now(), generation), LEASE_MS / 3);
  try {
    const copied = new EventFiles(stage);
    copied.make();
    copyDatabase(files.manifest, copied.manifest);
    const names = [nameOf(files.manifest, dataFolder)];
    for (const path of liveFiles(copied.manifest, files)) {
      const name = nameOf(path, dataFolder);
      const to = join(stage, name);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(path, to, constants.COPYFILE_FICLONE);
      await chmod(to, 0o600);
      names.push(name);
    }
    return names;
  } finally {
    clearInterval(renewal);
    manifest.giveBack(lease);
    manifest.close();
  }
}

/** Of the parts that the copied manifest lists, the files as they lie in the data folder. */
function liveFiles(copiedManifest: string, files: EventFiles): readonly string[] {
  const copy = openManifest(copiedManifest);
  try {
    const { logs, segments } = copy.parts();
    // Keys that are missing are made again from their segment.
    const ofSegments = segments.flatMap(({ number }) => [files.segment(number), files.keys(number)].filter(existsSync));
    return [...logs.map((number) => files.log(number)), ...ofSegments];
  } finally {
    copy.close();
  }
}

function openManifest(path: string): Manifest {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    checkSchema(database, path, MANIFEST_MIGRATIONS, MANIFEST_FILE);
    return new Manifest(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
}

function nameOf(path: string, dataFolder: string): string {
  return relative(dataFolder, path).split(sep).join('/');
}
