/**
 * A question asked of files of logs: which events does this query, in any of the languages, hold for?
 *
 * A hunt decides nothing: no duplicates, no cap, no alert. It reads every event that the query reads, whatever data
 * stream it is in.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/diagnostic.ts';
import type { Event } from '../event/event.ts';
import { compileMatcher } from '../match/matcher.ts';
import { compileRule } from '../rule/compile.ts';
import type { RuleLanguage } from '../rule/rule.ts';
import { type EventsRead, readEvents } from './read-events.ts';

export interface HuntOptions {
  /** An EQL query, a Sigma rule (or its `detection` and `logsource`), or a Kusto query. */
  readonly query: string;
  readonly language: RuleLanguage;
  /** Files, folders, or `-` for standard input. */
  readonly over: readonly string[];
  /** Events given at most; absent for all. */
  readonly limit?: number;
}

export type Hunt =
  /** The query does not compile: nothing was read. Places are in the query. */
  | { readonly diagnostics: readonly Diagnostic[]; readonly read?: undefined }
  | { readonly diagnostics: readonly Diagnostic[]; readonly read: EventsRead; readonly found: number };

/** Hands over each event that the query holds for, in order. */
export async function runHunt(options: HuntOptions, take: (event: Event) => void): Promise<Hunt> {
  const { plan, diagnostics } = await compileRule({ language: options.language, query: options.query });
  if (plan === undefined || hasErrors(diagnostics)) return { diagnostics };
  const matcher = compileMatcher([{ predicate: plan.predicate, reads: () => true }]);
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let found = 0;
  const read = await readEvents(options.over, (event) => {
    matcher.match(event, () => {
      if (found >= limit) return;
      found += 1;
      take(event);
    });
    return found < limit;
  });
  return { diagnostics, read, found };
}
