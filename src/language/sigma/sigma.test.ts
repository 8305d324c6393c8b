import { describe, expect, it } from 'vitest';
import { SIGMA_CASES } from '../../../test/sigma-cases.ts';
import { spanOf } from '../../diagnostic/span.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { compileMatcher } from '../../match/matcher.ts';
import type { EventPlan } from '../../plan/plan.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { findWitnesses } from '../../plan/predicate/explain.ts';
import { compileSigma } from './sigma.ts';

const SOURCE = 'logsource:\n  product: linux\n';
const indent = (text: string, by: string) => text.replaceAll(/^/gm, by);

/** A whole rule of a detection, or of one selection. */
function rule(detection: string, source = SOURCE): string {
  const body = /^condition:/m.test(detection)
    ? indent(detection, '  ')
    : `  selection:\n${indent(detection, '    ')}\n  condition: selection`;
  return `${source}detection:\n${body}\n`;
}

function plan(text: string): EventPlan {
  const compiled = compileSigma(text);
  expect(compiled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (compiled.plan === undefined) throw new Error('no plan');
  return compiled.plan;
}

const event = (document: JsonObject) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
const linux = (document: JsonObject) => event({ ...document, 'host.os.type': 'linux' });

describe.each(SIGMA_CASES)('$title', ({ cases }) => {
  it.each(cases)('$feature: $detection', ({ detection, matches, misses }) => {
    const { predicate } = plan(rule(detection));
    const matcher = compileMatcher([{ predicate, reads: () => true }]);
    for (const [documents, expected] of [
      [matches, true],
      [misses, false],
    ] as const) {
      for (const document of documents) {
        expect(evaluate(predicate, linux(document)), JSON.stringify(document)).toBe(expected);
        const found: number[] = [];
        matcher.match(linux(document), (index) => found.push(index));
        expect(found).toEqual(expected ? [0] : []);
      }
    }
    expect(evaluate(predicate, event(matches[0] as JsonObject))).toBe(false);
  });
});

describe('expand', () => {
  const text = rule("a|expand: 'x-%who%-\\%y%'");

  it('takes the values that are given', () => {
    const placeholders = new Map([['who', ['root', 'ad*']]]);
    const compiled = compileSigma(text, { placeholders });
    const matches = (a: string) => compiled.plan !== undefined && evaluate(compiled.plan.predicate, linux({ a }));
    expect(['X-ROOT-%y%', 'x-admin-%y%', 'x-%who%-%y%'].map(matches)).toEqual([true, true, false]);
  });

  it('is refused by name without them, and plain without the modifier', () => {
    expect(compileSigma(text).diagnostics).toMatchObject([
      { code: 'sigma-placeholder', message: expect.stringContaining('%who%') },
    ]);
    expect(evaluate(plan(rule("a: '%who%'")).predicate, linux({ a: '%who%' }))).toBe(true);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 200 }, (_, index) => String(index));
    const diagnostics = compileSigma(rule("a|expand: '%x%%x%'"), { placeholders: new Map([['x', many]]) }).diagnostics;
    expect(diagnostics).toMatchObject([{ code: 'sigma-too-large' }]);
  });
});

describe('explaining', () => {
  it('points at what was found, and where the rule says so', () => {
    const text = rule('CommandLine|contains: http.server');
    const { predicate } = plan(text);
    const found = linux({ 'process.command_line': 'python3 -m http.server' });
    expect(findWitnesses(predicate, found)).toContainEqual({
      field: 'process.command_line',
      value: 'python3 -m http.server',
      ranges: [[11, 22]],
    });
    if (predicate.kind !== 'and') throw new Error('no conjunction');
    const clause = predicate.children.at(-1)?.span ?? spanOf(0, 0);
    expect(text.slice(clause.start, clause.end)).toBe('CommandLine|contains: http.server');
  });
});

/** `severity code «what is marked» message [hint]` of each diagnostic. */
function told(text: string): string[] {
  // Most cases are about fields that nothing has; check.test.ts is about that.
  const diagnostics = compileSigma(text).diagnostics.filter(({ code }) => code !== 'sigma-field-unknown');
  return diagnostics.map(
    ({ severity, code, message, span, hint }) =>
      `${severity} ${code} «${text.slice(span.start, span.end)}» ${message}${hint === undefined ? '' : ` [${hint}]`}`,
  );
}

describe('mistakes', () => {
  it.each<[string, readonly string[]]>([
    [
      rule('a|contians: x'),
      ['error sigma-modifier-unknown «contians» Sigma has no modifier “contians”. [Did you mean contains?]'],
    ],
    [
      rule('a|frobnicate: x'),
      [
        'error sigma-modifier-unknown «frobnicate» Sigma has no modifier “frobnicate”. [docs/sigma.md lists the modifiers.]',
      ],
    ],
    [
      rule("a|re: 'x(?=y)'"),
      [
        "error sigma-regex «'x(?=y)'» The regular expression cannot be read: invalid or unsupported Perl syntax: (?=. [Sigma has . ^ $ * + ? {n,m} [a-z] [^a-z] | ( ); look-around and back-references are not part of it.]",
      ],
    ],
    [
      rule('a|cidr: 10.0.0.0/40'),
      [
        'error sigma-modifier-value «10.0.0.0/40» “10.0.0.0/40” is no network. [A network looks like 10.0.0.0/8 or fe80::/10.]',
      ],
    ],
    [
      rule("a|gt: '5'"),
      ["error sigma-modifier-value «'5'» The comparison takes a number, without quotes, not a text."],
    ],
    [rule('a|exists: maybe'), ['error sigma-modifier-value «maybe» exists takes true or false, not a text.']],
    [rule('a|hour: noon'), ['error sigma-modifier-value «noon» hour takes a number, without quotes, not a text.']],
    [rule('a|contains: null'), ['error sigma-modifier-value «null» contains takes a text, not null.']],
    [
      rule("a|base64: 'x*'"),
      [
        "error sigma-modifier-value «'x*'» base64 cannot encode a wildcard. [Write \\* or \\? for the plain character.]",
      ],
    ],
    [
      rule('a|contains|base64: x'),
      ['error sigma-modifier-combination «x» base64 belongs before contains, startswith and endswith.'],
    ],
    [
      rule('a|contains|endswith: x'),
      [
        'error sigma-modifier-combination «x» Only one of contains, startswith and endswith can be given, so endswith is one too many.',
      ],
    ],
    [
      rule('a|fieldref|contains|contains: x'),
      [
        'error sigma-modifier-combination «x» Only one of contains, startswith and endswith can be given, so contains is one too many.',
      ],
    ],
    [
      rule('a|re|contains: x'),
      [
        'error sigma-modifier-combination «x» re and contains do not go together. [A regular expression is searched for anywhere; anchor it with ^ and $.]',
      ],
    ],
    [rule('a|contains|re: x'), ['error sigma-modifier-combination «x» re must be the first modifier of its value.']],
    [rule('a|i: x'), ['error sigma-modifier-combination «x» i, m and s belong to a regular expression: re|i.']],
    [rule('a|wide|utf16be: x'), ['error sigma-modifier-combination «x» utf16be comes after another utf16 modifier.']],
    [
      rule('a|re|gt: x'),
      ['error sigma-modifier-combination «x» The comparison takes a number, without quotes, not a regular expression.'],
    ],
    [
      rule('a|all|neq: [x, y]'),
      [
        'error sigma-modifier-combination «a|all|neq: [x, y]» all and neq together could mean two things. [Put the values into a search identifier of their own, and write “not” before it in the condition.]',
      ],
    ],
    [
      rule('a|all: x'),
      [
        'warning sigma-all-single «all» all links several values; here is one. [Leave it out, or list what must all be there.]',
      ],
    ],
    [
      rule('a|cidr|cased: 10.0.0.0/8'),
      ['error sigma-modifier-combination «cased» cased says nothing of values that have no letters.'],
    ],
    [rule('a|re|i|cased: x'), ['error sigma-modifier-combination «cased» cased and i say the opposite of each other.']],
    [rule('a|re|i|m|i: x'), ['error sigma-modifier-combination «i» The modifier i stands there twice.']],
    [
      rule('a|exists|cased: true'),
      ['error sigma-modifier-combination «cased» cased says nothing of values that have no letters.'],
    ],
    [
      rule("a|base64|re: 'x'"),
      [
        'error sigma-modifier-combination «base64» re takes the value as it is written, so base64 cannot come before it.',
      ],
    ],
    [
      rule("a|windash|fieldref: 'x'"),
      [
        'error sigma-modifier-combination «windash» fieldref takes the value as it is written, so windash cannot come before it.',
      ],
    ],
    [
      rule('a: [x, null]'),
      [
        'warning sigma-null-in-list «null» null in a list of values is not Sigma; it is read as “or the field is missing”. [Make it a search identifier of its own, and link the two with or.]',
      ],
    ],
    [
      rule("a|windash: '-a -b -c -d -e'"),
      [
        "error sigma-too-large «'-a -b -c -d -e'» windash on a text with 5 options would be 3125 texts; at most 4 can be given. [Split the text, and link the parts with contains|all|windash.]",
      ],
    ],
    [
      rule('a: {b: 1}'),
      [
        'error sigma-value «{b: 1}» A value must be a text, a number, true, false or null, not a map. [Fields of nested objects are written with dots: parent.child: value]',
      ],
    ],
    [rule('a: [[x]]'), ['error sigma-value «[x]» A list cannot stand inside a list.']],
    [rule('a: []'), ['error sigma-value «a» The list of values is empty.']],
    [
      rule("'|exists': true"),
      ['error sigma-value «true» A keyword is a text or a regular expression; this needs a field.'],
    ],
    [rule('- [x]'), ['error sigma-value «[x]» A list cannot stand inside a list.']],
    [rule('{}'), ['error sigma-detection «selection» The search identifier is empty. [Give it fields, or keywords.]']],
    [
      rule('s: {a: 1}\ncondition: selection'),
      ['error sigma-identifier-unknown «selection» No search identifier is called “selection”. [There are s.]'],
    ],
    [
      rule('selection: {a: 1}\ncondition: selektion'),
      [
        'error sigma-identifier-unknown «selektion» No search identifier is called “selektion”. [Did you mean selection?]',
      ],
    ],
    [
      rule('selection: {a: 1}\ncondition: 1 of filter_*'),
      [
        'error sigma-identifier-unknown «1 of filter_*» No search identifier is called “filter_*”. [There are selection.]',
      ],
    ],
    [
      rule('condition: a'),
      [
        'error sigma-identifier-unknown «a» No search identifier is called “a”. [The detection has no search identifiers.]',
      ],
    ],
    [
      rule('s: {a: 1}\nt: {b: 1}\ncondition: s'),
      [
        'warning sigma-identifier-unused «t» The condition does not name “t”. [Name it in the condition, or take it out.]',
      ],
    ],
    [
      rule('s: {a: 1}\ncondition: them'),
      ['error sigma-condition «them» “them” needs “1 of” or “all of” before it. [Write 1 of them or all of them.]'],
    ],
    [
      rule('s: {a: 1}\ncondition: s and'),
      [
        'error sigma-condition «» The condition ends where a search identifier belongs. [For example: selection and not filter]',
      ],
    ],
    [
      rule('s: {a: 1}\ncondition: s or and s'),
      ['error sigma-condition «and» A search identifier belongs before “and”. [For example: selection and not filter]'],
    ],
    [
      rule('s: {a: 1}\ncondition: s s'),
      ['error sigma-condition «s» “s” cannot stand here. [Link two conditions with and, or.]'],
    ],
    [rule('s: {a: 1}\ncondition: (s'), ['error sigma-condition «(» The ( is not closed. [Close it with ).]']],
    [
      rule('s: {a: 1}\ncondition: s)'),
      ['error sigma-condition «)» “)” cannot stand here. [Every ) needs a ( before it.]'],
    ],
    [
      rule("s: {a: 1}\ncondition: ''"),
      ["error sigma-condition «''» The condition is empty. [Name a search identifier: condition: selection]"],
    ],
    [rule('s: {a: 1}\ncondition: []'), ['error sigma-condition «[]» The list of conditions is empty.']],
    [
      rule('s: {a: 1}\ncondition: 7'),
      ['error sigma-condition «7» A condition must be a text. [For example: condition: selection]'],
    ],
    [
      rule('s: {a: 1}\ncondition: 1 of'),
      [
        'error sigma-condition «» “1 of” names no identifiers. [Write 1 of them, all of them, or a pattern like 1 of selection_*.]',
      ],
    ],
    [
      rule('s: {a: 1}\ncondition: 2 of them'),
      [
        'error sigma-quantifier «2» “2 of” is not part of Sigma. [Sigma has 1 of, any of and all of; spell others out with and, or.]',
      ],
    ],
    [
      rule('s: {a: 1}\ncondition: s | count() by a > 5'),
      [
        'error sigma-aggregation «|» The aggregation “| count” is from an older Sigma and is not run. [Make it a correlation rule: event_count counts events, value_count the values of a field.]',
      ],
    ],
    [
      rule('s: {a: 1}\ncondition: s | near t'),
      [
        'error sigma-aggregation «|» The aggregation “| near” is from an older Sigma and is not run. [Make it a correlation rule of type temporal over two rules.]',
      ],
    ],
    [
      rule('s: {a: 1}\ntimeframe: 5m\ncondition: s'),
      [
        'error sigma-aggregation «timeframe» timeframe belongs to aggregations of an older Sigma, which are not run. [Make it a correlation rule with a timespan.]',
      ],
    ],
    [
      rule(`s: {a: 1}\ncondition: ${'('.repeat(60)}s${')'.repeat(60)}`),
      [expect.stringContaining('error sigma-too-large «(» The condition nests deeper than 50 levels.')],
    ],
    [rule(`s: {a: 1}\ncondition: ${'not '.repeat(60)}s`), [expect.stringContaining('error sigma-too-large')]],
    [rule(`s: {a: 1}\ncondition: s${' or s'.repeat(5_000)}`), [expect.stringContaining('error sigma-too-large')]],
    [
      'detection: {s: {a: 1}, condition: s}',
      [
        'error sigma-log-source «» The rule has no logsource. [For example: logsource: {product: linux, category: process_creation}]',
      ],
    ],
    [
      'logsource: x\ndetection: {s: {a: 1}, condition: s}',
      [
        'error sigma-log-source «x» logsource must be a map. [For example: logsource: {product: linux, category: process_creation}]',
      ],
    ],
    [
      'logsource: {definition: x}\ndetection: {s: {a: 1}, condition: s}',
      [
        'error sigma-log-source «logsource» logsource gives no category, product or service. [For example: logsource: {product: linux, category: process_creation}]',
      ],
    ],
    [
      'logsource: {product: [linux]}\ndetection: {s: {a: 1}, condition: s}',
      [
        'error sigma-log-source «[linux]» product of the logsource must be one text.',
        'error sigma-log-source «logsource» logsource gives no category, product or service. [For example: logsource: {product: linux, category: process_creation}]',
      ],
    ],
    [
      'logsource: {product: linux}\ndetection: {s: {a: 1}}',
      ['error sigma-detection «detection» The detection has no condition. [For example: condition: selection]'],
    ],
    [
      'logsource: {product: linux}\ndetection: x',
      [
        'error sigma-detection «x» detection must be a map. [A detection has search identifiers and a condition that links them.]',
      ],
    ],
    [
      'logsource: {product: linux}',
      [
        'error sigma-detection «» The rule has no detection. [A detection has search identifiers and a condition that links them.]',
      ],
    ],
    [
      '- x',
      ['error sigma-detection «- x» This is no Sigma rule. [A Sigma rule is a YAML map with logsource and detection.]'],
    ],
    [`${SOURCE}detection: {s: {a: 1}, condition: s}\n---\nx: 1`, [expect.stringContaining('error sigma-detection')]],
    [
      'correlation: {type: event_count}',
      [
        'error sigma-correlation «correlation» This is a correlation rule, which stands in a file with the rules that it names. [Here a rule over one event is wanted.]',
      ],
    ],
    [
      'filter: {rules: any}',
      [
        'error sigma-filter «filter» This is a Sigma filter, which stands in a file beside the rules that it changes. [Here a rule over one event is wanted.]',
      ],
    ],
    ['a: [', [expect.stringContaining('error rule-file-not-yaml')]],
    [
      rule('a: 1', 'logsource: {product: sundial, service: shadow}\n'),
      [
        'info sigma-log-source-unserved «{product: sundial, service: shadow}» No format gives events of product: sundial, service: shadow yet: the rule is idle.',
      ],
    ],
  ])('%#', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it('says of a rule on an unserved log source why it is idle, and keeps its plan', () => {
    const compiled = compileSigma(rule('a: 1', 'logsource: {product: sundial, service: shadow}\n'));
    expect(compiled.idle).toBe('No format gives events of product: sundial, service: shadow yet.');
    const named = event({ a: 1, event: { module: 'sundial', dataset: 'sundial.shadow' } });
    expect(compiled.plan !== undefined && evaluate(compiled.plan.predicate, named)).toBe(true);
    expect(compileSigma(rule('a: 1')).idle).toBeUndefined();
  });
});
