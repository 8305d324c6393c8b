/**
 * An explanation: the reference evaluator's trace, clause by clause. Plain data, fit for JSON.
 */
/** One node of an explanation. */
export interface TraceNode {
  readonly kind: string;
  /** The clause in the author's words. */
  readonly text: string;
  readonly result: boolean;
  /** False where the outcome of the whole did not depend on it (the other side of an `or` that held). */
  readonly needed: boolean;
  /** The values seen, for a clause over a field; empty where the field is missing. */
  readonly field?: string;
  readonly values?: readonly string[];
  readonly children: readonly TraceNode[];
}
