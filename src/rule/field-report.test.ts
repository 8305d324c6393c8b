import { expect, test } from 'vitest';
import { joinPipelines, readPipeline } from '../language/sigma/pipeline/read-pipeline.ts';
import { FieldSummaryTally, fieldUses } from './field-report.ts';
import { inspectText } from './inspect.ts';

const RULE = `title: t
id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11
tags: [ours]
logsource: {product: linux, category: process_creation}
detection:
  selection:
    Image|endswith: /tar
    process.pid: 1
    Acme: x
    Acme2|fieldref: Other
  ours:
    '@Weird': y
  condition: selection or ours
`;

const PIPELINE = `transformations:
  - type: field_name_mapping
    mapping: {Acme: [acme.one, winlog.event_data.Two], Other: User}
    rule_conditions: [{type: tag, tag: ours}]
`;

function told(text: string, pipelineText?: string, file = 'a.yml'): readonly string[] {
  const { pipeline } = pipelineText === undefined ? {} : readPipeline(pipelineText, 'ours.yml');
  const options = pipeline === undefined ? {} : { pipeline: joinPipelines([pipeline]) };
  const [inspection] = inspectText(text, file, options);
  if (inspection?.document === undefined) throw new Error('no rule');
  return fieldUses(inspection.document, inspection.rule?.plan, options).map(({ field, names, by, homes, resolution }) =>
    [field, ...(names === undefined ? [] : [`${names} by ${by}`]), homes.join(), resolution].join(' | '),
  );
}

test('says where a Sigma rule’s fields are looked up', () => {
  expect(told(RULE)).toEqual([
    'Image | process.executable | taxonomy',
    'process.pid | process.pid | ecs',
    'Acme | Acme | unresolved',
    'Acme2 | Acme2 | unresolved',
    'Other | Other | unresolved',
    '@Weird | @Weird | unresolved',
  ]);
});

test('names the steps of a pipeline', () => {
  expect(told(RULE, PIPELINE)).toEqual([
    'Image | process.executable | taxonomy',
    'process.pid | process.pid | ecs',
    'Acme | acme.one,winlog.event_data.Two by ours.yml:2 field_name_mapping | acme.one,winlog.event_data.Two | vendor',
    'Acme2 | Acme2 | unresolved',
    '@Weird | @Weird | unresolved',
    'User | user.name | taxonomy',
  ]);
});

test('of a rule in another language the fields of its plan', () => {
  const rule = `[rule]
index = ["logs-*"]
interval = "5m"
name = "A rule"
rule_id = "i"
language = "eql"
type = "eql"
query = "process where process.name == 'x' and process.Ext.token.integrity_level_name : 'y'"
risk_score = 47
severity = "medium"
`.replaceAll("'", '\\"');
  const fields = told(rule, undefined, 'a.toml');
  expect(fields).toContain('process.name | process.name | ecs');
  const level = 'process.Ext.token.integrity_level_name';
  expect(fields).toContain(`${level} | ${level} | vendor`);
});

test('sums up, the names of most rules first', () => {
  const tally = new FieldSummaryTally();
  tally.add([{ field: 'b', homes: ['b'], resolution: 'unresolved' }]);
  tally.add([
    { field: 'a', homes: ['a'], resolution: 'unresolved' },
    { field: 'b', homes: ['b'], resolution: 'unresolved' },
    { field: 'c', homes: ['process.name'], resolution: 'taxonomy' },
  ]);
  expect(tally.summary()).toEqual({
    rules: 2,
    uses: { taxonomy: 1, ecs: 0, vendor: 0, unresolved: 3 },
    unresolved: [
      { field: 'b', rules: 2 },
      { field: 'a', rules: 1 },
    ],
  });
});
