/**
 * The SQL over segments and log files: where rows come from, and which of them a filter holds for.
 *
 * Values are written into the text, not bound: only then DuckDB passes over the row groups that cannot hold them, by
 * their bounds of time and their Bloom filters.
 */
import { named, quote } from '../../dialect/duckdb/sql-text.ts';
import type { EventPlace } from '../event-cursor.ts';
import type { EventFilter } from '../event-store.ts';
import { CATEGORY_COLUMN, COLUMNS, moreOf } from './event-line.ts';

/** Each file once; at least one. It has the columns that these files have: see `allColumns`. */
export function fromSegments(paths: readonly string[], withName = false): string {
  return fromFiles(paths, `union_by_name = true${withName ? ', filename = true' : ''}`);
}

/** Of files that have the same columns: only the first is opened while a statement is planned, which is done twice for a stream. */
export function fromAlike(paths: readonly string[]): string {
  return fromFiles(paths, 'union_by_name = false');
}

function fromFiles(paths: readonly string[], options: string): string {
  return `read_parquet([${paths.map(quote).join(', ')}], ${options})`;
}

/** Every column of segments that may have been written before there were all of them. */
export function allColumns(source: string): string {
  return `(SELECT * FROM ${source} UNION ALL BY NAME SELECT * FROM ${FROM_NOTHING})`;
}

/** No row, of all columns. */
export const FROM_NOTHING: string = `(SELECT ${Object.entries(COLUMNS)
  .map(([name, type]) => `NULL::${type} AS ${named(name)}`)
  .join(', ')} WHERE false)`;

/**
 * Whole lines only: the last one may still be being written.
 * @param longest bytes of the longest line; DuckDB holds a multiple of it in memory.
 */
export function fromLogs(paths: readonly string[], longest: number): string {
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${quote(name)}: ${quote(type)}`);
  const options = `format = 'newline_delimited', ignore_errors = true, maximum_object_size = ${Math.max(longest + 1, 1_048_576)}`;
  const files = paths.map(quote).join(', ');
  return `(SELECT * FROM read_json([${files}], columns = {${columns.join(', ')}}, ${options}) WHERE id IS NOT NULL)`;
}

export const ALL_COLUMNS: string = Object.keys(COLUMNS).map(named).join(', ');

export interface PlaceBounds {
  readonly after?: EventPlace | undefined;
  readonly before?: EventPlace | undefined;
}

/**
 * @param hasMultiple whether a row may have a field of several values
 * @param bounds both exclusive
 */
export function conditionOf(filter: EventFilter, hasMultiple: boolean, bounds: PlaceBounds = {}): string {
  const clauses: string[] = [];
  if (filter.from !== undefined) clauses.push(`time_ms >= ${whole(filter.from)}`);
  if (filter.to !== undefined) clauses.push(`time_ms < ${whole(filter.to)}`);
  if (bounds.after !== undefined) clauses.push(beyond('>', bounds.after));
  if (bounds.before !== undefined) clauses.push(beyond('<', bounds.before));
  if (filter.arrivedAfter !== undefined) clauses.push(`arrival > ${whole(filter.arrivedAfter)}`);
  if (filter.ingestedFrom !== undefined) clauses.push(`ingested_ms >= ${whole(filter.ingestedFrom)}`);
  for (const [field, value] of Object.entries(filter.where ?? {})) {
    const equals = `${named(field)} = ${quote(value)}`;
    clauses.push(hasMultiple ? `(${equals} OR list_contains(more, ${quote(moreOf(field, value))}))` : equals);
  }
  if (filter.category !== undefined) {
    clauses.push(`list_contains(${named(CATEGORY_COLUMN)}, ${quote(filter.category)})`);
  }
  return clauses.length === 0 ? 'true' : clauses.join(' AND ');
}

// The first clause alone lets row groups be passed over.
function beyond(than: '>' | '<', { timeMs, ticks, arrival }: EventPlace): string {
  const rest = `ticks ${than} ${ticks} OR (ticks = ${ticks} AND arrival ${than} ${arrival})`;
  return `time_ms ${than}= ${timeMs} AND (time_ms ${than} ${timeMs} OR ${rest})`;
}

/** Comparing whole numbers with `>=` and `<` is the same for the next whole number. */
function whole(value: number): string {
  const bounded = Math.min(Math.max(Math.ceil(value), -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  return Number.isNaN(bounded) ? 'NULL' : String(bounded);
}
