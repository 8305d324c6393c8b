/**
 * Results of rule tests as JUnit XML, which build servers read: a suite for each file of tests, a test case for each case.
 * A case that came out otherwise is a failure; a test that could not be run is an error.
 */
import type { CaseResult } from '../engine/rule-test.ts';
import type { RuleTestReport } from '../engine/rule-tests.ts';

type Report = Pick<RuleTestReport, 'results' | 'findings' | 'failed' | 'milliseconds'>;

export function junitReport({ results, findings, failed, milliseconds }: Report): string {
  const byFile = new Map<string, CaseResult[]>();
  for (const result of results) {
    const group = byFile.get(result.file);
    if (group === undefined) byFile.set(result.file, [result]);
    else group.push(result);
  }
  const total = results.length + findings.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="vedette rule test" tests="${total}" failures="${failed}" errors="${findings.length}" time="${seconds(milliseconds)}">`,
    ...findings.flatMap(({ file, line, column, message, code, hint }) => [
      `  <testsuite name=${quoted(file)} tests="1" failures="0" errors="1" time="0">`,
      `    <testcase name=${quoted(code)} classname=${quoted(file)} time="0">`,
      `      <error message=${quoted(`${file}:${line}:${column}: ${message}`)}>${escaped(hint ?? '')}</error>`,
      '    </testcase>',
      '  </testsuite>',
    ]),
    ...[...byFile].flatMap(([file, group]) => suiteLines(file, group)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(file: string, results: readonly CaseResult[]): readonly string[] {
  const failures = results.filter(({ passed }) => !passed).length;
  const time = seconds(results.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  return [
    `  <testsuite name=${quoted(file)} tests="${results.length}" failures="${failures}" errors="0" time="${time}">`,
    ...results.flatMap(caseLines),
    '  </testsuite>',
  ];
}

function caseLines({ file, line, name, rule, differences, milliseconds }: CaseResult): readonly string[] {
  const open = `    <testcase name=${quoted(name)} classname=${quoted(rule.name)} file=${quoted(file)} line="${line}" time="${seconds(milliseconds)}"`;
  const [first] = differences;
  if (first === undefined) return [`${open}/>`];
  const text = differences.map(({ message, why }) => [message, ...why.map((reason) => `  ${reason}`)].join('\n'));
  return [
    `${open}>`,
    `      <failure message=${quoted(first.message)}>${escaped(text.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3);
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('\n', '&#10;')}"`;
}

/** What XML 1.0 cannot hold, even escaped, is shown as the character that stands for what cannot be shown. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
