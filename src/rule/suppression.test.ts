import { describe, expect, it } from 'vitest';
import { inspectText, inspectWhole } from './inspect.ts';

const TOML = (more: string, query = 'process where true', type = 'eql') => `[rule]
author = ["Ada"]
description = "What it finds."
language = "${type === 'eql' ? 'eql' : 'kuery'}"
name = "A rule"
risk_score = 21
rule_id = "9c1f0c2e-0a68-4d4e-9a69-0c7a9f3f5b11"
severity = "low"
type = "${type}"
query = '''
${query}
'''
${more}
`;

const SIGMA = (more: string) => `title: A rule
id: 3f0f5957-04f8-4792-ad89-192b0303bde6
logsource: { product: linux, category: process_creation }
detection: { selection: { Image|endswith: /python }, condition: selection }
${more}
`;

const SENTINEL = (more: string) => `id: 11111111-2222-3333-4444-555555555555
name: A shell
kind: NRT
severity: High
query: imProcessCreate
${more}
`;

/** What the rule says, or what is wrong with it and where. */
function read(text: string, file: string): unknown {
  const [inspection] = inspectText(text, file);
  const lines = text.split('\n');
  const errors = (inspection?.findings ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    return errors.map(({ code, message, line = 1, column = 1, end }) => {
      const shown = lines[line - 1]?.slice(column - 1, end?.line === line ? (end.column ?? 1) - 1 : undefined);
      return `${code} «${shown}» ${message}`;
    });
  }
  return inspection?.document?.suppression;
}

/** Fields that it groups by, and what is said of them, of a rule that may be compiled in another thread. */
async function fieldsOf(text: string, file: string): Promise<unknown> {
  const [inspection] = await inspectWhole(text, file);
  const lines = text.split('\n');
  const said = (inspection?.findings ?? [])
    .filter(({ code }) => code === 'rule-suppression-field')
    .map(({ severity, hint, line = 1, column = 1, end }) => {
      const shown = lines[line - 1]?.slice(column - 1, (end?.column ?? 1) - 1);
      return `${severity} «${shown}» ${hint ?? ''}`;
    });
  return [
    ...(inspection?.rule?.document.suppression?.groupBy ?? []).map(({ homes, field }) => homes ?? field),
    ...said,
  ];
}
const byFields = (fields: string) => `suppression: { group_by: [${fields}] }`;

describe('fields to suppress by', () => {
  it('are the rule’s own words for those of ECS', async () => {
    expect(await fieldsOf(SIGMA(byFields('User, host.name, ParentImage')), 'a.yml')).toEqual([
      ['user.name'],
      'host.name',
      ['process.parent.executable'],
    ]);
    expect(await fieldsOf(SENTINEL(byFields('ActorUsername, Dvc, host.id')), 'a.yaml')).toEqual([
      ['user.name'],
      ['host.name'],
      'host.id',
    ]);
  });

  it('are columns of what a query over tables gives', async () => {
    const query = 'imProcessCreate | summarize Count = count() by DvcHostname';
    const text = SENTINEL(byFields('DvcHostname')).replace('query: imProcessCreate', `query: ${query}`);
    expect(await fieldsOf(text, 'a.yaml')).toEqual([['kusto.DvcHostname', 'DvcHostname']]);
    expect(await fieldsOf(text.replace('[DvcHostname]', '[DvcHostnam]'), 'a.yaml')).toEqual([
      'error «DvcHostnam» Did you mean DvcHostname?',
    ]);
  });

  it.each([
    [SIGMA(byFields('Usser')), 'a.yml', ['Usser', 'warning «Usser» Did you mean User?']],
    [SENTINEL(byFields('ActorUserIdd')), 'a.yaml', ['error «ActorUserIdd» Did you mean ActorUserId?']],
    [
      TOML('[rule.alert_suppression]\ngroup_by = ["host.nmae"]'),
      'a.toml',
      ['host.nmae', 'warning «"host.nmae"» Did you mean host.name?'],
    ],
    [
      TOML('[rule.alert_suppression]\ngroup_by = ["our.field"]', 'process where our.field == "x"'),
      'a.toml',
      ['our.field'],
    ],
  ])('that nothing knows are told where they stand (%#)', async (text, file, expected) => {
    expect(await fieldsOf(text, file)).toEqual(expected);
  });
});

describe('suppression', () => {
  it('is read as Elastic writes it', () => {
    const duration = 'duration = { value = 5, unit = "h" }';
    const table = `[rule.alert_suppression]\ngroup_by = ["host.name", "user.name"]\n${duration}\nmissing_fields_strategy = "doNotSuppress"`;
    expect(read(TOML(table), 'a.toml')).toEqual({
      groupBy: [{ field: 'host.name' }, { field: 'user.name' }],
      durationMs: 5 * 3_600_000,
      missing: 'alert',
      eachMember: false,
    });
    expect(read(TOML('[rule.alert_suppression]\ngroup_by = ["host.name"]', 'a:b', 'query'), 'a.toml')).toEqual({
      groupBy: [{ field: 'host.name' }],
      missing: 'suppress',
      eachMember: true,
    });
  });

  it('of a threshold rule is by the fields of the threshold', () => {
    const more =
      '[rule.threshold]\nfield = ["host.name"]\nvalue = 3\n[rule.alert_suppression]\nduration = { value = 1, unit = "h" }';
    expect(read(TOML(more, 'a:b', 'threshold'), 'a.toml')).toMatchObject({
      groupBy: [{ field: 'host.name' }],
      durationMs: 3_600_000,
    });
  });

  it('is a key of Vedette’s own in Sigma and Sentinel, with the step of a sequence where there is one', () => {
    expect(read(SIGMA('suppression: { group_by: [host.name], duration: 1h }'), 'a.yml')).toMatchObject({
      groupBy: [{ field: 'host.name' }],
      durationMs: 3_600_000,
    });
    const steps = '[rule.alert_suppression]\ngroup_by = [{ field = "user.name", step = 2 }]';
    const query = 'sequence with maxspan=1m [process where true] [file where true]';
    expect(read(TOML(steps, query), 'a.toml')).toMatchObject({ groupBy: [{ field: 'user.name', step: 2 }] });
  });

  it('of Sentinel makes all alerts of a rule alike for a while', () => {
    const whole = { groupBy: [], durationMs: 5 * 3_600_000, missing: 'suppress', eachMember: false, sparesRun: true };
    expect(read(SENTINEL('suppressionEnabled: true\nsuppressionDuration: PT5H'), 'a.yaml')).toEqual(whole);
    expect(read(SENTINEL('suppressionEnabled: true\nsuppressionDuration: 5h'), 'a.yaml')).toEqual(whole);
    expect(read(SENTINEL('suppressionEnabled: false\nsuppressionDuration: 5h'), 'a.yaml')).toBeUndefined();
    expect(read(SENTINEL('suppression: { group_by: [user.name] }'), 'a.yaml')).toMatchObject({
      groupBy: [{ field: 'user.name' }],
    });
  });

  it.each([
    [TOML('alert_suppression = 1'), 'a.toml', 'rule-suppression-form «1» Suppression must be a table.'],
    [
      TOML('[rule.alert_suppression]\ngroup_by = ["a", "a"]'),
      'a.toml',
      'rule-suppression-form «["a", "a"]» group_by names a field twice.',
    ],
    [
      TOML('[rule.alert_suppression]\ngroup_by = ["a", 1]'),
      'a.toml',
      'rule-suppression-form «1» A field to group by is a name, or a table of field and step (a number from 1).',
    ],
    [
      SIGMA('suppression: { group_by: [a], duration: soon }'),
      'a.yml',
      'rule-suppression-form «soon» The duration cannot be read.',
    ],
    [
      SENTINEL('suppression: { group_by: [a], missing_fields_strategy: never }'),
      'a.yaml',
      'rule-suppression-form «never» missing_fields_strategy is suppress or doNotSuppress.',
    ],
    [
      SENTINEL('suppressionEnabled: true\nsuppressionDuration: P2D'),
      'a.yaml',
      'rule-suppression-form «P2D» suppressionDuration cannot be read.',
    ],
    [
      TOML(
        '[rule.alert_suppression]\ngroup_by = [{ field = "a", step = 3 }]',
        'sequence with maxspan=1m [any where true] [any where true]',
      ),
      'a.toml',
      'rule-suppression-step «3» The rule has 2 steps, and no step 3.',
    ],
    [
      TOML('[rule.alert_suppression]\ngroup_by = [{ field = "a", step = 1 }]'),
      'a.toml',
      'rule-suppression-step «1» The rule has no steps.',
    ],
  ])('that cannot be read is shown where it stands (%#)', (text, file, expected) => {
    expect(read(text, file)).toEqual([expected]);
  });
});
