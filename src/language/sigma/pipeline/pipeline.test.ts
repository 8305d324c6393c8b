/**
 * Pipelines by what they make of rules: the rule's items and condition after each, in one line, and the events that a
 * whole rule matches under one.
 */
import { describe, expect, it, test } from 'vitest';
import { documentSource, Event } from '../../../event/event.ts';
import type { JsonObject } from '../../../event/json.ts';
import { evaluate } from '../../../plan/predicate/evaluate.ts';
import { parseYaml, plainYaml, type YamlMap } from '../../yaml.ts';
import type { Condition, Search } from '../ast.ts';
import { parseDetection } from '../parse-rule.ts';
import { compileSigma } from '../sigma.ts';
import { applyPipeline } from './apply-pipeline.ts';
import { joinPipelines, readPipeline } from './read-pipeline.ts';
import type { RuleFacts } from './work.ts';

const SOURCE = 'logsource: {product: windows, category: process_creation}\n';

function pipelineOf(...texts: readonly string[]) {
  const read = texts.map((text, index) => readPipeline(text, `${index}.yml`));
  expect(read.flatMap(({ diagnostics }) => diagnostics).filter(({ severity }) => severity === 'error')).toEqual([]);
  return joinPipelines(read.flatMap(({ pipeline }) => (pipeline === undefined ? [] : [pipeline])));
}

/** The rule after the steps, as text; or the mistake that was told. */
function piped(steps: string, detection: string, extra = ''): string {
  const text = `${extra}${SOURCE}detection:\n${detection.replaceAll(/^/gm, '  ')}`;
  const root = parseYaml(text)[0]?.root as YamlMap;
  const parsed = parseDetection(root, text).detection;
  if (parsed === undefined) throw new Error('no detection');
  const indented = steps.trim().replaceAll(/^/gm, '  ');
  const whole = /^(?:vars|transformations):/m.test(steps) ? steps : `transformations:\n${indented}`;
  const applied = applyPipeline(parsed, pipelineOf(whole), () => plainYaml(root) as RuleFacts);
  if (applied.detection === undefined)
    return applied.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
  const { searches, conditions, logSource } = applied.detection;
  const { product, category, service } = logSource;
  const source = product === 'windows' && category === 'process_creation' ? '' : ` <${product}/${category}/${service}>`;
  const told = [...searches.values()].map(({ name, search }) => `${name}=${shown(search)}`);
  return `${told.join('; ')} | ${conditions.map(condition).join(', ')}${source}`;
}

function shown(search: Search): string {
  if (search.kind !== 'item') {
    const parts = search.children.map(shown);
    return parts.length === 1 ? (parts[0] as string) : `(${parts.join(search.kind === 'all' ? ' & ' : ' / ')})`;
  }
  const key = [search.field ?? '', ...search.modifiers.map(({ name }) => name)].join('|');
  return `${key}:${search.values.map(({ value }) => (typeof value === 'string' ? `'${value}'` : String(value))).join(',')}`;
}

function condition(node: Condition): string {
  switch (node.kind) {
    case 'identifier':
      return node.name;
    case 'some':
      return `${node.quantifier} ${node.pattern}`;
    case 'not':
      return `not ${condition(node.child)}`;
    default:
      return `(${node.children.map(condition).join(` ${node.kind} `)})`;
  }
}

const S = (item: string) => `s:\n${item.replaceAll(/^/gm, '  ')}\ncondition: s`;
const step = (type: string, rest = '') => `- type: ${type}\n${rest.replaceAll(/^/gm, '  ')}`;

describe('transformations', () => {
  it.each<[string, string, string]>([
    // Fields.
    [
      step('field_name_mapping', 'mapping: {Image: process.executable}'),
      S("Image|endswith: '\\cmd.exe'\nUser: x"),
      "s=(process.executable|endswith:'\\cmd.exe' & User:'x') | s",
    ],
    [step('field_name_mapping', 'mapping: {a: [b, c]}'), S('a: x'), "s=(b:'x' / c:'x') | s"],
    [step('field_name_mapping', 'mapping: {a: [b, c]}'), S('a: null'), 's=(b:null & c:null) | s'],
    [step('field_name_mapping', 'mapping: {a: [b, c]}'), S('a|neq: x'), "s=(b|neq:'x' & c|neq:'x') | s"],
    [
      step('field_name_mapping', 'mapping: {a: [b, c]}'),
      S('a|exists: false'),
      's=(b|exists:false & c|exists:false) | s',
    ],
    [step('field_name_mapping', 'mapping: {null: message}'), S('- evil\n- bad'), "s=message|contains:'evil','bad' | s"],
    [step('field_name_mapping', 'mapping: {b: y, a: x}'), S('a|fieldref: b'), "s=x|fieldref:'y' | s"],
    [
      step('field_name_prefix_mapping', 'mapping: {win.: [w., v.]}'),
      S('win.a: 1\nb: 2'),
      's=((w.a:1 / v.a:1) & b:2) | s',
    ],
    [step('field_name_prefix', 'prefix: p.'), S('a: 1'), 's=p.a:1 | s'],
    [step('field_name_suffix', 'suffix: .k'), S('a: 1'), 's=a.k:1 | s'],
    // Items.
    [
      step('drop_detection_item', 'field_name_conditions: [{type: include_fields, fields: [a]}]'),
      S('a: 1\nb: 2'),
      's=b:2 | s',
    ],
    [
      step('drop_detection_item', 'field_name_conditions: [{type: include_fields, fields: [a]}]'),
      's: {a: 1}\nt: {b: 2}\ncondition: s and t or not s',
      't=b:2 | t',
    ],
    [
      step('drop_detection_item', 'field_name_conditions: [{type: include_fields, fields: [a]}]'),
      's1: {a: 1}\ns2: {b: 2}\nf: {a: 3}\ncondition: 1 of s* and not 1 of f*',
      's2=b:2 | any s*',
    ],
    [
      step('drop_detection_item'),
      S('a: 1'),
      'pipeline-failed: The pipelines drop every item that the condition asks for.',
    ],
    [
      step('hashes_fields', 'valid_hash_algos: [MD5, SHA1]\nfield_prefix: File'),
      S('Hashes|contains:\n  - MD5=00ff\n  - SHA1=11ee\n  - IMPHASH=22'),
      "s=(FileMD5:'00ff' / FileSHA1:'11ee') | s",
    ],
    [
      step('hashes_fields', 'valid_hash_algos: [MD5]\nfield_prefix: hash\ndrop_algo_prefix: true'),
      S(`Hashes: ${'ab'.repeat(16)}`),
      `s=hash:'${'ab'.repeat(16)}' | s`,
    ],
    [
      step('hashes_fields', 'valid_hash_algos: [MD5]'),
      S('Hashes: SHA1=00'),
      'pipeline-failed: None of the values names a hash algorithm of the pipeline: MD5.',
    ],
    [
      step(
        'detection_item_failure',
        'message: No a here.\nfield_name_conditions: [{type: include_fields, fields: [a]}]',
      ),
      S('a: 1'),
      'pipeline-failed: No a here.',
    ],
    // Placeholders.
    [
      `vars: {adm: [root, 'ad*'], n: 7}\ntransformations:\n${step('value_placeholders')}`,
      S("a|contains|expand: 'x%adm%-%n%'"),
      "s=a|contains|expand:'xroot-7','xad*-7' | s",
    ],
    [
      `vars: {p: '%TEMP%'}\ntransformations:\n${step('value_placeholders')}`,
      S("a|expand: '%p%'"),
      "s=a|expand:'\\%TEMP\\%' | s",
    ],
    [
      `vars: {p: [1, 2]}\ntransformations:\n${step('value_placeholders')}`,
      S("a|contains|all|expand: ['%p%', 'y']"),
      "s=(a|contains|expand:'1','2' & a|contains|expand:'y') | s",
    ],
    [
      step('value_placeholders'),
      S("a|expand: '%who%'"),
      'pipeline-placeholder: The placeholder %who% has no values in the vars of the pipelines.',
    ],
    [step('wildcard_placeholders', 'include: [a]'), S("f|expand: '%a%%b%'"), "s=f|expand:'*%b%' | s"],
    [step('wildcard_placeholders', 'exclude: [a]'), S("f|expand: '%a%%b%'"), "s=f|expand:'%a%*' | s"],
    // Values.
    [
      step('replace_string', "regex: '^\\*\\\\'\nreplacement: 'C:\\\\'"),
      S("a|endswith: '\\cmd.exe'"),
      "s=a:'C:\\\\cmd.exe' | s",
    ],
    [
      step('replace_string', "regex: '(\\w+)@(?P<d>\\w+)'\nreplacement: '\\g<d>/\\1'"),
      S('a: me@here'),
      "s=a:'here/me' | s",
    ],
    [
      step('replace_string', "regex: '\\\\'\nreplacement: '/'"),
      S("a: 'C:\\x\\*'"),
      "s=a:'C:/x*' | s".replace('x*', 'x\\*'),
    ],
    [step('replace_string', "regex: 'x'\nreplacement: '\\\\*'"), S('a: x'), "s=a:'\\*' | s"],
    [
      step('replace_string', "regex: 'b|\\*'\nreplacement: '*'\nskip_special: true"),
      S('a|contains: abc'),
      "s=a:'*a\\*c*' | s",
    ],
    [
      step('replace_string', "regex: b\nreplacement: '*'\nskip_special: true\ninterpret_special: true"),
      S('a: abc'),
      "s=a:'a*c' | s",
    ],
    [
      step('replace_string', "regex: '8'\nreplacement: '9'"),
      S('a: 4688\nb|gt: 8\nc|re: 8'),
      "s=(a:'4699' & b|gt:8 & c|re:8) | s",
    ],
    [step('map_string', 'mapping: {x: y, z: [p, q*]}'), S('a: [x, z, w]'), "s=a:'y','p','q*','w' | s"],
    [step('case', 'method: upper'), S('a|startswith|cased: ab'), "s=a|cased:'AB*' | s"],
    [step('case', 'method: snake_case'), S('a: FooBar'), "s=a:'foo_bar' | s"],
    [step('regex', 'method: ignore_case_flag'), S("a|startswith: 'x.'"), "s=a|re|i|s:'^x\\..*$' | s"],
    [step('regex'), S('a: [x1, null]'), "s=(a|re|s:'^[xX]1$' / a:null) | s"],
    [step('regex', 'method: plain'), S('a|contains|all: [x, y]'), "s=(a|re|s:'^.*x.*$' & a|re|s:'^.*y.*$') | s"],
    [step('set_value', 'value: 5'), S('a: x'), 's=a:5 | s'],
    [step('set_value', 'value: 5\nforce_type: str'), S('a: 1'), "s=a:'5' | s"],
    [step('convert_type', 'target_type: num'), S("a: ['5', 6]"), 's=a:5,6 | s'],
    [step('convert_type', 'target_type: num'), S('a: x'), 'pipeline-failed: “x” is to become a number and is none.'],
    [step('convert_type', 'target_type: str'), S('a: [5, null]'), "s=a:'5',null | s"],
    // The rule.
    [step('change_logsource', 'product: linux\nservice: auditd'), S('a: 1'), 's=a:1 | s <linux/undefined/auditd>'],
    [
      step('add_condition', 'conditions: {EventID: [1, 2]}'),
      S('a: 1'),
      's=a:1; _pipeline=EventID:1,2 | (_pipeline and s)',
    ],
    [
      step(
        'add_condition',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the braces are the pipeline's
        "conditions: {x|contains: '$product-${category}-$$-$other'}\ntemplate: true\nnegated: true\nname: s",
      ),
      S('a: 1'),
      "s=a:1; s_2=x|contains:'windows-process_creation-$-$other' | (not s_2 and s)",
    ],
    [step('rule_failure', 'message: Not for us.'), S('a: 1'), 'pipeline-failed: Not for us.'],
    [
      `${step('field_name_mapping', 'mapping: {a: x}')}\n${step('strict_field_mapping_failure')}`,
      S('a: 1'),
      's=x:1 | s',
    ],
    [step('strict_field_mapping_failure'), S('a: 1'), 'pipeline-failed: The pipelines map no field called a.'],
    [
      step('nest', 'items:\n  - type: field_name_prefix\n    prefix: p.\n  - type: field_name_suffix\n    suffix: .s'),
      S('a: 1'),
      's=p.a.s:1 | s',
    ],
    [step('add_field', 'field: x'), S('a: 1'), 's=a:1 | s'],
  ])('%s\n%s', (steps, detection, expected) => {
    expect(piped(steps, detection)).toBe(expected);
  });
});

describe('conditions', () => {
  const mark = (conditions: string) =>
    `- type: field_name_suffix\n  suffix: "!"\n${conditions.replaceAll(/^/gm, '  ')}`;
  const isMarked = (steps: string, detection = S('a: x\nb: y*'), extra = '') =>
    (piped(steps, detection, extra).match(/\w+(?=!)/g) ?? []).join(',');

  it.each<[string, string]>([
    ['rule_conditions: [{type: logsource, product: windows}]', 'a,b'],
    ['rule_conditions: [{type: logsource, product: Windows, service: x}]', ''],
    ['rule_conditions: [{type: contains_field, field: b}]', 'a,b'],
    ['rule_conditions: [{type: contains_field, field: c}]', ''],
    ['rule_conditions: [{type: contains_detection_item, field: b, value: "y*"}]', 'a,b'],
    ['rule_conditions: [{type: contains_detection_item, field: b, value: y}]', ''],
    ['rule_conditions: [{type: is_sigma_rule}]', 'a,b'],
    ['rule_conditions: [{type: is_sigma_correlation_rule}]', ''],
    ['rule_conditions: [{type: tag, tag: attack.T1059}]', 'a,b'],
    ['rule_conditions: [{type: tag, tag: attack.t1060}]', ''],
    ['rule_conditions: [{type: rule_attribute, attribute: level, value: medium, op: gte}]', 'a,b'],
    ['rule_conditions: [{type: rule_attribute, attribute: level, value: critical, op: gte}]', ''],
    ['rule_conditions: [{type: rule_attribute, attribute: date, value: "2025-01-01", op: gt}]', 'a,b'],
    ['rule_conditions: [{type: rule_attribute, attribute: author, value: me}]', 'a,b'],
    ['rule_conditions: [{type: rule_attribute, attribute: tags, value: attack.t1059, op: in}]', 'a,b'],
    ['rule_conditions: [{type: rule_attribute, attribute: nothing, value: x, op: ne}]', ''],
    ['rule_conditions: [{type: is_sigma_rule}, {type: is_sigma_correlation_rule}]\nrule_cond_op: or', 'a,b'],
    ['rule_conditions: [{type: is_sigma_rule}, {type: is_sigma_correlation_rule}]\nrule_cond_op: any', 'a,b'],
    ['rule_conditions: [{type: is_sigma_rule}]\nrule_cond_not: true', ''],
    [
      'rule_conditions: {x: {type: is_sigma_rule}, y: {type: is_sigma_correlation_rule}}\nrule_cond_expr: x and not (y or not x)',
      'a,b',
    ],
    ['field_name_conditions: [{type: include_fields, fields: [a]}]', 'a'],
    ['field_name_conditions: [{type: exclude_fields, fields: [a]}]', 'b'],
    ['field_name_conditions: [{type: include_fields, fields: ["[b-z]"], mode: re}]', 'b'],
    ['detection_item_conditions: [{type: match_string, cond: any, pattern: "X|y"}]', 'b'],
    ['detection_item_conditions: [{type: match_string, cond: any, pattern: y, negate: true}]', 'a'],
    ['detection_item_conditions: [{type: match_value, cond: all, value: x}]', 'a'],
    ['detection_item_conditions: [{type: contains_wildcard, cond: any}]', 'b'],
    ['detection_item_conditions: [{type: is_null, cond: any}]', ''],
  ])('%s', (conditions, marked) => {
    const extra = 'author: me\ndate: 2025-08-01\nlevel: high\ntags: [attack.t1059]\n';
    expect(isMarked(mark(conditions), undefined, extra)).toBe(marked);
  });

  it('knows what steps before have done', () => {
    const first =
      '- id: one\n  type: set_value\n  value: z\n  field_name_conditions: [{type: include_fields, fields: [a]}]';
    const applied = '{type: processing_item_applied, processing_item_id: one}';
    expect(isMarked(`${first}\n${mark(`rule_conditions: [${applied}]`)}`)).toBe('a,b');
    expect(isMarked(`${first}\n${mark(`detection_item_conditions: [${applied}]`)}`)).toBe('a');
    expect(isMarked(`${first}\n${mark(`field_name_conditions: [${applied}]`)}`)).toBe('a');
    const state = '- type: set_state\n  key: k\n  val: 3';
    expect(isMarked(`${state}\n${mark('rule_conditions: [{type: processing_state, key: k, val: 2, op: gt}]')}`)).toBe(
      'a,b',
    );
    expect(isMarked(`${state}\n${mark('field_name_conditions: [{type: processing_state, key: k, val: 4}]')}`)).toBe('');
    expect(isMarked(`${state}\n${mark('detection_item_conditions: [{type: processing_state, key: k, val: 3}]')}`)).toBe(
      'a,b',
    );
    const attribute = '- type: set_custom_attribute\n  attribute: k\n  value: v';
    const asked = mark('rule_conditions: [{type: rule_attribute, attribute: k, value: v}]');
    expect(isMarked(`${attribute}\n${asked}`)).toBe('a,b');
  });
});

describe('joined pipelines', () => {
  it('takes steps by priority and the last value of a variable', () => {
    const late = 'priority: 20\nvars: {v: late}\ntransformations: [{type: field_name_suffix, suffix: .late}]';
    const early = 'priority: 10\nvars: {v: early}\ntransformations: [{type: field_name_suffix, suffix: .early}]';
    const { steps, vars } = pipelineOf(late, early);
    expect(steps.map(({ label }) => label)).toEqual(['1.yml:3 field_name_suffix', '0.yml:3 field_name_suffix']);
    expect(vars.get('v')).toEqual(['late']);
  });
});

test('variables that are no texts are for templates of queries', () => {
  const { pipeline, diagnostics } = readPipeline('vars: {a: {b: [c]}, d: [1, e], f: null}', 'p.yml');
  expect(diagnostics).toEqual([]);
  expect([...(pipeline?.vars ?? [])]).toEqual([['d', ['1', 'e']]]);
});

describe('a rule under a pipeline', () => {
  const matches = (detection: string, steps: string, document: JsonObject) => {
    const text = `logsource: {product: linux}\ndetection:\n${detection.replaceAll(/^/gm, '  ')}`;
    const { plan, diagnostics } = compileSigma(text, { pipeline: pipelineOf(`transformations:\n${steps}`) });
    expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    const source = documentSource({ 'host.os.type': 'linux', ...document });
    const event = { time: { ms: 0, ticks: 0 }, source, raw: new Uint8Array(), format: 'test', dataStreams: [] };
    return plan !== undefined && evaluate(plan.predicate, new Event(event));
  };

  it('looks at the fields of the house', () => {
    const mapping = step('field_name_mapping', 'mapping: {Proc: acme.proc}');
    expect(matches(S("Proc|endswith: '/sh'"), mapping, { 'acme.proc': '/bin/sh' })).toBe(true);
    expect(matches(S("Proc|endswith: '/sh'"), mapping, { Proc: '/bin/sh' })).toBe(false);
  });

  it('keeps the meaning of texts that become regular expressions', () => {
    for (const method of ['ignore_case_flag', 'ignore_case_brackets']) {
      const steps = step('regex', `method: ${method}`);
      expect(matches(S("a|contains: 'x.y'"), steps, { a: 'aX.Yb' })).toBe(true);
      expect(matches(S("a|contains: 'x.y'"), steps, { a: 'aX-Yb' })).toBe(false);
      expect(matches(S('a: x?z'), steps, { a: 'x\nz' })).toBe(true);
      expect(matches(S('a: x'), steps, { a: 'xx' })).toBe(false);
    }
  });

  it('tells where in the rule a step fails', () => {
    const text = `${SOURCE}detection:\n  s:\n    a: x\n  condition: s`;
    const pipeline = pipelineOf(`transformations:\n${step('detection_item_failure', 'message: No.')}`);
    const [diagnostic] = compileSigma(text, { pipeline }).diagnostics;
    expect(text.slice(diagnostic?.span.start, diagnostic?.span.end)).toBe('a: x');
  });

  it('does not grow without end', () => {
    const twice = Array.from({ length: 40 }, () => step('field_name_mapping', 'mapping: {a: [a, a]}')).join('\n');
    expect(piped(twice, S('a: x'))).toMatch(/^pipeline-too-large/);
    const longer = Array.from({ length: 40 }, () =>
      step('replace_string', "regex: '(.+)'\nreplacement: '\\1\\1'"),
    ).join('\n');
    expect(piped(longer, S('a: x'))).toMatch(/^pipeline-too-large/);
  });
});

describe('mistakes in pipeline files', () => {
  const told = (text: string) =>
    readPipeline(text, 'p.yml').diagnostics.map(
      ({ severity, code, message, span, hint }) =>
        `${severity} ${code} «${text.slice(span.start, span.end)}» ${message}${hint === undefined ? '' : ` [${hint}]`}`,
    );
  const one = (text: string) =>
    `transformations:\n${step(text.split('\n')[0] ?? '', text.split('\n').slice(1).join('\n'))}`;

  it.each<[string, string]>([
    ['a: [', 'error rule-file-not-yaml'],
    [
      '[]',
      'error pipeline-value «[]» This is no pipeline. [A pipeline is a YAML map with transformations, a list of steps that have a type.]',
    ],
    ['name: x\n---\nname: y', 'error pipeline-value'],
    ['detection: {}', 'error pipeline-value «detection: {}» This is a rule, no pipeline.'],
    [
      'transfromations: []',
      'error pipeline-key-unknown «transfromations» A pipeline has no key called transfromations. [Did you mean transformations?]',
    ],
    ['priority: high', 'error pipeline-value «high» priority must be a number.'],
    ['transformations: {}', 'error pipeline-value «{}» transformations must be a list.'],
    ['transformations: [x]', 'error pipeline-value «x» A step must be a map with a type.'],
    ['transformations: [{id: x}]', 'error pipeline-key-missing «{id: x}» The step has no type.'],
    [
      one('field_name_maping'),
      'error pipeline-type-unknown «field_name_maping» There is no transformation called field_name_maping. [Did you mean field_name_mapping?]',
    ],
    [
      one('http_placeholders'),
      'error pipeline-type-refused «http_placeholders» http_placeholders is not followed: it asks a server for values.',
    ],
    [one('query_expression_placeholders'), 'error pipeline-type-refused'],
    [one('field_name_mapping'), 'error pipeline-key-missing «type: field_name_mapping'],
    [
      one('field_name_mapping\nmapping: {a: {b: c}}'),
      'error pipeline-value «{b: c}» a must be a text or a list of texts.',
    ],
    [one('field_name_mapping\nmapping: {a: []}'), 'error pipeline-value «{a: []}» a is mapped to no field.'],
    [
      one('set_value\nvalu: 1\nvalue: 2'),
      'error pipeline-key-unknown «valu» set_value has no key called valu. [Did you mean value?]',
    ],
    [one('case\nmethod: title'), 'error pipeline-value «title» method must be one of lower, upper, snake_case.'],
    [
      one("replace_string\nregex: '(?<=x)y'\nreplacement: z"),
      "error pipeline-regex «'(?<=x)y'» The regular expression cannot be read: ",
    ],
    [
      one("replace_string\nregex: x\nreplacement: '\\1'"),
      "error pipeline-regex «'\\1'» The expression has no group 1.",
    ],
    [
      one("replace_string\nregex: x\nreplacement: '\\q'"),
      "error pipeline-regex «'\\q'» The replacement has an unknown escape, \\q.",
    ],
    [one('wildcard_placeholders\ninclude: [a]\nexclude: [b]'), 'error pipeline-value'],
    [one('change_logsource'), 'error pipeline-key-missing'],
    [
      one('add_condition\nconditions: {a|contians: x}'),
      'error pipeline-value «a|contians» Sigma has no modifier “contians”.',
    ],
    [
      one('drop_detection_item\nrule_conditions: [{type: logsorce}]'),
      'error pipeline-condition «logsorce» There is no condition called logsorce here. [Did you mean logsource?]',
    ],
    [
      one('drop_detection_item\nrule_conditions: {a: {type: is_sigma_rule}}\nrule_cond_expr: a and'),
      'error pipeline-condition «a and» The expression ends where a condition belongs.',
    ],
    [
      one('drop_detection_item\nrule_conditions: {a: {type: is_sigma_rule}}\nrule_cond_expr: b'),
      'error pipeline-condition «b» No condition is called b.',
    ],
    [
      one(
        'drop_detection_item\nrule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}\nrule_cond_expr: b',
      ),
      'error pipeline-condition «b» rule_cond_expr does not name the condition a.',
    ],
    [
      one('drop_detection_item\nrule_conditions: [{type: is_sigma_rule}]\nrule_cond_expr: b'),
      'error pipeline-condition «b» rule_cond_expr links conditions by name, and they have none.',
    ],
    [
      'finalizers: [{type: concat}]',
      'info pipeline-no-effect «finalizers» finalizers changes the text of queries, and here none is written: it is left out.',
    ],
    [one('set_field\nfields: [a]'), 'info pipeline-no-effect'],
    [`transformations:\n${'- {type: drop_detection_item}\n'.repeat(5_001)}`, 'error pipeline-too-large'],
  ])('%.120s', (text, expected) => {
    expect(told(text).find((line) => line.startsWith(expected)) ?? told(text)).toContain(expected);
  });
});
