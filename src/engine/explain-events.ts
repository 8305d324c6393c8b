/**
 * Why a rule fires on an event or does not: the reference evaluator's trace, for each event of a file of logs.
 */
import type { Event } from '../event/event.ts';
import { explain } from '../plan/predicate/explain.ts';
import type { TraceNode } from '../plan/predicate/trace.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { type EventsRead, readEvents } from './read-events.ts';

export interface Explanation {
  readonly event: Event;
  /** Whether the rule's index patterns let it read the event's data streams. */
  readonly reads: boolean;
  readonly trace: TraceNode;
}

/** Explains the rule on every event until `take` answers false. */
export function explainEvents(
  rule: LoadedRule,
  logs: readonly string[],
  take: (explanation: Explanation) => boolean,
): Promise<EventsRead> {
  const reads = compileIndexPatterns(rule.document.indexPatterns);
  return readEvents(logs, (event) =>
    take({
      event,
      reads: reads(event.dataStreams),
      trace: explain(rule.plan.predicate, event, rule.document.query),
    }),
  );
}
