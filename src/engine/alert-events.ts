/**
 * The events that an alert keeps, as rules and exceptions look at them again: in their order, or by the steps of a
 * sequence or a sample.
 */
import { distinctChoices } from '../correlate/distinct-choices.ts';
import type { Alert } from '../detect/alert.ts';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import type { Plan, SamplePlan, SequencePlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';

export function eventsOfAlert(alert: Pick<Alert, 'events' | 'original_time'>): readonly Event[] {
  return alert.events.map((document) => eventOf(document, alert.original_time));
}

/**
 * One for each step of the plan, none for an event that had to stay away. Nothing where the plan has no steps, or
 * another number of them than the alert has events.
 */
export function eventsByStep(plan: Plan, events: readonly Event[]): readonly (Event | undefined)[] | undefined {
  if (plan.kind !== 'sequence' && plan.kind !== 'sample') return undefined;
  const present = plan.steps.filter(({ missing }) => !missing);
  if (present.length !== events.length) return undefined;
  const chosen = plan.kind === 'sequence' ? events : sampleOrder(plan, events);
  let passed = 0;
  return plan.steps.map(({ missing }: SequencePlan['steps'][number]) => {
    if (missing) return undefined;
    passed += 1;
    return chosen[passed - 1];
  });
}

/** An alert keeps the events of a sample in the order of time; which is which step's, their conditions say. */
function sampleOrder({ steps }: SamplePlan, events: readonly Event[]): readonly Event[] {
  const passing = steps.map(({ predicate }) => events.filter((event) => evaluate(predicate, event)));
  return distinctChoices(passing, 1)[0] ?? events;
}

function eventOf(document: JsonObject, otherwise: string | undefined): Event {
  const at = document['@timestamp'];
  const time = typeof at === 'string' ? parseTime(at) : undefined;
  return new Event({
    time: time ?? parseTime(otherwise ?? '') ?? { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'stored',
    dataStreams: [],
  });
}
