import { describe, expect, it, test } from 'vitest';
import { inspectText } from './inspect.ts';

function inspect(query: string) {
  const text = `[rule]
rule_id = "a"
name = "A"
type = "eql"
language = "eql"
risk_score = 21
severity = "low"
author = ["me"]
description = "d"
query = "${query}"
`;
  const [inspection] = inspectText(text, 'a.toml');
  return {
    runs: inspection?.rule !== undefined,
    codes: inspection?.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
  };
}

test.each([
  ['any where true', true, []],
  ['sequence by host.id [any where true] [any where true]', true, []],
  ['any where true | head 3', false, ['rule-trigger-unsupported']],
])('%s', (query, runs, codes) => expect(inspect(query)).toEqual({ runs, codes }));

test('the field of the category is the rule’s', () => {
  const text = '[rule]\nrule_id = "a"\nname = "A"\nlanguage = "eql"\ntype = "eql"\nquery = "info where true"\n';
  const plan = (more: string) => JSON.stringify(inspectText(text + more, 'a.toml')[0]?.rule?.plan);
  expect(plan('')).toContain('"name":"event.category"');
  expect(plan('event_category_override = "event.type"\n')).toContain('"name":"event.type"');
});

describe('rules in Kibana’s query language', () => {
  const rule = (type: string, query: string, more = '') =>
    `[rule]\nname = "x"\nrule_id = "x"\ntype = "${type}"\nlanguage = "kuery"\nquery = '''${query}'''\n${more}`;

  it('run, of type query', () => {
    const [inspection] = inspectText(rule('query', 'process.name: tar'), 'x.toml');
    expect(inspection?.findings).toEqual([]);
    expect(inspection?.rule?.document.language).toBe('kuery');
    expect(inspection?.rule?.plan.kind).toBe('event');
  });

  it.each(['threshold', 'new_terms', 'threat_match'])(
    'of type %s are checked, also for what they need besides',
    (type) => {
      const [inspection] = inspectText(rule(type, 'process.pid: tar'), 'x.toml');
      expect(inspection?.rule).toBeUndefined();
      const codes = new Set(inspection?.findings.map(({ code, line }) => `${code} ${line}`));
      expect([...codes]).toEqual(['rule-key-missing 4']);
    },
  );

  describe('of type threat_match, for indicators', () => {
    /** `code «what is marked»` of each finding. */
    const told = (text: string, file: string) =>
      (inspectText(text, file)[0]?.findings ?? []).map(
        ({ code, line, column, end }) => `${code} «${text.split('\n')[line - 1]?.slice(column - 1, end.column - 1)}»`,
      );

    it.each<[string, readonly string[]]>([
      ["threat_query = 'threat.indicator.ip: *'", []],
      ["threat_query = 'process.pid: tar'", ['kuery-type «tar»']],
      ["threat_language = 'kuery'\nthreat_query = '''a: (b'''", ['kuery-syntax «(»']],
      ["threat_language = 'lucene'\nthreat_query = 'a: [1 TO'", ['lucene-syntax «»']],
      ["threat_language = 'eql'\nthreat_query = 'a'", ["rule-value-type «'eql'»"]],
      ['threat_query = 7', ['rule-value-type «7»']],
    ])('are checked like the rule’s own: %s', (more, expected) => {
      const mapping =
        'threat_mapping = [{entries = [{field = "source.ip", type = "mapping", value = "threat.indicator.ip"}]}]';
      expect(told(rule('threat_match', 'process.name: *', `${mapping}\n${more}`), 'x.toml')).toEqual(expected);
    });

    it('are placed in exports too', () => {
      const exported = {
        rule_id: 'x',
        name: 'x',
        type: 'threat_match',
        query: 'a: *',
        threat_query: 'process.pid: "x"',
        threat_mapping: [{ entries: [{ field: 'source.ip', type: 'mapping', value: 'threat.indicator.ip' }] }],
      };
      expect(told(JSON.stringify(exported), 'x.ndjson')).toContain('kuery-type «\\"x\\"»');
    });
  });

  it('are what an exported rule of that type is that names no language', () => {
    const line = JSON.stringify({ rule_id: 'x', name: 'x', type: 'query', query: 'process.name: tar' });
    expect(inspectText(line, 'x.ndjson')[0]?.rule?.document.language).toBe('kuery');
  });
});
