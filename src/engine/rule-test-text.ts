/**
 * A rule's text tested by a text of tests, for a page: both come from outside, and nothing else is read.
 *
 *   rule's text, tests' text ──▶ rules × cases ──a thread with a limit of time──▶ report
 */
import { diagnose } from '../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { CompileOptions } from '../rule/compile.ts';
import type { Finding } from '../rule/finding.ts';
import { toFindings } from '../rule/finding.ts';
import { inspectWhole } from '../rule/inspect.ts';
import type { RuleTest, TestCase } from './rule-test.ts';
import { type FoundTests, testsOfText } from './rule-test-files.ts';
import type { TestedRule } from './rule-test-rules.ts';
import { TestsTooSlow } from './rule-test-threads.ts';
import { type RuleTestReport, runFound } from './rule-tests.ts';

/** How long the cases may take; what a person waits for is done in less than a second. */
const LIMIT_MS = 20_000;
const TESTS = 'tests';

export interface RuleTexts {
  /** Of a rule in any form, or several. */
  readonly text: string;
  /** Tests in Vedette's own form. Without `rule` a test is for each rule of the text, else for the one with that id. */
  readonly tests: string;
}

/** Findings of the rule's text come before those of the tests, whose file is called `tests`. */
export async function testRuleText(
  { text, tests }: RuleTexts,
  { own, ...options }: CompileOptions & { readonly own?: string } = {},
  limitMs = LIMIT_MS,
): Promise<RuleTestReport> {
  const started = performance.now();
  const inspections = await inspectWhole(text, '-', options);
  const found = testsOfText(tests, TESTS);
  const findings: Finding[] = [...inspections.flatMap((one) => one.findings).filter(isError), ...found.findings];
  const chosen: FoundTests['tests'][number][] = [];
  const rules: TestedRule[] = [];
  for (const test of found.tests) {
    const problem = reachesOut(test);
    if (problem !== undefined) {
      findings.push(...toFindings([diagnose('test-form', 'error', problem, test.rule.span)], tests, TESTS, {}));
      continue;
    }
    const meant = inspections.filter(({ document }) => test.rule.kind === 'beside' || document?.id === test.rule.value);
    if (meant.length === 0) {
      const message = `The text holds no rule with the id ${JSON.stringify(test.rule.value.slice(0, 120))}.`;
      findings.push(...toFindings([diagnose('test-rule', 'error', message, test.rule.span)], tests, TESTS, {}));
    }
    for (const { rule } of meant) {
      if (rule === undefined) continue;
      chosen.push(test);
      rules.push({ rule });
    }
  }
  try {
    const ran = await runFound(
      { tests: chosen, findings },
      rules,
      { threads: 1, ...(own === undefined ? {} : { own }) },
      limitMs,
    );
    return { ...ran, milliseconds: performance.now() - started };
  } catch (error) {
    if (!(error instanceof TestsTooSlow)) throw error;
    const late = diagnose('test-slow', 'error', `The cases took longer than ${limitMs / 1_000} seconds.`, NO_SPAN);
    const slow = toFindings([late], tests, TESTS, {});
    const none = { results: [], rules: 0, passed: 0, failed: 0 };
    return { ...none, findings: [...findings, ...slow], milliseconds: performance.now() - started };
  }
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** A text from outside must not make the service read files. */
function reachesOut({ rule, cases }: RuleTest): string | undefined {
  if (rule.kind === 'path') return 'The rule is the text beside the tests; here no file is read.';
  const isOut = ({ files, exceptions }: TestCase) =>
    files.length > 0 || exceptions.some((exception) => typeof exception === 'string');
  const out = cases.find(isOut);
  return out && `The case “${out.name.slice(0, 80)}” names files; here events and exceptions stand in the text.`;
}
