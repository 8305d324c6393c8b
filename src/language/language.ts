/**
 * What every language's front end gives: from text to a plan, or to diagnostics that say why not, where.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { CorrelationPlan, EventPlan, Plan } from '../plan/plan.ts';
import type { Value } from '../plan/predicate/node.ts';
import type { LogSource } from '../vocabulary/sigma-log-sources.ts';

export interface Compiled<P extends Plan = EventPlan | CorrelationPlan> {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly plan?: P;
  readonly diagnostics: readonly Diagnostic[];
  /** Why no event that is read today can match; absent for a rule that can. The plan stands all the same. */
  readonly idle?: string;
  /** Of a Sigma rule: the log sources of the rules over one event in it, which decide what its fields are. */
  readonly logSources?: readonly LogSource[];
  /** What others have added to the rule: titles of Sigma filters. */
  readonly filters?: readonly string[];
  /** What the query gives of the events it holds for, where its language says so; otherwise the events themselves. */
  readonly output?: QueryOutput;
}

export interface QueryOutput {
  /** Exactly these columns; absent for the whole event, and `extended`. */
  readonly columns?: readonly OutputColumn[];
  /** Columns beside those of the event; none where `columns` is there. */
  readonly extended: readonly OutputColumn[];
  /** At most so many events, any of them. */
  readonly take?: number;
  /** The number of events instead of them, in a column of this name; of those that `take` leaves. */
  readonly count?: string;
}

export interface OutputColumn {
  readonly name: string;
  /** The language's name of its type. */
  readonly type: string;
  /** Computed from each event; null where there is none. */
  readonly value: Value;
}
