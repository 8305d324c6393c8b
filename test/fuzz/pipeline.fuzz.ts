/**
 * Pipeline files of any content: reading one does not throw or hang and its diagnostics lie inside the text; applied to a
 * rule, it gives a rule or a diagnostic inside the rule, in bounded time.
 *
 * Inputs are a pipeline with characters and lines changed, and pipelines put together of valid steps, which reach the
 * transformations.
 */
import fc from 'fast-check';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { joinPipelines, readPipeline } from '../../src/language/sigma/pipeline/read-pipeline.ts';
import { compileSigma } from '../../src/language/sigma/sigma.ts';

/** Seconds one pipeline may take with its rule. */
const SLOW = 5;

const CONDITIONS = [
  '',
  'rule_conditions: [{type: logsource, product: linux}]',
  'rule_conditions: {x: {type: contains_field, field: a}, y: {type: tag, tag: t}}, rule_cond_expr: "x and not y"',
  'rule_conditions: [{type: rule_attribute, attribute: level, value: high, op: gte}], rule_cond_not: true',
  'detection_item_conditions: [{type: match_string, cond: any, pattern: "x|\\\\\\\\*"}]',
  'detection_item_conditions: [{type: is_null, cond: all}], detection_item_cond_op: or',
  'field_name_conditions: [{type: include_fields, fields: ["[ab]"], mode: re}]',
  'field_name_conditions: [{type: processing_item_applied, processing_item_id: one}]',
];

const STEPS = [
  'type: field_name_mapping, mapping: {a: [b, c], b: a, null: k}',
  'type: field_name_prefix_mapping, mapping: {a: [p.a, q.a]}',
  'type: field_name_suffix, suffix: .s',
  'type: drop_detection_item',
  'type: hashes_fields, valid_hash_algos: [MD5, SHA1]',
  'type: value_placeholders',
  'type: wildcard_placeholders',
  'type: replace_string, regex: "(.*)x", replacement: "\\\\1\\\\1*"',
  'type: replace_string, regex: "", replacement: "-", skip_special: true, interpret_special: true',
  'type: map_string, mapping: {x: [y, "z*"]}',
  'type: case, method: snake_case',
  'type: regex',
  'type: set_value, value: 5',
  'type: convert_type, target_type: str',
  'type: convert_type, target_type: num',
  'type: add_condition, conditions: {"d|contains": "$product"}, template: true, negated: true',
  'type: change_logsource, product: windows',
  'type: set_state, key: k, val: {x: [1]}',
  'type: strict_field_mapping_failure',
  'type: nest, items: [{type: field_name_prefix, prefix: n.}]',
];

const ITEMS = [
  'a: x',
  "a|contains|all: [x, 'y*', null]",
  "b|expand|startswith: '%v%\\%'",
  "b|re|i: 'x+'",
  "a|neq: [1, 'x\\*']",
  "c|windash|base64offset|contains: ' -x'",
  "Hashes: ['MD5=00', 'SHA1=1|2']",
  'b|fieldref: a',
  "'|all': [k, 'm?']",
];

const SEARCH_CONDITIONS = ['s', 's and not t', '1 of them', 'all of s* or not 1 of t*'];

const BASE = `name: n
priority: 10
vars: {v: [x, '*y%v%']}
transformations:
  - id: one
    type: field_name_mapping
    mapping: {a: [b, c]}
    rule_conditions: [{type: logsource, product: linux}]
  - type: replace_string
    regex: '^(x)'
    replacement: '\\1*'
  - type: value_placeholders
finalizers: [{type: concat}]
`;

export function fuzzPipeline(seconds: number, seed: number): { readonly runs: number } {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(8),
    piece: fc.oneof(
      fc.constantFrom(...STEPS, ...CONDITIONS, '- ', '{', ']', "'", ': ', '\n', '&a ', '*a', '\\', 'null'),
      fc.string({ maxLength: 5, unit: 'binary' }),
    ),
  });
  const edited = fc.array(edit, { maxLength: 6 }).map((edits) =>
    edits.reduce((text, { at, cut, piece }) => {
      const from = Math.floor(at * text.length);
      return text.slice(0, from) + piece + text.slice(from + cut);
    }, BASE),
  );
  const step = fc
    .tuple(fc.constantFrom(...STEPS), fc.constantFrom(...CONDITIONS), fc.boolean())
    .map(([change, condition, named]) => [change, condition, named ? 'id: one' : ''].filter((part) => part !== ''))
    .map((parts) => `  - {${parts.join(', ')}}`);
  const built = fc
    .array(step, { maxLength: 12 })
    .map((steps) => `vars: {v: [x, '*y%v%']}\ntransformations:\n${steps.join('\n')}\n`);
  const search = fc
    .uniqueArray(fc.constantFrom(...ITEMS), { minLength: 1, maxLength: 4 })
    .map((items) => `{${items.join(', ')}}`);
  const rule = fc
    .tuple(search, search, fc.constantFrom(...SEARCH_CONDITIONS))
    .map(
      ([s, t, condition]) =>
        `tags: [t]\nlogsource: {product: linux}\ndetection: {s: ${s}, t: ${t}, condition: ${condition}}`,
    );
  const result = fc.check(
    fc.property(fc.oneof(edited, built), rule, (text, rule) => check(text, rule)),
    { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false },
  );
  if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? 'failed without a report');
  return { runs: result.numRuns };
}

function check(text: string, rule: string): void {
  const began = performance.now();
  const { pipeline, diagnostics } = readPipeline(text, 'fuzz.yml');
  inside(text, diagnostics);
  if ((pipeline === undefined) !== diagnostics.some(({ severity }) => severity === 'error')) {
    throw new Error('left out without an error, or read with one');
  }
  if (pipeline !== undefined) {
    const compiled = compileSigma(rule, { pipeline: joinPipelines([pipeline]) });
    inside(rule, compiled.diagnostics);
    const wrong = compiled.diagnostics.some(({ severity }) => severity === 'error');
    if ((compiled.plan === undefined) !== wrong) throw new Error('refused without an error, or compiled with one');
  }
  const took = (performance.now() - began) / 1000;
  if (took > SLOW) throw new Error(`took ${took.toFixed(1)} s`);
}

function inside(text: string, diagnostics: readonly Diagnostic[]): void {
  for (const { span, message } of diagnostics) {
    if (span.start < 0 || span.end < span.start || span.end > text.length) {
      throw new Error(`"${message}" lies outside the text`);
    }
  }
}
