/**
 * What each rule costs over files of logs, so that an author sees it before the rule is enabled.
 *
 *   events ──matcher, measuring──▶ by rule: how often it was a candidate, how long it took, how often it matched
 *
 * A rule is a candidate for an event where its log source fits and some fact that it needs holds; only then is it evaluated.
 * So candidates are what its author can lower: by a log source, or by a text that is rare. Times are of evaluating alone;
 * what all rules share of finding candidates belongs to none. Clauses that rules share count for the first that asks.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { compileMatcher } from '../match/matcher.ts';
import type { Finding } from '../rule/finding.ts';
import { loadChosenRules, type RuleChanges } from './chosen-rules.ts';
import { readEvents } from './read-events.ts';
import { matcherRulesOf } from './rule-matcher.ts';

export interface RuleCost {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Events for which it, or a step of it, was evaluated. */
  readonly candidates: number;
  /** Events that it, or a step of it, matched. */
  readonly matches: number;
  readonly milliseconds: number;
  /** Of the time that all rules took together, 0 to 1. */
  readonly share: number;
}

export interface RuleCostReport {
  readonly events: number;
  /** The dearest first; rules that were never a candidate last. */
  readonly rules: readonly RuleCost[];
  /** Of finding candidates and evaluating them, all rules together. */
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  readonly problems: readonly Diagnostic[];
}

export interface RuleCostOptions extends RuleChanges {
  /** Rule files and folders. */
  readonly rules: readonly string[];
  /** Files of logs and folders. */
  readonly logs: readonly string[];
}

export async function ruleCost({ rules: paths, logs, ...changes }: RuleCostOptions): Promise<RuleCostReport> {
  const { rules, findings } = await loadChosenRules(paths, changes);
  const owners: number[] = [];
  const entries = rules.flatMap((rule, number) => {
    const own = matcherRulesOf(rule);
    owners.push(...own.map(() => number));
    return own;
  });
  const costs = rules.map(() => ({ candidates: 0, matches: 0, milliseconds: 0 }));
  const matcher = compileMatcher(
    entries,
    {},
    {
      evaluated: (entry, milliseconds, matches) => {
        const cost = costs[owners[entry] as number];
        if (cost === undefined) return;
        cost.candidates += 1;
        cost.milliseconds += milliseconds;
        if (matches) cost.matches += 1;
      },
    },
  );
  let milliseconds = 0;
  const { events, problems } = await readEvents(logs, (event) => {
    const began = performance.now();
    matcher.match(event, () => {});
    milliseconds += performance.now() - began;
    return true;
  });
  const evaluating = costs.reduce((sum, cost) => sum + cost.milliseconds, 0);
  const measured = rules.map(({ document }, at): RuleCost => {
    const cost = costs[at] ?? { candidates: 0, matches: 0, milliseconds: 0 };
    const { id, name, source } = document;
    return { id, name, file: source.path, ...cost, share: evaluating === 0 ? 0 : cost.milliseconds / evaluating };
  });
  measured.sort((a, b) => b.milliseconds - a.milliseconds || b.candidates - a.candidates);
  return { events, rules: measured, milliseconds, findings, problems };
}
