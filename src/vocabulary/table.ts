/**
 * A table of a rule author's world (ASIM, Defender) seen as a view over ECS events: which events are its rows, and
 * where each column's value stands in an event.
 */
import type { Span } from '../diagnostic/span.ts';
import { choose, literal, matchAny, or, type Predicate, type Value } from '../plan/predicate/node.ts';
import type { Scalar } from '../plan/relation/node.ts';

export type ColumnType = 'bool' | 'datetime' | 'dynamic' | 'int' | 'long' | 'real' | 'string';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /**
   * Fields of the event that hold the value, the best first; their values together are the column's. Empty where no
   * source fills the column, as a source that does not know it leaves it empty.
   */
  readonly fields: readonly string[];
  /** The value of every row, where it is always the same. */
  readonly constant?: string | number;
  /** Of a dynamic column: the texts in it by their names, and the fields of the event that hold each. */
  readonly parts?: ReadonlyMap<string, readonly string[]>;
  /** What stands between the values of a field that has several; without it the first of them is the column's. */
  readonly joined?: string;
  /** The table's words for those of its fields (`egress` is `Outbound`). */
  readonly words?: ColumnWords;
  /** The value, where it is made of several fields and stands in none. */
  readonly value?: Value;
}

export interface ColumnWords {
  /** The event's word in lower case, and what the table calls it; of several words it has the first here. */
  readonly of: ReadonlyMap<string, readonly string[]>;
  /** What the table says of an event that has none of these words. */
  readonly otherwise: string;
}

/** What a parameter keeps of the table's rows, said of its columns; `undefined`: this value keeps all. */
export type RowFilter = (given: Scalar) => Scalar | undefined;

export interface Table {
  /** Every name the table goes by, the usual first. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  /** Parameters that the table takes as a function, as Kusto writes them (`name:type=default, …`). */
  readonly parameters?: string;
  /** By the parameter's name; one that is not here changes nothing. */
  readonly filters?: ReadonlyMap<string, RowFilter>;
  /** Known by its columns alone: no source feeds it, so it has no rows. */
  readonly isEmpty?: true;
  /** Of watchlists: the aliases of those whose columns are known, in lower case. */
  readonly lists?: ReadonlySet<string>;
  /** Sources add columns to it, which end in `_s`, `_d` and the like. */
  readonly isOpen?: true;
  /** The events of one source of those that another table has. */
  readonly isOfOneSource?: true;
  /** Which events are rows; the place is that of the table's name in the query. */
  readonly rows: (span: Span) => Predicate;
}

/** The value of a column that is computed from the event; `undefined` where it stands in a field or is always the same. */
export function columnValue({ fields, words, value }: Column, span: Span): Value | undefined {
  if (value !== undefined || words === undefined) return value;
  let result = literal(words.otherwise, span);
  for (const [word, [called = '']] of words.of) {
    const test = { kind: 'equals', anyOf: [word], fold: 'unicode' } as const;
    const holds = fields.map((name) => matchAny({ name, type: 'keyword' }, test, span));
    result = choose(or(holds, span), literal(called, span), result, span);
  }
  return result;
}
