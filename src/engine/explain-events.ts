/**
 * Why a rule fires or does not, over files of logs: event by event, or for a rule over several events over all of them.
 */
import type { Event } from '../event/event.ts';
import type { CorrelationExplanation } from './correlation-explanation.ts';
import { readTwice } from './event-tape.ts';
import type { ExceptedBy } from './explain-event.ts';
import { type ExplainedRule, explainerOf } from './explain-event.ts';
import type { Explanation } from './explanation.ts';
import { type EventsRead, readEvents } from './read-events.ts';
import { type ExplainedCorrelation, openExplainer } from './stream-explainer.ts';

/** Explains the rule on every event until `take` answers false. */
export function explainEvents(
  rule: ExplainedRule,
  logs: readonly string[],
  take: (event: Event, explanation: Explanation) => boolean,
  exceptedBy?: ExceptedBy,
): Promise<EventsRead> {
  const explained = explainerOf(rule, exceptedBy);
  return readEvents(logs, (event) => take(event, explained(event)));
}

export interface CorrelationRead {
  readonly read: EventsRead;
  readonly explanation: CorrelationExplanation;
}

/**
 * Explains a rule over several events on all events of the files together. Where they are many they are read twice.
 * @param keys how many are told, the nearest first
 */
export async function explainCorrelation(
  rule: ExplainedCorrelation,
  logs: readonly string[],
  keys?: number,
  exceptedBy?: ExceptedBy,
): Promise<CorrelationRead> {
  const explainer = openExplainer(rule, exceptedBy, keys);
  const read = await readTwice(
    (take) => readEvents(logs, take),
    logs.includes('-'),
    (event) => explainer.look(event),
    () => explainer.turn(),
    (event) => explainer.lookAgain(event),
  );
  return { read, explanation: explainer.explanation() };
}

/** The same on events that are there already. */
export function explainTogether(
  rule: ExplainedCorrelation,
  events: readonly Event[],
  keys?: number,
  exceptedBy?: ExceptedBy,
): CorrelationExplanation {
  const explainer = openExplainer(rule, exceptedBy, keys);
  for (const event of events) explainer.look(event);
  if (explainer.turn()) events.every((event) => explainer.lookAgain(event));
  return explainer.explanation();
}
