/**
 * Tests of rules, from paths to results.
 *
 *   paths ──▶ tests ──▶ their rules, compiled once ──threads──▶ results, in the order of the tests
 */
import type { Finding } from '../rule/finding.ts';
import { toFindings } from '../rule/finding.ts';
import { compileOptions, type RuleChanges } from './chosen-rules.ts';
import type { CaseOutcome, CaseResult } from './rule-test.ts';
import { type FoundTests, findTests } from './rule-test-files.ts';
import { findTestedRules, type TestedRule } from './rule-test-rules.ts';
import { runJobs, type TestJob, threadsFor } from './rule-test-threads.ts';

export interface RuleTestOptions extends RuleChanges {
  /** Files of tests, folders of them, or rule files with a test beside. */
  readonly paths: readonly string[];
  /** Where rules that tests name by their id are looked for, beside `paths` and the folders of the tests. */
  readonly rules?: readonly string[];
  /** Threads beside this one; as many as pay for themselves where it is left out, 0 for none. */
  readonly threads?: number;
  /** After each rule whose cases are done. */
  readonly onProgress?: (progress: RuleTestProgress) => void;
}

export interface RuleTestProgress {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

export interface RuleTestReport {
  /** In the order of the tests. */
  readonly results: readonly CaseResult[];
  /** Tests that could not be read or whose rule does not run; their cases are not among the results. */
  readonly findings: readonly Finding[];
  readonly rules: number;
  readonly passed: number;
  readonly failed: number;
  readonly milliseconds: number;
}

/** Finds and runs tests of rules. Nothing that a test, a rule or an event holds makes this throw. */
export async function testRules(options: RuleTestOptions): Promise<RuleTestReport> {
  const started = performance.now();
  const found = await findTests(options.paths);
  const compiling = await compileOptions(options);
  const findings = [...compiling.findings.filter(({ severity }) => severity !== 'info'), ...found.findings];
  // Without a pipeline that was asked for, rules would be tested on other fields than they are meant for.
  const tests = compiling.options === undefined ? [] : found.tests;
  const rules = await findTestedRules(tests, [...(options.rules ?? []), ...options.paths], compiling.options);
  const ran = await runFound({ tests, findings }, rules, options);
  return { ...ran, milliseconds: performance.now() - started };
}

/**
 * @param rules of each test, in order
 * @param limitMs for all of it, in threads
 * @throws {TestsTooSlow}
 */
export async function runFound(
  { tests, findings }: FoundTests,
  rules: readonly TestedRule[],
  { threads, onProgress, own }: Pick<RuleTestOptions, 'threads' | 'onProgress' | 'own'>,
  limitMs?: number,
): Promise<Omit<RuleTestReport, 'milliseconds'>> {
  const jobs: (TestJob & { readonly file: string })[] = [];
  const refused: Finding[] = [];
  for (const [index, { file, text, cases }] of tests.entries()) {
    const tested = rules[index];
    if (tested === undefined) continue;
    if ('rule' in tested) jobs.push({ rule: tested.rule, cases, file, ...(own === undefined ? {} : { own }) });
    else refused.push(...toFindings([tested.diagnostic], text, file, {}));
  }
  const total = jobs.reduce((sum, { cases }) => sum + cases.length, 0);
  const byJob: CaseResult[][] = jobs.map(() => []);
  let [done, failed] = [0, 0];
  const take = (index: number, outcomes: readonly CaseOutcome[]) => {
    const { rule, cases, file } = jobs[index] as (typeof jobs)[number];
    const { id, name } = rule.document;
    for (const [at, outcome] of outcomes.entries()) {
      const { name: title, line, column } = cases[at] as (typeof cases)[number];
      const passed = outcome.differences.length === 0;
      byJob[index]?.push({ file, line, column, rule: { id, name }, name: title, passed, ...outcome });
      done += 1;
      if (!passed) failed += 1;
    }
    onProgress?.({ done, failed, total });
  };
  await runJobs(jobs, threads ?? threadsFor(jobs), take, limitMs);
  const ids = new Set(jobs.map(({ rule }) => rule.document.id));
  return {
    results: byJob.flat(),
    findings: [...findings, ...refused],
    rules: ids.size,
    passed: done - failed,
    failed,
  };
}
