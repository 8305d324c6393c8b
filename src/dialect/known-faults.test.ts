/** What other converters are known to say wrongly (docs/convert.md), each with what is said here. */
import { expect, test } from 'vitest';
import { NO_SPAN } from '../diagnostic/span.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import type { DialectName } from './dialect-names.ts';
import { emitPlan } from './dialects.ts';

const PROCESS = 'product: windows, category: process_creation';
const NETWORK = 'product: windows, category: network_connection';

/** The last line of the query, or the codes of what keeps it from being said. */
function said(to: DialectName, selection: string, source = PROCESS): string {
  const { plan, diagnostics } = compileSigma(
    `title: t\nlogsource: {${source}}\ndetection:\n  s: ${selection}\n  condition: s`,
  );
  if (plan === undefined) throw new Error(diagnostics[0]?.message);
  const emission = emitPlan(plan, to, NO_SPAN, { sources: ['logs-*'], system: 'table' });
  const errors = emission.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return emission.query?.split('\n').at(-1) ?? errors.join(' ');
}

test.each<readonly [string, DialectName, string, string]>([
  // `isnull` of a text is always false in Kusto.
  ['null of a text', 'kql-xdr', '{CommandLine: null}', '| where isempty(ProcessCommandLine)'],
  // Unanchored and in one case only, with `?` as any run of characters.
  [
    'a wildcard inside',
    'kql-xdr',
    `{CommandLine|startswith: 'C:\\a?B'}`,
    '| where tolower(ProcessCommandLine) matches regex "(?s)^c:\\\\\\\\a.b.*$"',
  ],
  [
    'a star inside',
    'kql-asim',
    `{CommandLine|endswith: 'a*B'}`,
    '| where tolower(TargetProcessCommandLine) matches regex "(?s)^.*a.*b$"',
  ],
  [
    'one character in Elastic’s',
    'eql',
    `{CommandLine: 'a?b'}`,
    'process where host.os.type == "windows" and event.type == "start" and process.command_line : "a?b"',
  ],
  // `where "foo" or "bar"` is no condition.
  ['keywords', 'kql-xdr', '[evil, worse]', 'convert-clause'],
  ['keywords in Lucene', 'lucene', '[evil]', 'convert-clause'],
  ['keywords in EQL', 'eql', '[evil]', 'convert-clause'],
  ['a field and another', 'kql-xdr', '{CommandLine|fieldref|contains: Image}', 'contains FolderPath'],
  ['case', 'kql-xdr', '{CommandLine|cased|endswith: aB}', '| where ProcessCommandLine endswith_cs "aB"'],
])('%s', (_, to, selection, expected) => {
  expect(said(to, selection)).toContain(expected);
});

test('networks of both families', () => {
  expect(said('kql-asim', '{DestinationIp|cidr: 10.0.0.0/8}', NETWORK)).toContain(
    'ipv4_is_in_range(DstIpAddr, "10.0.0.0/8")',
  );
  expect(said('kql-asim', '{DestinationIp|cidr: fe80::/10}', NETWORK)).toContain(
    'ipv6_is_in_range(DstIpAddr, "fe80::/10")',
  );
});

test('OriginalFileName stands in a column that the table has', () => {
  expect(said('kql-asim', '{OriginalFileName: x.exe}')).toBe('| where TargetProcessFileOriginalName =~ "x.exe"');
});
