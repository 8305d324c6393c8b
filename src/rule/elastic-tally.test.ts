import { describe, expect, it } from 'vitest';
import { convertRule } from './convert.ts';
import { inspectText } from './inspect.ts';

const toml = (type: string, more: string) =>
  `[rule]\nname = "x"\nrule_id = "x"\ntype = "${type}"\nlanguage = "kuery"\nquery = "process.name: tar"\n${more}\n`;
const line = (type: string, more: object) =>
  JSON.stringify({ rule_id: 'x', name: 'x', type, language: 'kuery', query: 'process.name: tar', ...more });

const tallyOf = (text: string, file = 'x.toml') => inspectText(text, file)[0]?.rule?.tally;
const told = (text: string) =>
  (inspectText(text, 'x.toml')[0]?.findings ?? []).map(
    ({ code, message, line: at, column, end }) =>
      `${code} «${text.split('\n')[at - 1]?.slice(column - 1, end.column - 1)}» ${message}`,
  );

describe('what a rule alerts on is read from TOML and from exports', () => {
  it('a number of events', () => {
    const expected = {
      kind: 'threshold',
      groupBy: ['host.id'],
      atLeast: 3,
      cardinality: { field: 'user.name', atLeast: 2 },
    };
    const table =
      '[rule.threshold]\nfield = ["host.id"]\nvalue = 3\n[[rule.threshold.cardinality]]\nfield = "user.name"\nvalue = 2';
    expect(tallyOf(toml('threshold', table))).toEqual(expected);
    const threshold = { field: 'host.id', value: 3, cardinality: [{ field: 'user.name', value: 2 }] };
    expect(tallyOf(line('threshold', { threshold }), 'x.ndjson')).toEqual(expected);
    const all = { field: [''], value: 3, cardinality: [] };
    expect(tallyOf(line('threshold', { threshold: all }), 'x.ndjson')).toMatchObject({ groupBy: [], atLeast: 3 });
  });

  it('new values', () => {
    const expected = { kind: 'new-terms', fields: ['host.id', 'user.name'], historyMs: 7 * 86_400_000 };
    const table =
      '[rule.new_terms]\nfield = "new_terms_fields"\nvalue = ["host.id", "user.name"]\n[[rule.new_terms.history_window_start]]\nfield = "history_window_start"\nvalue = "now-7d"';
    expect(tallyOf(toml('new_terms', table))).toEqual(expected);
    const exported = { new_terms_fields: ['host.id', 'user.name'], history_window_start: 'now-7d' };
    expect(tallyOf(line('new_terms', exported), 'x.ndjson')).toEqual(expected);
  });

  it('indicators', () => {
    const entries = [
      { field: 'source.ip', type: 'mapping', value: 'threat.indicator.ip' },
      { field: 'user.name', type: 'mapping', value: 'threat.indicator.name', negate: true },
    ];
    expect(tallyOf(line('threat_match', { threat_mapping: [{ entries }], threat_query: '*:*' }), 'x.ndjson')).toEqual({
      kind: 'indicators',
      mappings: [
        [
          { field: 'source.ip', indicatorField: 'threat.indicator.ip', negated: false },
          { field: 'user.name', indicatorField: 'threat.indicator.name', negated: true },
        ],
      ],
      sources: ['logs-ti_*'],
    });
  });
});

describe('what is wrong with it is told in its place', () => {
  it.each([
    ['threshold', '', 'rule-key-missing «"threshold"» A threshold rule needs threshold.'],
    [
      'threshold',
      '[rule.threshold]\nfield = []\nvalue = 0',
      'rule-value-type «0» threshold.value must be a whole number of at least 1.',
    ],
    [
      'threshold',
      '[rule.threshold]\nfield = ["a", "a"]\nvalue = 1',
      'rule-value-type «["a", "a"]» threshold.field must be a list of 0 to 5 different names of fields.',
    ],
    [
      'threshold',
      '[rule.threshold]\nfield = []\nvalue = 1\ncardinality = 7',
      'rule-value-type «7» cardinality must be one table with field and value.',
    ],
    ['new_terms', 'new_terms_fields = ["a"]', 'rule-key-missing «"new_terms"» history_window_start is missing.'],
    [
      'new_terms',
      'new_terms_fields = ["a"]\nhistory_window_start = "a week"',
      'rule-value-type «"a week"» history_window_start cannot be read.',
    ],
    [
      'new_terms',
      'new_terms_fields = ["a", "b", "c", "d"]\nhistory_window_start = "now-1d"',
      'rule-value-type «["a", "b", "c", "d"]» new_terms_fields must be a list of 1 to 3 different names of fields.',
    ],
    ['threat_match', '', 'rule-key-missing «"threat_match"» A threat_match rule needs threat_mapping.'],
    [
      'threat_match',
      'threat_mapping = [{entries = [{field = "a", type = "mapping", value = "b", negate = true}]}]',
      'rule-value-type «[{field = "a", type = "mapping", value = "b", negate = true}]» Every entry is negated, so nearly every event would match.',
    ],
  ])('%s: %s', (type, more, expected) => {
    expect(told(toml(type, more))).toEqual([expected]);
  });
});

describe('rules that other systems run', () => {
  it('load, and say why they do not run', () => {
    const esql =
      '[rule]\nname = "x"\nrule_id = "x"\ntype = "esql"\nlanguage = "esql"\nquery = "from logs-* | limit 1"\n';
    const [shown] = inspectText(esql, 'x.toml');
    expect(shown?.rule).toMatchObject({ document: { language: 'esql' }, idle: expect.stringContaining('ES|QL') });
    expect(shown?.findings).toMatchObject([{ code: 'rule-not-run', severity: 'info' }]);
    const job = {
      rule_id: 'x',
      name: 'x',
      type: 'machine_learning',
      machine_learning_job_id: 'j',
      anomaly_threshold: 50,
    };
    const [learnt] = inspectText(JSON.stringify(job), 'x.ndjson');
    expect(learnt?.rule).toMatchObject({
      document: { language: 'ml', query: '' },
      idle: expect.stringContaining('job'),
    });
    expect(learnt?.findings).toMatchObject([{ code: 'rule-not-run', severity: 'info' }]);
  });

  it('are checked for what they need', () => {
    const job =
      '[rule]\nname = "x"\nrule_id = "x"\ntype = "machine_learning"\nmachine_learning_job_id = "j"\nanomaly_threshold = 101\n';
    expect(told(job)).toEqual(['rule-value-type «101» anomaly_threshold must be a number from 0 to 100.']);
  });
});

describe('overrides', () => {
  it.each([
    [
      'severity_mapping = 7',
      'rule-value-type «7» severity_mapping must be a list of tables with field, value, severity.',
    ],
    [
      'severity_mapping = [{field = "a", value = "b", severity = "bad"}]',
      'rule-value-type «"bad"» severity must be one of low, medium, high, critical.',
    ],
    [
      'risk_score_mapping = [{operator = "equals"}]',
      'rule-value-type «{operator = "equals"}» An entry of risk_score_mapping needs field.',
    ],
    ['rule_name_override = 7', 'rule-value-type «7» rule_name_override is the name of a field.'],
    ['building_block_type = "other"', 'rule-value-type «"other"» building_block_type can only be default.'],
  ])('are checked: %s', (more, expected) => {
    expect(told(toml('query', more))).toEqual([expected]);
  });
});

it('rules that no query can say are not converted', () => {
  const threshold = { field: 'host.id', value: 3 };
  const mapping = [{ entries: [{ field: 'source.ip', type: 'mapping', value: 'threat.indicator.ip' }] }];
  for (const text of [
    line('threshold', { threshold }),
    line('new_terms', { new_terms_fields: ['host.id'], history_window_start: 'now-7d' }),
    line('threat_match', { threat_mapping: mapping }),
    JSON.stringify({ rule_id: 'x', name: 'x', type: 'esql', language: 'esql', query: 'from logs-*' }),
  ]) {
    const rule = inspectText(text, 'x.ndjson')[0]?.rule;
    if (rule === undefined) throw new Error(text);
    expect(convertRule(rule, { to: 'eql' })).toMatchObject({
      diagnostics: [{ code: 'convert-kind', severity: 'error' }],
    });
  }
});
