import { describe, expect, it } from 'vitest';
import { parseElasticToml } from './elastic-toml.ts';
import { inspectText } from './inspect.ts';
import type { ParsedRule } from './parsed-rule.ts';

const RULE = `[metadata]
creation_date = "2026/01/31"
maturity = "production"
version = 7

[rule]
author = ["Ada", "Grace"]
description = "What it finds."
enabled = false
false_positives = ["Backups."]
from = "now-9m"
index = ["logs-*"]
interval = "5m"
language = "eql"
license = "Apache-2.0"
max_signals = 33
name = "A rule"
note = """## Triage
Look.
### Response and remediation
Act.
"""
references = ["https://example.org/"]
risk_score = 47
rule_id = "9c1f0c2e-0a68-4d4e-9a69-0c7a9f3f5b11"
setup = "Nothing."
severity = "medium"
tags = ["OS: Linux"]
timestamp_override = "event.ingested"
type = "eql"
query = '''
process where process.name == "x"
'''

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"
[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
[[rule.threat.technique.subtechnique]]
id = "T1059.006"
name = "Python"

[[transform.osquery]]
label = "Users"
`;

const parsed = (text: string): ParsedRule => parseElasticToml(text, 'a.toml');
const change = (from: string, to: string): string => {
  expect(RULE).toContain(from);
  return RULE.replace(from, to);
};
/** `code «what is marked» message` of each finding that reading gives. */
const told = (text: string): string[] =>
  inspectText(text, 'a.toml')
    .flatMap(({ findings }) => findings)
    .filter(({ message }) => !message.endsWith('cannot be run yet.'))
    .map(({ code, line, column, end, message }) => {
      const written = text.split('\n')[line - 1] ?? '';
      return `${code} «${written.slice(column - 1, end.line === line ? end.column - 1 : undefined)}» ${message}`;
    });

describe('parseElasticToml', () => {
  it('puts everything that has a name into the document, and the rest into extra', () => {
    const { rule, diagnostics } = parsed(RULE);
    expect(diagnostics).toEqual([]);
    expect(rule).toEqual({
      id: '9c1f0c2e-0a68-4d4e-9a69-0c7a9f3f5b11',
      name: 'A rule',
      version: 7,
      language: 'eql',
      query: 'process where process.name == "x"\n',
      queryOffset: RULE.indexOf('process where'),
      description: 'What it finds.',
      authors: ['Ada', 'Grace'],
      license: 'Apache-2.0',
      references: ['https://example.org/'],
      tags: ['OS: Linux'],
      severity: 'medium',
      riskScore: 47,
      threat: [
        {
          framework: 'MITRE ATT&CK',
          tactic: { id: 'TA0002', name: 'Execution', reference: 'https://attack.mitre.org/tactics/TA0002/' },
          technique: [
            {
              id: 'T1059',
              name: 'Command and Scripting Interpreter',
              subtechnique: [{ id: 'T1059.006', name: 'Python' }],
            },
          ],
        },
      ],
      indexPatterns: ['logs-*'],
      schedule: { interval: '5m', from: 'now-9m' },
      maxAlerts: 33,
      guide: '## Triage\nLook.\n### Response and remediation\nAct.\n',
      response: 'Act.',
      falsePositives: ['Backups.'],
      setup: 'Nothing.',
      enabled: false,
      source: { path: 'a.toml', form: 'elastic-toml', text: RULE },
      extra: {
        metadata: { creation_date: '2026/01/31', maturity: 'production' },
        rule: { type: 'eql', timestamp_override: 'event.ingested' },
        transform: { osquery: [{ label: 'Users' }] },
      },
    });
  });

  it('leaves out what is not given', () => {
    const { rule } = parsed('[rule]\nname="n"\nrule_id="i"\nlanguage="eql"\nquery="any where true"\n');
    expect(Object.keys(rule ?? {}).sort()).toEqual(
      ['authors', 'extra', 'falsePositives', 'id', 'indexPatterns', 'language', 'name', 'query', 'queryOffset']
        .concat(['references', 'schedule', 'source', 'tags', 'threat'])
        .sort(),
    );
  });

  it('takes the version of [rule] before that of [metadata], which then stays in extra', () => {
    const { rule } = parsed(change('type = "eql"', 'type = "eql"\nversion = 102'));
    expect(rule?.version).toBe(102);
    expect(rule?.extra.metadata).toMatchObject({ version: 7 });
  });

  it('keeps what JSON has no value for as text, and keys of any name', () => {
    const { rule } = parsed(`[rule.meta]\nat = 2026-01-31\nmuch = inf\n__proto__ = 1\n${RULE}`);
    expect(JSON.stringify(rule?.extra)).toContain('{"at":"2026-01-31","much":"Infinity","__proto__":1}');
  });

  it.each<[string, string, string, string[]]>([
    ['name = "A rule"\n', '', 'no name', ['rule-key-missing «[rule]» The rule’s name is missing.']],
    ['"A rule"', '" "', 'an empty name', ['rule-key-missing «name» The rule’s name is empty.']],
    ['"A rule"', '7', 'a name of another type', ['rule-value-type «7» name must be a text.']],
    ['rule_id = ', '#', 'no id', ['rule-key-missing «[rule]» The rule’s rule_id is missing.']],
    ["query = '''", "#'''", 'no query', []],
    [
      '"eql"\nlicense',
      '"kuery"\nlicense',
      'another language',
      [
        'rule-language-unsupported «"eql"» The rule is written in kuery (type eql); Vedette runs rules in eql (type eql), kuery and lucene (types query, threshold, new_terms and threat_match).',
      ],
    ],
    ['language = "eql"\n', '', 'no language', ['rule-key-missing «[rule]» The rule’s language is missing.']],
    [
      'type = "eql"',
      'type = "threshold"',
      'another type',
      [
        'rule-language-unsupported «"threshold"» The rule is written in eql (type threshold); Vedette runs rules in eql (type eql), kuery and lucene (types query, threshold, new_terms and threat_match).',
        'rule-key-missing «"threshold"» A threshold rule needs threshold.',
      ],
    ],
    [
      '"eql"\nlicense',
      '"esql"\nlicense',
      'a language that is not run',
      [
        'rule-language-unsupported «"esql"» The rule is written in esql (type eql); Vedette runs rules in eql (type eql), kuery and lucene (types query, threshold, new_terms and threat_match).',
      ],
    ],
    ['["logs-*"]', '"logs-*"', 'no list', ['rule-value-type «"logs-*"» index must be a list of texts.']],
    [
      'risk_score = 47',
      'risk_score = 101',
      'a score out of range',
      ['rule-value-type «101» risk_score must be a whole number from 0 to 100.'],
    ],
    [
      'max_signals = 33',
      'max_signals = 0',
      'no alerts',
      ['rule-value-type «0» max_signals must be a whole number of at least 1.'],
    ],
    [
      'enabled = false',
      'enabled = "no"',
      'a text for a switch',
      ['rule-value-type «"no"» enabled must be true or false.'],
    ],
    [
      '"medium"',
      '"urgent"',
      'an unknown severity',
      ['rule-value-type «"urgent"» severity must be one of informational, low, medium, high, critical.'],
    ],
    ['max_signals', 'max_signal', 'a slip', ['rule-key-unknown «max_signal» max_signal is no known key of [rule].']],
    [
      'maturity',
      'maturty',
      'a slip in metadata',
      ['rule-key-unknown «maturty» maturty is no known key of [metadata].'],
    ],
    [
      '[[transform.osquery]]',
      '[[transforms.osquery]]',
      'a slip in a table',
      ['rule-key-unknown «[[transforms.osquery]]» transforms is no known table.'],
    ],
    [
      'id = "T1059"\n',
      '',
      'a technique without id',
      ['rule-value-type «[[rule.threat.technique]]» A threat technique needs id.'],
    ],
  ])('changing %j to %j tells of %s', (from, to, _, expected) => {
    const findings = told(change(from, to));
    if (expected.length > 0) expect(findings).toEqual(expected);
    else expect(findings[0]).toMatch(/^rule-file-not-toml/);
  });

  it('keeps a threat mapping that it cannot hold whole beside the one it reads', () => {
    const { rule } = parsed(change('id = "T1059"\n', 'id = "T1059"\nsince = 18\n'));
    expect(rule?.threat[0]?.technique[0]?.id).toBe('T1059');
    expect(rule?.extra.rule).toMatchObject({ threat: [{ technique: [{ since: 18 }] }] });
  });

  it('points at what is no TOML', () => {
    expect(told('[rule]\nname = "open\n')[0]).toMatch(/^rule-file-not-toml «» This is not TOML: /);
    expect(told('')).toEqual(['rule-key-missing «» There is no [rule] table.']);
    expect(told('[hunt]\nname = "x"')).toEqual(['rule-key-missing «» There is no [rule] table. A hunt is not a rule.']);
  });

  it('refuses nesting that only an attack has', () => {
    expect(told(`${'a.'.repeat(100_000)}a = 1`)[0]).toMatch(/nest deeper than 32/);
    expect(told(`a = ${'['.repeat(100_000)}`)[0]).toMatch(/rule-file-not-toml/);
  });

  it('shows a part of the query where it stands in the file, escapes or not', () => {
    const text = change(
      "query = '''\nprocess where process.name == \"x\"\n'''",
      'query = "any where \\"\\u0078\\" == y"',
    );
    const { rule, locate } = parsed(text);
    const start = rule?.query.indexOf('y') ?? 0;
    const span = locate.query({ start, end: start + 1 });
    expect(text.slice(span.start, span.end)).toBe('y');
  });
});
