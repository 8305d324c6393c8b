import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BOUNDED_MS, processorMs } from '../../../test/processor-time.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileKuery } from './kuery.ts';
import { parseKuery } from './parse-kuery.ts';

/** `code «place» message → hint` of the first finding. */
function told(query: string, fieldType?: (name: string) => 'keyword' | undefined): string | undefined {
  const [first] = compileKuery(query, { now: 0, ...(fieldType === undefined ? {} : { fieldType }) }).diagnostics;
  if (first === undefined) return undefined;
  const { code, span, message, hint } = first;
  return `${code} «${query.slice(span.start, span.end)}» ${message}${hint === undefined ? '' : ` → ${hint}`}`;
}

test.each<[string, string | RegExp]>([
  [
    'process.name:',
    'kuery-syntax «» A value is missing after “:”: the query ends. → write field: value, or field: * for any value',
  ],
  ['process.name: (a or', /^kuery-syntax «» A value is missing after “or”/],
  ['process.name: (a or b', 'kuery-syntax «(» The ( is not closed. → close it with )'],
  ['process.name: "a', 'kuery-syntax «"» The quote is not closed. → close it with "; a quote within is written \\"'],
  ['process.name: a) and b', 'kuery-syntax «)» “)” closes nothing. → take it out, or escape it: \\)'],
  [
    'process.name: a process.pid: 1',
    'kuery-syntax «:» “:” cannot stand here, within a value. → and or or is missing before process.pid; a : within a value is quoted or written \\:',
  ],
  [
    'process.name: C:\\\\x',
    'kuery-syntax «:» “:” cannot stand here, within a value. → a : within a value is quoted or written \\:',
  ],
  ['process.name: a "b"', 'kuery-syntax «"b"» a quoted text cannot stand here. → and or or is missing before it'],
  ['process.name == "a"', 'kuery-syntax «==» “==” compares nothing here. → write field: value'],
  [
    'process.name: (a: b)',
    'kuery-syntax «:» “:” cannot stand in a list of values. → close the list with ) before the next field',
  ],
  [
    'or process.name: a',
    'kuery-syntax «or» A condition is missing here: there is “or”. → quote it to search for the word: "or"',
  ],
  [
    'process.name: a\\b',
    'kuery-escape «\\b» “\\b” stands for nothing: a backslash goes before one of \\ ( ) : < > " * { }. → write \\\\ for a backslash',
  ],
  [`${'('.repeat(300)}a`, /^kuery-too-deep «\(» The query is nested more than 200 levels deep\.$/],
  ['process.nam: a', 'kuery-field-unknown «process.nam» ECS has no field process.nam. → did you mean process.name?'],
  ['my.own.field: a', 'kuery-field-unknown «my.own.field» No schema that is known has the field my.own.field.'],
  ['process.nom*: a', 'kuery-field-unknown «process.nom*» No field that is known has a name like process.nom*.'],
  ['process.pid: abc', 'kuery-type «abc» process.pid is a number, and “abc” is none. → write a number'],
  ['process.pid > abc', /^kuery-type «abc» process\.pid is a number/],
  [
    'process.pid: 7*',
    'kuery-type «7*» Wildcards match texts, and process.pid is of type long. → compare it: process.pid >= …',
  ],
  ['process.pid >= 7*', /^kuery-type «7\*» A range takes a value without wildcards/],
  [
    'source.ip: 10.*',
    'kuery-type «10.*» Wildcards match texts, and source.ip is of type ip. → write a network: "10.0.0.0/8"',
  ],
  ['source.ip: 10.0.0.0/33', /^kuery-type «10\.0\.0\.0\/33» source\.ip is an IP address/],
  ['source.ip > 10.0.0.1', /^kuery-type .* source\.ip is an IP address\./],
  ['process.interactive: yes', /^kuery-type «yes» process\.interactive is true or false/],
  ['process.interactive > true', /^kuery-type .* has no order\.$/],
  ['@timestamp: soon', /^kuery-type «soon» @timestamp is a date/],
  ['@timestamp: 2024*', /^kuery-type «2024\*» Wildcards match texts/],
  ['@timestamp >= soon', /^kuery-type «soon» @timestamp is a date/],
  [
    'process.name: null',
    'kuery-type «null» null is no value that can be looked for. → write not field: * for a missing field',
  ],
  ['pro*: { a: 1 }', /^kuery-type «pro\*» Objects are named without wildcards/],
  ['@timestamp >= now-1d', /^kuery-now «now-1d»/],
  [
    'process.name: "py*"',
    'kuery-star-in-quotes «"py*"» In quotes the * stands for itself, not for any text. → leave the quotes out, or write \\* outside of them',
  ],
  [
    'process.name == a',
    'kuery-free-text «process.name == a» “process.name == a” is looked for as words, in any field. → write field: value to compare, and, or, not to join',
  ],
  [
    'process.name curl',
    /^kuery-free-text «process\.name curl» The name of the field process\.name is looked for as a word/,
  ],
  ['process.pid: 1 and @timestamp: [a TO b]', /^kuery-lucene «\[a TO b\]» This is a range of Lucene’s language/],
  ['message: "--"', 'kuery-words «"--"» This holds no word, so no text has it. → name a word of the text'],
  [
    'message: a-b*',
    /^kuery-words «a-b\*» A pattern is compared with single words of the text, and no word is like “a-b\*”/,
  ],
])('%s', (query, expected) => {
  if (typeof expected === 'string') expect(told(query)).toBe(expected);
  else expect(told(query)).toMatch(expected);
});

describe('what is taken without a word', () => {
  test.each([
    'process.name:curl AND process.pid>5',
    'cannot open',
    'process.name: \\not me',
    'process.name:"\\\\\\\\*\\\\ADMIN$"',
    'winlog.event_data.Anything: x',
    'labels.team: x',
    'kibana.alert.rule.name: x',
    'process.parent.command_line.text: "a b"',
  ])('%s', (query) => expect(told(query)).toBeUndefined());
});

test('a mapping given counts alone', () => {
  const fieldType = (name: string) => (name === 'x' ? 'keyword' : undefined);
  expect(told('x: 1 and process.nothing: 2 and y*: 3', fieldType)).toBeUndefined();
});

test('values of one field side by side are one test', () => {
  const { plan } = compileKuery('process.name: (a or b or c* or d*) or process.name: e');
  const predicate = plan?.predicate;
  expect(predicate?.kind === 'or' && predicate.children.map((child) => 'test' in child && child.test)).toMatchObject([
    { kind: 'equals', anyOf: ['a', 'b'] },
    {
      kind: 'wildcard',
      anyOf: [
        [{ text: 'c' }, '*'],
        [{ text: 'd' }, '*'],
      ],
    },
    { kind: 'equals', anyOf: ['e'] },
  ]);
});

// --- The grammar against a second reading of it --------------------------------------------------------------------

const NAMES = ['process.name', 'process.args'];
const VALUES = ['a', 'b', 'c d', 'e"f', '*'];

interface Sample {
  readonly text: string;
  readonly holds: (values: (field: string) => readonly string[]) => boolean;
}

const value = fc.constantFrom(...VALUES);
const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
const { query } = fc.letrec<{ query: Sample; list: Sample }>((tie) => ({
  list: fc.oneof(
    { maxDepth: 2 },
    value.map((text): Sample => ({ text: quoted(text), holds: (values) => values('').includes(text) })),
    fc.constant<Sample>({ text: 'a*', holds: (values) => values('').some((text) => text.startsWith('a')) }),
    fc.tuple(tie('list'), tie('list')).map(
      ([a, b]): Sample => ({
        text: `(${a.text} or not ${b.text})`,
        holds: (values) => a.holds(values) || !b.holds(values),
      }),
    ),
    fc.tuple(tie('list'), tie('list')).map(
      ([a, b]): Sample => ({
        text: `(${a.text} AND ${b.text})`,
        holds: (values) => a.holds(values) && b.holds(values),
      }),
    ),
  ),
  query: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom(...NAMES), tie('list')).map(
      ([field, list]): Sample => ({
        text: `${field}:${list.text}`,
        holds: (values) => list.holds(() => values(field)),
      }),
    ),
    fc
      .constantFrom(...NAMES)
      .map((field): Sample => ({ text: `${field}: *`, holds: (values) => values(field).length > 0 })),
    tie('query').map((inner): Sample => ({ text: `not (${inner.text})`, holds: (values) => !inner.holds(values) })),
    fc.tuple(tie('query'), tie('query'), tie('query')).map(
      ([a, b, c]): Sample => ({
        text: `((${a.text}) or (${b.text}) and (${c.text}))`,
        holds: (values) => a.holds(values) || (b.holds(values) && c.holds(values)),
      }),
    ),
  ),
}));

test('means what its parts mean', () => {
  const documents = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(value, fc.array(value, { maxLength: 3 })));
  fc.assert(
    fc.property(query, documents, ({ text, holds }, document) => {
      const { plan } = compileKuery(text);
      const source = documentSource(document as JsonObject);
      const event = new Event({
        time: { ms: 0, ticks: 0 },
        source,
        raw: new Uint8Array(),
        format: 'test',
        dataStreams: [],
      });
      const values = (field: string) => [(document[field] as string | string[] | undefined) ?? []].flat();
      expect(plan && evaluate(plan.predicate, event)).toBe(holds(values));
    }),
  );
});

test('takes time linear in the text', () => {
  const spent = processorMs(() => {
    compileKuery(`process.name: (${'a or '.repeat(40_000)}b)`);
    parseKuery(`"${'\\'.repeat(200_000)}"`);
    parseKuery('a*'.repeat(100_000));
  });
  expect(spent).toBeLessThan(BOUNDED_MS);
});
