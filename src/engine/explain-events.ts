/**
 * Why a rule fires or does not, for each event of files of logs.
 */
import type { Event } from '../event/event.ts';
import type { ExceptedBy } from './explain-event.ts';
import { type ExplainedRule, explainerOf } from './explain-event.ts';
import type { Explanation } from './explanation.ts';
import { type EventsRead, readEvents } from './read-events.ts';

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
