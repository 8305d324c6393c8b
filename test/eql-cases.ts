/**
 * What each part of EQL does: conditions with events that they hold for and events that they do not, and sequences with
 * the matches they find. The unit test runs every case; the support table in docs/eql.md is made from the same lists, so
 * that it claims what is proven.
 */
import type { Json, JsonObject } from '../src/event/json.ts';

export interface EqlCase {
  readonly feature: string;
  /** After `any where`; a whole query where it holds `where` itself. */
  readonly condition: string;
  readonly matches: readonly JsonObject[];
  readonly misses: readonly JsonObject[];
}

export interface EqlGroup {
  readonly title: string;
  readonly cases: readonly EqlCase[];
}

export interface EqlSequenceCase {
  readonly feature: string;
  readonly query: string;
  /** `A@1 h1`: an event of category A, at second 1, on host h1. */
  readonly events: string;
  /** Categories and seconds of the events of each match; `-` is an event that stayed away. */
  readonly found: string;
}

function one(
  feature: string,
  condition: string,
  matches: readonly JsonObject[],
  misses: readonly JsonObject[],
): EqlCase {
  return { feature, condition, matches, misses };
}

/** Values of `process.name`. */
const names = (...values: readonly Json[]): JsonObject[] => values.map((name) => ({ process: { name } }));
const pids = (...values: readonly Json[]): JsonObject[] => values.map((pid) => ({ process: { pid } }));
const times = (...values: readonly string[]): JsonObject[] => values.map((time) => ({ '@timestamp': time }));
const addresses = (...values: readonly Json[]): JsonObject[] => values.map((ip) => ({ source: { ip } }));

export const EQL_CASES: readonly EqlGroup[] = [
  {
    title: 'Events',
    cases: [
      one(
        'a category',
        'process where true',
        [{ event: { category: ['process'] } }],
        [{ event: { category: 'Process' } }, {}],
      ),
      one('a quoted category', '"my event" where true', [{ event: { category: 'my event' } }], [{}]),
      one('`any`', 'any where true', [{}], []),
      one('quoted names', '`my-field`.`a b` == 1', [{ 'my-field': { 'a b': 1 } }], [{}]),
      one('optional fields', '?no.such_field == null', [{}], [{ no: { such_field: 1 } }]),
      one('comments', 'true // one line\n/* or /* several */ */', [{}], []),
    ],
  },
  {
    title: 'Operators',
    cases: [
      one('`==` `!=`: exact', 'process.name == "Cmd.exe"', names('Cmd.exe', ['x', 'Cmd.exe']), [
        ...names('cmd.exe', 'Cmd*'),
        {},
      ]),
      one(
        'numbers, exact beyond 2^53',
        'process.pid == 9007199254740993',
        pids('9007199254740993'),
        pids('9007199254740992'),
      ),
      one('`<` `<=` `>` `>=`', 'process.pid > 4', pids(5, '10', [1, 9]), [...pids(4, 'x'), {}]),
      one('texts in order of code points', 'process.name >= "b"', names('b', 'ba', 'ü'), names('a', 'B')),
      one('`:` ignores the case of A to Z', 'process.name : "CMD.exe"', names('cmd.EXE'), names('cmd')),
      one(
        '`:` with `*` and `?`',
        'process.name : ("p?thon*", "perl")',
        names('Python3', 'PERL'),
        names('pthon', 'perl5'),
      ),
      one('`like`, `like~`', 'process.name like "py*"', names('py', 'python'), names('Python', 'a py')),
      one(
        'nothing escapes a wildcard',
        'file.path like "C:\\\\*"',
        [{ file: { path: 'C:\\x' } }],
        [{ file: { path: 'C:*' } }],
      ),
      one(
        '`regex`, `regex~`: the whole value, Lucene’s syntax',
        'process.name regex "py(thon)?[0-9]*"',
        names('py3', 'python'),
        names('my python', 'PY'),
      ),
      one('`in`, `in~`, `not in`', 'process.name in ("a", "b")', names('a', ['x', 'b']), names('A', 'ab')),
      one(
        '`and`, `or`, `not`',
        'not process.name == "a" and (true or false)',
        [...names('b'), {}],
        names('a', ['a', 'b']),
      ),
      one('`== null`, `!= null`: missing, there', 'process.name == null', [...names(null, []), {}], names('', 'a')),
      one('`+` `-` `*` `/` `%`', 'process.pid % 10 + 1 == 5 and process.pid / 10 == 2', pids(24), [...pids(25), {}]),
    ],
  },
  {
    title: 'Values',
    cases: [
      one(
        'escapes: `\\\\ \\" \\n \\t \\r \\u{…}`',
        'process.name == "a\\\\\\"\\u{1F600}"',
        names('a\\"😀'),
        names('a'),
      ),
      one('raw strings', 'process.name == """a\\b"c"""', names('a\\b"c'), names('a')),
      one(
        'dates, in as much detail as is written',
        '@timestamp == "2024-05-01"',
        times('2024-05-01T23:59:59.9999999Z'),
        times('2024-05-02T00:00:00Z'),
      ),
      one(
        'date math',
        '@timestamp >= "2024-05-01||-1d/d"',
        times('2024-04-30T00:00:00Z'),
        times('2024-04-29T23:59:59Z'),
      ),
      one(
        'dates as epoch milliseconds',
        '@timestamp > 1714521600000',
        times('2024-05-01T00:00:00.001Z'),
        times('2024-05-01T00:00:00Z'),
      ),
      one(
        'IP addresses, however written',
        'source.ip == "fe80::1"',
        addresses('fe80:0:0:0:0:0:0:1'),
        addresses('fe80::2'),
      ),
      one(
        'addresses in their order',
        'source.ip >= "10.0.0.9" and source.ip < "10.0.1.0"',
        addresses('10.0.0.10', '10.0.0.255'),
        addresses('9.255.255.255', '10.0.1.0'),
      ),
      one(
        'networks',
        'source.ip == "10.0.0.0/8"',
        addresses('10.1.2.3', ['1.1.1.1', '10.0.0.1']),
        addresses('11.0.0.1'),
      ),
      one(
        '`true`, `false`',
        'process.interactive',
        [{ process: { interactive: true } }],
        [{ process: { interactive: false } }, {}],
      ),
    ],
  },
  {
    title: 'Functions',
    cases: [
      one('`add`', 'add(process.pid, 0.5) == 4.5', pids(4), [...pids(5), {}]),
      one('`between`, `between~`', 'between~(process.name, "A", ".EXE") == "b"', names('ab.exe'), names('ac.exe', 'b')),
      one('`cidrMatch`', 'cidrMatch(source.ip, "10.0.0.0/8", "fe80::/10")', addresses('10.9.9.9', 'fe80::5'), [
        ...addresses('11.1.1.1'),
        {},
      ]),
      one(
        '`concat`',
        'concat(process.name, ":", process.pid) == "a:7"',
        [{ process: { name: 'a', pid: 7 } }],
        names('a'),
      ),
      one('`divide`: of whole numbers a whole number', 'divide(process.pid, 2) == 3', pids(7, 6), pids(8)),
      one('`endsWith`, `endsWith~`', 'endsWith~(process.name, ".EXE")', names('a.exe', ['x', 'b.Exe']), [
        ...names('exe'),
        {},
      ]),
      one('`indexOf`, `indexOf~`', 'indexOf(process.name, "b", 1) == 2', names('abb', 'xxb').slice(1), names('abb')),
      one('`length`', 'length(process.name) > 3', names('abcd', ['a', 'abcd']), [...names('abc'), {}]),
      one('`modulo`', 'modulo(process.pid, 4) == -3', pids(-7), pids(7)),
      one('`multiply`', 'multiply(process.pid, 2) == 8', pids(4), pids(8)),
      one('`number`', 'number(process.name, 16) == 31', names('0x1f', '1F'), names('31', 'x')),
      one('`startsWith`, `startsWith~`', 'startsWith(process.name, "Py")', names('Python'), names('python', 'aPy')),
      one(
        'of two fields',
        'startsWith(process.command_line, process.name)',
        [{ process: { name: 'a', command_line: 'a -b' } }],
        names('a'),
      ),
      one('`string`', 'string(source.ip) like "10.*"', addresses('10.0.0.1'), addresses('1.10.0.0')),
      one(
        '`stringContains`, `stringContains~`',
        'stringContains(process.name, "yt")',
        names('python'),
        names('PYTHON'),
      ),
      one('`substring`', 'substring(process.name, -4) : ".EXE"', names('a.exe', '.exe'), names('exe', 'a.exes')),
      one('`subtract`', 'subtract(process.pid, -5) == 6', pids(1), pids(11)),
    ],
  },
  {
    title: 'What is missing, and several values',
    cases: [
      one('a condition on what is missing is false', 'process.name == "a"', names('a'), [{}, ...names(null)]),
      one('its negation is true', 'not process.name == "a"', [{}, ...names('b')], names('a')),
      one('`!=` negates the whole', 'process.name != "a"', [{}, ...names('b')], names(['a', 'b'])),
      one('any of several values is enough', 'process.name : "a*"', names(['b', 'ab']), names(['b', 'c'])),
      one('for functions, too', 'length(process.name) == 2', names(['a', 'bb']), names(['a', 'ccc'])),
      one('null makes functions and arithmetic null', 'concat("a", process.name) == null', [{}], names('a')),
      one('comparing null is false', 'length(process.name) != 2', names('a', ['aa', 'b']), [{}, ...names('aa')]),
      one('and its negation true', 'not length(process.name) == 2', [{}, ...names('a')], names('aa', ['aa', 'b'])),
      one(
        'comparing with true or false is the condition or its negation',
        '(process.pid > 1) == false',
        [{}, ...pids(1)],
        pids(2),
      ),
      one('comparing a condition with null', '(process.pid > 1) == null', [{}], pids(1, 2)),
    ],
  },
];

export const EQL_SEQUENCES: readonly EqlSequenceCase[] = [
  sequence('one after the other', 'sequence [A where true] [B where true]', 'A@1 B@2 A@3', '[A@1 B@2]'),
  sequence(
    '`by`: the same host',
    'sequence by host.id [A where true] [B where true]',
    'A@1 x; A@2 y; B@3 x',
    '[A@1 B@3]',
  ),
  sequence(
    '`by` of each event',
    'sequence [A where true] by host.id [B where true] by host.name',
    'A@1 x; B@2 x',
    '[A@1 B@2]',
  ),
  sequence(
    'an event without the key takes no part',
    'sequence by host.id [A where true] [B where true]',
    'A@1; B@2',
    '',
  ),
  sequence(
    '`by ?field`: null joins with null',
    'sequence by ?host.id [A where true] [B where true]',
    'A@1; B@2',
    '[A@1 B@2]',
  ),
  sequence(
    '`with maxspan`: ms, s, m, h, d',
    'sequence with maxspan=5s [A where true] [B where true]',
    'A@1 B@7 A@8 B@13',
    '[A@8 B@13]',
  ),
  sequence('`with runs`', 'sequence by host.id [A where true] with runs=3', 'A@1 x; A@2 x; A@3 x', '[A@1 A@2 A@3]'),
  sequence(
    '`until`',
    'sequence by host.id [A where true] [B where true] until [C where true]',
    'A@1 x; C@2 x; B@3 x',
    '',
  ),
  sequence(
    '`![…]`: an event that stays away',
    'sequence with maxspan=9s [A where true] ![M where true] [B where true]',
    'A@1 B@3 A@4 M@5 B@6',
    '[A@1 - B@3]',
  ),
  sequence('`sample by`: in any order', 'sample by host.id [A where true] [B where true]', 'B@1 x; A@2 x', '[A@2 B@1]'),
];

function sequence(feature: string, query: string, events: string, found: string): EqlSequenceCase {
  return { feature, query, events, found };
}
