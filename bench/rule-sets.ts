/**
 * Sets of rules to match with, by name: the bundled ones, those of the corpora where they are, some of these drawn at random,
 * and as many made ones as one likes, to see how cost grows with their number.
 *
 *   bundled · sigma · elastic · all (the last two) · real-500, real-5000, … (of all; real-500:2 another draw) ·
 *   made-5000, made-50000, …
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matcherRulesOf } from '../src/engine/rule-matcher.ts';
import { concernsProcesses } from '../src/format/known-process.ts';
import { LineSieve } from '../src/match/line-sieve.ts';
import { compileMatcher, type Matcher, type MatcherRule, type RuleMeter } from '../src/match/matcher.ts';
import { bundledRules, type LoadedRules, loadRules } from '../src/rule/load.ts';
import { madeRules } from './made-rules.ts';
import { SETTINGS } from './read-settings.ts';
import { seededRandom } from './seeded-random.ts';

export interface RuleSet {
  readonly name: string;
  /** Predicates: of a rule over several events, one a step. */
  readonly rules: number;
  /** How many of these are of rules that no format of logs gives what they read. */
  readonly idle: number;
  readonly matcher: Matcher;
  /**
   * Like the matcher, it keeps what it has learned of a lane from one round to the next: the first only warms up. Each lane has its
   * own, as each scan has: one that pauses would pause in the next lane, too.
   */
  sieveOf(lane: string): LineSieve;
  /** To build the matcher, without reading the rules. */
  readonly milliseconds: number;
  /** Another matcher of the same rules, that tells of each candidate. */
  measured(meter: RuleMeter): Matcher;
}

const CORPORA: Readonly<Record<string, readonly string[]>> = {
  sigma: ['sigma/rules'],
  elastic: ['elastic/rules'],
  all: ['sigma/rules', 'elastic/rules'],
};
/** Their names, for whoever chose another. */
export const RULE_SETS = 'bundled, made-500, …; where the corpora are sigma, elastic, all, real-500, …';
const COUNTED = /^(made|real)-(\d{1,6})(?::(\d{1,6}))?$/;
const read = new Map<string, Promise<readonly RuleOfSet[]>>();

interface RuleOfSet {
  readonly rule: MatcherRule;
  readonly isIdle: boolean;
}

/** @throws {Error} where there is no such set on this machine. */
export async function openRuleSet(name: string): Promise<RuleSet> {
  const ofSet = await rulesOf(name);
  const rules = ofSet.map(({ rule }) => rule);
  const idle = ofSet.filter(({ isIdle }) => isIdle).length;
  const started = performance.now();
  const matcher = compileMatcher(rules);
  const milliseconds = performance.now() - started;
  const sieves = new Map<string, LineSieve>();
  const sieveOf = (lane: string) => {
    const sieve = sieves.get(lane) ?? new LineSieve(rules, SETTINGS, concernsProcesses);
    // One at a time: what is learned of a lane is no use once it has been measured.
    sieves.clear();
    sieves.set(lane, sieve);
    return sieve;
  };
  const measured = (meter: RuleMeter) => compileMatcher(rules, {}, meter);
  return { name, rules: rules.length, idle, matcher, sieveOf, milliseconds, measured };
}

/** Whether there is such a set, and its rules are on this machine. */
export function hasRuleSet(name: string): boolean {
  const [, kind] = COUNTED.exec(name) ?? [];
  return kind === 'made' || name === 'bundled' || foldersOf(kind === 'real' ? 'all' : name) !== undefined;
}

async function rulesOf(name: string): Promise<readonly RuleOfSet[]> {
  const [, kind, count, seed] = COUNTED.exec(name) ?? [];
  if (kind === 'made') return madeRules(Number(count)).map((rule) => ({ rule, isIdle: false }));
  if (kind === 'real') return drawn(await corpusRules('all'), Number(count), Number(seed ?? 1));
  if (name === 'bundled') return asRulesOfSet(await bundledRules());
  return corpusRules(name);
}

function corpusRules(name: string): Promise<readonly RuleOfSet[]> {
  const folders = foldersOf(name);
  if (folders === undefined) throw new Error(`there is no set of rules ${name} here`);
  const rules = read.get(name) ?? loadRules(folders).then(asRulesOfSet);
  read.set(name, rules);
  return rules;
}

/** Absent where one of them is not there. */
function foldersOf(corpus: string): string[] | undefined {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const corpora = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
  const folders = CORPORA[corpus]?.map((path) => join(corpora, path));
  return folders?.every((folder) => existsSync(folder)) === true ? folders : undefined;
}

/** So many of them, or all where they are fewer, in their order. */
function drawn(rules: readonly RuleOfSet[], count: number, seed: number): readonly RuleOfSet[] {
  const { below } = seededRandom(seed);
  const left = rules.map((_, at) => at);
  while (left.length > count) left.splice(below(left.length), 1);
  return left.map((at) => rules[at] as RuleOfSet);
}

/** What looks at each event: rules over one event, and the steps of those over several; not those that run on their interval. */
function asRulesOfSet({ rules }: LoadedRules): readonly RuleOfSet[] {
  return rules
    .filter(({ tally }) => tally === undefined)
    .flatMap((rule) => matcherRulesOf(rule).map((one) => ({ rule: one, isIdle: rule.idle !== undefined })));
}
