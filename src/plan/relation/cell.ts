/**
 * The values of a table's cells, as Kusto types them. A column has one type; what a cell holds follows from it:
 *
 *   bool               true, false
 *   int, long          bigint of 32 or 64 bits (an int computes as a long)
 *   real               number, NaN and the infinities among them
 *   decimal            its decimal text, as Kusto prints it (`1.50`)
 *   string             text, never null: what is missing is ''
 *   guid               its text in lower case, with hyphens
 *   datetime           bigint: ticks of 100 ns since 1970, UTC, of the years 1 to 9999
 *   timespan           bigint: ticks of 100 ns
 *   dynamic            JSON as `event/json.ts` holds it: an integer beyond 2^53 is its decimal text
 *
 * and null, in every type but string. A dynamic cell that is null and one that holds JSON's null are the same.
 */
import type { Json } from '../../event/json.ts';

/** Kusto's names, as its answers give them. */
export type ScalarType =
  | 'bool'
  | 'datetime'
  | 'decimal'
  | 'dynamic'
  | 'guid'
  | 'int'
  | 'long'
  | 'real'
  | 'string'
  | 'timespan';

export type Cell = Json | bigint;

export type Row = readonly Cell[];
