import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { inspectWhole } from './inspect.ts';
import { parseSentinelYaml } from './sentinel-yaml.ts';

const RULE = `id: 11111111-2222-3333-4444-555555555555
name: A shell
version: 1.0.3
kind: Scheduled
description: |
  Two lines
  of words.
severity: High
requiredDataConnectors:
  - connectorId: X
    dataTypes: [Y]
queryFrequency: 1h
queryPeriod: PT2H
triggerOperator: gt
triggerThreshold: 0
tactics:
  - CommandAndControl
  - Exfiltration
relevantTechniques:
  - T1048.003
query: |
  imProcessCreate
    | where Process endswith "/sh"
entityMappings:
  - entityType: Host
    fieldMappings: [{identifier: HostName, columnName: Dvc}]
tags: [one, two]
metadata: {author: {name: Ada}, license: MIT, references: ['https://example.org'], support: {tier: x}}
`;

const parse = (text: string) =>
  parseSentinelYaml(text, 'a.yaml')[0] as NonNullable<ReturnType<typeof parseSentinelYaml>[0]>;
const without = (...keys: string[]) => RULE.replace(new RegExp(`^(?:${keys.join('|')}):.*\\n(?:[ -].*\\n)*`, 'gm'), '');

/** \`severity code line:column\` of each finding. */
async function findings(text: string): Promise<string[]> {
  const inspections = await inspectWhole(text, 'a.yaml');
  return inspections.flatMap(({ findings }) =>
    findings.map((one) => `${one.severity} ${one.code} ${one.line}:${one.column}`),
  );
}

describe('a scheduled rule', () => {
  const { rule } = parse(RULE);

  it('becomes a document', () => {
    expect(rule).toMatchObject({
      id: '11111111-2222-3333-4444-555555555555',
      name: 'A shell',
      language: 'kusto',
      description: 'Two lines\nof words.\n',
      query: 'imProcessCreate\n  | where Process endswith "/sh"\n',
      severity: 'high',
      riskScore: 73,
      schedule: { interval: '1h', from: 'now-2h' },
      authors: ['Ada'],
      license: 'MIT',
      references: ['https://example.org'],
      tags: ['one', 'two'],
      threat: [
        { tactic: { id: 'TA0011', name: 'Command and Control' }, technique: [] },
        {
          tactic: { id: 'TA0010' },
          technique: [{ id: 'T1048', subtechnique: [{ id: 'T1048.003' }] }],
        },
      ],
      source: { path: 'a.yaml', form: 'sentinel-yaml', text: RULE },
    });
    expect(RULE.slice(rule?.queryOffset)).toMatch(/^imProcessCreate/);
  });

  it('keeps what has no name in the document, and what is written otherwise', () => {
    expect(rule?.extra).toEqual({
      version: '1.0.3',
      kind: 'Scheduled',
      requiredDataConnectors: [{ connectorId: 'X', dataTypes: ['Y'] }],
      queryPeriod: 'PT2H',
      triggerOperator: 'gt',
      triggerThreshold: 0,
      entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier: 'HostName', columnName: 'Dvc' }] }],
      metadata: {
        author: { name: 'Ada' },
        license: 'MIT',
        references: ['https://example.org'],
        support: { tier: 'x' },
      },
    });
  });

  it('loads without a finding', async () => {
    const [inspection] = await inspectWhole(RULE, 'a.yaml');
    expect(inspection?.findings).toEqual([]);
    expect(inspection?.rule?.plan.kind).toBe('event');
  });
});

test('a hunting query has no severity and no schedule, and that is no mistake', async () => {
  const hunting = without('severity', 'queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold', 'kind');
  const { rule } = parse(hunting);
  expect(rule?.severity).toBeUndefined();
  expect(rule?.schedule).toEqual({});
  expect(await findings(hunting)).toEqual([]);
});

test('a near-real-time rule has no schedule', async () => {
  const nrt = without('queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold').replace(
    'Scheduled',
    'NRT',
  );
  expect(parse(nrt).rule?.schedule).toEqual({});
  expect(await findings(nrt)).toEqual([]);
});

test.each([
  [
    'a wrong name in the query',
    RULE.replace('Process endswith', 'Proces endswith'),
    ['error kusto-name-unknown 23:13'],
  ],
  [
    'a threshold that is too high',
    RULE.replace('triggerThreshold: 0', 'triggerThreshold: 10001'),
    ['error rule-sentinel-limit 15:19'],
  ],
  ['an operator', RULE.replace('triggerOperator: gt', 'triggerOperator: over'), ['error rule-value-type 14:18']],
  ['missing settings', without('severity', 'queryFrequency'), ['warning rule-key-missing 1:1']],
  ['no id', without('id'), ['error rule-key-missing 1:1']],
  ['an empty query', without('query').concat('query: " "\n'), ['error rule-key-missing 26:1']],
  ['a severity of its own', RULE.replace('High', 'Huge'), ['error rule-value-type 8:11']],
  ['a duration', RULE.replace('queryFrequency: 1h', 'queryFrequency: hourly'), ['error rule-schedule-form 12:17']],
  ['a hole', RULE.replace('PT2H', '30m'), ['warning rule-schedule-hole 13:14']],
  ['an unknown tactic', RULE.replace('- Exfiltration', '- Exfil'), ['warning rule-attack-unknown 18:5']],
  ['an unknown technique', RULE.replace('T1048.003', 'T9999'), ['warning rule-attack-unknown 20:5']],
  [
    'an unknown key',
    RULE.replace('queryPeriod', 'queryPeriods'),
    ['warning rule-key-missing 1:1', 'warning rule-key-unknown 13:1', 'warning rule-schedule-hole 12:17'],
  ],
  ['suppression', `${RULE}suppressionEnabled: true\n`, ['error rule-suppression-form 29:21']],
  ['a kind that is not run', RULE.replace('Scheduled', 'Fusion'), ['error rule-language-unsupported 4:7']],
  ['a text that is a list', RULE.replace('name: A shell', 'name: [a]'), ['error rule-value-type 2:7']],
  ['broken YAML', 'query: "\nid: x', ['error rule-file-not-yaml 2:6']],
])('%s', async (_, text, expected) => {
  expect((await findings(text)).sort()).toEqual([...expected].sort());
});

test('places in a query of any YAML form', async () => {
  const at = async (query: string) => (await findings(`${without('query')}query: ${query}`)).join();
  expect(await at('|\r\n    imProcessCreate\r\n    | where\r\n      Nope == 1\r\n')).toBe(
    'error kusto-name-unknown 29:7',
  );
  expect(await at('|2-\n   imProcessCreate\n  | where Nope == 1\n')).toBe('error kusto-name-unknown 28:11');
  expect(await at("'imProcessCreate | where Nope == 1'\n")).toBe('error kusto-name-unknown 26:33');
  expect(await at('"imProcessCreate | where Nope == \\"x\\""\n')).toBe('error kusto-name-unknown 26:33');
});

test('the bundled rule', async () => {
  const file = new URL('../../rules/kusto/python_web_server.yaml', import.meta.url);
  const [inspection] = await inspectWhole(readFileSync(file, 'utf8'), 'python_web_server.yaml');
  expect(inspection?.findings).toEqual([]);
  expect(inspection?.rule?.document).toMatchObject({
    severity: 'medium',
    license: 'DRL-1.1',
    schedule: { interval: '5m', from: 'now-10m' },
  });
});

const LONG = (length: number) => 'x'.repeat(length);
const ENTITY = '  - {entityType: Host, fieldMappings: [{identifier: HostName, columnName: Dvc}]}\n';

test.each([
  ['a name', RULE.replace('A shell', LONG(257)), 'warning rule-sentinel-limit 2:7'],
  ['a description', RULE.replace('of words', LONG(5_000)), 'warning rule-sentinel-limit 5:14'],
  ['a query', RULE.replace('/sh', LONG(10_000)), 'warning rule-sentinel-limit 21:8'],
  ['an id', RULE.replace('-555555555555', ''), 'info rule-sentinel-limit 1:5'],
  ['a version', RULE.replace('1.0.3', `1.0.${LONG(20)}`), 'warning rule-sentinel-limit 3:10'],
  ['a short frequency', RULE.replace('queryFrequency: 1h', 'queryFrequency: 4m'), 'warning rule-sentinel-limit 12:17'],
  ['a long period', RULE.replace('PT2H', 'P15D'), 'warning rule-sentinel-limit 13:14'],
  [
    'a frequency for a long period',
    RULE.replace('PT2H', '2d').replace('queryFrequency: 1h', 'queryFrequency: 59m'),
    'warning rule-sentinel-limit 12:17',
  ],
  ['a schedule of an NRT rule', RULE.replace('Scheduled', 'NRT'), 'warning rule-sentinel-limit 12:17'],
  ['an entity', RULE.replace('entityType: Host', 'entityType: Thing'), 'warning rule-sentinel-limit 25:17'],
  ['identifiers', RULE.replace('{identifier: HostName, columnName: Dvc}', ''), 'warning rule-sentinel-limit 26:20'],
  ['a mapping', RULE.replace(', columnName: Dvc', ''), 'warning rule-value-type 26:21'],
  ['entities', `${without('entityMappings')}entityMappings:\n${ENTITY.repeat(11)}`, 'warning rule-sentinel-limit 37:5'],
  [
    'details',
    `${RULE}customDetails: {${Array.from({ length: 21 }, (_, at) => `d${at}: Dvc`).join(', ')}}\n`,
    'warning rule-sentinel-limit 29:16',
  ],
  ['a name of a detail', `${RULE}customDetails: {${LONG(21)}: Dvc}\n`, 'warning rule-sentinel-limit 29:40'],
  [
    'columns of a format',
    `${RULE}alertDetailsOverride: {alertDisplayNameFormat: '{{a}}{{b}}{{c}}{{d}}'}\n`,
    'warning rule-sentinel-limit 29:48',
  ],
  ['a grouping', `${RULE}eventGroupingSettings: {aggregationKind: Each}\n`, 'warning rule-value-type 29:42'],
  [
    'a way of grouping incidents',
    `${RULE}incidentConfiguration: {groupingConfiguration: {matchingMethod: Some}}\n`,
    'warning rule-value-type 29:65',
  ],
])('%s beyond what Sentinel takes', async (_, text, expected) => {
  expect(await findings(text)).toContain(expected);
});
