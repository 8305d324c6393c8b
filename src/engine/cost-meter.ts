/**
 * What each of many rules costs over events: how often it was a candidate, how long it took, how often it matched.
 *
 * A rule is a candidate for an event where its log source fits and some fact that it needs holds; only then is it evaluated.
 * So candidates are what its author can lower: by a log source, or by a text that is rare. Times are of evaluating alone;
 * what all rules share of finding candidates belongs to none. Clauses that rules share count for the first that asks, so
 * that of a rule that stands last is told what it adds.
 */
import type { Event } from '../event/event.ts';
import { compileMatcher, type Matcher } from '../match/matcher.ts';
import type { LoadedRule } from '../rule/inspect.ts';
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

export class CostMeter {
  events = 0;
  /** Of finding candidates and evaluating them, all rules together. */
  milliseconds = 0;
  private readonly rules: readonly LoadedRule[];
  private readonly tallies: { candidates: number; matches: number; milliseconds: number }[];
  private readonly matcher: Matcher;

  constructor(rules: readonly LoadedRule[]) {
    this.rules = rules;
    this.tallies = rules.map(() => ({ candidates: 0, matches: 0, milliseconds: 0 }));
    const owners: number[] = [];
    const entries = rules.flatMap((rule, number) => {
      const own = matcherRulesOf(rule);
      owners.push(...own.map(() => number));
      return own;
    });
    const evaluated = (entry: number, milliseconds: number, matches: boolean) => {
      const tally = this.tallies[owners[entry] as number];
      if (tally === undefined) return;
      tally.candidates += 1;
      tally.milliseconds += milliseconds;
      if (matches) tally.matches += 1;
    };
    this.matcher = compileMatcher(entries, {}, { evaluated });
  }

  observe(event: Event): void {
    const began = performance.now();
    this.matcher.match(event, () => {});
    this.milliseconds += performance.now() - began;
    this.events += 1;
  }

  /** The dearest first; rules that were never a candidate last. */
  costs(): readonly RuleCost[] {
    const all = this.tallies.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return this.rules
      .map(({ document: { id, name, source } }, at): RuleCost => {
        const tally = this.tallies[at] ?? { candidates: 0, matches: 0, milliseconds: 0 };
        return { id, name, file: source.path, ...tally, share: all === 0 ? 0 : tally.milliseconds / all };
      })
      .sort((a, b) => b.milliseconds - a.milliseconds || b.candidates - a.candidates);
  }
}
