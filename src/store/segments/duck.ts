/**
 * DuckDB over the files of one folder of events, and nothing else: bounded in threads and memory, sorting what is larger
 * in a folder of its own, loading nothing from anywhere.
 */
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quote } from '../../dialect/duckdb/sql-text.ts';
import { guarded } from './duck-guard.ts';

export interface DuckLimits {
  readonly threads: number;
  readonly memoryMb: number;
}

export type DuckRow = readonly unknown[];

/** Loaded when it is first needed: it takes some 100 ms and 70 MB. */
export function openDuck(folder: string, limits: DuckLimits): Promise<DuckDBInstance> {
  return guarded(() => open(folder, limits));
}

async function open(folder: string, limits: DuckLimits): Promise<DuckDBInstance> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  const instance = await Instance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    temp_directory: join(folder, 'unfinished', 'duckdb'),
    // What a query had goes back at once, not when the next one wants it: half as much stays resident.
    allocator_background_threads: 'true',
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
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
