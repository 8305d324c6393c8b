/**
 * What each step of a sequence is to the engine: a stage, or an event that has to be missing before, between or after
 * the stages.
 */
import type { SequencePlan } from '../plan/plan.ts';

export type Role =
  /** An event of the sequence, counted from 0. */
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'before' }
  /** Missing between this stage and the next. */
  | { readonly kind: 'between'; readonly stage: number }
  | { readonly kind: 'after' };

export interface SequenceShape {
  /** One for each step. */
  readonly roles: readonly Role[];
  readonly stages: number;
  /** An event has to be missing before the first stage. */
  readonly leading: boolean;
  /** An event has to be missing after the last stage. */
  readonly trailing: boolean;
}

/** @throws {Error} for a plan without stages: a bug of the front end. */
export function shapeOf({ steps }: SequencePlan): SequenceShape {
  const stages = steps.filter(({ missing }) => !missing).length;
  if (stages === 0) throw new Error('A sequence needs an event that is not missing.');
  let passed = 0;
  const roles = steps.map(({ missing }): Role => {
    if (!missing) {
      passed += 1;
      return { kind: 'stage', stage: passed - 1 };
    }
    if (passed === 0) return { kind: 'before' };
    return passed === stages ? { kind: 'after' } : { kind: 'between', stage: passed - 1 };
  });
  const has = (kind: Role['kind']): boolean => roles.some((role) => role.kind === kind);
  return { roles, stages, leading: has('before'), trailing: has('after') };
}
