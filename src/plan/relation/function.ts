/**
 * What a function of a plan over tables is: the word that counts for its meaning, however a query is run.
 *
 * The reference evaluator calls these; an engine either has a native expression that is proven to give the same, or
 * calls them too.
 */
import type { Cell, ScalarType } from './cell.ts';

/** Types as the plan states them; a function that Kusto overloads looks at them, not at the cells. */
export interface Signature {
  readonly args: readonly ScalarType[];
  readonly result: ScalarType;
}

/**
 * What cannot be computed is null (of a string, ''). Pure, and bounded in time.
 * @throws {RelationRefusal} for cells of its types where Kusto has an answer that nobody knows; nothing else
 */
export type ScalarFunction = (args: readonly Cell[], signature: Signature) => Cell;

/**
 * @param rows the arguments' cells for each row of the group, in the input's order
 * @returns a cell for each column that the aggregate gives
 * @throws {RelationRefusal} as a scalar function
 */
export type AggregateFunction = (rows: readonly (readonly Cell[])[], signature: AggregateSignature) => readonly Cell[];

export interface AggregateSignature {
  readonly args: readonly ScalarType[];
  readonly results: readonly ScalarType[];
}
