/**
 * What each part of Kibana's query language does: queries with events that they hold for and events that they do not.
 * The unit test runs every case; the support table in docs/kuery.md is made from the same list, so that it claims what
 * is proven.
 *
 * Source of the expectations: `@kbn/es-query` (which query of Elasticsearch each condition becomes) and Elasticsearch's
 * reference of those queries, over the mappings of Elastic's integrations.
 */
import type { Json, JsonObject } from '../src/event/json.ts';

export interface KueryCase {
  readonly feature: string;
  readonly query: string;
  readonly matches: readonly JsonObject[];
  readonly misses: readonly JsonObject[];
}

export interface KueryGroup {
  readonly title: string;
  readonly cases: readonly KueryCase[];
}

function one(feature: string, query: string, matches: readonly JsonObject[], misses: readonly JsonObject[]): KueryCase {
  return { feature, query, matches, misses };
}

const names = (...values: readonly Json[]): JsonObject[] => values.map((name) => ({ process: { name } }));
const pids = (...values: readonly Json[]): JsonObject[] => values.map((pid) => ({ process: { pid } }));
const times = (...values: readonly string[]): JsonObject[] => values.map((time) => ({ '@timestamp': time }));
const addresses = (...values: readonly Json[]): JsonObject[] => values.map((ip) => ({ source: { ip } }));
const messages = (...values: readonly string[]): JsonObject[] => values.map((message) => ({ message }));
const scripts = (...values: readonly string[]): JsonObject[] =>
  values.map((text) => ({ powershell: { file: { script_block_text: text } } }));
const lines = (...values: readonly string[]): JsonObject[] =>
  values.map((command_line) => ({ process: { command_line } }));

export const KUERY_CASES: readonly KueryGroup[] = [
  {
    title: 'Values',
    cases: [
      one('a value, exactly', 'process.name: curl', names('curl', ['sh', 'curl']), [
        ...names('Curl', 'curl7', null),
        {},
      ]),
      one(
        'several words are one value',
        'process.name: Web  Content',
        names('Web  Content'),
        names('Web', 'Web Content'),
      ),
      one('quoted', 'process.name: "a and (b)"', names('a and (b)'), names('a', 'b')),
      one('`*`: any characters', 'process.name: python*', names('python', 'python3'), names('Python3', 'apython')),
      one('`*` within', 'process.name: a*b*c', names('abc', 'a--b--c'), names('acb', 'abcd')),
      one(
        '`*` with blanks',
        'process.args: * curl*',
        [{ process: { args: ['sh', 'x curl y'] } }],
        [{ process: { args: 'curl' } }],
      ),
      one('quoted, `*` stands for itself', 'process.name: "*"', names('*'), names('a')),
      one('`?` stands for itself', 'process.name: a?', names('a?'), names('ab')),
      one('any value', 'process.name: *', names('a', '', ['a', null]), [...names(null, []), {}]),
      one('escaped', 'process.name: \\*\\:\\(\\"\\\\', names('*:("\\'), names('x:("\\')),
      one('`\\t`, `\\n`, `\\u…`', 'process.name: \\u0041\\tb', names('A\tb'), names('u0041tb')),
      one('escapes in quotes', 'process.name: "C:\\\\a \\"b\\" \\x"', names('C:\\a "b" \\x'), names('C:a')),
      one('words of the language, escaped', 'process.name: this \\and that', names('this and that'), names('this')),
      one('empty', 'process.name: ""', names(''), [...names('a'), {}]),
    ],
  },
  {
    title: 'Lists',
    cases: [
      one('any of', 'process.name: (curl or wget*)', names('curl', 'wget2'), names('fetch')),
      one(
        'all of, each by some value',
        'process.args: (a and b)',
        [{ process: { args: ['b', 'a'] } }],
        [{ process: { args: ['a'] } }],
      ),
      one('none of', 'process.name: (p* and not python)', names('perl'), names('python', 'sh')),
      one('within one another', 'process.name: (a* and (*b or not *c))', names('ab', 'a', 'ad'), names('ac', 'b')),
    ],
  },
  {
    title: 'Conditions',
    cases: [
      one(
        '`and` binds closer than `or`',
        'process.name: a or process.name: b and process.pid: 1',
        [...names('a'), { process: { name: 'b', pid: 1 } }],
        names('b'),
      ),
      one('`not` binds closest', 'not process.name: a and process.pid: 1', pids(1), [
        { process: { name: 'a', pid: 1 } },
        {},
      ]),
      one('in any case', 'process.name: a OR NOT process.pid: 1', [...names('a'), {}], pids(1)),
      one(
        'parentheses',
        '(process.name: a or process.name: b) and process.pid: 1',
        [{ process: { name: 'a', pid: 1 } }],
        names('a'),
      ),
      one(
        '`not` holds where the field is missing',
        'not process.name: a',
        [...names('b', null), {}],
        names('a', ['a', 'b']),
      ),
      one('missing', 'not process.name: *', [...names(null), {}], names('a')),
      one('nothing: every event', '', [{}], []),
    ],
  },
  {
    title: 'Ranges',
    cases: [
      one('`>`, `>=`, `<`, `<=` of numbers', 'process.pid > 5 and process.pid <= 9.5', pids(6, '7', 9), [
        ...pids(5, 10),
        {},
      ]),
      one('exactly beyond 2^53', 'process.pid >= 9007199254740993', pids('9007199254740993'), pids('9007199254740992')),
      one('of texts, by code point', 'process.name >= b', names('b', 'c', 'ba'), names('a', 'B')),
      one(
        'of dates',
        '@timestamp >= "2024-05-01" and @timestamp < 2024-06',
        times('2024-05-01T00:00:00Z', '2024-05-31T23:59:59.9Z'),
        times('2024-06-01T00:00:00Z', '2024-04-30T23:59:59Z'),
      ),
      one('date math', '@timestamp > 2024-05-01||-1d/d', times('2024-05-01T00:00:00Z'), times('2024-04-30T10:00:00Z')),
    ],
  },
  {
    title: 'Types',
    cases: [
      one('numbers', 'process.pid: 7', pids(7, '7', 7.0), pids(70, 8)),
      one(
        'true and false',
        'process.interactive: true',
        [{ process: { interactive: true } }, { process: { interactive: 'true' } }],
        [{ process: { interactive: false } }, {}],
      ),
      one(
        'dates: all the time they name',
        '@timestamp: 2024-05',
        times('2024-05-31T12:00:00Z'),
        times('2024-06-01T00:00:00Z'),
      ),
      one(
        'dates: epoch milliseconds',
        '@timestamp >= 1714521600000',
        times('2024-05-01T00:00:00Z'),
        times('2024-04-30T23:59:59Z'),
      ),
      one('addresses', 'source.ip: "::ffff:10.0.0.1"', addresses('10.0.0.1'), addresses('10.0.0.2')),
      one(
        'networks',
        'source.ip: (10.0.0.0/8 or "fe80::/10")',
        addresses('10.9.8.7', ['1.1.1.1', 'fe80::1']),
        addresses('11.0.0.1', 'fec0::1'),
      ),
      one(
        'text, quoted: the words one after the other',
        'message: "Failed password"',
        messages('sshd: FAILED password for x'),
        messages('password failed', 'failed a password'),
      ),
      one(
        'text, unquoted: any of the words',
        'message: failed password',
        messages('Password', 'it failed'),
        messages('passwords'),
      ),
      one('text with `*`: a pattern for a word', 'message: pass*', messages('bad Passwords'), messages('bypass')),
      one(
        'PowerShell scripts fall into words as Elastic has it',
        'powershell.file.script_block_text: "[Net.WebClient]::new"',
        scripts('$x = [net.webclient]::New()'),
        scripts('[Net.Web-Client]::new'),
      ),
      one(
        'the text beside a field',
        'process.command_line.text: "http server"',
        lines('python -m HTTP server'),
        lines('httpserver'),
      ),
      one('the field in lower case', 'process.name.caseless: CMD.exe', names('cmd.EXE'), names('cmd')),
      one('what holds other fields', 'host.os: *', [{ host: { os: { name: 'x' } } }], [{ host: { name: 'x' } }]),
    ],
  },
  {
    title: 'Fields',
    cases: [
      one(
        '`*` in names',
        'process.*name: tar',
        [{ process: { name: 'tar' } }, { process: { parent: { name: 'tar' } } }],
        [{ process: { title: 'tar' } }],
      ),
      one(
        '`*` in names: a range',
        'process.*id >= 7',
        [{ process: { parent: { pid: 8 } } }],
        [{ process: { pid: 6 } }],
      ),
      one(
        '`*` in names: there',
        'process.hash.*: *',
        [{ process: { hash: { md5: 'x' } } }],
        [{ process: { name: 'x' } }],
      ),
      one(
        '`*` in names: by their types',
        '*.ip: 10.0.0.0/8',
        [{ destination: { ip: '10.1.1.1' } }],
        [{ destination: { ip: '11.1.1.1' } }],
      ),
      one(
        'no field: words anywhere, in any case',
        'http.server',
        [{ process: { args: ['-m', 'http.server'] } }, { message: 'run HTTP.SERVER now' }],
        [{ message: 'http server' }],
      ),
      one('no field, quoted: one after the other', '"for root"', messages('password for root'), messages('root for')),
      one(
        'no field, several words: any of them',
        'alpha beta',
        [{ user: { name: 'beta' } }],
        [{ user: { name: 'alphabet' } }],
      ),
      one('no field, with `*`', 'htt*', [{ process: { args: ['http.server'] } }], [{ process: { args: ['xhttp'] } }]),
      one(
        'one object of several',
        'files: { name: a and size > 5 }',
        [{ files: [{ name: 'b' }, { name: 'a', size: 6 }] }],
        [
          {
            files: [
              { name: 'a', size: 1 },
              { name: 'b', size: 9 },
            ],
          },
          {},
        ],
      ),
      one(
        '`not` for one object',
        'files: { not name: a }',
        [{ files: [{ name: 'a' }, { name: 'b' }] }],
        [{ files: { name: 'a' } }, {}],
      ),
      one('names in quotes', '"process.name": a', names('a'), names('b')),
    ],
  },
];
