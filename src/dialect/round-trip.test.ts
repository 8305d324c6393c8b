/**
 * Whatever a dialect says, its front end reads back as the same condition: random predicates over awkward texts, emitted,
 * compiled again, and both evaluated by the reference on random events.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { compileEql } from '../language/eql/eql.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled } from '../language/language.ts';
import { compileLucene } from '../language/lucene/lucene.ts';
import { eventPlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import {
  and,
  exists,
  type FieldRef,
  matchAny,
  not,
  or,
  type Predicate,
  type Test,
  wildcardPattern,
} from '../plan/predicate/node.ts';
import { ASIM_PROCESS_CREATE } from '../vocabulary/asim-process.ts';
import { emitEql } from './eql.ts';
import { emitKqlAsim } from './kql-asim.ts';
import { emitLucene } from './lucene.ts';
import type { Emission } from './saying.ts';

const TEXTS = [
  'cmd.exe',
  'CMD.EXE',
  'C:\\Windows\\',
  '/usr/bin/x',
  '/\\',
  'a"b',
  "it's",
  '*',
  '?',
  'a*b?c',
  'É',
  'é',
  'straße',
  'ς',
  'AND',
  'TO',
  'a b',
  'a\nb',
  '\t',
  '`{}[]()<>~^#@&|!+-=;$%',
  '𝒳y',
  '5',
  '-5',
  '2.5',
  'true',
  '"""',
  '\\u0041',
  '>5',
  '// no comment',
];
const PIECES = ['c', 'C', 'a', 'É', 'é', '\\', '/', '"', '*', '?', '.', '<', ' ', '\n', 'exe', '𝒳', '5'];

const FIELDS: readonly FieldRef[] = [
  { name: 'process.executable', type: 'keyword' },
  { name: 'process.command_line', type: 'keyword' },
  { name: 'process.working_directory', type: 'keyword' },
];
const NUMBER: FieldRef = { name: 'process.pid', type: 'long' };

const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme', maxLength: 4 }));
const filled = text.filter((value) => value !== '' && !/[\u212a\u0130\0]/.test(value));
const fold = fc.constantFrom('none' as const, 'unicode' as const, 'ascii' as const);
const part = fc.oneof(
  fc.constantFrom('*' as const, '?' as const),
  fc.constantFrom(...PIECES).map((piece) => ({ text: piece })),
  filled.map((piece) => ({ text: piece })),
);
const textTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ kind: fc.constant('equals' as const), anyOf: fc.array(filled, { minLength: 1, maxLength: 3 }), fold }),
  fc.record({
    kind: fc.constant('wildcard' as const),
    anyOf: fc.array(fc.array(part, { minLength: 1, maxLength: 4 }).map(wildcardPattern), {
      minLength: 1,
      maxLength: 2,
    }),
    fold,
  }),
  fc.record({
    kind: fc.constant('regex' as const),
    syntax: fc.constant('re2' as const),
    anyOf: fc.array(
      fc.constantFrom(
        '^cmd',
        'exe$',
        'c\\w+\\.e',
        '(^|\\s)a',
        'a.b',
        '[^a-c/]x',
        '(?i)CMD|é',
        '[\\\\/]$',
        'b+?|$',
        '\\d{1,2}',
        'x{0}',
        '',
        '"|<|~',
        '^$',
        '(?s)a.b',
        '^(cmd|C:)(\\.exe|.*\\\\)$',
        '[é-ü]',
      ),
      { minLength: 1, maxLength: 2 },
    ),
    flags: fc.record({ ignoreCase: fc.boolean(), multiline: fc.constant(false), dotAll: fc.boolean() }),
  }),
);
const numberTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({
    kind: fc.constant('equals' as const),
    anyOf: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 2 }),
    fold,
  }),
  fc.record({
    kind: fc.constant('order' as const),
    operator: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
    bound: fc.integer({ min: -5, max: 5 }),
  }),
);
const clause: fc.Arbitrary<Predicate> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...FIELDS), textTest)
      .map(([field, wanted]) => matchAny(field, wanted, NO_SPAN)),
  },
  { weight: 1, arbitrary: numberTest.map((wanted) => matchAny(NUMBER, wanted, NO_SPAN)) },
  { weight: 1, arbitrary: fc.constantFrom(...FIELDS).map((field) => exists(field, NO_SPAN)) },
);
const predicate: fc.Arbitrary<Predicate> = fc.letrec<{ tree: Predicate }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    clause,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((children) => and(children, NO_SPAN)),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((children) => or(children, NO_SPAN)),
    tie('tree').map((child) => not(child, NO_SPAN)),
  ),
})).tree;

function eventOf(fields: JsonObject): Event {
  const always = { 'event.category': ['process'], 'event.type': ['start'], 'host.os.type': 'linux' };
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource({ ...always, ...fields }),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
}

const value = fc.oneof(
  filled,
  fc.tuple(filled, filled).map((two) => two.join('')),
);
const single = (values: fc.Arbitrary<JsonObject[string]>) =>
  fc
    .record(
      {
        'process.executable': values,
        'process.command_line': values,
        'process.working_directory': values,
        'process.pid': fc.integer({ min: -6, max: 6 }),
      },
      { requiredKeys: [] },
    )
    .map((fields) => eventOf(fields as JsonObject));
const events = (values: fc.Arbitrary<JsonObject[string]>) => fc.array(single(values), { minLength: 1, maxLength: 8 });

function check(node: Predicate, emission: Emission, compiled: Compiled, samples: readonly Event[]): void {
  expect(compiled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (compiled.plan?.kind !== 'event') throw new Error('no event plan');
  for (const event of samples) {
    const [wanted, got] = [evaluate(node, event), evaluate(compiled.plan.predicate, event)];
    if (wanted !== got) {
      throw new Error(
        `${wanted} became ${got}: ${emission.query}\n${JSON.stringify(event.document())}\n${JSON.stringify(node)}`,
      );
    }
  }
}

const ANY = fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 2 })) as fc.Arbitrary<JsonObject[string]>;

test('EQL is read back as the same condition', () => {
  fc.assert(
    fc.property(predicate, events(ANY), (node, samples) => {
      const emission = emitEql(eventPlan(node), NO_SPAN);
      if (emission.query !== undefined) check(node, emission, compileEql(emission.query), samples);
    }),
    { numRuns: runs(200) },
  );
});

test('Lucene is read back as the same condition', () => {
  fc.assert(
    fc.property(predicate, events(ANY), (node, samples) => {
      const emission = emitLucene(node, NO_SPAN);
      if (emission.query !== undefined) check(node, emission, compileLucene(emission.query), samples);
    }),
    { numRuns: runs(200) },
  );
});

test('Kusto is read back as the same condition', async () => {
  await fc.assert(
    fc.asyncProperty(predicate, events(value as fc.Arbitrary<JsonObject[string]>), async (node, samples) => {
      const whole = and([...rows, node], NO_SPAN);
      const emission = emitKqlAsim(whole, NO_SPAN, { system: 'table' });
      if (emission.query !== undefined) check(whole, emission, await compileKusto(emission.query), samples);
    }),
    { numRuns: runs(60) },
  );
});

const table = ASIM_PROCESS_CREATE.rows(NO_SPAN);
const rows = table.kind === 'and' ? table.children : [table];
