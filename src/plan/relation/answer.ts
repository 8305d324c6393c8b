/**
 * What a query over tables answers, whoever ran it.
 */
import type { Row } from './cell.ts';
import type { RelationColumn } from './node.ts';

export interface TableAnswer {
  readonly columns: readonly RelationColumn[];
  readonly rows: readonly Row[];
}
