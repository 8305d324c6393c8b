/**
 * The rule list's filter as it stands in the address, and what it leaves of the rules. What an address gets wrong is
 * left out, never an error.
 */
import type { RuleLanguage, RuleSummary, Severity } from '../../../src/serve/api.ts';
import { readAddress, withChange } from '../shell/address.ts';
import { counted, grouped } from '../words/counts.ts';
import { LANGUAGE_WORD, SEVERITIES } from '../words/names.ts';

export interface RuleSearch {
  readonly q?: string;
  /** Comma separated. */
  readonly severity?: string;
  /** Comma separated. */
  readonly language?: string;
  /** Turned on, turned off, with an error that keeps it from running, or with a value that was changed here and there. */
  readonly state?: RuleState;
}

export type RuleState = 'on' | 'off' | 'failing' | 'undecided';

const STATES: readonly RuleState[] = ['on', 'off', 'failing', 'undecided'];
export const LANGUAGES = Object.keys(LANGUAGE_WORD) as readonly RuleLanguage[];
const LONGEST_TEXT = 500;

export function parseRuleSearch(raw: Readonly<Record<string, unknown>>): RuleSearch {
  const { text } = readAddress(raw, LONGEST_TEXT);
  return withChange<RuleSearch>(
    {},
    {
      q: text('q'),
      severity: joined(chosen(text('severity'), SEVERITIES)),
      language: joined(chosen(text('language'), LANGUAGES)),
      state: STATES.find((state) => state === text('state')),
    },
  );
}

export function isNarrowed(search: RuleSearch): boolean {
  return Object.keys(search).length > 0;
}

export function severitiesOf(search: RuleSearch): readonly Severity[] {
  return chosen(search.severity, SEVERITIES);
}

export function languagesOf(search: RuleSearch): readonly RuleLanguage[] {
  return chosen(search.language, LANGUAGES);
}

/** Adds a name to one of the filters that list names, or takes it out. */
export function toggle(search: RuleSearch, filter: 'severity' | 'language', name: string): RuleSearch {
  const order: readonly string[] = filter === 'severity' ? SEVERITIES : LANGUAGES;
  const names = new Set(chosen(search[filter], order));
  if (!names.delete(name)) names.add(name);
  return withChange(search, { [filter]: joined(order.filter((candidate) => names.has(candidate))) });
}

/** The rules that the filter leaves, the most severe first; an order that alerts coming in do not change. */
export function selectRules(rules: readonly RuleSummary[], search: RuleSearch): readonly RuleSummary[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/);
  const severities = new Set<string>(severitiesOf(search));
  const languages = new Set<string>(languagesOf(search));
  return rules
    .filter((rule) => severities.size === 0 || severities.has(rule.severity ?? ''))
    .filter((rule) => languages.size === 0 || languages.has(rule.language))
    .filter((rule) => search.state === undefined || isIn(rule, search.state))
    .filter((rule) => search.q === undefined || holdsAll(rule, words))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** Turned on, and without an error that keeps it from running. */
export function isRunning(rule: Pick<RuleSummary, 'enabled' | 'errors' | 'kept_revision'>): boolean {
  return rule.enabled && (rule.errors === 0 || rule.kept_revision !== undefined);
}

/** `4 rules, 3 running`; of a filtered list `2 of 4 rules match the filter`. */
export function rulesHeadline(all: readonly RuleSummary[], shown: number, search: RuleSearch): string {
  if (isNarrowed(search)) {
    const verb = shown === 1 ? 'matches' : 'match';
    return `${grouped(shown)} of ${counted(all.length, 'rule')} ${verb} the filter`;
  }
  if (all.length === 0) return 'No rules yet';
  const running = all.filter(isRunning).length;
  const state = running === all.length ? (running === 1 ? 'running' : 'all running') : `${grouped(running)} running`;
  return `${counted(all.length, 'rule')}, ${running === 0 ? 'none running' : state}`;
}

function isIn(rule: RuleSummary, state: RuleState): boolean {
  if (state === 'failing') return rule.errors > 0;
  if (state === 'undecided') return rule.upstream_changed === true;
  return rule.enabled === (state === 'on');
}

function holdsAll({ name, id, language, threat }: RuleSummary, words: readonly string[]): boolean {
  const techniques = threat.flatMap(({ tactic, technique }) => [
    tactic,
    ...technique.flatMap((each) => [each, ...each.subtechnique]),
  ]);
  const text = [name, id, LANGUAGE_WORD[language], ...techniques.flatMap((each) => [each.id, each.name])]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function rank({ severity }: RuleSummary): number {
  return severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}

function chosen<T extends string>(text: string | undefined, known: readonly T[]): readonly T[] {
  const named = new Set(text?.split(','));
  return known.filter((name) => named.has(name));
}

function joined(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(',');
}
