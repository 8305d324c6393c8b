/**
 * The query of a rule's text that a place lies in, for an editor of whole rules: whatever form the rule is written in,
 * indented, escaped or as it is.
 */
import { ruleFormOf } from '../rule/forms.ts';
import type { RuleLocator } from '../rule/locator.ts';
import type { QueryLanguage } from '../rule/rule.ts';

export interface QueryPlace {
  readonly language: QueryLanguage;
  readonly query: string;
  /** The place, as an offset of the query. */
  readonly offset: number;
  /** An offset of the query as one of the text. */
  readonly toText: (offset: number) => number;
}

/** @param offset UTF-16; `undefined` where it lies in no query that can be read */
export function queryAt(text: string, offset: number): QueryPlace | undefined {
  for (const { rule, locate } of ruleFormOf(text, '-')?.parse(text, '-') ?? []) {
    if (rule === undefined) continue;
    const { language } = rule;
    if (language === 'esql' || language === 'ml') continue;
    const toText = (at: number) => placeOf(at, rule.query, locate);
    const at = lastUpTo(offset, rule.query.length, toText);
    // The text may stand between two places of the query only where it writes one letter as several.
    if (at === undefined || (at === rule.query.length && toText(at) < offset)) continue;
    return { language, query: rule.query, offset: at, toText };
  }
  return undefined;
}

function placeOf(at: number, query: string, locate: RuleLocator): number {
  // Behind the last letter there is nothing to be located but that letter's end.
  if (at === query.length && at > 0) return locate.query({ start: at - 1, end: at }).end;
  return locate.query({ start: at, end: at }).start;
}

/** The last place of the query that does not stand behind the offset: places rise. */
function lastUpTo(offset: number, length: number, toText: (at: number) => number): number | undefined {
  if (toText(0) > offset) return undefined;
  let [from, to] = [0, length];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (toText(middle) <= offset) from = middle;
    else to = middle - 1;
  }
  return from;
}
