/**
 * `vedette rule test PATH…`: the tests beside rules, what differs, and why.
 *
 *   rules/archive.test.yml  Archive made in shared memory
 *     ✗ tar in /dev/shm  :14
 *       Expected 1 alert; none came.
 *         The event: ada ran tar …
 *         process.working_directory is “/tmp”; wanted: “/dev/shm”.
 *
 * Results go to standard output, progress to standard error. Exit code 2 where something could not be read or there was
 * nothing to run, else 1 where a test failed or is malformed, else 0.
 */
import { writeFile } from 'node:fs/promises';
import type { RuleChanges } from '../engine/chosen-rules.ts';
import type { CaseResult } from '../engine/rule-test.ts';
import { type RuleTestReport, testRules } from '../engine/rule-tests.ts';
import type { Finding } from '../rule/finding.ts';
import { EXIT } from './exit.ts';
import { junitReport } from './junit.ts';
import { count } from './scan-report.ts';
import { printable, type Style, style, type TerminalStream } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface TestOptions extends RuleChanges {
  readonly rules: readonly string[];
  readonly json: boolean;
  /** Passed cases too. */
  readonly all: boolean;
  readonly junit?: string;
  readonly out: Output;
  readonly errors: Output;
}

/** @returns the exit code */
export async function testCommand(paths: readonly string[], options: TestOptions): Promise<number> {
  const { out, errors } = options;
  const shown = errors.isTTY === true;
  const report = await testRules({
    paths,
    rules: options.rules,
    ...(options.pipelines === undefined ? {} : { pipelines: options.pipelines }),
    ...(options.placeholders === undefined ? {} : { placeholders: options.placeholders }),
    onProgress: ({ done, failed, total }) => {
      if (shown) errors.write(`\r\u001b[K${done} of ${total} cases${failed === 0 ? '' : `, ${failed} failed`}`);
    },
  });
  if (shown) errors.write('\r\u001b[K');
  if (options.json) out.write(jsonLines(report));
  else out.write(`${[...textLines(report, options.all, style(out)), summaryOf(report, style(out))].join('\n')}\n`);
  if (options.json) errors.write(`${summaryOf(report, style(errors))}\n`);
  if (options.junit !== undefined) {
    try {
      await writeFile(options.junit, junitReport(report));
    } catch (error) {
      errors.write(`${printable(options.junit)} cannot be written: ${printable((error as Error).message)}\n`);
      return EXIT.failed;
    }
  }
  return exitCode(report);
}

function exitCode({ results, findings, failed }: RuleTestReport): number {
  if (results.length + findings.length === 0 || findings.some(isInTheWay)) return EXIT.failed;
  return failed > 0 || findings.length > 0 ? EXIT.found : EXIT.ok;
}

/** What keeps the work from being done, other than a test that is wrong. */
function isInTheWay({ code, severity }: Finding): boolean {
  return ['test-unreadable', 'test-none'].includes(code) || (code.startsWith('pipeline-') && severity === 'error');
}

/** A case a line, and a line for each test that could not be run. */
function jsonLines({ results, findings }: RuleTestReport): string {
  return [...findings, ...results].map((one) => `${JSON.stringify(one)}\n`).join('');
}

function textLines({ results, findings }: RuleTestReport, all: boolean, look: Style): readonly string[] {
  const lines = findings.flatMap((finding) => [...findingLines(finding, look), '']);
  let file: string | undefined;
  for (const result of results) {
    if (result.passed && !all) continue;
    if (result.file !== file) {
      if (file !== undefined) lines.push('');
      lines.push(`${look.bold(printable(result.file))}  ${look.dim(oneLine(result.rule.name))}`);
      file = result.file;
    }
    lines.push(...caseLines(result, look));
  }
  if (file !== undefined) lines.push('');
  return lines;
}

function caseLines({ name, line, passed, differences }: CaseResult, look: Style): readonly string[] {
  const mark = passed ? look.green('✓') : look.red('✗');
  return [
    `  ${mark} ${oneLine(name)}  ${look.dim(`:${line}`)}`,
    ...differences.flatMap(({ message, why }) => [
      `      ${oneLine(message)}`,
      ...why.map((reason) => look.dim(`        ${oneLine(reason)}`)),
    ]),
  ];
}

function findingLines({ file, line, column, severity, message, hint, code }: Finding, look: Style): readonly string[] {
  const place = code === 'test-none' || code === 'test-unreadable' ? '' : `:${line}:${column}`;
  const head = `${look.bold(`${printable(file)}${place}`)}  ${look.severity(severity, severity)}  ${oneLine(message)}  ${look.dim(code)}`;
  return [head, ...(hint === undefined ? [] : [`    ${look.cyan('hint')}  ${oneLine(hint)}`])];
}

function summaryOf({ results, rules, passed, failed, findings, milliseconds }: RuleTestReport, look: Style): string {
  const outcome = failed === 0 ? look.green(`${passed} passed`) : `${passed} passed, ${look.red(`${failed} failed`)}`;
  const broken = findings.length === 0 ? '' : `, ${look.red(count(findings.length, 'problem', 'problems'))}`;
  const seconds = (milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 2 : 0);
  return `${count(results.length, 'case', 'cases')} of ${count(rules, 'rule', 'rules')}: ${outcome}${broken} in ${seconds} s.`;
}

function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim());
}
