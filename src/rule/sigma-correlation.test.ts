/**
 * Correlation rules and filters as texts: what is said of mistakes, and how documents refer to each other. What they mean
 * in time is in `conformance/`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPipeline } from '../language/sigma/pipeline/read-pipeline.ts';
import type { WindowMember } from '../plan/window.ts';
import { inspectWhole } from './inspect.ts';
import { loadRules } from './load.ts';

const base = (name: string, more = '') =>
  `title: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {product: linux, category: process_creation}\ndetection:\n  selection: {Image|endswith: /${name}}\n  condition: selection\n${more}`;
const correlation = (body: string) =>
  `title: Together\nid: together\ncorrelation:\n${body.replaceAll(/^/gm, '  ')}\n---\n${base('A')}---\n${base('B')}`;
const counting = (more: string) => `type: event_count\nrules: [A]\ntimespan: 1m\n${more}`;

/** What is looked at here; rules as short as these are told more. */
const OWN = /^sigma-(correlation|filter|extension|condition|detection|modifier)/;

/** `severity code «what is marked» message [hint]` of each finding. */
async function told(text: string): Promise<readonly string[]> {
  const findings = (await inspectWhole(text, 'a.yml')).flatMap((inspection) => inspection.findings);
  return findings.flatMap(({ severity, code, line, column, end, message, hint }) => {
    if (!OWN.test(code)) return [];
    const written = text.split('\n')[line - 1] ?? '';
    const marked = written.slice(column - 1, end.line === line ? end.column - 1 : undefined);
    return [`${severity} ${code} «${marked}» ${message}${hint === undefined ? '' : ` [${hint}]`}`];
  });
}

describe('correlation rules', () => {
  it.each<[string, string]>([
    ['type: x\nrules: [A]\ntimespan: 1m', 'sigma-correlation «x» There is no type “x”.'],
    ['rules: [A]', 'sigma-correlation «correlation» The correlation has no type.'],
    ['type: temporal\nrules: [A]', 'sigma-correlation «correlation» The correlation has no timespan.'],
    ['type: temporal\nrules: [A]\ntimespan: 5', 'sigma-correlation «5» The timespan cannot be read.'],
    ['type: temporal\nrules: [A]\ntimespan: 1M', 'sigma-correlation «1M» The timespan cannot be read.'],
    ['type: temporal\nrules: [A]\ntimespan: 500d', 'sigma-correlation «500d» The timespan is longer than 366 days.'],
    ['type: temporal\ntimespan: 5m', 'sigma-correlation «correlation» The correlation names no rules.'],
    ['type: temporal\nrules: {}\ntimespan: 5m', 'sigma-correlation «{}» rules must be a list of texts.'],
    ['type: temporal\nrule: [A]\ntimespan: 5m', '«rule» A correlation has no key “rule”. [Did you mean rules?]'],
    [
      'type: event_count\nrules: [A]\ntimespan: 1m',
      'event_count needs a condition. [For example: condition: {gte: 10}]',
    ],
    [counting('condition: x'), 'sigma-correlation «x» The condition of event_count must be a map.'],
    [counting('condition: {}'), 'sigma-correlation «{}» The condition states no bound.'],
    [counting('condition: {gte: "3"}'), 'sigma-correlation «"3"» gte takes a number, without quotes.'],
    [counting('condition: {ge: 3}'), '«ge» A condition has no “ge”. [Did you mean gt?]'],
    [counting('condition: {gte: 3, field: User}'), '«field» event_count counts events, not the values of a field.'],
    [counting('condition: {gte: 3, percentile: 5}'), '«percentile» event_count takes no percentile.'],
    ['type: value_count\nrules: [A]\ntimespan: 1m\ncondition: {gte: 3}', '«{gte: 3}» value_count needs a field.'],
    [
      'type: value_sum\nrules: [A]\ntimespan: 1m\ncondition: {gte: 3, field: [a, b]}',
      '«field» value_sum takes one field.',
    ],
    [
      'type: value_percentile\nrules: [A]\ntimespan: 1m\ncondition: {lte: 1, field: a}',
      'value_percentile does not say which percentile. [For example: percentile: 95.',
    ],
    [counting('condition: {gte: 3}\naliases: x'), 'sigma-correlation «x» aliases must be a map.'],
    [counting('condition: {gte: 3}\naliases: {a: x}'), 'sigma-correlation «x» An alias maps names of rules to fields.'],
    [
      counting('condition: {gte: 3}\ngroup-by: [ip]\naliases: {ip: {B: x}}'),
      'sigma-correlation-reference «A» The alias “ip” names no field of “A”. [Add the rule to the alias.]',
    ],
    [
      counting('condition: {gte: 3}\naliases: {ip: {A: x, AA: y}}'),
      '«y» The alias “ip” speaks of “AA”, which is none of the correlation’s rules.',
    ],
    [counting('condition: {lt: 1}'), 'warning sigma-correlation-never «{lt: 1}» The condition can never hold'],
    [counting('condition: {gt: 3, lt: 4}'), 'warning sigma-correlation-never'],
    ['type: temporal\nrules: [A, B]\ntimespan: 1m\ncondition: {gte: 3}', 'Here 2 is the most there can be.'],
    [
      'type: temporal_ordered\nrules: [A, B]\ntimespan: 1m\ncondition: {gte: 1}',
      'error sigma-correlation «{gte: 1}» In order means all of the rules',
    ],
    [
      'type: temporal_ordered\nrules: [A, B]\ntimespan: 1m\ncondition: A and B',
      '«A and B» The condition of temporal_ordered',
    ],
    ['type: temporal\nrules: [A, B]\ntimespan: 1m\ncondition: A and', 'error sigma-condition «»'],
    [
      'type: temporal\nrules: [A, B]\ntimespan: 1m\ncondition: 1 of them',
      '«1 of them» The condition of a correlation names',
    ],
    ['type: temporal\ntimespan: 1m\ncondition: A and C', 'sigma-correlation-reference «C» There is no rule “C”.'],
    [
      'type: temporal\ntimespan: 1m\ncondition: A and B',
      'info sigma-extension «A and B» A condition in words is not in',
    ],
    [
      'type: value_median\nrules: [A]\ntimespan: 1w\ncondition: {gt: 1, field: a}',
      'info sigma-extension «value_median»',
    ],
    [
      'type: temporal\nrules: [together, A]\ntimespan: 1m',
      '«together» The rule “together” names this correlation in turn',
    ],
    ['type: temporal\nrules: [A, id-b]\ntimespan: 1m\ncondition: {gte: 9}', 'sigma-correlation-never'],
  ])('%s', async (body, expected) => {
    const findings = await told(correlation(body));
    expect(findings).toContainEqual(expect.stringContaining(expected));
    expect(findings.length).toBeLessThanOrEqual(2);
  });

  it('say of what they name that it has errors, is a sequence, or is one of two', async () => {
    const broken = base('C').replace('condition: selection', 'condition: nothing');
    expect(await told(`${correlation('type: temporal\nrules: [C]\ntimespan: 1m')}---\n${broken}`)).toContainEqual(
      expect.stringContaining('sigma-correlation-reference «C» The rule “C” has errors.'),
    );
    const second = base('A').replace('id: id-A', 'id: id-2');
    expect(await told(`${correlation('type: temporal\nrules: [A]\ntimespan: 1m')}---\n${second}`)).toContainEqual(
      expect.stringContaining('The rule “A” is one of several of this name.'),
    );
  });

  it('show the clauses of a rule where they name it', async () => {
    const text = correlation('type: temporal\nrules: [A, B]\ntimespan: 1m');
    const [together] = await inspectWhole(text, 'a.yml');
    const { plan, document } = together?.rule ?? {};
    if (plan?.kind !== 'window' || document === undefined) throw new Error('no window');
    const spans = plan.steps.map(({ predicate }) => document.query.slice(predicate.span.start, predicate.span.end));
    expect(spans).toEqual(['A', 'B']);
  });

  it('are idle where all that they name is', async () => {
    const idle = base('A').replace('product: linux', 'product: sundial');
    const text = `title: x\nid: x\ncorrelation: {type: temporal, rules: [A], timespan: 1m}\n---\n${idle}`;
    const [together] = await inspectWhole(text, 'a.yml');
    expect(together?.rule?.idle).toContain('product: sundial');
  });
});

describe('filters', () => {
  const filter = (body: string) =>
    `title: Ours\nlogsource: {product: linux}\nfilter:\n${body.replaceAll(/^/gm, '  ')}\n---\n${base('A')}`;

  it.each<[string, string]>([
    [
      'selection: {User: x}\ncondition: not selection',
      'sigma-filter «filter» rules of the filter must be any, or a list',
    ],
    [
      'rules: [[x]]\nselection: {User: x}\ncondition: not selection',
      'sigma-filter «[[x]]» rules of the filter must be',
    ],
    ['rules: any\nselection: {User: x}', 'sigma-detection «filter» The detection has no condition.'],
    [
      'rules: any\nselection: {User|x: x}\ncondition: not selection',
      'sigma-modifier-unknown «x» Sigma has no modifier',
    ],
    [
      'rules: any\nselection: {User: x}\ncondition: selection',
      'warning sigma-filter-keeps «selection» The rules would match only events that meet “selection”: nothing else would remain of their matches. [To leave those events out, write: condition: not selection]',
    ],
  ])('%s', async (body, expected) => {
    const findings = await told(filter(body));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(expected);
  });

  it('are shown on the rules that they change', async () => {
    const inspections = await inspectWhole(
      filter('rules: any\nselection: {User: x}\ncondition: not selection'),
      'a.yml',
    );
    expect(inspections.map(({ document }) => document?.filters)).toEqual([undefined, ['Ours']]);
  });
});

describe('documents of several files', () => {
  let folder = '';
  const file = (name: string, text: string) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-sigma-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('find each other by name and id, in any order of files', async () => {
    file('a/outer.yml', 'title: Outer\nid: outer\ncorrelation: {type: temporal, rules: [inner, ID-B], timespan: 5m}\n');
    file(
      'b/inner.yml',
      'title: Inner\nid: i\nname: inner\ncorrelation: {type: event_count, rules: [A], timespan: 1m, condition: {gte: 2}}\n',
    );
    file('c/rules.yml', `${base('A')}---\n${base('B').replace('id-B', 'id-b')}`);
    const { rules, findings } = await loadRules([folder]);
    expect(findings.filter(({ code }) => OWN.test(code))).toEqual([]);
    expect(rules.map(({ document, uses }) => [document.id, uses?.rules])).toEqual([
      ['id-A', undefined],
      ['id-b', undefined],
      ['outer', ['i', 'id-b']],
      ['i', ['id-A']],
    ]);
  });

  it('tell of filters that come to nothing', async () => {
    const filters = (rules: string, source = '{product: linux}') =>
      `title: F\nlogsource: ${source}\nfilter: {rules: ${rules}, s: {User: x}, condition: not s}\n`;
    file('a.yml', base('A'));
    file('b.yml', filters('[nobody]'));
    file('c.yml', filters('[A]', '{product: windows}'));
    file('d.yml', filters('any', '{product: windows}'));
    file('e.yml', filters('any'));
    const { rules, findings } = await loadRules([folder]);
    expect(rules.map(({ document }) => document.filters)).toEqual([['F']]);
    const own = findings.filter(({ code }) => OWN.test(code));
    expect(own.map(({ file: path, code, message }) => [path.slice(-5), code, message])).toEqual([
      ['b.yml', 'sigma-filter-unused', 'No rule that is loaded has the id or name “nobody”.'],
      ['c.yml', 'sigma-filter-unused', 'The rule “A” reads another log source than the filter is for.'],
      ['d.yml', 'sigma-filter-unused', 'The filter applies to no rule that is loaded: none has its log source.'],
    ]);
  });
});

describe('correlation rules under a pipeline', () => {
  /** `group-by | keys of each member | values of each member`, or what is wrong. */
  async function piped(steps: string, body: string): Promise<string> {
    const { pipeline } = readPipeline(`transformations:\n${steps}`, 'p.yml');
    if (pipeline === undefined) throw new Error('no pipeline');
    const [inspection] = await inspectWhole(correlation(body), 'a.yml', { pipeline });
    const plan = inspection?.rule?.plan;
    if (plan?.kind !== 'window') {
      const errors = (inspection?.findings ?? []).filter(({ severity }) => severity === 'error');
      return errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
    }
    const names = (fields: WindowMember['keys'] | WindowMember['values']): string =>
      fields.map((field) => (field.kind === 'field' ? field.name : 'group')).join('+');
    const { groupBy, members } = plan.window;
    const keys = members.map((member) => names(member.keys)).join(', ');
    return `${groupBy.join('+')} | ${keys} | ${members.map(({ values }) => names(values)).join(', ')}`;
  }
  const MAPPING =
    '- type: field_name_mapping\n  mapping: {User: acme.user, Ip: [acme.from, acme.to], Bytes: acme.bytes}';
  const counting = 'type: event_count\nrules: [A]\ntimespan: 1m\ncondition: {gte: 2}\n';
  const summing = 'type: value_sum\nrules: [A]\ntimespan: 1m\ncondition: {gte: 2, field: Bytes}\n';
  const aliased = 'type: temporal\nrules: [A, B]\ntimespan: 1m\ngroup-by: [User]\naliases: {User: {A: Ip2, B: User}}\n';

  it.each<[string, string, string, string]>([
    ['group-by', MAPPING, `${counting}group-by: [User, Other]`, 'acme.user+Other | acme.user+Other | '],
    ['group-by of each name', MAPPING, `${counting}group-by: [Ip]`, 'acme.from+acme.to | acme.from+acme.to | '],
    ['the condition’s field', MAPPING, summing, ' |  | acme.bytes'],
    ['aliases, but not what they are called', MAPPING, aliased, 'User | Ip2, acme.user | , '],
    [
      'nothing, where a field of a condition would have several names',
      MAPPING,
      summing.replace('Bytes', 'Ip'),
      'pipeline-failed: The pipelines give Ip several names, and here it can have one.',
    ],
    ['prefixes', "- {type: field_name_prefix, prefix: 'x.'}", `${counting}group-by: [User]`, 'x.User | x.User | '],
    [
      'by the log source of a rule that it names',
      `${MAPPING}\n  rule_conditions: [{type: logsource, product: linux}]`,
      `${counting}group-by: [User]`,
      'acme.user | acme.user | ',
    ],
    [
      'not by another',
      `${MAPPING}\n  rule_conditions: [{type: logsource, product: windows}]`,
      `${counting}group-by: [User]`,
      'User | User | ',
    ],
    [
      'only correlations',
      `${MAPPING}\n  rule_conditions: [{type: is_sigma_correlation_rule}]`,
      `${counting}group-by: [User]`,
      'acme.user | acme.user | ',
    ],
    [
      'only other rules',
      `${MAPPING}\n  rule_conditions: [{type: is_sigma_rule}]`,
      `${counting}group-by: [User]`,
      'User | User | ',
    ],
    [
      'what conditions on field names let through',
      `${MAPPING}\n  field_name_conditions: [{type: exclude_fields, fields: [User]}]`,
      `${summing}group-by: [User]`,
      'User | User | acme.bytes',
    ],
    [
      'step after step',
      `${MAPPING}\n- {type: field_name_suffix, suffix: .name}`,
      `${counting}group-by: [User]`,
      'acme.user.name | acme.user.name | ',
    ],
    [
      'not what drops items',
      `- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [User]}]}`,
      `${counting}group-by: [User]`,
      'User | User | ',
    ],
    [
      'nothing, where the pipeline refuses correlations',
      '- {type: rule_failure, message: No correlations., rule_conditions: [{type: is_sigma_correlation_rule}]}',
      `${counting}group-by: [User]`,
      'pipeline-failed: No correlations.',
    ],
  ])('changes %s', async (_, steps, body, expected) => {
    expect(await piped(steps, body)).toBe(expected);
  });
});
