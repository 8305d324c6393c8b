/** What each target refuses, and what it says where another tool is known to be wrong. */
import { expect, test } from 'vitest';
import { NO_SPAN } from '../diagnostic/span.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import type { DialectName } from './dialect-names.ts';
import { emitPlan } from './dialects.ts';

const OPTIONS = { sources: ['logs-*'], system: 'table' } as const;

function convert(to: DialectName, detection: string, source = 'product: windows, category: process_creation'): string {
  const { plan, diagnostics } = compileSigma(
    `title: t\nlogsource: {${source}}\ndetection:\n  s:\n    ${detection}\n  condition: s`,
  );
  if (plan === undefined) throw new Error(diagnostics[0]?.message);
  return said(to, plan);
}

function said(to: DialectName, plan: Parameters<typeof emitPlan>[0]): string {
  const { query, diagnostics } = emitPlan(plan, to, NO_SPAN, OPTIONS);
  return (
    query ??
    diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code)
      .join(' ')
  );
}

test.each<readonly [DialectName, string, string]>([
  // null of a text is isempty, never isnull.
  ['kql-asim', 'CommandLine: null', 'imProcessCreate\n| where isempty(TargetProcessCommandLine)'],
  ['kql-asim', "CommandLine: ''", 'convert-empty'],
  // A wildcard inside is anchored, and ignores case.
  [
    'kql-asim',
    "CommandLine|startswith: 'C:\\a?B'",
    'imProcessCreate\n| where tolower(TargetProcessCommandLine) matches regex "(?s)^c:\\\\\\\\a.b.*$"',
  ],
  ['kql-asim', 'OriginalFileName: x.exe', 'imProcessCreate\n| where TargetProcessFileOriginalName =~ "x.exe"'],
  ['kql-asim', 'ProcessId: 4', 'imProcessCreate\n| where TargetProcessId == "4"'],
  ['kql-xdr', 'ProcessId: 4', 'DeviceProcessEvents\n| where ProcessId == 4'],
  [
    'kql-asim',
    'CommandLine|fieldref: ParentCommandLine',
    'imProcessCreate\n| where isnotempty(TargetProcessCommandLine) and isnotempty(ActingProcessCommandLine) and TargetProcessCommandLine =~ ActingProcessCommandLine',
  ],
  ['kql-asim', 'CommandLine|cased|contains: aB', 'imProcessCreate\n| where TargetProcessCommandLine contains_cs "aB"'],
  [
    'kql-asim',
    'Hashes|contains: IMPHASH=0123456789abcdef0123456789abcdef',
    'imProcessCreate\n| where TargetProcessIMPHASH =~ "0123456789abcdef0123456789abcdef"',
  ],
  ['kql-xdr', 'Hashes|contains: IMPHASH=0123456789abcdef0123456789abcdef', 'convert-field convert-field'],
  ['kql-asim', 'GrandParentImage: x', 'convert-field'],
  ['eql', 'CommandLine|fieldref: ParentCommandLine', 'convert-clause'],
  ['eql', "CommandLine|re: 'a\\bc'", 'convert-regex'],
  ['lucene', "CommandLine|re: 'a\\bc'", 'convert-regex'],
  ['esql', "CommandLine|re: 'a\\bc'", 'convert-regex'],
])('%s: %s', (to, detection, expected) => {
  expect(convert(to, detection)).toBe(expected);
});

test('a source that no table holds', () => {
  expect(convert('kql-asim', 'EventID: 1', 'product: windows, service: security')).toBe('convert-table');
  expect(convert('kql-xdr', 'a: b', 'product: okta')).toBe('convert-table');
});

test('networks are asked of addresses, in both families', () => {
  const source = 'product: windows, category: network_connection';
  expect(convert('kql-xdr', 'DestinationIp|cidr: fe80::/10', source)).toContain(
    'ipv6_is_in_range(DestinationIP, "fe80::/10")',
  );
  expect(convert('eql', 'DestinationIp|cidr: 10.0.0.0/8', source)).toContain('cidrMatch(destination.ip, "10.0.0.0/8")');
  expect(convert('lucene', 'DestinationIp|cidr: 10.0.0.0/8', source)).toContain('destination.ip:"10.0.0.0/8"');
});

test('what is no address is refused where an address field is asked', () => {
  for (const to of ['eql', 'esql', 'lucene'] as const) {
    expect(convert(to, 'SourceIp: AWS Internal', 'category: network_connection')).toBe('convert-type');
  }
});

test('words of a text field cannot be compared as a whole', () => {
  const source = 'product: windows, category: ps_script';
  expect(convert('eql', 'ScriptBlockText|contains: x', source)).toBe('convert-type');
  expect(convert('lucene', 'ScriptBlockText|contains: x', source)).toBe('convert-type');
  expect(convert('esql', 'ScriptBlockText|contains: x', source)).toContain(
    'TO_LOWER(powershell.file.script_block_text) LIKE "*x*"',
  );
});

test('nulls below a negation are closed', () => {
  const { plan } = compileSigma(
    'title: t\nlogsource: {category: process_creation}\ndetection:\n  s: {ProcessId|gt: 5, Image: x}\n  condition: not s',
  );
  if (plan === undefined) throw new Error('no plan');
  expect(said('kql-xdr', plan)).toContain('not((isnotnull(ProcessId) and ProcessId > 5) and FolderPath =~ "x")');
  expect(said('esql', plan)).toContain(
    'NOT (COALESCE(process.pid > 5, FALSE) AND COALESCE(TO_LOWER(process.executable) == "x", FALSE))',
  );
});
