/**
 * Makes one segment of log files and segments, beside whatever goes on.
 *
 *   parts ──sorted by DuckDB──▶ unfinished/ ──fsync──▶ segments/ ──fsync of the folder──▶ facts, for the manifest
 *
 * Nothing counts until the manifest lists it: a crash anywhere in here leaves files that the next start removes.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../dialect/duckdb/sql-text.ts';
import { rowsOf } from './duck.ts';
import { EventFiles } from './event-files.ts';
import { COLUMNS_VERSION, FIRST_VERSION } from './event-line.ts';
import { pass } from './failure-point.ts';
import { findFilled } from './filled-columns.ts';
import type { Segment, SegmentFacts } from './manifest.ts';
import { readKeys } from './segment-keys.ts';
import { ALL_COLUMNS, allColumns, fromLogs, fromSegments } from './segment-sql.ts';
import { findUneven } from './uneven-columns.ts';
import { syncFolder } from './wal.ts';

export interface SegmentJob {
  readonly dataFolder: string;
  /** Of the segment to be made. */
  readonly number: number;
  readonly logs: readonly number[];
  readonly segments: readonly number[];
  /** Bytes of the longest line of the log files. */
  readonly longestLine: number;
  /** Older events are left out; epoch milliseconds. */
  readonly keepFrom?: number;
  readonly withoutSample?: boolean;
  /** Columns of the parts that are uneven (`uneven-columns.ts`); absent where one does not tell. */
  readonly uneven?: readonly string[];
}

/**
 * Rows that are passed over or read together. Of 2,048 to 16,384 rows, on 100,000 events of an audit log, these gave a
 * page of 10,000 with the least work; the files were of the same size within one part in a hundred.
 */
const ROW_GROUP = 4_096;
/** A column with fewer values gets a dictionary, and with it a Bloom filter: all of them. */
const DICTIONARY = ROW_GROUP + 1;
const MOST_HOSTS = 2_000;

/** Nothing where no event is left. @throws DuckDB's error, where a part cannot be read or the disk is full. */
export async function makeSegment(connection: DuckDBConnection, job: SegmentJob): Promise<Segment | undefined> {
  const files = new EventFiles(job.dataFolder);
  const unfinished = join(files.unfinished, `${job.number}.parquet`);
  const unfinishedKeys = join(files.unfinished, `${job.number}.keys`);
  try {
    await copy(connection, job, files, unfinished);
    pass('segment-copied');
    const facts = await factsOf(connection, unfinished, job.uneven);
    if (facts === undefined) return undefined;
    const keys = await readKeys(connection, fromSegments([unfinished]));
    writeFileSync(unfinishedKeys, keys, { mode: 0o600 });
    syncFile(unfinished);
    syncFile(unfinishedKeys);
    pass('segment-synced');
    const bytes = statSync(unfinished).size + keys.length;
    renameSync(unfinishedKeys, files.keys(job.number));
    renameSync(unfinished, files.segment(job.number));
    pass('segment-named');
    syncFolder(files.segments);
    pass('segment-on-disk');
    return { number: job.number, ...facts, bytes };
  } finally {
    rmSync(unfinished, { force: true });
    rmSync(unfinishedKeys, { force: true });
  }
}

async function copy(connection: DuckDBConnection, job: SegmentJob, files: EventFiles, to: string): Promise<void> {
  const sources = [
    ...(job.logs.length === 0
      ? []
      : [
          fromLogs(
            job.logs.map((number) => files.log(number)),
            job.longestLine,
          ),
        ]),
    ...(job.segments.length === 0
      ? []
      : [allColumns(fromSegments(job.segments.map((number) => files.segment(number))))]),
  ].map((source) => `SELECT ${ALL_COLUMNS} FROM ${source}`);
  const clauses = [
    ...(job.keepFrom === undefined ? [] : [`time_ms >= ${job.keepFrom}`]),
    ...(job.withoutSample === true ? ['NOT sample'] : []),
  ];
  const where = clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')}`;
  // What it replaces stands in the file itself, so that a lost manifest can be made again.
  const metadata = `{ vedette_columns: '${COLUMNS_VERSION}', vedette_replaces: '${[...job.logs, ...job.segments].join(',')}' }`;
  await connection.run(
    `COPY (SELECT * FROM (${sources.join(' UNION ALL BY NAME ')}) ${where} ORDER BY time_ms, ticks, arrival)
    TO ${quote(to)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP},
      DICTIONARY_SIZE_LIMIT ${DICTIONARY}, KV_METADATA ${metadata})`,
  );
}

/**
 * Nothing where the segment is empty.
 * @param uneven columns that are uneven, where they are known
 */
export async function factsOf(
  connection: DuckDBConnection,
  path: string,
  uneven?: readonly string[],
): Promise<Omit<SegmentFacts, 'bytes'> | undefined> {
  const source = fromSegments([path]);
  const [numbers] = await rowsOf(
    connection,
    `SELECT count(*)::DOUBLE, min(time_ms)::DOUBLE, max(time_ms)::DOUBLE, min(arrival)::DOUBLE, max(arrival)::DOUBLE,
      max(ingested_ms)::DOUBLE, sum(strlen(document))::DOUBLE, count(more)::DOUBLE, count_if(sample)::DOUBLE,
      count_if(irregular IS NULL OR len(irregular) > 0)::DOUBLE, count_if(irregular IS NULL)::DOUBLE
    FROM ${allColumns(source)}`,
  );
  const [
    rows,
    minMs,
    maxMs,
    firstArrival,
    lastArrival,
    lastIngestedMs,
    documentBytes,
    multiple,
    sample,
    irregular,
    first,
  ] = numbers as number[] as [number, number, number, number, number, number, number, number, number, number, number];
  if (rows === 0) return undefined;
  const named = await rowsOf(
    connection,
    `SELECT DISTINCT "host.name" FROM ${source} WHERE "host.name" IS NOT NULL LIMIT ${MOST_HOSTS + 1}`,
  );
  return {
    rows,
    minMs,
    maxMs,
    firstArrival,
    lastArrival,
    lastIngestedMs,
    documentBytes,
    multiple,
    irregular,
    uneven: uneven ?? (await findUneven(connection, source)),
    filled: await findFilled(connection, path),
    sample,
    ...(named.length > MOST_HOSTS ? {} : { hosts: named.map(([name]) => name as string) }),
    // What it was made of may have been written before there were all columns.
    version: first > 0 ? FIRST_VERSION : COLUMNS_VERSION,
  };
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
