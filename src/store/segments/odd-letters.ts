/**
 * Which columns of events hold a letter that DuckDB's `lower` changes otherwise than the reference does (`letters.ts`):
 * hardly ever one, so that queries need not look at each text again.
 *
 *   line ──as it is written──▶ names of columns ──log──▶ segment's facts ──those of its parts──▶ of what they become
 *
 * More names than there are letters do no harm; one too few would make a query wrong.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { isLoweredOddly, ODD_LETTERS } from '../../dialect/duckdb/letters.ts';
import { named, quote } from '../../dialect/duckdb/sql-text.ts';
import { rowsOf } from './duck.ts';
import { type EventLine, FIELD_COLUMNS, type FieldColumn } from './event-line.ts';
import type { Segment } from './manifest.ts';

const NONE: readonly FieldColumn[] = [];

/** @param text the line as JSON, which is looked through once: lines of Latin letters cost nothing */
export function oddColumns(line: EventLine, text: string): readonly FieldColumn[] {
  if (!isLoweredOddly(text)) return NONE;
  return FIELD_COLUMNS.filter((column) => isLoweredOddly(line[column] ?? ''));
}

/** Of all together; `undefined` where one does not tell. */
export function oddOfAll(parts: readonly { readonly odd?: Iterable<string> }[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const { odd } of parts) {
    if (odd === undefined) return undefined;
    for (const column of odd) all.add(column);
  }
  return [...all].sort();
}

/** Those of a segment that does not tell, found by looking at all of it. */
export async function findOdd(connection: DuckDBConnection, source: string): Promise<readonly string[]> {
  const pattern = quote(ODD_LETTERS.lower);
  const present = await rowsOf(connection, `SELECT column_name FROM (DESCRIBE SELECT * FROM ${source})`);
  const columns = FIELD_COLUMNS.filter((column) => present.some(([name]) => name === column));
  const tests = columns.map((column) => {
    const text = named(column);
    return `bool_or(strlen(${text}) > length(${text}) AND regexp_matches(${text}, ${pattern}))`;
  });
  const [found] = await rowsOf(connection, `SELECT ${tests.join(', ')} FROM ${source}`);
  return columns.filter((_, at) => found?.[at] === true).sort();
}

/** Columns in which nothing odd is, of a relation of these segments and lines. */
export function evenColumns(segments: readonly Segment[], odd: ReadonlySet<string>): ReadonlySet<string> {
  const found = oddOfAll([...segments, { odd }]);
  return found === undefined ? new Set() : new Set(FIELD_COLUMNS.filter((column) => !found.includes(column)));
}
