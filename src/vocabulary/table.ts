/**
 * A table of a rule author's world (ASIM, Defender) seen as a view over ECS events: which events are its rows, and
 * where each column's value stands in an event.
 */
import type { Span } from '../diagnostic/span.ts';
import type { Predicate } from '../plan/predicate/node.ts';

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
}

export interface Table {
  /** Every name the table goes by, the usual first. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  /** Parameters that the table takes as a function, as Kusto writes them (`name:type=default, …`). */
  readonly parameters?: string;
  /** Which events are rows; the place is that of the table's name in the query. */
  readonly rows: (span: Span) => Predicate;
}
