/**
 * Why an alert's rule, as it is now, holds for the events that the alert keeps: clause by clause, of a sequence or a
 * sample step by step.
 */
import { distinctChoices } from '../correlate/distinct-choices.ts';
import type { Alert } from '../detect/alert.ts';
import { describeEvent } from '../detect/sentence.ts';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import { type Plan, participants, type SamplePlan, type SequencePlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { explain } from '../plan/predicate/explain.ts';
import type { TraceNode } from '../plan/predicate/trace.ts';
import type { LoadedRule } from '../rule/inspect.ts';

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
  const events = alert.events.map(eventOf);
  const last = events.at(-1);
  if (last === undefined) return {};
  if (isCorrelation(plan)) {
    const steps = stepsOf(plan, document.query, events);
    return steps === undefined ? {} : { steps };
  }
  return { trace: explain(participants(plan).predicate, last, document.query) };
}

function isCorrelation(plan: Plan): plan is SequencePlan | SamplePlan {
  return plan.kind === 'sequence' || plan.kind === 'sample';
}

function stepsOf(
  plan: SequencePlan | SamplePlan,
  query: string,
  events: readonly Event[],
): readonly AlertStep[] | undefined {
  const present = plan.steps.filter(({ missing }) => !missing);
  if (present.length !== events.length) return undefined;
  const chosen = plan.kind === 'sequence' ? events : sampleOrder(plan, events);
  let passed = 0;
  return plan.steps.map(({ predicate, missing, span }): AlertStep => {
    const text = query.slice(span.start, span.end);
    if (missing) return { text, missing };
    const event = chosen[passed] as Event;
    passed += 1;
    return {
      text,
      missing,
      event: events.indexOf(event),
      sentence: describeEvent(event),
      ...(event.text('@timestamp') === undefined ? {} : { time: event.text('@timestamp') as string }),
      trace: explain(predicate, event, query),
    };
  });
}

/** An alert keeps the events of a sample in the order of time; which is which step's, their conditions say. */
function sampleOrder({ steps }: SamplePlan, events: readonly Event[]): readonly Event[] {
  const passing = steps.map(({ predicate }) => events.filter((event) => evaluate(predicate, event)));
  return distinctChoices(passing, 1)[0] ?? events;
}

function eventOf(document: JsonObject): Event {
  const at = document['@timestamp'];
  return new Event({
    time: (typeof at === 'string' ? parseTime(at) : undefined) ?? { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'stored',
    dataStreams: [],
  });
}
