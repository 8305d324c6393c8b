/**
 * Sigma's rules in order → EQL's sequences.
 *
 *   window of members in order ──each member a step, group-by the keys──▶ sequence with maxspan
 *
 * The first match of a group is the same in both: a chain within the timespan is found where there is one. After it a
 * rule starts anew, while EQL goes on with what was begun before; that is noted. Every other window is refused. Runs
 * (`with runs=10`) are not Sigma's counts: each further event would be reported with the nine before it, where a rule
 * has used them up. Samples ask for no time.
 */
import { ecsFieldType } from '../event/ecs-fields.ts';
import type { JoinKey, SequencePlan, SequenceStep, WindowPlan } from '../plan/plan.ts';
import { type FieldRef, fieldValue, PLAN_VERSION } from '../plan/predicate/node.ts';
import type { WindowKey, WindowTest } from '../plan/window.ts';
import { fieldClass } from './elastic-fields.ts';
import type { Refusals } from './saying.ts';
import { nameOfTest } from './window-bounds.ts';

const WHY: Readonly<Partial<Record<WindowTest['kind'], string>>> = {
  'event-count': 'with runs=… it would report every further event again',
  'member-count': 'its sequences have an order, and its samples no timespan',
  presence: 'its sequences have an order, and its samples no timespan',
};

/** @returns `undefined`, with the reason among the refusals, for a window that EQL cannot say */
export function sequenceOfWindow({ window, steps }: WindowPlan, refusals: Refusals): SequencePlan | undefined {
  const { test, members, timespan, span } = window;
  if (test.kind !== 'in-order') {
    const why = WHY[test.kind] ?? 'it computes nothing over several events';
    refusals.refuse('convert-kind', `EQL cannot say ${nameOfTest(test)}: ${why}.`, span);
    return undefined;
  }
  const made: SequenceStep[] = [];
  for (const { from, keys } of members) {
    const step = from.kind === 'step' ? steps[from.step] : undefined;
    if (step === undefined) {
      refusals.refuse('convert-kind', 'EQL cannot say a correlation of correlations.', span);
      return undefined;
    }
    const own = keys.flatMap((key) => joinKey(key, step.span, refusals) ?? []);
    if (own.length < keys.length) return undefined;
    made.push({ ...step, keys: own });
  }
  for (const [at] of window.groupBy.entries()) {
    const classes = new Set(made.map(({ keys }) => classOf(keys[at])));
    if (classes.size < 2) continue;
    refusals.refuse('convert-type', `The rules group by fields of different types, which EQL does not join.`, span);
    return undefined;
  }
  const message = 'After a match the rule starts anew; EQL also reports what was begun before it.';
  refusals.note('convert-repeat', message, span);
  return { kind: 'sequence', version: PLAN_VERSION, steps: made, maxspan: timespan, pipes: [] };
}

/** EQL joins by one field: ECS's own, where the rule's field stands in several places. */
function joinKey(key: WindowKey, span: SequenceStep['span'], refusals: Refusals): JoinKey | undefined {
  const [first, ...others] = key.kind === 'field' ? key.fields : [];
  if (first === undefined) return undefined;
  if (others.length > 0 && ecsFieldType(first.name) === undefined) {
    const names = [first, ...others].map(({ name }) => name).join(', ');
    const message = `EQL joins by one field, and sources put this in several: ${names}.`;
    refusals.refuse('convert-clause', message, span, 'Group by the field’s own name.');
    return undefined;
  }
  for (const { name } of others) {
    refusals.note('convert-home', `EQL joins by ${first.name} alone; some sources put this in ${name}.`, span);
  }
  return { value: fieldValue(first, span), optional: false, span };
}

function classOf(key: JoinKey | undefined): string | undefined {
  const field: FieldRef | undefined = key?.value.kind === 'field' ? key.value.field : undefined;
  return field === undefined ? undefined : fieldClass(field);
}
