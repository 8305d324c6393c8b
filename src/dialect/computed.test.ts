/** Computed values of EQL in each target: what is said, and what is refused by name. */
import { expect, test } from 'vitest';
import { NO_SPAN } from '../diagnostic/span.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { DialectName } from './dialect-names.ts';
import { emitPlan } from './dialects.ts';

const HEAD = 'process where event.type == "start" and ';

/** The query's condition, or the problems. */
function said(condition: string, to: DialectName): string {
  const { plan, diagnostics } = compileEql(HEAD + condition);
  if (plan === undefined) throw new Error(diagnostics[0]?.message);
  const emission = emitPlan(plan, to, NO_SPAN, { sources: ['logs-*'], system: 'table' });
  const errors = emission.diagnostics.filter(({ severity }) => severity === 'error');
  const text = emission.query ?? errors.map(({ code, message }) => `${code}: ${message}`).join(' ');
  return text.replace(/^[\s\S]*(where|event\.type : "start" AND) /i, '').replace('event.type == "start" and ', '');
}

test.each([
  'length(process.command_line) > 200',
  'substring(process.name, -4, -1) == ".ex"',
  'indexOf~(process.command_line, "x", 3) != null',
  '(process.pid + 4) * 2 - process.parent.pid == 8',
  '-process.pid < -4',
  'concat(process.name, ":", process.pid) == "a:1"',
  'startsWith~(process.command_line, process.name)',
  'process.pid % 4 / 2 != 0',
  'number(process.name, 16) > 3',
  'between~(process.command_line, "a", "b", true) == "x"',
  'concat(process.name, "é") : ("a*", "b?")',
  'concat(process.name, "x") in~ ("a", "*")',
  'concat(process.name) regex~ "a.*b"',
  'string(process.pid) like "1*"',
  'cidrMatch(source.ip, "10.0.0.0/8") and length(process.name) == null',
  'not stringContains(process.command_line, concat(process.name, " "))',
  'length(process.name) != null',
])('EQL is read back as it was: %s', (condition) => {
  const { plan } = compileEql(HEAD + condition);
  if (plan === undefined) throw new Error('no plan');
  const { query } = emitPlan(plan, 'eql', NO_SPAN, { sources: [], system: 'table' });
  const strip = (value: unknown) => JSON.stringify(value, (key, each: unknown) => (key === 'span' ? undefined : each));
  expect(strip(compileEql(query ?? '').plan)).toBe(strip(plan));
});

const ASTRAL = '"[\\\\x{10000}-\\\\x{10FFFF}]"';

test.each<readonly [string, string, string]>([
  [
    'length(process.name) > 9',
    `isnotempty(FileName) and (strlen(FileName) + countof(FileName, ${ASTRAL}, "regex")) > 9`,
    `(LENGTH(process.name) + LENGTH(REPLACE(process.name, ${ASTRAL.replace('[', '[^')}, ""))) > 9`,
  ],
  ['substring(process.name, 0, 3) == "cmd"', 'FileName startswith_cs "cmd"', 'process.name LIKE "cmd*"'],
  ['substring(process.name, -4) == ".exe"', 'FileName endswith_cs ".exe"', 'process.name LIKE "*.exe"'],
  [
    'indexOf(process.name, "x") == null',
    'not(FileName contains_cs "x")',
    'NOT COALESCE(process.name LIKE "*x*", FALSE)',
  ],
  ['process.pid % 4 != 0', 'isnotnull(ProcessId) and (ProcessId - 4 * (ProcessId / 4)) != 0', '(process.pid % 4) != 0'],
  [
    'concat(process.name, ":", process.pid) == "a:1"',
    'isnotempty(FileName) and isnotnull(ProcessId) and strcat(FileName, ":", tostring(ProcessId)) == "a:1"',
    'CONCAT(process.name, ":", TO_STRING(process.pid)) == "a:1"',
  ],
  [
    'not startsWith~(process.command_line, process.name)',
    'not(isnotempty(ProcessCommandLine) and isnotempty(FileName) and (ProcessCommandLine startswith FileName))',
    'NOT COALESCE(STARTS_WITH(TO_LOWER(process.command_line), TO_LOWER(process.name)), FALSE)',
  ],
  [
    'process.pid + process.parent.pid == null',
    'not(isnotnull(ProcessId) and isnotnull(InitiatingProcessId) and isnotnull((ProcessId + InitiatingProcessId)))',
    '(process.pid + process.parent.pid) IS NULL',
  ],
  [
    'concat(process.name, "x") : ("a*", "b?")',
    'isnotempty(FileName) and (strcat(FileName, "x") startswith "a" or tolower(strcat(FileName, "x")) matches regex "(?s)^b.$")',
    '(TO_LOWER(CONCAT(process.name, "x")) LIKE "a*" OR TO_LOWER(CONCAT(process.name, "x")) LIKE "b?")',
  ],
])('%s', (condition, kusto, esql) => {
  expect(said(condition, 'kql-xdr')).toBe(kusto);
  expect(said(condition, 'esql')).toBe(esql);
});

test('numbers that a table keeps as texts are read as numbers', () => {
  expect(said('process.pid + 4 == 8', 'kql-asim')).toBe(
    'isnotnull(tolong(TargetProcessId)) and (tolong(TargetProcessId) + 4) == 8',
  );
});

test.each([
  ['between(process.name, "a", "b") == "x"', 'between'],
  ['number(process.name) > 3', 'number'],
  ['substring(process.name, 1, 3) == "x"', 'substring'],
  ['indexOf(process.name, "x") > 2', 'indexOf'],
])('%s is refused by its name', (condition, name) => {
  for (const to of ['kql-xdr', 'esql'] as const) {
    expect(said(condition, to)).toMatch(
      new RegExp(`^convert-clause: .* cannot say the function ${name} of such values`),
    );
  }
  expect(said(condition, 'lucene')).toMatch(/^convert-clause: /);
});

test('a field that can hold several values is none of ES|QL’s values', () => {
  expect(said('length(process.args) > 3', 'esql')).toBe(
    'convert-clause: ES|QL cannot say a value of process.args, which can hold several.',
  );
});
