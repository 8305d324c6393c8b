/**
 * Which columns of fields hold something in some row: of most stores many hold nothing at all, and what is asked of these needs
 * no reading.
 *
 *   line ──fields that it has──▶ log's ─┐
 *   file ──its counts of NULLs──▶ segment's facts ─┴──▶ columns of a relation that are empty
 *
 * More names than there are such columns do no harm; one too few would make a query wrong.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../dialect/duckdb/sql-text.ts';
import { rowsOf } from './duck.ts';
import { type EventLine, FIELD_COLUMNS } from './event-line.ts';
import type { Segment } from './manifest.ts';

/** Adds those of a line. */
export function addFilled(filled: Set<string>, line: EventLine): void {
  for (const column of FIELD_COLUMNS) if (line[column] !== undefined) filled.add(column);
}

/** Those of a segment's file, as it counts them itself, row group by row group. */
export async function findFilled(connection: DuckDBConnection, path: string): Promise<readonly string[]> {
  const found = await rowsOf(
    connection,
    `SELECT path_in_schema FROM parquet_metadata(${quote(path)}) GROUP BY path_in_schema
    HAVING NOT bool_and(coalesce(stats_null_count = num_values, false)) ORDER BY path_in_schema`,
  );
  const names: readonly string[] = FIELD_COLUMNS;
  return found.map(([name]) => name as string).filter((name) => names.includes(name));
}

/** Columns of fields in which no row of these segments and lines has anything. @param filled those of the lines */
export function unfilledColumns(segments: readonly Segment[], filled: ReadonlySet<string>): readonly string[] {
  // One that does not tell may have all of them.
  if (segments.some((segment) => segment.filled === undefined)) return [];
  const all = new Set([...filled, ...segments.flatMap((segment) => segment.filled ?? [])]);
  return FIELD_COLUMNS.filter((column) => !all.has(column));
}
