/**
 * What each part of Sigma does, as rules with events that they match and events that they do not. The unit test runs
 * every case; the support table in docs/sigma.md is made from the same list, so that it claims what is proven.
 *
 * A case's detection stands for the whole `detection` map where it names a condition, else for one selection.
 */
import type { JsonObject } from '../src/event/json.ts';

export interface SigmaCase {
  readonly feature: string;
  readonly detection: string;
  readonly matches: readonly JsonObject[];
  readonly misses: readonly JsonObject[];
}

export interface SigmaGroup {
  readonly title: string;
  readonly cases: readonly SigmaCase[];
}

function one(
  feature: string,
  detection: string,
  matches: readonly JsonObject[],
  misses: readonly JsonObject[],
): SigmaCase {
  return { feature, detection, matches, misses };
}

/** Values of the field `a`. */
const a = (...values: readonly JsonObject['a'][]): JsonObject[] => values.map((value) => ({ a: value as never }));

export const SIGMA_CASES: readonly SigmaGroup[] = [
  {
    title: 'Values',
    cases: [
      one('texts, without regard to case', "a: 'Whoami'", a('WHOAMI', 'whoami', ['x', 'whoAmI']), [
        ...a('whoami.exe', '', null),
        {},
      ]),
      one('`*`', "a: 'w*i'", a('WHOAMI', 'wi'), a('whoamix')),
      one('`?`', "a: 'prog?.exe'", a('ProgA.exe', 'prog𝒳.exe'), a('prog.exe', 'progAB.exe')),
      one('`\\*`, `\\?`: plain', "a: 'x\\*\\?'", a('X*?'), a('xyz')),
      one('`\\`: plain', "a: 'C:\\Windows\\x'", a('c:\\windows\\X'), a('C:Windowsx')),
      one('`\\\\`: one backslash', "a: 'C:\\\\x'", a('c:\\x'), a('c:\\\\x')),
      one('`\\\\*`: backslash and wildcard', "a: 'C:\\\\*'", a('c:\\', 'C:\\Temp'), a('C:*', 'C:x')),
      one('`\\\\\\*`: both plain', "a: 'C:\\\\\\*'", a('C:\\*'), a('C:\\x')),
      one('three or four backslashes: two', "a: ['x\\\\\\', 'y\\\\\\\\']", a('x\\\\', 'Y\\\\'), a('x\\', 'y\\\\\\\\')),
      one('numbers', 'a: 4688', a(4688, '4688'), a('46880', 'x', true)),
      one('integers beyond 2^53', 'a: 9223372036854775808', a('9223372036854775808'), a('9223372036854775807')),
      one('`true`, `false`', 'a: true', a(true, 'true', 'True'), a(false, 'yes')),
      one("`''`: there and empty", "a: ''", a('', ['x', '']), [...a('x', null), {}]),
      one('`null`: missing', 'a: null', [...a(null, []), {}], a('', 0, false)),
    ],
  },
  {
    title: 'Structure',
    cases: [
      one('a map: all', 'a: 1\nb: 2', [{ a: 1, b: 2 }], [{ a: 1 }, { b: 2 }]),
      one('a list of values: any', 'a:\n  - x\n  - y', a('X', 'y'), a('z')),
      one('a list of maps: any', '- a: 1\n- b: 2', [{ a: 1 }, { b: 2 }], [{ a: 2, b: 1 }]),
      one(
        'keywords: anywhere in the event',
        "- 'evil*svc'\n- 17",
        [{ b: { c: 'an EVIL little SVC here' } }, { d: [1, 'x17'] }],
        [{ b: 'evil' }, { evilsvc: 'x' }],
      ),
      one('keywords and maps in one list', '- evil\n- a: 1', [{ b: 'so evil' }, { a: 1 }], [{ a: 2 }]),
      one("`'|all'`: all keywords", "'|all':\n  - one\n  - two", [{ a: 'One', b: 'TWO' }], [{ a: 'one' }]),
      one("`'|contains'`, `'|re'` without a field", "'|re': '^o.e$'", [{ x: 'one' }], [{ x: 'ones' }, { x: 'ONE' }]),
      one('dotted names', 'x.y: 1', [{ x: { y: 1 } }, { 'x.y': 1 }], [{ x: 1 }]),
      one('arrays: any element', 'a|contains: b', a(['x', 'abc']), a(['x', 'y'])),
    ],
  },
  {
    title: 'Modifiers',
    cases: [
      one('contains', "a|contains: 'b?d'", a('xxBCDxx', 'bxd'), a('bd', null)),
      one('startswith', 'a|startswith: ab', a('ABc', 'ab'), a('xab')),
      one('endswith', "a|endswith: '\\cmd.exe'", a('C:\\CMD.EXE'), a('C:\\xcmd.exe', 'cmd.exe')),
      one('all', 'a|contains|all:\n  - x\n  - y', a('yx', ['x', 'y']), a('x', 'y')),
      one('cased', 'a|contains|cased: Ab', a('xAbx'), a('xabx', 'xABx')),
      one('cased', 'a|cased: Ab', a('Ab'), a('ab')),
      one('exists', 'a|exists: true', a('', 0, [1]), [...a(null, []), {}]),
      one('exists', 'a|exists: false', [...a(null), {}], a('')),
      one('neq', 'a|neq:\n  - x\n  - y', [...a('z'), {}], a('X', 'y', ['z', 'y'])),
      one('neq', 'a|contains|neq: x', [...a('z'), {}], a('axb')),
      one('re', "a|re: 'h.t{2}p'", a('xhattpx', 'h.ttp'), a('HTTP', 'htp', 'h\nttp')),
      one('re|i', "a|re|i: '^HTTP$'", a('http'), a('xhttp', 'a\nhttp')),
      one('re|m', "a|re|m: '^b$'", a('a\nb\nc'), a('ab')),
      one('re|s', "a|re|s: 'a.b'", a('a\nb'), a('ab')),
      one('re|i|m|s', "a|re|i|m|s: '^A.B$'", a('x\na\nb'), a('xa\nb')),
      one('re', "a|re:\n  - 'x1'\n  - 'x2'", a('ax2'), a('x3')),
      one('base64', "a|base64: 'http://'", a('aHR0cDovLw=='), a('http://', 'aHR0cDovLy4=')),
      one('base64|contains', "a|base64|contains: 'http://'", a('x aHR0cDovLw== y'), a('aHR0cDovL')),
      one(
        'base64offset|contains',
        "a|base64offset|contains: 'foobar'",
        a('Zm9vYmFy', 'eGZvb2Jhcgo=', 'eHhmb29iYXI='),
        a('foobar', 'Zm9vYmF'),
      ),
      one('utf16le', 'a|utf16le|base64|cased: cmd', a('YwBtAGQA'), a('Y21k')),
      one(
        'wide',
        "a|wide|base64offset|contains: 'Invoke-'",
        a('SQBuAHYAbwBrAGUALQA=', 'xkAbgB2AG8AawBlAC0Ax'),
        a('SW52b2tlLQ=='),
      ),
      one('utf16be', 'a|utf16be|base64: cmd', a('AGMAbQBk'), a('YwBtAGQA')),
      one('utf16', 'a|utf16|base64: cmd', a('//5jAG0AZAA='), a('YwBtAGQA')),
      one('utf16le', 'a|utf16le: ab', a('a\u0000b\u0000'), a('ab')),
      one(
        'windash',
        "a|contains|windash: ' -enc'",
        a('x -ENC', 'x /enc', 'x –enc', 'x —enc', 'x ―enc'),
        a('x enc', 'x _enc'),
      ),
      one('windash', "a|windash|contains|all:\n  - ' -a -b'\n  - 'x-y'", a('x-y /a –b'), a('x/y -a -b')),
      one(
        'cidr',
        'a|cidr:\n  - 10.0.0.0/8\n  - fe80::/10',
        a('10.1.2.3', 'FE80::1', '::ffff:10.0.0.1'),
        a('11.0.0.1', '10', 'x'),
      ),
      one('cidr', 'a|cidr: 192.168.1.1', a('192.168.1.1'), a('192.168.1.2')),
      one('lt', 'a|lt: 10', a(9, '9', -1), [...a(10, 'x', true), {}]),
      one('lte', 'a|lte: 10', a(10), a(11)),
      one('gt', 'a|gt: 1.5', a(2, '1.6'), a(1.5)),
      one('gte', 'a|gte: 10', a(10, '9007199254740993'), a(9)),
      one(
        'fieldref',
        'a|fieldref: b',
        [
          { a: 'x', b: 'X' },
          { a: ['y', 'x'], b: 'x' },
        ],
        [{ a: 'x', b: 'y' }, { a: 'x' }, { b: 'x' }, {}],
      ),
      one('fieldref|neq', 'a|fieldref|neq: b', [{ a: 'x', b: 'y' }, {}], [{ a: 'x', b: 'x' }]),
      one('fieldref|startswith', 'a|fieldref|startswith: b', [{ a: 'xyz', b: 'XY' }], [{ a: 'xyz', b: 'yz' }]),
      one('fieldref|endswith', 'a|endswith|fieldref: b', [{ a: 'xyz', b: 'yz' }], [{ a: 'xyz', b: 'xy' }]),
      one('fieldref|contains', 'a|fieldref|contains|cased: b', [{ a: 'xyz', b: 'y' }], [{ a: 'xyz', b: 'Y' }]),
      one('minute', 'a|minute: 30', a('2024-05-06T07:30:59Z'), a('2024-05-06T07:31:00Z', 'x')),
      one(
        'hour',
        'a|hour:\n  - 6\n  - 7',
        a('2024-05-06T07:30:59Z', '2024-05-06T08:30:59+01:00'),
        a('2024-05-06T08:30:59Z'),
      ),
      one('hour|gte', 'a|hour|gte: 22', a('2024-05-06T22:00:00Z'), a('2024-05-06T21:59:59Z')),
      one('day', 'a|day: 6', a('2024-05-06T07:30:59Z'), a('2024-05-07')),
      one('week', 'a|week: 1', a('2024-12-30'), a('2024-12-29')),
      one('month', 'a|month: 5', a('2024-05-06'), a('2024-06-05')),
      one('year', 'a|year|lt: 2000', a('1999-12-31T23:59:59Z'), a('2000-01-01')),
    ],
  },
  {
    title: 'Conditions',
    cases: conditions([
      ['`and`, `or`: `and` binds closer', 'a or b and c', 'a bc abc', 'b c -'],
      ['`not` binds closest', 'not a and b', 'b bc', 'a ab -'],
      ['`not not`', 'not not a', 'a', 'b -'],
      ['parentheses', '(a or b) and c', 'ac bc', 'a b c'],
      ['`1 of them`', '1 of them', 'a b c', '- u'],
      ['`any of them`', 'any of them', 'a b c', '- u'],
      ['`all of them`, without names that begin with `_`', 'all of them', 'abcs abcst', 'ab abc u'],
      ['`1 of name*`', '1 of s*', 's st', 'a -'],
      ['`all of name*`', 'all of s*', 's', 'a -'],
      ['`*` inside a pattern', 'all of *el*n', 's', 'a -'],
      ['`1 of name`', '1 of a', 'a', 'b'],
      ['`not 1 of`', 'not 1 of them', '- u', 'a'],
      ['`1 of _name*`', '1 of _u*', 'u', 'a -'],
      ['words in any case', 'NOT a AND b', 'b', 'ab'],
      ['a list of conditions: any', '["a and b", c]', 'ab c', 'a b'],
    ]),
  },
];

/** Each letter of an event is a field that is there; `-` is an event with none. */
function conditions(lines: readonly (readonly [string, string, string, string])[]): readonly SigmaCase[] {
  const searches = ['a: {a: 1}', 'b: {b: 1}', 'c: {c: 1}', 'selection: {s: 1}', '_under: {u: 1}'].join('\n');
  const events = (words: string): JsonObject[] =>
    words.split(' ').map((word) => Object.fromEntries([...word.replace('-', '')].map((name) => [name, 1])));
  return lines.map(([feature, condition, matches, misses]) =>
    one(feature, `${searches}\ncondition: ${condition}`, events(matches), events(misses)),
  );
}
