/** The filter of the list of exceptions as it stands in the address, and what it leaves of them. */
import type { ExceptionSummary } from '../../../src/serve/exception-api.ts';
import { readAddress, withChange } from '../shell/address.ts';
import { counted, grouped } from '../words/counts.ts';

export interface ExceptionSearch {
  readonly q?: string;
  /** Id of a rule. */
  readonly rule?: string;
  readonly state?: StateFilter;
}

export const STATE_FILTERS = ['active', 'off', 'expired', 'waiting', 'broken'] as const;
export type StateFilter = (typeof STATE_FILTERS)[number];

export const STATE_WORDS: Readonly<Record<StateFilter, string>> = {
  active: 'active',
  off: 'off',
  expired: 'expired',
  waiting: 'outside their time window',
  broken: 'with errors',
};

const LONGEST_TEXT = 500;

export function parseExceptionSearch(raw: Readonly<Record<string, unknown>>): ExceptionSearch {
  const { text } = readAddress(raw, LONGEST_TEXT);
  const state = STATE_FILTERS.find((each) => each === text('state'));
  return withChange<ExceptionSearch>({}, { q: text('q'), rule: text('rule'), state });
}

/** What an exception can be made from. */
export interface StartSearch {
  readonly alert?: string;
  readonly rule?: string;
  readonly scenario?: string;
}

export function parseStartSearch(raw: Readonly<Record<string, unknown>>): StartSearch {
  const given = ['alert', 'rule', 'scenario'].flatMap((name) => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' ? [[name, value.slice(0, LONGEST_TEXT)]] : [];
  });
  return Object.fromEntries(given) as StartSearch;
}

function isNarrowed(search: ExceptionSearch): boolean {
  return Object.keys(search).length > 0;
}

/** An exception with an error is on and does nothing, which is worth more than that it is on. */
export function stateOf({ state, check }: ExceptionSummary): StateFilter {
  if (state === 'off') return 'off';
  if (check.findings.some(({ severity }) => severity === 'error')) return 'broken';
  return state === 'outside its time window' ? 'waiting' : state;
}

export function selectExceptions(
  all: readonly ExceptionSummary[],
  { q, rule, state }: ExceptionSearch,
): readonly ExceptionSummary[] {
  const words = (q ?? '').toLowerCase().split(/\s+/);
  return all
    .filter((each) => state === undefined || stateOf(each) === state)
    .filter(({ exception: { rules } }) => rule === undefined || rules === 'all' || rules.includes(rule))
    .filter(({ exception: { name, reason, author }, check: { sentence } }) => {
      const text = [name, reason, author, sentence].join('\n').toLowerCase();
      return words.every((word) => text.includes(word));
    });
}

/** `4 exceptions, 3 active, 120 matches removed`; of a filtered list `2 of 4 exceptions match the filter`. */
export function exceptionsHeadline(all: readonly ExceptionSummary[], shown: number, search: ExceptionSearch): string {
  if (all.length === 0) return 'No exceptions yet';
  if (isNarrowed(search)) {
    return `${grouped(shown)} of ${counted(all.length, 'exception')} ${shown === 1 ? 'matches' : 'match'} the filter`;
  }
  const active = all.filter((each) => stateOf(each) === 'active').length;
  const removed = all.reduce((sum, each) => sum + each.removed, 0);
  const matches = removed === 0 ? 'nothing removed yet' : `${removedWords(removed)} removed`;
  return `${counted(all.length, 'exception')}, ${active === 0 ? 'none' : grouped(active)} active, ${matches}`;
}

/** `1 match`, `120 matches`. */
export function removedWords(removed: number): string {
  return removed === 1 ? '1 match' : `${grouped(removed)} matches`;
}
