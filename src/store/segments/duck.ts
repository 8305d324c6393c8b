/**
 * DuckDB over the files of one folder of events, and nothing else: bounded in threads and memory, sorting what is larger
 * in a folder of its own, loading nothing from anywhere.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quote } from '../../dialect/duckdb/sql-text.ts';
import { guarded } from './duck-guard.ts';

export interface DuckLimits {
  readonly threads: number;
  readonly memoryMb: number;
}

/** What is sorted or joined beside the memory, in files, may be so many times as large. */
const TEMP_TO_MEMORY = 8;

export type DuckRow = readonly unknown[];

/** Loaded when it is first needed: it takes some 100 ms and 70 MB. */
export function openDuck(folder: string, limits: DuckLimits): Promise<DuckDBInstance> {
  return guarded(() => open(folder, limits));
}

async function open(folder: string, limits: DuckLimits): Promise<DuckDBInstance> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  // DuckDB makes one folder, not the one around it; several that share one would overwrite each other's files.
  const unfinished = join(folder, 'unfinished');
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const instance = await Instance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    temp_directory: join(unfinished, `duckdb-${randomUUID()}`),
    // What a query had goes back at once, not when the next one wants it: half as much stays resident.
    allocator_background_threads: 'true',
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // By itself it may take nine tenths of what is free on the disk.
    max_temp_directory_size: `${limits.memoryMb * TEMP_TO_MEMORY}MB`,
  });
  const connection = await instance.connect();
  try {
    await connection.run(`SET allowed_directories = [${quote(`${folder}/`)}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    await connection.run('SET GLOBAL parquet_metadata_cache = true');
    await connection.run('SET lock_configuration = true');
  } finally {
    connection.closeSync();
  }
  return instance;
}

/** The rows of a statement as arrays; 64-bit integers are BigInt. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<DuckRow[]> {
  const result = await guarded(
    () => connection.runAndReadAll(sql),
    () => connection.interrupt(),
  );
  return result.getRowsJS() as DuckRow[];
}

/** A connection of its own for the action, closed after it. */
export function withConnection<T>(
  instance: DuckDBInstance,
  action: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  let connection: DuckDBConnection | undefined;
  return guarded(
    async () => {
      connection = await instance.connect();
      try {
        return await action(connection);
      } finally {
        connection.closeSync();
      }
    },
    () => connection?.interrupt(),
  );
}
