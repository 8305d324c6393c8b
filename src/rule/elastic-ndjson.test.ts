import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { parseElasticNdjson } from './elastic-ndjson.ts';
import { parseElasticToml } from './elastic-toml.ts';
import { inspectText } from './inspect.ts';

const RULE = {
  id: '5f0b7a44-7a1b-4f3e-9a0e-6a8a4b1c2d3e',
  updated_at: '2026-01-31T08:00:00.000Z',
  name: 'A rule',
  tags: ['OS: Linux'],
  interval: '5m',
  enabled: false,
  revision: 3,
  description: 'What it finds.',
  risk_score: 47,
  severity: 'medium',
  note: '## Triage\nLook.\n### Response and remediation\nAct.\n',
  license: 'Apache-2.0',
  output_index: '',
  author: ['Ada', 'Grace'],
  false_positives: ['Backups.'],
  from: 'now-540s',
  rule_id: '9c1f0c2e-0a68-4d4e-9a69-0c7a9f3f5b11',
  max_signals: 33,
  risk_score_mapping: [],
  severity_mapping: [],
  threat: [
    {
      framework: 'MITRE ATT&CK',
      tactic: { id: 'TA0002', name: 'Execution', reference: 'https://attack.mitre.org/tactics/TA0002/' },
      technique: [{ id: 'T1059', name: 'Command and Scripting Interpreter', subtechnique: [] }],
    },
  ],
  to: 'now',
  references: ['https://example.org/'],
  version: 7,
  exceptions_list: [],
  immutable: false,
  rule_source: { type: 'internal' },
  setup: 'Nothing.',
  type: 'eql',
  language: 'eql',
  index: ['logs-*'],
  query: 'process where process.name == "x"',
  actions: [],
};

const line = (changes: Record<string, unknown> = {}): string => JSON.stringify({ ...RULE, ...changes });
const summary = (rules: number): string =>
  JSON.stringify({ exported_count: rules, exported_rules_count: rules, missing_rules: [] });

/** `code line «what is marked» message` of each finding. */
const told = (text: string): string[] => {
  const lines = text.split('\n');
  return inspectText(text, 'export.ndjson')
    .flatMap(({ findings }) => findings)
    .map(({ code, line, column, end, message }) => {
      const marked = (lines[line - 1] ?? '').slice(column - 1, end.line === line ? end.column - 1 : undefined);
      return `${code} ${line} «${marked}» ${message}`;
    });
};

describe('parseElasticNdjson', () => {
  it('puts everything that has a name into the document, and the rest into extra', () => {
    const text = `${line()}\n${summary(1)}\n`;
    const [parsed, ...more] = parseElasticNdjson(text, 'export.ndjson');
    expect(more).toEqual([]);
    expect(parsed?.diagnostics).toEqual([]);
    expect(parsed?.rule).toEqual({
      id: '9c1f0c2e-0a68-4d4e-9a69-0c7a9f3f5b11',
      name: 'A rule',
      version: 7,
      language: 'eql',
      query: 'process where process.name == "x"',
      queryOffset: line().indexOf('process where'),
      description: 'What it finds.',
      authors: ['Ada', 'Grace'],
      license: 'Apache-2.0',
      references: ['https://example.org/'],
      tags: ['OS: Linux'],
      severity: 'medium',
      riskScore: 47,
      threat: RULE.threat,
      indexPatterns: ['logs-*'],
      schedule: { interval: '5m', from: 'now-540s', to: 'now' },
      maxAlerts: 33,
      guide: '## Triage\nLook.\n### Response and remediation\nAct.\n',
      response: 'Act.',
      falsePositives: ['Backups.'],
      setup: 'Nothing.',
      enabled: false,
      source: { path: 'export.ndjson', form: 'elastic-ndjson', text: line() },
      extra: {
        rule: {
          id: RULE.id,
          updated_at: RULE.updated_at,
          revision: 3,
          output_index: '',
          risk_score_mapping: [],
          severity_mapping: [],
          exceptions_list: [],
          immutable: false,
          rule_source: { type: 'internal' },
          type: 'eql',
          actions: [],
        },
      },
    });
  });

  it('reads every rule of the export, each with its own line as its source', () => {
    const text = `\ufeff${line()}\r\n\n${line({ rule_id: 'b', name: 'B' })}\r\n${summary(2)}`;
    const inspections = inspectText(text, 'export.ndjson');
    expect(inspections.map(({ rule }) => rule?.document.name)).toEqual(['A rule', 'B']);
    for (const { document } of inspections) {
      expect(document?.source.text.slice(document.queryOffset)).toMatch(/^process where/);
    }
    expect(told(text)).toEqual([]);
  });

  it('keeps exception lists and connectors with the rules that name them, and tells of them', () => {
    const list = { list_id: 'backup', namespace_type: 'single', type: 'detection', name: 'Backup hosts' };
    const item = { list_id: 'backup', item_id: 'i', type: 'simple', entries: [{ field: 'host.name', value: 'b-1' }] };
    const connector = { id: 'c-1', type: 'action', attributes: { actionTypeId: '.email' } };
    const rule = line({ exceptions_list: [{ list_id: 'backup' }], actions: [{ id: 'c-1' }] });
    const text = [rule, ...[list, item, connector].map((value) => JSON.stringify(value)), summary(1)].join('\n');
    const [parsed] = parseElasticNdjson(text, 'export.ndjson');
    expect(parsed?.rule?.extra).toMatchObject({ exceptions: [list, item], connectors: [connector] });
    expect(told(text)).toEqual([
      'rule-export-attached 2 «» The export brings exceptions for the rule (line 2, 3); they are applied with it.',
      'rule-export-attached 4 «» The export brings connectors for the rule (line 4); they are kept with it and not followed.',
    ]);
  });

  it('tells of what belongs to no rule, and of a summary that counts other than what is there', () => {
    const text = [line(), JSON.stringify({ list_id: 'lost', type: 'detection' }), summary(3)].join('\n');
    expect(told(text)).toEqual([
      'rule-export-loose 2 «» The exception list lost belongs to no rule of this export, and is left out.',
      'rule-export-incomplete 3 «» The export says it has 3 rules, and 1 are here.',
    ]);
    const missing = JSON.stringify({ exported_count: 1, missing_rules: [{ rule_id: 'gone' }] });
    expect(told(`${line()}\n${missing}`)).toEqual([
      'rule-export-incomplete 2 «» The export says that 1 rules could not be exported.',
    ]);
    expect(told(summary(0))).toEqual(['rule-key-missing 1 «» The export holds no rule.']);
  });

  it('points at what is wrong in its line', () => {
    const changes: [Record<string, unknown>, string][] = [
      [{ name: undefined }, 'rule-key-missing 2 «» The rule’s name is missing.'],
      [{ name: ' ' }, 'rule-key-missing 2 «"name"» The rule’s name is empty.'],
      [{ risk_score: 101 }, 'rule-value-type 2 «101» risk_score must be a whole number from 0 to 100.'],
      [{ tags: ['a', 7] }, 'rule-value-type 2 «["a",7]» tags must be a list of texts.'],
      [{ max_signal: 1 }, 'rule-key-unknown 2 «"max_signal"» max_signal is no known key of a rule.'],
      [{ threat: [{ framework: 'F', tactic: { id: 7, name: 'x' } }] }, 'rule-value-type 2 «7» id must be a text.'],
    ];
    for (const [change, finding] of changes) {
      expect(told(`${line({ rule_id: 'first' })}\n${line(change)}`)[0]).toBe(finding);
    }
    expect(told(line({ language: 'esql', type: 'eql' }))[0]).toMatch(/^rule-language-unsupported 1 «"esql"»/);
  });

  it('shows a part of the query where it stands in the file, escapes or not', () => {
    const [finding] = told(`${line()}\n${line({ rule_id: 'b', query: 'process where process.name = "x\\n"' })}`);
    expect(finding).toMatch(/^eql-syntax 2 «=»/);
  });

  it('leaves out a line that is none, and reads the others', () => {
    const texts = ['{"rule_id": "x",', '[1]', '{"a": 1}', `{"a": ${'['.repeat(50)}${']'.repeat(50)}}`];
    const inspections = inspectText([...texts, line()].join('\n'), 'export.ndjson');
    expect(inspections.map(({ findings }) => findings.map(({ code, line }) => `${code} ${line}`))).toEqual([
      ['rule-file-not-json 1'],
      ['rule-file-not-json 2'],
      ['rule-key-missing 3'],
      ['rule-file-not-json 4'],
      [],
    ]);
    expect(inspections[0]?.findings[0]?.message).toMatch(/^Line 1 is not a JSON object: [^"]{5,60}\.$/);
    expect(told(`{"rule_id":"x"}${' '.repeat(1024 * 1024)}`)[0]).toMatch(/^rule-file-too-large 1/);
    expect(told('{}\n'.repeat(10_005)).at(-1)).toMatch(/^rule-file-too-large 10001/);
  });

  it('gives what the same rules give as TOML', (context) => {
    const folder = requireCorpora(context, 'elastic', 'rules', 'linux');
    const files = globSync('execution_*.toml', { cwd: folder }).sort();
    expect(files.length).toBeGreaterThan(50);
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
    const lines = texts.map((text) => JSON.stringify(parseToml(text).rule));
    const exported = parseElasticNdjson(lines.join('\n'), 'x');
    for (const [index, text] of texts.entries()) {
      const { rule } = parseElasticToml(text, 'x');
      expect({ ...exported[index]?.rule, source: 0, queryOffset: 0, extra: 0 }).toEqual({
        ...rule,
        source: 0,
        queryOffset: 0,
        extra: 0,
      });
    }
  });
});
