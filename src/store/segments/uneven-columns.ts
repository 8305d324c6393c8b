/**
 * Which columns of events hold text that DuckDB's `lower` changes otherwise than the reference does (`letters.ts`), and which
 * lists hold items that are not written in small letters of ASCII already: hardly ever one, so that queries need not look at
 * each text again.
 *
 *   line ──as it is written──▶ names of columns ──log──▶ segment's facts ──those of its parts──▶ of what they become
 *
 * More names than there are such texts do no harm; one too few would make a query wrong.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { isLoweredOddly, ODD_LETTERS } from '../../dialect/duckdb/letters.ts';
import { named, quote } from '../../dialect/duckdb/sql-text.ts';
import { rowsOf } from './duck.ts';
import { type EventLine, FIELD_COLUMNS, type FieldColumn, LIST_COLUMNS } from './event-line.ts';
import type { Segment } from './manifest.ts';

type Column = FieldColumn | (typeof LIST_COLUMNS)[number];

const LISTS: ReadonlySet<string> = new Set(LIST_COLUMNS);
const ALL: readonly Column[] = [...FIELD_COLUMNS, ...LIST_COLUMNS];
/** An item that is not as `lower` leaves it, or may not be. */
const CASED = /[^\x20-@[-~]/;
/** The same for RE2. */
const CASED_SQL = quote('[^\\x20-@\\[-~]');

/** @param text the line as JSON, which is looked through once: lines of Latin letters cost little */
export function unevenColumns(line: EventLine, text: string): readonly Column[] {
  const lists = LIST_COLUMNS.filter((column) => line[column]?.some((item) => CASED.test(item)) === true);
  return isLoweredOddly(text)
    ? [...lists, ...FIELD_COLUMNS.filter((column) => isLoweredOddly(line[column] ?? ''))]
    : lists;
}

/** Of all together; `undefined` where one does not tell. */
export function unevenOfAll(parts: readonly { readonly uneven?: Iterable<string> }[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const { uneven } of parts) {
    if (uneven === undefined) return undefined;
    for (const column of uneven) all.add(column);
  }
  return [...all].sort();
}

/** Those of a segment that does not tell, found by looking at all of it. */
export async function findUneven(connection: DuckDBConnection, source: string): Promise<readonly string[]> {
  const pattern = quote(ODD_LETTERS.lower);
  const present = await rowsOf(connection, `SELECT column_name FROM (DESCRIBE SELECT * FROM ${source})`);
  const columns = ALL.filter((column) => present.some(([name]) => name === column));
  const tests = columns.map((column) => {
    const text = named(column);
    return LISTS.has(column)
      ? `bool_or(regexp_matches(array_to_string(${text}, ' '), ${CASED_SQL}))`
      : `bool_or(strlen(${text}) > length(${text}) AND regexp_matches(${text}, ${pattern}))`;
  });
  const [found] = await rowsOf(connection, `SELECT ${tests.join(', ')} FROM ${source}`);
  return columns.filter((_, at) => found?.[at] === true).sort();
}

/** Columns that are not uneven, of a relation of these segments and lines. */
export function evenColumns(segments: readonly Segment[], uneven: ReadonlySet<string>): ReadonlySet<string> {
  const found = unevenOfAll([...segments, { uneven }]);
  return found === undefined ? new Set() : new Set(ALL.filter((column) => !found.includes(column)));
}
