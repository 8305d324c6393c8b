/**
 * A long list of texts that many rows are compared with, looked up instead of compared one by one.
 *
 *   list, seen again ──▶ terms by the longest run of letters and digits in each │ the set of all texts
 *   text ──its own runs──▶ the few terms that may be in it ──has──▶ found
 *
 * Sound because a whole term that is in a text brings each of its runs of letters and digits along as a whole run of the
 * text: on either side of a run is what is no letter and no digit, of the term itself or beyond its boundary. Terms
 * without such a run, and texts that are no Unicode, are compared one by one.
 */
import type { Json } from '../../../event/json.ts';

const RUNS = /[\p{L}\p{N}]+/gu;
/** Fewer are compared faster. */
const LEAST = 16;

export class ListedTerms {
  private readonly terms: readonly string[];
  private readonly has: (text: string, term: string) => boolean;
  private readonly byRun = new Map<string, string[]>();
  private readonly others: string[] = [];

  /** @param terms folded; whether a folded text has one, says `has` */
  constructor(terms: readonly string[], has: (text: string, term: string) => boolean) {
    this.terms = [...new Set(terms)];
    this.has = has;
    for (const term of this.terms) {
      const run = term.isWellFormed() ? longestRun(term) : undefined;
      const alike = run === undefined ? this.others : (this.byRun.get(run) ?? []);
      alike.push(term);
      if (run !== undefined) this.byRun.set(run, alike);
    }
  }

  any(text: string): boolean {
    if (!text.isWellFormed()) return this.terms.some((term) => this.has(text, term));
    for (const run of text.match(RUNS) ?? [])
      for (const term of this.byRun.get(run) ?? []) if (term === run || this.has(text, term)) return true;
    return this.others.some((term) => this.has(text, term));
  }

  all(text: string): boolean {
    if (!text.isWellFormed()) return this.terms.every((term) => this.has(text, term));
    const runs = new Set(text.match(RUNS));
    // There are as many runs, or one is missing.
    if (this.byRun.size > runs.size) return false;
    for (const [run, terms] of this.byRun) {
      if (!runs.has(run)) return false;
      for (const term of terms) if (term !== run && !this.has(text, term)) return false;
    }
    return this.others.every((term) => this.has(text, term));
  }
}

function longestRun(term: string): string | undefined {
  let longest: string | undefined;
  for (const run of term.match(RUNS) ?? []) if (longest === undefined || run.length > longest.length) longest = run;
  return longest;
}

/**
 * What is made of a list when it comes a second time: lists of single rows come once.
 * @returns `undefined` for a list that is new, or short
 */
export function madeOfLists<T>(make: (list: readonly Json[]) => T): (list: unknown) => T | undefined {
  const known = new WeakMap<object, { made?: T }>();
  return (list) => {
    if (!Array.isArray(list) || list.length < LEAST) return undefined;
    const before = known.get(list);
    if (before === undefined) {
      known.set(list, {});
      return undefined;
    }
    before.made ??= make(list);
    return before.made;
  };
}
