import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileLucene } from './lucene.ts';

const EVENT: JsonObject = {
  '@timestamp': '2024-05-31T12:00:00.000Z',
  'event.code': '4688',
  'process.name': 'cmd.exe',
  'process.args': ['cmd.exe', '/c', 'a "b" \\'],
  'process.pid': 42,
  'source.ip': '10.1.2.3',
  message: 'A user logged on at http.server.',
  'vendor.flag': true,
};

const event = new Event({
  time: { ms: 0, ticks: 0 },
  source: documentSource(EVENT),
  raw: new Uint8Array(),
  format: 'test',
  dataStreams: [],
});

function holds(query: string): boolean | string {
  const { plan, diagnostics } = compileLucene(query);
  return plan === undefined ? (diagnostics[0]?.message ?? 'nothing') : evaluate(plan.predicate, event);
}

test.each([
  ['process.name:cmd.exe', true],
  ['process.name:CMD.EXE', false],
  ['process.name:"cmd.exe"^2', true],
  ['process.name:c*.ex?', true],
  ['process.name:"c*"', false],
  ['process.name:/c[mM]d\\.exe/', true],
  ['process.name:/c/', false],
  ['process.name:(bash OR cmd.exe)', true],
  ['process.args:\\/c', true],
  ['process.args:"a \\"b\\" \\\\"', true],
  ['process.args:a\\ \\"b\\"\\ \\\\', true],
  ['process.pid:42', true],
  ['process.pid:>41', true],
  ['process.pid:>=43', false],
  ['process.pid:[1 TO 42]', true],
  ['process.pid:[1 TO 42}', false],
  ['process.pid:{41 TO *}', true],
  ['source.ip:"10.0.0.0/8"', true],
  ['source.ip:10.1.2.4', false],
  ['@timestamp:[2024-05-01 TO 2024-05]', true],
  ['@timestamp:2024-05-31', true],
  ['message:USER', true],
  ['message:"logged on"', true],
  ['message:"on logged"', false],
  ['message:log*', true],
  ['vendor.flag:true', true],
  ['_exists_:process.pid', true],
  ['process.title:*', false],
  ['*:*', true],
  ['NOT process.name:bash', true],
  ['process.pid:1 OR NOT process.name:bash', false],
  // There is no precedence: AND makes both its sides required, and what may hold no longer matters.
  ['process.pid:42 OR process.pid:1 AND process.pid:2', false],
  ['process.pid:42 AND process.pid:42 OR process.pid:1', true],
  ['process.pid:42 process.pid:1', true],
  ['+process.pid:1 process.pid:42', false],
  ['process.pid:42 -event.code:4688', false],
  ['process.pid:42 && !event.code:4689', true],
])('%s is %s', (query, expected) => {
  expect(holds(query)).toBe(expected);
});

test.each([
  ['cmd.exe', 'lucene-unsupported'],
  ['process.name:cmd~', 'lucene-unsupported'],
  ['process.*:x', 'lucene-unsupported'],
  ['process.name:"open', 'lucene-syntax'],
  ['(process.pid:1', 'lucene-syntax'],
  ['process.pid:1)', 'lucene-syntax'],
  ['AND process.pid:1', 'lucene-syntax'],
  ['process.pid:[1 5]', 'lucene-syntax'],
  ['process.name:/open', 'lucene-syntax'],
  ['', 'lucene-syntax'],
  ['process.pid:many', 'lucene-type'],
  ['process.pid:4*', 'lucene-type'],
  ['source.ip:home', 'lucene-type'],
  ['process.name:/a(/', 'lucene-regex'],
  [`${'('.repeat(200)}process.pid:1${')'.repeat(200)}`, 'lucene-syntax'],
])('%s is refused as %s', (query, code) => {
  const { plan, diagnostics } = compileLucene(query);
  expect(plan).toBeUndefined();
  expect(diagnostics.map((each) => each.code)).toContain(code);
});

test('a field that nobody knows is told, and the query stands', () => {
  const { plan, diagnostics } = compileLucene('process.nmae:x');
  expect(plan).toBeDefined();
  expect(diagnostics).toMatchObject([{ code: 'lucene-field-unknown', severity: 'warning' }]);
});

test('no text makes it throw, and every problem has its place', () => {
  const piece = fc.constantFrom(
    ...'process.pid : 1 AND OR NOT ( ) [ ] { } TO " / \\ * ? ~ ^ + - ! && || > < = _exists_ 𝒳 \u3000'.split(' '),
    ' ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
        fc.string(),
      ),
      (text) => {
        const { plan, diagnostics } = compileLucene(text);
        expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
        for (const { span } of diagnostics) expect(span.start <= span.end && span.end <= text.length).toBe(true);
      },
    ),
    { numRuns: runs(800) },
  );
});
