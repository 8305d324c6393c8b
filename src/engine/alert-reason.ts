/**
 * Why an alert's rule, as it is now, holds for the events that the alert keeps: clause by clause, of a sequence or a
 * sample step by step.
 */
import type { Alert } from '../detect/alert.ts';
import { describeEvent } from '../detect/sentence.ts';
import type { Event } from '../event/event.ts';
import { participants, type SamplePlan, type SequencePlan } from '../plan/plan.ts';
import { explain } from '../plan/predicate/explain.ts';
import type { TraceNode } from '../plan/predicate/trace.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { eventsByStep, eventsOfAlert } from './alert-events.ts';

export interface AlertReason {
  /** Of a rule over one event, or whatever is no sequence and no sample. */
  readonly trace?: TraceNode;
  /** Of a sequence or a sample, unless the rule now has another number of steps. */
  readonly steps?: readonly AlertStep[];
}

export interface AlertStep {
  /** In the author's words. */
  readonly text: string;
  /** An event that had to stay away, and did. */
  readonly missing: boolean;
  /** Which of the alert's events it is. */
  readonly event?: number;
  /** What happened, in a sentence. */
  readonly sentence?: string;
  /** ISO 8601. */
  readonly time?: string;
  readonly trace?: TraceNode;
}

export function alertReason({ document, plan }: Pick<LoadedRule, 'document' | 'plan'>, alert: Alert): AlertReason {
  const events = eventsOfAlert(alert);
  const last = events.at(-1);
  if (last === undefined) return {};
  if (plan.kind === 'sequence' || plan.kind === 'sample') {
    const byStep = eventsByStep(plan, events);
    return byStep === undefined ? {} : { steps: stepsOf(plan, document.query, events, byStep) };
  }
  return { trace: explain(participants(plan).predicate, last, document.query) };
}

function stepsOf(
  { steps }: SequencePlan | SamplePlan,
  query: string,
  events: readonly Event[],
  byStep: readonly (Event | undefined)[],
): readonly AlertStep[] {
  return steps.map(({ predicate, span }, at): AlertStep => {
    const text = query.slice(span.start, span.end);
    const event = byStep[at];
    if (event === undefined) return { text, missing: true };
    return {
      text,
      missing: false,
      event: events.indexOf(event),
      sentence: describeEvent(event),
      ...(event.text('@timestamp') === undefined ? {} : { time: event.text('@timestamp') as string }),
      trace: explain(predicate, event, query),
    };
  });
}
