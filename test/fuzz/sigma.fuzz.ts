/**
 * Sigma rules of any content: reading them holds to `inspectFuzzed`, and what loads matches alike by the matcher and by
 * the reference evaluator.
 *
 * Inputs are the bundled rule and small rules with lines and characters changed, doubled, swapped or cut, because text
 * that is nearly right reaches furthest; and detections put together of valid parts, which reach the evaluators.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { documentSource, Event } from '../../src/event/event.ts';
import { compileSigma } from '../../src/language/sigma/sigma.ts';
import { compileMatcher } from '../../src/match/matcher.ts';
import { evaluate } from '../../src/plan/predicate/evaluate.ts';
import { inspectFuzzed } from './inspect-fuzzed.ts';

const BUNDLED = readFileSync(
  new URL('../../rules/sigma/proc_creation_lnx_python_webserver.yml', import.meta.url),
  'utf8',
);
const SMALL = "title: t\nid: i\nlogsource: {product: linux}\ndetection:\n  s:\n    a|contains: 'x*'\n  condition: s\n";

const TOGETHER = `title: c
id: c
name: c
correlation:
  type: temporal
  rules: [r, d]
  group-by: [k, a]
  timespan: 5m
  aliases: {k: {r: a, d: b}}
  condition: {gte: 1, lt: 9}
---
title: d
id: d
name: d
correlation: {type: value_count, rules: [r], group-by: [a], timespan: 1h, condition: {field: b, gte: 2}}
---
title: r
id: r
name: r
logsource: {product: linux, service: auditd}
detection:
  s: {type: PATH, name: x, nametype: CREATE}
  condition: s
---
title: f
logsource: {product: linux}
filter:
  rules: [r]
  s: {User|startswith: x}
  condition: not s
`;

const PIECES = [
  ...BUNDLED.split('\n').filter((line) => line !== ''),
  ...[
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    ':',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!str ',
    '#',
    '\\',
    '\n',
    '\r\n',
    '\t',
    '\0',
  ],
  ...[
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '\ufeff',
    '𝒳',
    '\u202e',
    '<<: *a\n',
    '~',
    'null',
    '.nan',
    '1e400',
    '0777',
    '0x1f',
  ],
  ...[
    '|contains',
    '|all',
    '|re',
    '|re|i',
    '|base64offset',
    '|windash',
    '|cidr',
    '|exists',
    '|fieldref',
    '|neq',
    '|wide',
  ],
  ...[
    ' and ',
    ' or ',
    ' not ',
    '1 of them',
    'all of s*',
    '(',
    ')',
    '| count() > 5',
    'timeframe: 5m\n',
    'correlation:\n',
    'filter:\n',
    'rules: [c]\n',
    'value_percentile',
    'temporal_ordered',
    'condition: r and not d\n',
    'percentile: 50, ',
    '1w',
    'generate: true\n',
    'rules: any\n',
  ],
  ...['__proto__: 1\n', 'constructor', '(?=x)', '(a*)*', 'x{1000}', '*'.repeat(50), '('.repeat(80), '['.repeat(80)],
];

const MODIFIERS = [
  '',
  '|contains',
  '|startswith',
  '|endswith|cased',
  '|re',
  '|re|i',
  '|contains|all',
  '|neq',
  '|windash',
];
const VALUES = ["'x'", "'*'", "'X?y*'", '7', 'true', 'null', "''", "'-x'", "'\\\\*'", '[x, y]', "['a*', 'b']"];
const CONDITIONS = ['s', 'not s', '1 of *', 'all of them', 's and not t', '(s or t) and not u', 'not (1 of s* or t)'];

export function fuzzSigma(seconds: number, seed: number): { runs: number } {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(1000)),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5, unit: 'binary' })),
  });
  const text = fc
    .tuple(fc.constantFrom(BUNDLED, SMALL, SMALL, TOGETHER, TOGETHER, ''), fc.array(edit, { maxLength: 10 }))
    .map(([start, edits]) =>
      edits.reduce((text, { at, cut, piece }) => {
        const from = Math.floor(at * text.length);
        return text.slice(0, from) + piece + text.slice(from + cut);
      }, start),
    );
  const item = fc
    .tuple(fc.constantFrom('a', 'b', ''), fc.constantFrom(...MODIFIERS), fc.constantFrom(...VALUES))
    .map(([field, modifiers, value]) => `'${field}${modifiers}': ${value}`);
  const search = fc.uniqueArray(item, { minLength: 1, maxLength: 3, selector: (line) => line.split(':')[0] });
  const detection = fc
    .tuple(search, search, search, fc.constantFrom(...CONDITIONS))
    .map(
      ([s, t, u, condition]) =>
        `logsource: {category: fuzz}\ndetection: {s: {${s.join(', ')}}, t: {${t.join(', ')}}, u: {${u.join(', ')}}, condition: ${condition}}`,
    );
  const value = fc.constantFrom('x', 'X', 'xy', 'X1yz', '-x', '/x', '', 7, '7', true, null, ['x', 'b'], '\\x', 'abc');
  const events = fc.array(fc.record({ a: value, b: value, c: value }, { requiredKeys: [] }), { maxLength: 4 });

  const result = fc.check(
    fc.property(text, detection, events, (text, detection, documents) => {
      inspectFuzzed(text, 'fuzz.yml');
      compareEvaluators(detection, documents);
    }),
    { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false },
  );
  if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? 'failed without a report');
  return { runs: result.numRuns };
}

function compareEvaluators(detection: string, documents: readonly object[]): void {
  const { plan } = compileSigma(detection);
  if (plan?.kind !== 'event') return;
  const matcher = compileMatcher([{ predicate: plan.predicate, reads: () => true }]);
  for (const document of documents) {
    const event = new Event({
      time: { ms: 0, ticks: 0 },
      source: documentSource({ ...document, 'event.category': 'fuzz' }),
      raw: new Uint8Array(),
      format: 'fuzz',
      dataStreams: [],
    });
    let found = false;
    matcher.match(event, () => {
      found = true;
    });
    if (found !== evaluate(plan.predicate, event)) {
      throw new Error(
        `the matcher ${found ? 'alone ' : 'does not '}match ${JSON.stringify(document)} by\n${detection}`,
      );
    }
  }
}
