import { expect, test } from 'vitest';
import { ruleFormOf } from './forms.ts';
import { inspectWhole } from './inspect.ts';
import { sentinelSettings } from './sentinel-settings.ts';

const ID = '11111111-2222-3333-4444-555555555555';
const TEMPLATE = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: { workspace: { type: 'String' } },
  resources: [
    {
      id: `[concat(resourceId('Microsoft.OperationalInsights/workspaces/providers', parameters('workspace'), 'Microsoft.SecurityInsights'),'/alertRules/${ID}')]`,
      name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${ID}')]`,
      type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
      kind: 'Scheduled',
      apiVersion: '2023-12-01-preview',
      properties: {
        displayName: 'Many starts',
        description: 'So many.',
        severity: 'Medium',
        enabled: true,
        query: 'imProcessCreate\n| summarize Runs = count() by DvcHostname\n| where Runs > 5',
        queryFrequency: 'PT1H',
        queryPeriod: 'P1D',
        triggerOperator: 'GreaterThan',
        triggerThreshold: 2,
        suppressionDuration: 'PT5H',
        suppressionEnabled: true,
        tactics: ['Execution'],
        techniques: ['T1059'],
        alertRuleTemplateName: null,
        eventGroupingSettings: { aggregationKind: 'SingleAlert' },
        entityMappings: [
          { entityType: 'Host', fieldMappings: [{ identifier: 'HostName', columnName: 'DvcHostname' }] },
        ],
        templateVersion: '1.0.3',
      },
    },
  ],
};

test('a template is read as the rules in it', async () => {
  const text = JSON.stringify(TEMPLATE, null, 2);
  expect(ruleFormOf(text, 'a.json')?.form).toBe('sentinel-arm');
  const [inspection, ...others] = await inspectWhole(text, 'a.json');
  expect(others).toEqual([]);
  expect(inspection?.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  const document = inspection?.rule?.document;
  expect(document).toMatchObject({
    id: ID,
    name: 'Many starts',
    severity: 'medium',
    schedule: { interval: '1h', from: 'now-1d' },
    suppression: { durationMs: 5 * 3_600_000 },
    threat: [{ tactic: { id: 'TA0002' }, technique: [{ id: 'T1059' }] }],
    source: { form: 'sentinel-arm' },
  });
  expect(inspection?.rule?.tally).toMatchObject({
    kind: 'rows',
    grouping: 'all',
    trigger: { operator: 'gt', count: 2 },
  });
  expect(document && sentinelSettings(document).entities).toHaveLength(1);
});

test('a mistake is told where it stands in the template', async () => {
  const text = JSON.stringify(TEMPLATE, null, 2).replace('Runs > 5', 'Rums > 5');
  const [inspection] = await inspectWhole(text, 'a.json');
  const place = text.slice(0, text.indexOf('Rums')).split('\n');
  expect(inspection?.findings).toMatchObject([
    { severity: 'error', code: 'kusto-name-unknown', line: place.length, column: (place.at(-1)?.length ?? 0) + 1 },
  ]);
});

test('JSON without such rules is no template of them', async () => {
  expect(ruleFormOf('{"resources": [{"type": "x/alertRules"}]}', 'a.json')?.form).toBe('sentinel-arm');
  const [inspection] = await inspectWhole('{"resources": [{"type": "x/alertRules"}]}', 'a.json');
  expect(inspection?.findings).toMatchObject([{ code: 'rule-key-missing' }]);
  const [broken] = await inspectWhole('{"resources": [{"type": "x/alertRules"', 'a.json');
  expect(broken?.findings[0]?.severity).toBe('error');
});
