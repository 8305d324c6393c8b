import { describe, expect, it } from 'vitest';
import { inspectText } from './inspect.ts';
import { parseSigmaYaml } from './sigma-yaml.ts';

const RULE = `title: A rule
id: 3f0f5957-04f8-4792-ad89-192b0303bde6
related:
    - id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9
      type: derived
status: experimental
description: |
    What it finds.
author: Ada Lovelace (Analytical, Ltd), Grace Hopper
license: DRL-1.1
references: [https://example.org/]
date: 2025-10-17
tags:
    - attack.exfiltration
    - attack.t1048.003
    - attack.g0016
    - cve.2021-44228
logsource:
    product: linux
    category: process_creation
    definition: Any.
detection:
    selection:
        Image|endswith: /python # the link
    condition: selection
fields: [User]
falsepositives: Backups
level: medium
simulation: {name: x}
`;

const parsed = (text: string) => {
  const [rule] = parseSigmaYaml(text, 'a.yml');
  if (rule === undefined) throw new Error('no rule');
  return rule;
};
const change = (from: string, to: string): string => {
  expect(RULE).toContain(from);
  return RULE.replace(from, to);
};

/** `severity code «what is marked» message` of each finding. */
function told(text: string): string[] {
  return inspectText(text, 'a.yml').flatMap(({ findings }) =>
    findings.map(({ severity, code, line, column, end, message }) => {
      const written = text.split('\n')[line - 1] ?? '';
      const marked = written.slice(column - 1, end.line === line ? end.column - 1 : undefined);
      return `${severity} ${code} «${marked}» ${message}`;
    }),
  );
}

describe('parseSigmaYaml', () => {
  it('puts everything that has a name into the document, and the rest into extra', () => {
    const { rule, diagnostics } = parsed(RULE);
    expect(diagnostics).toEqual([]);
    expect(rule).toMatchObject({
      id: '3f0f5957-04f8-4792-ad89-192b0303bde6',
      name: 'A rule',
      language: 'sigma',
      description: 'What it finds.\n',
      authors: ['Ada Lovelace (Analytical, Ltd)', 'Grace Hopper'],
      license: 'DRL-1.1',
      references: ['https://example.org/'],
      tags: ['attack.g0016', 'cve.2021-44228'],
      severity: 'medium',
      riskScore: 47,
      falsePositives: ['Backups'],
      indexPatterns: [],
      schedule: {},
      source: { path: 'a.yml', form: 'sigma-yaml', text: RULE },
      extra: {
        related: [{ id: '08fbc97d-0a2f-491c-ae21-8ffcfd3174e9', type: 'derived' }],
        status: 'experimental',
        date: '2025-10-17',
        fields: ['User'],
        simulation: { name: 'x' },
      },
    });
    expect(Object.keys(rule?.extra ?? {})).toHaveLength(5);
    expect(rule?.threat).toMatchObject([
      {
        tactic: { id: 'TA0010', name: 'Exfiltration', reference: 'https://attack.mitre.org/tactics/TA0010/' },
        technique: [{ id: 'T1048', subtechnique: [{ id: 'T1048.003' }] }],
      },
    ]);
  });

  it('takes log source and detection as the query, as they stand', () => {
    const { rule } = parsed(RULE);
    expect(rule?.query).toBe(RULE.slice(RULE.indexOf('logsource'), RULE.indexOf('\nfields')));
    expect(RULE.slice(rule?.queryOffset).startsWith(rule?.query ?? '?')).toBe(true);
    const apart = `${RULE.replace(/logsource:[\s\S]*?(?=detection)/, '')}logsource:\n    product: linux`;
    expect(parsed(apart).rule?.query).toBe(apart.slice(apart.indexOf('detection')));
  });

  it('takes the whole rule as the query where a part would mean something else', () => {
    const aliased = RULE.replace('definition: Any.', 'definition: *t').replace('title: A rule', 'title: &t A rule');
    expect(parsed(aliased).rule?.query).toBe(aliased);
    const flow = '{title: a, id: i, logsource: {product: linux}, detection: {s: {a: 1}, condition: s}}';
    expect(parsed(flow).rule?.query).toBe(flow);
    expect(inspectText(flow, 'a.yml')[0]?.rule?.plan.kind).toBe('event');
  });

  it('reads several rules from one file, each with its own text', () => {
    const text = `${RULE}---\n${RULE.replace('3f0f', '4f0f').replace('Image|endswith', 'Image|endsmith')}---\n`;
    const [first, second, ...rest] = inspectText(text, 'a.yml');
    expect(rest).toEqual([]);
    expect(first?.rule?.document.source.text).toBe(RULE);
    const { document } = second ?? {};
    expect(document?.source.text).toMatch(/^title: A rule\nid: 4f0f/);
    expect(document?.source.text.slice(document.queryOffset).startsWith(document.query)).toBe(true);
    expect(told(text)).toEqual(['error sigma-modifier-unknown «endsmith» Sigma has no modifier “endsmith”.']);
  });

  it.each<[string, string, readonly string[]]>([
    ['title: A rule', 'title:', ['error rule-key-missing «title» The rule’s title is missing.']],
    ['title: A rule', "title: ' '", ['error rule-key-missing «title» The rule’s title is empty.']],
    ['title: A rule', 'title: [x]', ['error rule-value-type «[x]» title must be a text.']],
    [
      'id: 3f0f5957-04f8-4792-ad89-192b0303bde6\n',
      '',
      [
        'warning rule-id-derived «» The rule has no id; its name or title stands in, and alerts start anew when that changes.',
      ],
    ],
    [
      'level: medium',
      'level: hihg',
      ['error rule-value-type «hihg» level must be one of informational, low, medium, high, critical.'],
    ],
    [
      'falsepositives: Backups',
      'falsepositives: {a: b}',
      ['error rule-value-type «{a: b}» falsepositives must be a list of texts.'],
    ],
    [
      'falsepositives: Backups',
      'falsepositive: Backups',
      ['warning rule-key-unknown «falsepositive» falsepositive is no key of Sigma.'],
    ],
    [
      'fields: [User]',
      'taxonomy: ocsf',
      [
        'error sigma-taxonomy «ocsf» The rule’s fields are named in a taxonomy other than sigma, which is not translated.',
      ],
    ],
    [
      'attack.exfiltration',
      'attack.exfil',
      ['info rule-attack-unknown «attack.exfil» attack.exfil is no tactic of MITRE ATT&CK (as of 2025-11-13).'],
    ],
    [
      'attack.t1048.003',
      'attack.t9999',
      ['warning rule-attack-unknown «attack.t9999» attack.t9999 is no technique of MITRE ATT&CK (as of 2025-11-13).'],
    ],
    [
      'attack.t1048.003',
      'attack.t1086',
      ['warning rule-attack-retired «attack.t1086» MITRE has revoked T1086 (PowerShell).'],
    ],
    [
      'detection:',
      'detectoin:',
      [
        'error rule-key-missing «» The rule’s detection is missing.',
        'warning rule-key-unknown «detectoin» detectoin is no key of Sigma.',
      ],
    ],
    [
      'condition: selection',
      'condition: "selektion"',
      ['error sigma-identifier-unknown «selektion» No search identifier is called “selektion”.'],
    ],
    [
      'level: medium',
      'level: medium\nlevel: low',
      ['error rule-file-not-yaml «level» This is not YAML as rules use it: the key “level” stands here twice.'],
    ],
  ])('%s → %s', (from, to, expected) => {
    expect(told(change(from, to))).toEqual(expected);
  });

  it.each([
    ['title: x\nfilter: {rules: any}\nlogsource: {product: linux}', 'sigma-detection'],
    ['action: global\nlogsource: {product: linux}', 'sigma-action'],
    ['- a', 'rule-key-missing'],
    ['', 'rule-key-missing'],
  ])('refuses %j', (text, code) => {
    const [inspection] = inspectText(text, 'a.yml');
    expect(inspection?.rule).toBeUndefined();
    expect(inspection?.findings.map((finding) => finding.code)).toContain(code);
  });

  it('puts a technique under the tagged tactics that it serves, else under its own', () => {
    const threat = (tags: string) =>
      parsed(change('tags:\n    - attack.exfiltration\n    - attack.t1048.003', tags)).rule?.threat.map(
        ({ tactic, technique }) => [tactic.id, ...technique.map(({ id }) => id)],
      );
    expect(threat('tags:\n    - attack.execution\n    - attack.t1059')).toEqual([['TA0002', 'T1059']]);
    expect(threat('tags:\n    - attack.impact\n    - attack.t1059')).toEqual([['TA0040'], ['TA0002', 'T1059']]);
    expect(threat('tags:\n    - attack.privilege_escalation\n    - attack.t1053')).toEqual([['TA0004', 'T1053']]);
  });
});
