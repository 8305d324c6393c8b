import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { positionAt } from '../diagnostic/span.ts';
import { readRuleTests } from './rule-test-form.ts';
import { readRegression } from './rule-test-regression.ts';

const read = (text: string) => readRuleTests(text, 'rules/a.test.yml');
/** `line:column message hint`. */
const problems = (text: string) =>
  read(text).diagnostics.map(({ message, hint, span }) => {
    const { line, column } = positionAt(text, span.start);
    return `${line}:${column} ${message}${hint === undefined ? '' : ` ${hint}`}`;
  });
const expectation = (expect: string) =>
  read(`cases: [{name: a, events: [{}], expect: ${expect}}]`).tests[0]?.cases[0]?.expect;
const problem = (expect: string) => problems(`cases: [{name: a, events: [{}], expect: ${expect}}]`);

describe('a test in our own form', () => {
  it('gives cases with their places, paths from the test’s folder on, and what is common to all', () => {
    const text = `rule: a.toml
common: { host: { name: web-1, os: { type: linux } }, tags: [x] }
cases:
  - name: one
    events:
      - host: { name: web-2 }
        tags: [y]
      - type=SYSCALL msg=audit(1.0:1)
    files: [events/a.log, /var/log/b.log]
    exceptions: [mine.yaml, { name: n }]
    expect: none
`;
    const { tests, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(tests).toEqual([
      {
        file: 'rules/a.test.yml',
        rule: { kind: 'path', value: 'rules/a.toml', span: expect.anything() },
        cases: [
          {
            name: 'one',
            line: 4,
            column: 5,
            events: [{ host: { name: 'web-2', os: { type: 'linux' } }, tags: ['y'] }, 'type=SYSCALL msg=audit(1.0:1)'],
            files: ['rules/events/a.log', '/var/log/b.log'],
            exceptions: ['rules/mine.yaml', { name: 'n' }],
            expect: { count: { of: 'alerts', number: 0, atLeast: false }, every: {}, explain: [] },
          },
        ],
      },
    ]);
  });

  it('names its rule by a path or an id, or has its name', () => {
    const rule = (line: string) => read(`${line}\ncases: [{name: a, events: [{}], expect: 1}]`).tests[0]?.rule;
    expect(rule('rule: ../x.yml')).toMatchObject({ kind: 'path', value: 'x.yml' });
    expect(rule('rule: 3f0f5957-04f8')).toMatchObject({ kind: 'id', value: '3f0f5957-04f8' });
    expect(rule('')).toMatchObject({ kind: 'beside' });
  });

  it('tells how many alerts are expected, and of what kind', () => {
    const count = (number: number, atLeast = false) => ({ of: 'alerts', number, atLeast });
    expect(expectation('none')).toMatchObject({ count: count(0) });
    expect(expectation('2')).toMatchObject({ count: count(2) });
    expect(expectation('at least 2')).toMatchObject({ count: count(2, true) });
    expect(expectation('{alerts: at least 2}')).toMatchObject({ count: count(2, true) });
    expect(expectation('{severity: High}')).toMatchObject({ count: count(1, true), every: { severity: 'high' } });
    expect(expectation('{excepted: 2}')).toMatchObject({ count: count(0), excepted: 2 });
    expect(expectation('{alerts: none, explain: [a, b]}')).toMatchObject({ explain: ['a', 'b'] });
    expect(expectation('{alerts: [{events: 2}, {join_keys: [a, 1]}]}')).toMatchObject({
      count: count(2),
      each: [{ events: 2 }, { joinKeys: ['a', '1'] }],
    });
    expect(expectation('{risk_score: 21, sentence: s, evidence: {a: 1}, fields: {b: [x, true]}}')?.every).toEqual({
      riskScore: 21,
      sentence: 's',
      evidence: { a: ['1'] },
      fields: { b: ['x', 'true'] },
    });
  });

  it('refuses what it does not know, where it stands', () => {
    expect(problems('case: []')).toEqual([
      '1:1 There is no key `case` in a test. Did you mean `cases`?',
      '1:1 `cases` has to be there, with at least one item.',
    ]);
    expect(problems('cases:\n  - name: a\n    evnets: []\n    expect: 1')).toEqual([
      '3:5 There is no key `evnets` in a case. Did you mean `events`?',
      '2:5 A case has `events`, or `files` of them.',
    ]);
    expect(problems('cases: [{events: [{}]}]')).toEqual([
      '1:9 The case has no `name`.',
      '1:9 The case has no `expect`.',
    ]);
    expect(problems('- a')).toEqual(['1:1 A test is a map of keys and values; this is a list.']);
    expect(problems('cases: [{name: a, events: {}, expect: 1}]')).toEqual([
      '1:27 `events` is a list; this is a map. Put `- ` before each item.',
    ]);
    expect(problems('cases: [{name: a, events: [1], expect: 1}]')).toEqual(['1:28 `events` takes a text here.']);
    expect(problem('many')[0]).toMatch(/^1:41 This does not say how many/);
    expect(problem('-1')[0]).toMatch(/how many/);
    expect(problem('{}')[0]).toMatch(/says nothing/);
    expect(problem('{severity: bad}')[0]).toMatch(/^1:52 This is no severity\. There are informational, low/);
    expect(problem('{alerts: 1, explain: x}')[0]).toMatch(/alerts are expected/);
    expect(problem('{evidence: {a: {b: 1}}}')[0]).toMatch(/A text, a number or a truth value/);
    expect(problem('{excepted: -1}')[0]).toMatch(/whole number/);
    expect(read('a: [').diagnostics[0]).toMatchObject({ code: 'rule-file-not-yaml' });
    for (const { code } of read('case: 1').diagnostics) expect(code).toBe('test-form');
  });

  it('never throws, whatever stands where', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('none', 'at least 2', 1, [], {}, [{}], [{ events: 2 }], { a: [1, null] }),
    );
    const keyed = (...keys: readonly string[]) =>
      fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...keys) }, fc.string()), value);
    const expectations = fc.oneof(
      value,
      keyed('alerts', 'excepted', 'explain', 'severity', 'risk_score', 'sentence', 'evidence', 'fields', 'join_keys'),
    );
    const one = fc.tuple(keyed('name', 'events', 'files', 'exceptions'), expectations);
    const cases = fc.array(one.map(([rest, wanted]) => ({ ...rest, expect: wanted })));
    const test = fc.tuple(keyed('rule', 'common', 'exceptions'), fc.oneof(value, cases));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          test.map(([rest, them]) => JSON.stringify({ ...rest, cases: them })),
        ),
        (text) => {
          for (const form of [readRuleTests, readRegression]) {
            const { tests, diagnostics } = form(text, 'a.test.yml');
            expect(tests.length + diagnostics.length).toBeGreaterThan(0);
            for (const { span } of diagnostics) expect(span.end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('reads a test a document', () => {
    const one = 'cases: [{name: a, events: [{}], expect: 1}]';
    expect(read(`rule: a\n${one}\n---\nrule: b\n${one}`).tests.map(({ rule }) => rule.value)).toEqual(['a', 'b']);
  });
});
