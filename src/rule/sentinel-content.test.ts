/** What rules in the shape of Sentinel's content come to: they run, live or on schedule, or are idle and say why. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileKustoTable } from '../language/kusto/kusto-table.ts';
import { namedColumns } from './event-columns.ts';
import { inspectWhole } from './inspect.ts';
import { sentinelSettings } from './sentinel-settings.ts';

async function stateOf(query: string, more = ''): Promise<string> {
  const [inspection] = await inspectWhole(
    `id: 5a1c3f0e-7b52-4e0a-9a55-0d7f3f0b6c12
name: x
kind: Scheduled
severity: Medium
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [Execution]
query: ${JSON.stringify(query)}
${more}
`,
    'r.yaml',
  );
  const { rule, findings = [] } = inspection ?? {};
  const told = findings.map(({ code, message }) => `${code}: ${message}`);
  if (rule === undefined) return told.join(' ');
  return `${rule.idle === undefined ? (rule.tally?.kind ?? 'live') : 'idle'}${told.map((one) => ` ${one}`).join('')}`;
}

test.each([
  [
    'SecurityEvent | where EventID == 4625 and AccountType == "User" | project TimeGenerated, TargetAccount, LogonTypeName',
    'live',
  ],
  ['SecurityEvent | summarize count() by AccountType, bin(TimeGenerated, 10m)', 'rows'],
  [
    'ThreatIntelligenceIndicator | where Active | join kind=innerunique (imNetworkSession) on $left.NetworkIP == $right.DstIpAddr',
    'idle rule-table-idle: No source gives rows of ThreatIntelligenceIndicator yet.',
  ],
  ['imNetworkSession | join kind=leftanti ThreatIntelligenceIndicator on $left.DstIpAddr == $right.NetworkIP', 'rows'],
  ['union isfuzzy=true SigninLogs, (imAuthentication | project TimeGenerated)', 'rows'],
  [
    'imProcessCreate | extend Draw = rand() | where Draw < 0.1 | summarize count() by DvcHostname',
    expect.stringMatching(/^kusto-unsupported: “rand” gives something else each time/),
  ],
  [
    'imProcessCreate | make-series n = count() on TimeGenerated step 1h | extend f = series_decompose_anomalies(n)',
    expect.stringMatching(/^kusto-unsupported: “series_decompose_anomalies” without a period/),
  ],
  ['Heartbeat | summarize count()', 'idle rule-table-idle: No source gives rows of Heartbeat yet.'],
  [
    'let a = externaldata(ip:string)["https://example.org/a.csv"]; imNetworkSession | where DstIpAddr in (a)',
    expect.stringMatching(/^idle rule-table-idle: The query reads files/),
  ],
  [
    "_GetWatchlist('VIPUsers') | project Name = ['User Name'] | join imProcessCreate on $left.Name == $right.ActorUsername",
    expect.stringMatching(/^idle kusto-column-empty: .* rule-table-idle: The watchlist “VIPUsers” is not here/),
  ],
  [
    "let names = _GetWatchlist('VIPUsers') | project ['User Name']; imProcessCreate | where ActorUsername in (names) | summarize count()",
    'rows kusto-column-empty: This watchlist is not here: its columns are taken for text.',
  ],
  [
    'AzureDiagnostics | where ruleId_s == "x" and score_d > 5 and isnull(seen_t) | summarize count() by Resource',
    'idle rule-table-idle: No source gives rows of AzureDiagnostics yet.',
  ],
  ['AzureDiagnostics | where ruleId == "x" | count', expect.stringMatching(/^kusto-name-unknown/)],
  [
    "imProcessCreate | where Nope == 1 | join (_GetWatchlist('VIPUsers')) on $left.ActorUsername == $right.SearchKey",
    expect.stringMatching(/^kusto-name-unknown/),
  ],
])('%s', async (query, state) => {
  expect(await stateOf(query)).toEqual(state);
});

test.each([
  ['imProcessCreate | where CommandLine has "x"', 'live rule-column-missing: The query gives no column “DvcHostnam”'],
  ['imProcessCreate | summarize N = count() by DvcHostnam = Dvc', 'rows$'],
  [
    'imProcessCreate | summarize N = count() by DvcHostname',
    'rows rule-column-missing: The query gives no column “DvcHostnam”',
  ],
])('columns that alerts take values from: %s', async (query, state) => {
  const mapping =
    'entityMappings: [{entityType: Host, fieldMappings: [{identifier: HostName, columnName: DvcHostnam}]}]';
  expect(await stateOf(query, mapping)).toMatch(new RegExp(`^${state}`));
});

test('a bundled rule, which is not looked at when it is loaded, takes its entities from columns that its query gives', async () => {
  const rules = new URL('../../rules/kusto/', import.meta.url).pathname;
  const files = globSync('*.yaml', { cwd: rules });
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const [inspection] = await inspectWhole(readFileSync(rules + file, 'utf8'), file);
    const document = inspection?.rule?.document;
    if (document === undefined) throw new Error(`${file} does not load.`);
    const settings = sentinelSettings(document);
    const { plan } = await compileKustoTable(document.query);
    const given = plan?.relation.columns.map(({ name }) => name);
    expect(settings.entities.length).toBeGreaterThan(0);
    expect(given).toEqual(
      expect.arrayContaining([...namedColumns(settings), ...settings.entities.map(({ column }) => column)]),
    );
  }
});
