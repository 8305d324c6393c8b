/**
 * Queries whose plans are at hand, so that they run without Kusto's parser, which costs seconds and 200 MB.
 *
 * The bundled rules are among the rules that run when nobody names any, and most who run them never write Kusto. Their
 * plans stand in `known-queries-table.ts`, made by `npm run generate:kusto`; a test holds them to what the parser gives.
 */

import type { EventPlan } from '../../plan/plan.ts';
import { PLAN_VERSION } from '../../plan/predicate/node.ts';
import type { Compiled } from '../language.ts';
import { KNOWN_QUERIES } from './known-queries-table.ts';

let compiled: ReadonlyMap<string, Compiled<EventPlan>> | undefined;

/** What compiling the text gives, where that is known; made anew when plans have changed since. */
export function knownQuery(text: string): Compiled<EventPlan> | undefined {
  compiled ??= new Map(
    KNOWN_QUERIES.map((line) => JSON.parse(line, freeze) as [string, Compiled<EventPlan>]).filter(
      ([, { plan }]) => plan?.version === PLAN_VERSION,
    ),
  );
  return compiled.get(text);
}

function freeze(_key: string, value: unknown): unknown {
  return Object.freeze(value);
}
