/**
 * Random events and predicates over few fields and few values, so that they meet often.
 */
import fc from 'fast-check';
import { NO_SPAN } from '../src/diagnostic/span.ts';
import { documentSource, Event } from '../src/event/event.ts';
import type { JsonObject } from '../src/event/json.ts';
import {
  and,
  call,
  choose,
  compare,
  constant,
  eachValue,
  exists,
  type FieldRef,
  fieldValue,
  literal,
  matchAny,
  matchAnywhere,
  matchFields,
  matchValue,
  nested,
  not,
  or,
  type Predicate,
  type Test,
  type Value,
  wildcardPattern,
} from '../src/plan/predicate/node.ts';

const WORDS = ['python', 'Python3', 'bash', 'straße', 'STRASSE', '', 'a.b', '10', '9007199254740993', 'İ', '𝒳y'];
const NUMBERS = [0, 1, 10, -3, 2.5];
const FIELDS: readonly FieldRef[] = [
  { name: 'process.name', type: 'keyword' },
  { name: 'process.args', type: 'keyword' },
  { name: 'process.pid', type: 'long' },
  { name: 'event.category', type: 'keyword' },
  { name: 'labels.flag', type: 'boolean' },
  { name: 'source.ip', type: 'ip' },
  { name: 'vendor.thing', type: 'unknown' },
];

const scalar = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom(...NUMBERS),
  fc.boolean(),
  fc.constantFrom('10.0.0.1', '::1', 'true', '2024-12-30T23:59:59.5Z'),
);

const file = fc.record({ name: scalar, pid: scalar }, { requiredKeys: [] });

const document: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.dictionary(
      fc.constantFrom(...FIELDS.map((field) => field.name)),
      fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.constant(null)),
    ),
    fc.record({ files: fc.oneof(file, fc.array(file, { maxLength: 2 })) }, { requiredKeys: [] }),
  )
  .map(([fields, more]) => ({ ...fields, ...more }) as JsonObject);

export const arbitraryEvent: fc.Arbitrary<Event> = fc
  .tuple(document, fc.constantFrom([], ['logs-a'], ['logs-b', 'logs-a']))
  .map(
    ([fields, dataStreams]) =>
      new Event({
        time: { ms: 0, ticks: 0 },
        source: documentSource(fields),
        raw: new Uint8Array(),
        format: 'test',
        dataStreams,
      }),
  );

const field = fc.constantFrom(...FIELDS);
const fold = fc.constantFrom('none' as const, 'ascii' as const, 'unicode' as const);
const order = fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const);
const part = fc.oneof(
  fc.constant('*' as const),
  fc.constant('?' as const),
  fc.constantFrom('p', 'P', 'y', 'th', 'ß', '𝒳', 'on').map((text) => ({ text })),
);

const test: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ kind: fc.constant('equals' as const), anyOf: fc.array(scalar, { minLength: 1, maxLength: 3 }), fold }),
  fc.record({
    kind: fc.constant('order' as const),
    operator: order,
    bound: fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(...NUMBERS)),
  }),
  fc.record({
    kind: fc.constant('wildcard' as const),
    anyOf: fc.array(fc.array(part, { maxLength: 5 }).map(wildcardPattern), { minLength: 1, maxLength: 2 }),
    fold,
  }),
  fc.record({
    kind: fc.constant('term' as const),
    bounds: fc.constantFrom('term' as const, 'prefix' as const, 'suffix' as const),
    anyOf: fc.array(fc.constantFrom('', 'python', 'a', 'b', '.', '.b', 'STRASSE', '0', 'y'), {
      minLength: 1,
      maxLength: 2,
    }),
    fold,
  }),
  fc.record({
    kind: fc.constant('phrase' as const),
    split: fc.constantFrom('standard' as const, 'script' as const),
    anyOf: fc.array(
      fc.array(fc.array(part, { minLength: 1, maxLength: 3 }).map(wildcardPattern), { minLength: 1, maxLength: 2 }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  fc.record({
    kind: fc.constant('regex' as const),
    syntax: fc.constant('lucene' as const),
    anyOf: fc.array(fc.constantFrom('p.*', '(bash|python)[0-9]?', '.*on3?', '[^h]+[h]{1,2}.*'), {
      minLength: 1,
      maxLength: 2,
    }),
    fold: fc.constantFrom('none' as const, 'ascii' as const),
  }),
  fc.record({
    kind: fc.constant('regex' as const),
    syntax: fc.constant('re2' as const),
    anyOf: fc.array(fc.constantFrom('^p', 'th.n', 'on$|h\\d', '(?i)BASH'), { minLength: 1, maxLength: 2 }),
    flags: fc.record({ ignoreCase: fc.boolean(), multiline: fc.boolean(), dotAll: fc.boolean() }),
  }),
  fc.record({
    kind: fc.constant('cidr' as const),
    anyOf: fc.array(fc.constantFrom('10.0.0.0/8', '::/0', '127.0.0.1/32'), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('time-part' as const),
    part: fc.constantFrom(
      'minute' as const,
      'hour' as const,
      'day' as const,
      'week' as const,
      'month' as const,
      'year' as const,
    ),
    operator: fc.oneof(order, fc.constant('==' as const)),
    bound: fc.constantFrom(0, 1, 30, 59, 2024),
  }),
);

const plainValue: fc.Arbitrary<Value> = fc.oneof(
  field.map((ref) => fieldValue(ref, NO_SPAN)),
  field.map((ref) => eachValue(ref, NO_SPAN)),
  field.map((ref) => call('units', [eachValue(ref, NO_SPAN)], NO_SPAN)),
  field.map((ref) => call('is-null', [eachValue(ref, NO_SPAN)], NO_SPAN)),
  fc.oneof(scalar, fc.constant(null)).map((wanted) => literal(wanted, NO_SPAN)),
  fc
    .tuple(fc.constantFrom('add' as const, 'divide' as const, 'modulo' as const), field, fc.constantFrom(...NUMBERS))
    .map(([name, ref, number]) => call(name, [fieldValue(ref, NO_SPAN), literal(number, NO_SPAN)], NO_SPAN)),
);

const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 3, arbitrary: plainValue },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('text' as const, 'integer' as const, 'lower' as const, 'upper' as const, 'length' as const),
        plainValue,
      )
      .map(([name, arg]) => call(name, [arg], NO_SPAN)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('coalesce' as const, 'concat' as const, 'index-of' as const, 'modulo-euclid' as const),
        plainValue,
        plainValue,
      )
      .map(([name, left, right]) => call(name, [left, right], NO_SPAN)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(field, plainValue, plainValue)
      .map(([ref, then, otherwise]) => choose(exists(ref, NO_SPAN), then, otherwise, NO_SPAN)),
  },
);

const clause: fc.Arbitrary<Predicate> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(field, test).map(([ref, wanted]) => matchAny(ref, wanted, NO_SPAN)) },
  { weight: 1, arbitrary: test.map((wanted) => matchAnywhere(wanted, NO_SPAN)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(test, fc.constantFrom('process.', 'e'))
      .map(([wanted, text]) => matchAnywhere(wanted, NO_SPAN, wildcardPattern(['*', { text }, '*']))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('name', 'pid'), test)
      .map(([leaf, wanted]) =>
        nested('files', matchAny({ name: `files.${leaf}`, type: 'keyword' }, wanted, NO_SPAN), NO_SPAN),
      ),
  },
  { weight: 1, arbitrary: fc.tuple(value, test).map(([made, wanted]) => matchValue(made, wanted, NO_SPAN)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        field,
        fc.constantFrom('equals' as const, 'starts-with' as const, 'ends-with' as const, 'contains' as const),
        field,
        fold,
      )
      .map(([ref, relation, other, how]) => matchFields(ref, relation, other, how, NO_SPAN)),
  },
  { weight: 1, arbitrary: field.map((ref) => exists(ref, NO_SPAN)) },
  { weight: 1, arbitrary: fc.boolean().map((truth) => constant(truth, NO_SPAN)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.oneof(order, fc.constantFrom('==' as const, '!=' as const)), value, value)
      .map(([operator, left, right]) => compare(operator, left, right, NO_SPAN)),
  },
);

export const arbitraryPredicate: fc.Arbitrary<Predicate> = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    clause,
    fc.array(tie('predicate'), { maxLength: 4 }).map((children) => and(children, NO_SPAN)),
    fc.array(tie('predicate'), { maxLength: 4 }).map((children) => or(children, NO_SPAN)),
    tie('predicate').map((child) => not(child, NO_SPAN)),
  ),
})).predicate;
