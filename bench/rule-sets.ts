/**
 * Sets of rules to match with, by name: the bundled ones, those of the corpora where they are, and as many made ones as one
 * likes, to see how cost grows with their number.
 *
 *   bundled · sigma · elastic · all (the last two) · made-5000, made-50000, …
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_SPAN } from '../src/diagnostic/span.ts';
import type { FormatSettings } from '../src/format/format.ts';
import { concernsProcesses } from '../src/format/known-process.ts';
import { LineSieve } from '../src/match/line-sieve.ts';
import { compileMatcher, type Matcher, type MatcherRule } from '../src/match/matcher.ts';
import { and, matchAny, type Predicate, wildcardPattern } from '../src/plan/predicate/node.ts';
import { compileIndexPatterns } from '../src/rule/index-pattern.ts';
import { bundledRules, type LoadedRules, loadRules } from '../src/rule/load.ts';
import { seededRandom } from './seeded-random.ts';

export interface RuleSet {
  readonly name: string;
  readonly rules: number;
  readonly matcher: Matcher;
  /** Like the matcher, it keeps what it has learned from one round to the next: the first only warms up. */
  readonly sieve: LineSieve;
  /** To build the matcher, without reading the rules. */
  readonly milliseconds: number;
}

/** How events of all lanes are read. */
export const SETTINGS: FormatSettings = { standsInForEndpoint: true, now: Date.now, hostName: 'bench' };

const CORPORA: Readonly<Record<string, readonly string[]>> = {
  sigma: ['sigma/rules'],
  elastic: ['elastic/rules'],
  all: ['sigma/rules', 'elastic/rules'],
};

/** @throws {Error} where there is no such set on this machine. */
export async function openRuleSet(name: string): Promise<RuleSet> {
  const rules = await rulesOf(name);
  const started = performance.now();
  const matcher = compileMatcher(rules);
  const milliseconds = performance.now() - started;
  const sieve = new LineSieve(rules, SETTINGS, concernsProcesses);
  return { name, rules: rules.length, matcher, sieve, milliseconds };
}

async function rulesOf(name: string): Promise<readonly MatcherRule[]> {
  const [, count] = /^made-(\d{1,6})$/.exec(name) ?? [];
  if (count !== undefined) return madeRules(Number(count));
  if (name === 'bundled') return asMatcherRules(await bundledRules());
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folders = CORPORA[name]?.map((path) => resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora', path));
  if (folders === undefined || !folders.every((folder) => existsSync(folder))) {
    throw new Error(`there is no set of rules ${name} here`);
  }
  return asMatcherRules(await loadRules(folders));
}

function asMatcherRules({ rules }: LoadedRules): readonly MatcherRule[] {
  return rules.flatMap(({ plan, document }) =>
    plan.kind === 'event' ? [{ predicate: plan.predicate, reads: compileIndexPatterns(document.indexPatterns) }] : [],
  );
}

const PROGRAMS = [
  'powershell',
  'cmd',
  'rundll32',
  'svchost',
  'explorer',
  'bash',
  'python3',
  'curl',
  'chrome',
  'winword',
];
const WORDS = [
  '-enc',
  '/c',
  'users',
  'temp',
  'download',
  'service',
  'http',
  'invoke',
  'system32',
  'token',
  'config',
  'run',
];

/** Rules of the shape most have: a program, a condition on its command line of words that do occur, and a word that does not. */
function madeRules(count: number): readonly MatcherRule[] {
  const { pick } = seededRandom(7);
  const contains = (text: string): Predicate =>
    matchAny(
      { name: 'process.command_line', type: 'keyword' },
      { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
      NO_SPAN,
    );
  return Array.from({ length: count }, (_, number) => ({
    predicate: and(
      [
        matchAny(
          { name: 'event.category', type: 'keyword' },
          { kind: 'equals', anyOf: ['process'], fold: 'unicode' },
          NO_SPAN,
        ),
        matchAny(
          { name: 'process.executable', type: 'keyword' },
          { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: `\\${pick(PROGRAMS)}.exe` }])], fold: 'unicode' },
          NO_SPAN,
        ),
        contains(pick(WORDS)),
        contains(`${pick(WORDS)} ${pick(WORDS)}${number % 1000}`),
      ],
      NO_SPAN,
    ),
    reads: () => true,
  }));
}
