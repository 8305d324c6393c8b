/**
 * What every language's front end gives: from text to a plan, or to diagnostics that say why not, where.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';

export interface Compiled {
  /** Absent exactly when `diagnostics` holds an error. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** Why no event that is read today can match; absent for a rule that can. The plan stands all the same. */
  readonly idle?: string;
}
