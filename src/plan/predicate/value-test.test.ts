import { expect, test } from 'vitest';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { Scalar } from '../../event/field-path.ts';
import type { Json } from '../../event/json.ts';
import { isCidr } from './cidr.ts';
import { evaluate } from './evaluate.ts';
import { findWitnesses } from './explain.ts';
import { matchAnywhere, matchFields, type Test, type TimePart, wildcardPattern } from './node.ts';
import { compileTest } from './value-test.ts';

const passes = (test: Test, value: Scalar) => compileTest(test, 'unknown').passes(value);

test.each([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.1.2.3', false],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['fe80::/10', 'fe80::1', true],
  ['fe80::/10', '10.0.0.1', false],
  ['0.0.0.0/0', 'localhost', false],
  ['0.0.0.0/0', 10, false],
])('cidr %s holds %s: %s', (network, address, expected) => {
  expect(passes({ kind: 'cidr', anyOf: [network] }, address)).toBe(expected);
});

test('what is a network', () => {
  expect(['10.0.0.0/8', '::/0', '10.0.0.0', '10.0.0.0/33', 'x/8'].map(isCidr)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test.each<[TimePart, number, Scalar, boolean]>([
  ['minute', 59, '2024-12-30T23:59:58Z', true],
  ['hour', 22, '2024-12-30T23:59:58+01:00', true],
  ['day', 30, '2024-12-30T23:59:58Z', true],
  ['week', 1, '2024-12-30T23:59:58Z', true],
  ['week', 53, '2021-01-03T00:00:00Z', true],
  ['month', 12, '2024-12-30', true],
  ['year', 1970, 0, true],
  ['year', 2024, 'yesterday', false],
  ['year', 1970, true, false],
  ['year', 275_760, 8.64e15 + 1, false],
])('%s %i of %s: %s', (part, bound, value, expected) => {
  expect(passes({ kind: 'time-part', part, operator: '==', bound }, value)).toBe(expected);
});

test.each([
  ['<', false],
  ['<=', true],
  ['>', false],
  ['>=', true],
] as const)('hour %s 7 of seven o’clock: %s', (operator, expected) => {
  expect(passes({ kind: 'time-part', part: 'hour', operator, bound: 7 }, '2024-01-01T07:30:00Z')).toBe(expected);
});

const event = (document: Record<string, Json>) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
    origin: { path: '/var/log/mimikatz.log', offset: 0, line: 1 },
  });

test('a keyword is looked for in every field, not in where the event was read', () => {
  const holds: Test = {
    kind: 'wildcard',
    anyOf: [wildcardPattern(['*', { text: 'mimikatz' }, '*'])],
    fold: 'unicode',
  };
  const keyword = matchAnywhere(holds, NO_SPAN);
  const deep = event({ a: { b: ['x', { c: 'run MimiKatz now' }] } });
  expect(findWitnesses(keyword, deep)).toEqual([{ field: 'a.b.c', value: 'run MimiKatz now', ranges: [[4, 12]] }]);
  const other = event({ a: 1 });
  expect(evaluate(keyword, other)).toBe(false);
  other.enrich({ names: new Set(['process.parent.name']), get: () => 'mimikatz' });
  // What another event said is looked at only where the rule names the fields.
  expect(evaluate(keyword, other)).toBe(false);
  const named = matchAnywhere(holds, NO_SPAN, wildcardPattern([{ text: 'process.' }, '*']));
  expect(evaluate(named, other)).toBe(true);
  expect(findWitnesses(named, other)).toEqual([{ field: 'process.parent.name', value: 'mimikatz', ranges: [[0, 8]] }]);
});

test('fields compare with fields, any value with any value', () => {
  const unknown = (name: string) => ({ name, type: 'unknown' as const });
  const related = (relation: Parameters<typeof matchFields>[1], fold: 'none' | 'unicode', a: Json, b: Json) =>
    evaluate(matchFields(unknown('a'), relation, unknown('b'), fold, NO_SPAN), event({ a, b }));
  expect(related('equals', 'unicode', ['x', 'Root'], 'ROOT')).toBe(true);
  expect(related('equals', 'none', 'Root', 'ROOT')).toBe(false);
  expect(related('equals', 'none', '4', 4)).toBe(true);
  expect(related('starts-with', 'unicode', 'C:\\Temp\\x', 'c:\\temp')).toBe(true);
  expect(related('ends-with', 'none', '/usr/bin/sh', 'sh')).toBe(true);
  expect(related('contains', 'none', 'abc', 'x')).toBe(false);
  expect(related('equals', 'none', null, null)).toBe(false);
});
