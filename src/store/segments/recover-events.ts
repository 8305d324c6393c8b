/**
 * A folder of events as a crash, or another program, may have left it, made ready for its writer.
 *
 *   manifest ──listed?──▶ files that nobody listed go ──▶ log files that are there looked through ──▶ LogBook
 *       └─new, beside files of an older one──▶ listed again from the files themselves
 *
 * A segment names in itself the parts that it was made of, so that a lost manifest can be made again without an event
 * being there twice.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../dialect/duckdb/sql-text.ts';
import { openDuck, rowsOf } from './duck.ts';
import { type EventFiles, numberOf } from './event-files.ts';
import { LogBook } from './log-book.ts';
import type { Manifest, Segment } from './manifest.ts';
import { factsOf } from './segment-job.ts';

/** @param isNew the manifest was made just now. @throws the file system's or SQLite's error */
export async function recoverEvents(files: EventFiles, manifest: Manifest, isNew: boolean): Promise<LogBook> {
  rmSync(files.unfinished, { recursive: true, force: true });
  files.make();
  if (isNew) await listAgain(files, manifest);
  const known = manifest.known();
  for (const folder of [files.logs, files.segments]) {
    for (const name of readdirSync(folder)) {
      const number = numberOf(name);
      if (number !== undefined && !known.has(number)) rmSync(join(folder, name));
    }
  }
  const { logs } = manifest.parts();
  const present = logs.filter((number) => existsSync(files.log(number)));
  for (const number of logs) if (!present.includes(number)) manifest.setAside(number);
  return LogBook.read(files, present);
}

async function listAgain(files: EventFiles, manifest: Manifest): Promise<void> {
  const logs = numbersIn(files.logs, '.ndjson');
  const segments = numbersIn(files.segments, '.parquet');
  if (logs.length + segments.length === 0) return;
  const instance = await openDuck(files.folder, { threads: 1, memoryMb: 256 });
  try {
    const connection = await instance.connect();
    const read = await Promise.all(segments.map((number) => readSegment(connection, files, number)));
    const replaced = new Set(read.flatMap((one) => one?.replaces ?? []));
    manifest.adopt(
      logs.filter((number) => !replaced.has(number)),
      read.flatMap((one) => (one === undefined || replaced.has(one.segment.number) ? [] : [one.segment])),
      segments.filter((_, at) => read[at] === undefined),
    );
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

/** Nothing where it cannot be read. */
async function readSegment(
  connection: DuckDBConnection,
  files: EventFiles,
  number: number,
): Promise<{ readonly segment: Segment; readonly replaces: readonly number[] } | undefined> {
  const path = files.segment(number);
  try {
    const facts = await factsOf(connection, path);
    const [row] = await rowsOf(
      connection,
      `SELECT decode(value) FROM parquet_kv_metadata(${quote(path)}) WHERE decode(key) = 'vedette_replaces'`,
    );
    if (facts === undefined) return undefined;
    const keys = statSync(files.keys(number), { throwIfNoEntry: false })?.size ?? 0;
    const replaces = String(row?.[0] ?? '')
      .split(',')
      .filter(Boolean)
      .map(Number);
    return { segment: { number, ...facts, bytes: statSync(path).size + keys }, replaces };
  } catch {
    return undefined;
  }
}

function numbersIn(folder: string, end: string): number[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(end));
  return names.flatMap((name) => numberOf(name) ?? []).sort((a, b) => a - b);
}
