/**
 * The front end of Kibana's query language (“kuery”, KQL in Kibana): query text → plan, or diagnostics that say what is
 * wrong, where, and what to write instead.
 *
 *   text ──parse──▶ syntax tree ──lower──▶ plan
 */
import { hasErrors } from '../../diagnostic/diagnostic.ts';
import { type EventPlan, eventPlan } from '../../plan/plan.ts';
import type { FieldType } from '../../plan/predicate/node.ts';
import type { Compiled } from '../language.ts';
import { lowerKuery } from './lower-kuery.ts';
import { parseKuery } from './parse-kuery.ts';

export interface KueryOptions {
  /**
   * The type of a field, `undefined` for one that no schema knows. Without it ECS and the integrations' fields count, and
   * names that they do not have are reported.
   */
  readonly fieldType?: (name: string) => FieldType | undefined;
  /** What `now` in a date means, epoch milliseconds; by default the moment of compiling. */
  readonly now?: number;
}

/**
 * Compiles one query. Never throws on any text. An empty one holds for every event.
 * Semantics: what Kibana asks Elasticsearch over an index mapped as Elastic's. A syntax error is reported alone, errors
 * of meaning all at once.
 */
export function compileKuery(text: string, options: KueryOptions = {}): Compiled<EventPlan> {
  const { query, diagnostics } = parseKuery(text);
  if (query === undefined) return { diagnostics };
  const lowered = lowerKuery(query, options.now ?? Date.now(), options.fieldType);
  if (hasErrors(lowered.diagnostics)) return { diagnostics: lowered.diagnostics };
  return { plan: eventPlan(lowered.predicate), diagnostics: lowered.diagnostics };
}
