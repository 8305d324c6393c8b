/**
 * Explains one rule on one event: the trace, whether the rule reads the event's data streams, whether an exception
 * removes the match, and what stands between the event and an alert.
 */
import type { Event } from '../event/event.ts';
import { type Plan, participants } from '../plan/plan.ts';
import { explain } from '../plan/predicate/explain.ts';
import { findObstacles } from '../plan/predicate/obstacles.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import type { RuleDocument } from '../rule/rule.ts';
import type { Explanation, Obstacle } from './explanation.ts';

export interface ExplainedRule {
  readonly document: Pick<RuleDocument, 'id' | 'query' | 'indexPatterns'>;
  readonly plan: Plan;
}

/** The exception that would remove a match of the rule on these events, one for each of its steps. */
export type ExceptedBy = (
  ruleId: string,
  events: readonly (Event | undefined)[],
) => { readonly id: string; readonly name: string } | undefined;

/** Made ready once for a rule, then asked for each event. */
export function explainerOf(
  { document, plan }: ExplainedRule,
  exceptedBy: ExceptedBy = () => undefined,
): (event: Event) => Explanation {
  const readsStreams = compileIndexPatterns(document.indexPatterns);
  const { predicate } = participants(plan);
  return (event) => {
    const reads = readsStreams(event.dataStreams);
    const trace = explain(predicate, event, document.query);
    const exception = reads && trace.result ? exceptedBy(document.id, [event]) : undefined;
    const obstacles: Obstacle[] = [...findObstacles(predicate, event, document.query)];
    if (!reads) obstacles.push(otherDataStream(document.indexPatterns, event.dataStreams));
    if (exception !== undefined) {
      obstacles.push({ kind: 'excepted', message: `The exception “${exception.name}” removes it.` });
    }
    return {
      fires: obstacles.length === 0,
      reads,
      data_streams: event.dataStreams,
      trace,
      ...(exception === undefined ? {} : { excepted_by: { id: exception.id, name: exception.name } }),
      obstacles,
    };
  };
}

function otherDataStream(patterns: readonly string[], streams: readonly string[]): Obstacle {
  return {
    kind: 'wrong-data-stream',
    message: `The rule reads ${patterns.join(', ')}; the event is in ${streams.join(', ')}.`,
    seen: streams,
    wanted: patterns,
  };
}
