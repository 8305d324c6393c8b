import { describe, expect, test } from 'vitest';
import { documentSource, Event } from '../../event/event.ts';
import { type JsonObject, parseJson } from '../../event/json.ts';
import type { SequenceStep } from '../../plan/plan.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileEql } from './eql.ts';

function compile(text: string) {
  const { plan, diagnostics } = compileEql(text);
  if (plan?.kind !== 'event') throw new Error(`${text}: ${diagnostics[0]?.message}`);
  return plan.predicate;
}

function eventOf(document: JsonObject): Event {
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
}

function holds(condition: string, document: JsonObject): boolean {
  return evaluate(compile(condition), eventOf(document));
}

const DOCUMENT = parseJson(`{
  "event": { "category": ["process"], "type": ["start", "exec"] },
  "process": {
    "name": "Python3", "pid": 4688, "args": ["python3", "-m", "http.server"], "command_line": "C:\\\\Temp\\\\x?y*.exe -k",
    "exit_code": 0, "interactive": true
  },
  "own": { "big": 9007199254740993 },
  "my-field": "Ünï", "flag": false
}`) as JsonObject;

describe('what holds for a document', () => {
  const yes = [
    // Equality: exact, case counts, no wildcards.
    'process.name == "Python3"',
    '"Python3" == process.name',
    'not process.name == "python3"',
    'not process.command_line == "C:*"',
    'process.name != "python3"',
    'process.pid == 4688 and 4688 == process.pid and process.pid == 4688.0',
    'process.pid > 4687 and 4687 < process.pid and process.pid <= 4688 and not 4688 < process.pid',
    'own.big == 9007199254740993 and own.big != 9007199254740992 and own.big > 9007199254740992',
    'process.name > "Python" and process.name < "python"',
    // Patterns: nothing escapes a wildcard.
    'process.name : "python3" and process.name : ("bash", "PYTHON?")',
    'process.name like "Py*3" and not process.name like "py*3" and process.name like~ "py*3"',
    'process.name like ("bash", "Python3") and not process.name like "Python"',
    'process.command_line : "c:\\\\temp\\\\*"',
    'process.command_line like "C:\\\\Temp\\\\x?y*.exe*"',
    '`my-field` : "Ünï" and not `my-field` : "üNÏ"',
    'process.pid : 4688 and process.pid : (1, 4688)',
    'process.name regex "[PQ]yth.*" and not process.name regex "yth" and process.name regex~ "PYTHON\\\\d"',
    'process.name regex ("bash", ".*on3")',
    'process.name in ("bash", "Python3") and process.name in~ ("BASH", "PYTHON3") and process.name not in ("python3")',
    'process.pid in (1, 4688) and process.pid not in (1, 2)',
    // Arrays: any value; negation negates the whole.
    'process.args == "-m" and event.type in ("start") and process.args : "HTTP*"',
    'not process.args != "-m"',
    'not (process.args not in ("-m"))',
    // Missing fields.
    'not process.parent.executable == "/usr/lib/systemd/systemd"',
    'process.parent.executable != "x"',
    'process.parent.executable not in ("x")',
    'not process.parent.pid > 1',
    'process.parent.pid == null and null == process.parent.pid and process.pid != null',
    '?process.parent.executable == null and not ?nowhere : "*"',
    'process.parent.pid + 1 == null and process.pid + 1 != null',
    'not (process.parent.pid + 1 == 2) and process.parent.pid + 1 != 2 and not (process.parent.pid % 2 != 1)',
    // Conditions as operands keep null.
    'null == (process.parent.pid > 1) and not (null == (process.pid > 1))',
    'true == (process.pid > 1) and false == (process.pid > 5000)',
    'false == (process.parent.pid > 1) and not (true == (process.parent.pid > 1))',
    'null == (not process.parent.pid == 1) and null == (process.pid == 4688 and process.parent.pid == 1)',
    'false == (process.pid == 1 and process.parent.pid == 1) and true == (process.pid == 4688 or process.parent.pid == 1)',
    '(process.pid == 4688) != false and not ((process.parent.pid == 1) != false)',
    'true == (process.name in ("Python3", "x")) and false == (process.name : "x")',
    // Booleans.
    'process.interactive and not flag and flag == false and flag != true',
    // Arithmetic.
    'process.pid + 1 == 4689 and process.pid - 4687 == 1 and process.pid * 2 > 9375 and process.pid % 10 == 8',
    '-process.pid == -4688 and 2 + 3 * 4 == 14 and +process.pid == 4688',
    '7 / 2 == 3 and 7.0 / 2 == 3.5 and -7.0 / 2 == -3.5 and 1 / 0 == null',
    'process.pid / 3 == 1562 and process.pid / 3.0 > 1562.6',
    // What is floating stays so where its value is whole.
    '(process.pid * 1.0) / 3 > 1562.6 and divide(process.pid + 0.0, 3) > 1562.6 and number("5.0") / 2 == 2.5',
    '(number("5.0") + 1) / 4 == 1.5 and divide(multiply(process.pid, 1.5), 5) > 1406.3',
    // Constants.
    'true and not false and 345 not in (123, 456) and "Foo" < "foo" and "a" != "A" and "a" : "A"',
    '"abc" like "a*" and not "abc" like "A*" and "abc" regex "a.c" and null == null and not (null != null)',
    'true or null',
  ];
  const no = [
    'null',
    'not null',
    'true and null',
    'process.pid > null',
    'not (process.pid > null)',
    'process.pid : null',
    'not (process.pid : null)',
    'process.parent.pid in (null)',
    'process.parent.pid < 5',
    'process.exit_code + 1 != 1',
    '1 == null',
    // A text and a number are neither equal nor unequal.
    '"1" == 1 or "1" != 1 or not ("1" == 1) or 1 in ("1")',
    'length(process.name) == "7" or length(process.name) != "8" or concat(process.pid) == 4688',
    'not (true == 1)',
  ];
  test.each(yes)('%s', (condition) => expect(holds(`process where ${condition}`, DOCUMENT)).toBe(true));
  test.each(no)('never: %s', (condition) => expect(holds(`any where ${condition}`, DOCUMENT)).toBe(false));

  test('the category is compared exactly', () => {
    expect(holds('process where true', DOCUMENT)).toBe(true);
    expect(holds('Process where true', DOCUMENT)).toBe(false);
    expect(holds('any where true', {})).toBe(true);
    expect(holds('process where true', {})).toBe(false);
  });
});

describe('problems of meaning', () => {
  // As in parse-eql.test.ts: ⟦…⟧ marks the place.
  const problems: [string, string, RegExp][] = [
    ['any where process.name == ⟦process.parent.name⟧', 'eql-field-comparison', /does not compare two fields/],
    ['any where process.name == ⟦bash⟧', 'eql-field-comparison', /quoted/],
    ['any where process.name in ("a", ⟦bash⟧)', 'eql-field-comparison', /“in”/],
    ['any where ⟦wildcard⟧(process.name, "a*")', 'eql-function-unknown', /write field like/],
    ['any where ⟦match⟧(process.name, "a")', 'eql-function-unknown', /regex/],
    ['any where ⟦length(process.name)⟧', 'eql-type', /gives a number/],
    ['any where ⟦length()⟧ > 1', 'eql-function-arguments', /takes 1 argument.*write length\(text\)/],
    ['any where ⟦substring("a")⟧ == "a"', 'eql-function-arguments', /2 to 3 arguments/],
    ['any where ⟦concat()⟧ == "a"', 'eql-function-arguments', /at least 1/],
    ['any where length(⟦process.pid⟧) > 1', 'eql-function-arguments', /string\(…\)/],
    ['any where startsWith(⟦source.ip⟧, "10.")', 'eql-function-arguments', /IP address/],
    [
      'any where cidrMatch(⟦process.name⟧, "10.0.0.0/8")',
      'eql-function-arguments',
      /an IP address, but this is a text/,
    ],
    ['any where cidrMatch(source.ip, ⟦"10.0.0"⟧)', 'eql-function-arguments', /no network/],
    ['any where cidrMatch(source.ip, ⟦process.name⟧)', 'eql-function-arguments', /stands in the query/],
    ['any where substring(process.name, ⟦1.5⟧) == "a"', 'eql-function-arguments', /fraction/],
    ['any where add(⟦process.name⟧, 1) == 2', 'eql-function-arguments', /a number, but this is a text/],
    ['any where ⟦process.nmae⟧ == "a"', 'eql-field-unknown', /did you mean process.name/],
    ['any where ⟦process.name.caseless⟧ == "a"', 'eql-field-unknown', /did you mean process.name\?/],
    ['any where process.pid == ⟦"abc"⟧', 'eql-type', /is a number/],
    ['any where process.pid in (1, ⟦"x"⟧)', 'eql-type', /is a number/],
    ['any where process.pid : ⟦"1*"⟧', 'eql-type', /string\(process.pid\)/],
    ['any where source.ip == ⟦"10.0.0.x"⟧', 'eql-type', /cidrMatch/],
    ['any where process.interactive == ⟦"yes"⟧', 'eql-type', /true or false/],
    ['any where @timestamp > ⟦"yesterday"⟧', 'eql-type', /a date/],
    ['any where ⟦process.interactive > 1⟧', 'eql-type', /no order/],
    ['any where ⟦lenght⟧(process.name) > 3', 'eql-function-unknown', /did you mean length/],
    ['any where ⟦length~⟧(process.name) > 3', 'eql-function-unknown', /no form with ~/],
    ['any where ⟦process.name⟧', 'eql-type', /of type keyword/],
    ['any where ⟦"a"⟧', 'eql-type', /a text/],
    ['any where ⟦1 + 1⟧', 'eql-type', /a number/],
    ['any where ⟦process.pid + 1⟧', 'eql-type', /a number/],
    ['any where not ⟦1⟧', 'eql-type', /a number/],
    ['any where true or ⟦"a"⟧', 'eql-type', /a text/],
    ['any where ⟦@timestamp⟧ + 1 > 0', 'eql-type', /of type date/],
    ['any where add(⟦@timestamp⟧, 1) > 0', 'eql-function-arguments', /a number, but this is a date/],
    ['any where source.ip > ⟦"10.0.0.0/8"⟧', 'eql-type', /neither above nor below/],
    ['any where ⟦process.name⟧ + 1 == 2', 'eql-type', /number is needed/],
    ['any where ⟦"a"⟧ + process.pid == 2', 'eql-type', /number is needed/],
    ['any where ⟦?x > true⟧', 'eql-type', /no order/],
    ['any where ⟦(?x == 1) == 2⟧', 'eql-type', /only true or false/],
    ['any where process.name regex """a⟦(⟧b"""', 'eql-regex', /not closed/],
    ['any where process.name regex~ ("a", "b⟦{⟧x}")', 'eql-regex', /needs a number/],
    ['any where "a" regex "⟦(⟧a"', 'eql-regex', /not closed/],
    ['sequence [a where true] by ?x [b where true] by ⟦?y⟧, ?z', 'eql-sequence', /has 2 keys.*has one key/],
    ['sequence [a where true] by ?x ⟦[b where true]⟧', 'eql-sequence', /has no keys/],
    ['sequence by ?x [a where true] [b where true] until [c where true] by ⟦?x⟧', 'eql-sequence', /not repeated/],
    ['sequence [a where true] by process.pid [b where true] by ⟦process.name⟧', 'eql-sequence', /of type keyword/],
    ['any where true | head ⟦1.5⟧', 'eql-type', /whole number/],
    ['any where true | tail ⟦-1⟧', 'eql-type', /from 0 on/],
  ];
  test.each(problems)('%s', (marked, code, says) => {
    const span = { start: marked.indexOf('⟦'), end: marked.indexOf('⟧') - 1 };
    const { plan, diagnostics } = compileEql(marked.replace(/[⟦⟧]/g, ''));
    expect(plan).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code, span, severity: 'error' });
    expect(`${diagnostics[0]?.message} ${diagnostics[0]?.hint}`).toMatch(says);
  });

  test('warnings leave the plan', () => {
    const warned = (text: string) => {
      const { plan, diagnostics } = compileEql(text);
      expect(plan).toBeDefined();
      return diagnostics.map(({ code, severity }) => `${severity} ${code}`);
    };
    expect(warned('any where process.name == "*.exe"')).toEqual(['warning eql-wildcard-in-equals']);
    expect(warned('any where process.name not in ("a", "b*")')).toEqual(['warning eql-wildcard-in-equals']);
    expect(warned('any where process.name == "a?"')).toEqual([]);
    expect(warned('any where process.name : null')).toEqual(['warning eql-null-comparison']);
    expect(warned('any where process.pid > null')).toEqual(['warning eql-null-comparison']);
    expect(warned('any where winlog.event_data.ShareName in ("\\\\\\\\*\\\\ADMIN$", "/text:*")')).toEqual([]);
    expect(warned('any where my.own == "a" and process.Ext.own == 1')).toEqual([
      'warning eql-field-unknown',
      'warning eql-field-unknown',
    ]);
    expect(warned('any where ?my.own == "a" and ?process.nmae == 1 and labels.x == "y"')).toEqual([]);
    expect(warned('any where length(process.name) == "7"')).toEqual(['warning eql-type']);
    expect(warned('any where string(process.pid) in ("7", 8)')).toEqual(['warning eql-type']);
    expect(warned('any where @timestamp > "now-1d"')).toEqual(['info eql-now']);
  });

  test('all of them are reported', () => {
    const { diagnostics } = compileEql('any where lenght(?a) > 1 and ?b == ?c or ?d regex "(" and process.name');
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'eql-function-unknown',
      'eql-field-comparison',
      'eql-regex',
      'eql-type',
    ]);
  });

  test('conditions compared with conditions stay bounded', () => {
    for (const operand of ['true', 'false', 'null']) {
      const nested = `${'('.repeat(190)}?x == 1${`) == ${operand}`.repeat(190)}`;
      expect(JSON.stringify(compileEql(`any where ${nested}`)).length).toBeLessThan(200_000);
    }
    const wide = `(${'?x == 1 and '.repeat(5_000)}?y == 2) == null`;
    expect(compileEql(`any where ${wide}`).diagnostics[0]?.code).toBe('eql-too-deep');
  });
});

test('a plan is frozen, serialisable, and keeps the places of its clauses', () => {
  const text = 'process where process.name : "a*" and process.pid > 1';
  const predicate = compile(text);
  expect(JSON.parse(JSON.stringify(predicate))).toEqual(predicate);
  expect(Object.isFrozen(predicate)).toBe(true);
  if (predicate.kind !== 'and') throw new Error('not a conjunction');
  const words = predicate.children.map(({ span }) => text.slice(span.start, span.end));
  expect(words).toEqual(['process', 'process.name : "a*"', 'process.pid > 1']);
});

test('sequences and samples', () => {
  const { plan } = compileEql(
    `sequence by host.id with maxspan=1m [process where true] by process.entity_id with runs=2
     ![file where false] by ?process.parent.entity_id until [any where true] by process.hash.md5 | head 2 + 3`,
  );
  if (plan?.kind !== 'sequence') throw new Error('no sequence');
  const keys = (step: SequenceStep | undefined) =>
    step?.keys.map(({ value, optional }) => value.kind === 'field' && `${optional ? '?' : ''}${value.field.name}`);
  expect(plan.maxspan).toBe(60_000);
  expect(plan.steps.map(({ missing }) => missing)).toEqual([false, false, true]);
  expect(plan.steps.map(keys)).toEqual([
    ['host.id', 'process.entity_id'],
    ['host.id', 'process.entity_id'],
    ['host.id', '?process.parent.entity_id'],
  ]);
  expect(keys(plan.until)).toEqual(['host.id', 'process.hash.md5']);
  expect(plan.pipes).toMatchObject([{ kind: 'head', count: 5 }]);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  expect(compileEql('sample by x [a where true] [b where true]').plan).toMatchObject({ kind: 'sample', pipes: [] });
  expect(compileEql('any where true | tail 2').plan).toMatchObject({
    kind: 'event',
    pipes: [{ kind: 'tail', count: 2 }],
  });
});

test('versions of a mapping compare in their order', () => {
  const { plan } = compileEql('any where v > "1.5.0" and v == "1.11.3"', { fieldType: () => 'version' });
  if (plan?.kind !== 'event') throw new Error('no event query');
  expect(evaluate(plan.predicate, eventOf({ v: '1.11.3' }))).toBe(true);
});

test('types come from the schema that is given', () => {
  const { plan } = compileEql('endgame where pid == 1', {
    fieldType: (name) => (name === 'pid' ? 'long' : undefined),
    categoryField: 'event_type',
  });
  expect(JSON.stringify(plan)).toContain('{"name":"pid","type":"long"}');
  expect(JSON.stringify(plan)).toContain('{"name":"event_type","type":"keyword"}');
});
