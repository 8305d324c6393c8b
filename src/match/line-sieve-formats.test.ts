/**
 * The sieve over lines of vendors' formats: some records of each, values of which are changed or left out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { and, matchAnywhere, not, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { contains, equals, is } from './predicates.fixture.ts';
import { found, known, settings, switches } from './sieved-lines.fixture.ts';
import { CROWDSTRIKE, ENDGAME, HARFANGLAB, LAUREL, MS, RECORDS, SENTINEL_ONE, TIME } from './vendor-records.fixture.ts';

const VALUES: readonly Json[] = [
  ...[
    'python3',
    '/bin/bash',
    'C:\\cmd.exe',
    'straße',
    '\u212aelvin',
    'say "python"\n',
    'py%74hon',
    '-',
    '',
    '<NA>',
    '?',
  ],
  ...[
    '2026-01-31T23:59:59.5Z',
    '2026-02-31T00:00:00Z',
    '1769903999.124:7',
    '1769903999123456',
    '1769904000124',
    '0x1a',
    '1e1',
  ],
  ...['no', 'execve', 'openat', 'process', 'file', 'h2', 'linux', '10', '11', 'ada'],
  ...[0, 1, 2, 9, 10, 11, 59, 257, -3, 2.5, MS, MS + 1000, 1007, 1001, true, false, null],
  ...[[], ['python3', 'say bash'], [1, { a: 'bash' }], {}, { pid: 10, name: 'python3' }],
];

/** Where a record holds something. */
function pathsIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isJsonObject(value)) return [path];
  const inner = Object.entries(value).flatMap(([name, part]) => pathsIn(part, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

function changed(object: JsonObject, [name = '', ...rest]: readonly string[], to: Json | undefined): JsonObject {
  const { [name]: own, ...others } = object;
  if (rest.length > 0) return { ...object, [name]: changed(isJsonObject(own) ? own : {}, rest, to) };
  return to === undefined ? others : { ...object, [name]: to };
}

/** Few are changed much, so that lines of one log source come again. */
const changes = fc.array(
  fc.record({ place: fc.nat(), value: fc.option(fc.constantFrom(...VALUES), { nil: undefined, freq: 8 }) }),
  { maxLength: 3 },
);
const lineOf = (record: JsonObject) =>
  changes.map((some) => {
    const paths = pathsIn(record);
    let object = record;
    for (const { place, value } of some)
      object = changed(object, paths[place % paths.length] as readonly string[], value);
    return JSON.stringify(object);
  });

const FIELDS = [
  ...['process.executable', 'process.name', 'process.args', 'process.command_line', 'process.pid', 'process.entity_id'],
  ...['process.parent.name', 'process.parent.executable', 'process.parent.command_line', 'process.parent.args'],
  ...['process.parent.pid', 'process.parent.entity_id', 'user.name', 'user.id', 'host.name', 'host.id', 'file.path'],
  ...['event.action', 'event.outcome', 'event.id', 'event.sequence', 'event.code', 'event.category', '@timestamp'],
  ...['message', 'tags', 'related.user', 'process.hash.sha256', 'process.start', 'auditd.record.syscall.comm'],
  ...[
    'winlog.event_data.Image',
    'falco.output_fields.proc.name',
    'm365_defender.event.file.name',
    'journald.process.name',
  ],
];
const TEXTS = [
  'python',
  'bash',
  'say',
  'kelvin',
  'straße',
  'ada',
  '10',
  '11',
  'h1',
  'exec',
  '7',
  'a',
  'success',
  'process',
  '2026',
];
const NUMBERED = ['process.pid', 'process.parent.pid', 'event.sequence', 'source.port', 'process.name'];
const clause = fc.oneof(
  fc
    .tuple(fc.constantFrom(...NUMBERED), fc.constantFrom<number | string>(9, 10, 11, 26, 2.5, '10', '1e1', 'a'))
    .map(([name, number]) => equals(name, number, 77)),
  fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...TEXTS)).map(([name, text]) => contains(name, text)),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...TEXTS, '/usr/bin/python3.11', 'python3.11', 'start'))
    .map(([name, text]) => is(name, text)),
  fc
    .tuple(
      fc.constantFrom('python', 'http.server', 'sekurlsa', 'bash', 'start', 'endgame', 'success', 'false', 'i-1|h1|c'),
      fc.constantFrom(undefined, undefined, undefined, 'process.', 'process.parent.', 'user.', 'event'),
    )
    .map(([text, fields]) =>
      matchAnywhere(
        { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
        NO_SPAN,
        fields === undefined ? undefined : wildcardPattern([{ text: fields }, '*']),
      ),
    ),
);
const maybeNot = fc.tuple(clause, fc.boolean()).map(([one, isNot]) => (isNot ? not(one, NO_SPAN) : one));
const predicate = fc.oneof(
  clause,
  fc
    .tuple(clause, fc.array(maybeNot, { minLength: 1, maxLength: 2 }))
    .map(([first, others]) => and([first, ...others], NO_SPAN)),
);

/** Starts and ends of processes in the audit log, logins and other calls; some lines come together with another event's. */
const auditLines = fc
  .record({
    serial: fc.constantFrom(5, 6, 7, 7),
    node: fc.constantFrom('node=h1 ', 'node=h1 ', ''),
    call: fc.constantFrom('59', '59', '59', '231', '257', '1'),
    success: fc.constantFrom('yes', 'yes', 'no'),
    ppid: fc.constantFrom('9', '10'),
    pid: fc.constantFrom('10', '11'),
    ses: fc.constantFrom('1', '2', '4294967295'),
    exe: fc.constantFrom(
      '"/usr/bin/python3.11"',
      '"/bin/bash"',
      '2F62696E2F7079 74',
      '2F62696E2F70797468',
      '"/bin/ls (deleted)"',
    ),
    argument: fc.constantFrom('"python3"', '"-m"', 'C3A9', '"http.server"', '"say \\"'),
    kind: fc.constantFrom('call', 'call', 'call', 'user', 'login'),
  })
  .map(({ serial, node, call, success, ppid, pid, ses, exe, argument, kind }) => {
    const head = (type: string) => `${node}type=${type} msg=audit(1769903999.12${serial}:${serial}): `;
    if (kind === 'user') {
      return [
        `${head('USER_AUTH')}pid=${pid} uid=0 auid=${ses} ses=${ses} msg='op=PAM acct="ada" exe=${exe} res=success'`,
      ];
    }
    const login = `${head('LOGIN')}pid=${pid} uid=0 old-auid=4294967295 auid=1000 old-ses=1 ses=${ses} res=1`;
    const numbers = `arch=c000003e syscall=${call} success=${success} exit=0 ppid=${ppid} pid=${pid} auid=1000 uid=0`;
    const names = `ses=${ses} comm="python3" exe=${exe} key=(null)\x1dARCH=x86_64 AUID="ada"`;
    return [
      ...(kind === 'login' ? [login] : []),
      `${head('SYSCALL')}${numbers} ${names}`,
      ...(call === '59' ? [`${head('EXECVE')}argc=2 a0="python3" a1=${argument}`] : []),
      `${head('PATH')}item=0 name=${exe} nametype=NORMAL`,
      ...(success === 'yes' ? [`${head('PROCTITLE')}proctitle="python3"`] : []),
    ];
  });
/** CrowdStrike's lines without names, and those that tell them, again and again in other words. */
const { ComputerName: _host, UserName: _user, ...NAMELESS } = CROWDSTRIKE;
const namedLine = fc
  .record({
    what: fc.constantFrom('start', 'start', 'start', 'host', 'user', 'shipped', 'odd'),
    aid: fc.constantFrom('a-1', 'a-2'),
    sid: fc.constantFrom('S-1', 'S-2', 'S-1-5-18'),
    name: fc.constantFrom('h1', 'h2', 'straße', 'ada'),
    pid: fc.constantFrom('10', '11'),
  })
  .map(({ what, aid, sid, name, pid }): string => {
    const start = { ...NAMELESS, aid, UserSid: sid, RawProcessId: pid };
    if (what === 'host') return JSON.stringify({ aid, cid: 'c', Time: '1769903999', ComputerName: name, Version: pid });
    if (what === 'user') return JSON.stringify({ cid: 'c', _time: '1769903999', UserSid_readable: sid, User: name });
    if (what === 'shipped') return JSON.stringify({ _index: 'i', _id: 'k', _source: start });
    return JSON.stringify(what === 'odd' ? { ...start, timestamp: name, ComputerName: name } : start);
  });
/** Without these the first lines wait, and all that follow. */
const NAMES = [1, 2].flatMap((at) => [
  JSON.stringify({ aid: `a-${at}`, cid: 'c', Time: '1769903999', ComputerName: `h${at}` }),
  JSON.stringify({ cid: 'c', _time: '1769903999', UserSid_readable: `S-${at}`, User: `CORP\\ada` }),
]);
/** In a shipper's document, which says of which host it is. */
const shippedLine = (message: string) =>
  JSON.stringify({ '@timestamp': TIME, message, host: { name: 'h2' }, agent: { type: 'filebeat' } });
const CHILDREN = ['10', '11'].map((ppid) =>
  JSON.stringify({ ...LAUREL, SYSCALL: { ...LAUREL.SYSCALL, pid: 99, ppid: Number(ppid), PPID: null } }),
);

/** Of these each line is read, but for those that are none of theirs any more. */
const ALL_READ: ReadonlySet<string | undefined> = new Set(['journald']);

describe('sieve over lines of vendors', () => {
  for (const [at, record] of RECORDS.entries()) {
    const name = found([JSON.stringify(record)], []).told.formats[0]?.[0];
    it(`changes nothing of what is found in lines of ${name} (${at}), nor of what is known of processes`, () => {
      let passed = 0;
      fc.assert(
        fc.property(
          fc.array(predicate, { maxLength: 4 }),
          fc.array(lineOf(record), { minLength: 1, maxLength: 6 }),
          fc.boolean(),
          switches,
          (predicates, some, isTold, without) => {
            const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
            const lines = [JSON.stringify(record), ...some];
            const all = [...lines, ...lines, ...lines.toReversed(), ...lines];
            const sieve = new LineSieve(
              rules,
              settings,
              isTold ? concernsProcesses : () => false,
              1,
              passed > 0 ? without : {},
            );
            const sieved = found(all, rules, sieve, isTold);
            const read = found(all, rules, undefined, isTold);
            passed += sieved.passed + sieved.handed;
            expect(sieved.told).toEqual(read.told);
            if (isTold) expect(known(sieved.processes, lines, [])).toEqual(known(read.processes, lines, []));
          },
        ),
        { numRuns: runs(15) },
      );
      if (!ALL_READ.has(name)) expect(passed).toBeGreaterThan(0);
    });
  }

  it('changes nothing of what is found in lines of CrowdStrike that take the names of hosts and users from others', () => {
    let passed = 0;
    const names = ['host.name', 'user.name', 'host.os.version', 'related.hosts', 'process.pid'];
    const named = fc.tuple(fc.constantFrom(...names), fc.constantFrom('h1', 'h2', 'straße', 'ada', '10'));
    fc.assert(
      fc.property(
        fc.array(
          named.map(([name, text]) => is(name, text)),
          { maxLength: 4 },
        ),
        fc.array(namedLine, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        fc.constantFrom(NAMES, NAMES, []),
        switches,
        (predicates, some, isTold, before, without) => {
          const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
          const all = [...before, ...some, ...some, ...some.toReversed(), ...some];
          const sieve = new LineSieve(
            rules,
            settings,
            isTold ? concernsProcesses : () => false,
            1,
            passed > 0 ? without : {},
          );
          const sieved = found(all, rules, sieve, isTold);
          passed += sieved.passed + sieved.handed;
          expect(sieved.told).toEqual(found(all, rules, undefined, isTold).told);
        },
      ),
      { numRuns: runs(30) },
    );
    expect(passed).toBeGreaterThan(0);
  });

  it('finds words of arguments between which quotes stand in the command line', () => {
    const lineOfCommand = [
      (line: string) => ({ ...ENDGAME, command_line: line }),
      (line: string) => ({ ...SENTINEL_ONE, 'src.process.cmdline': line }),
      (line: string) => ({ ...HARFANGLAB, parent_commandline: line }),
      (line: string) => ({ ...CROWDSTRIKE, CommandLine: line }),
    ];
    const commands = [
      'a',
      'x m"imi"katz',
      '"C:\\b mimi""katz" c',
      '\\\\h\\"mimi"katz\\"d',
      'mimi\\katz',
      '"mimi" katz',
      'a\tmimi\\"katz',
    ];
    const rules = ['*mimikatz*', '*start*'].map((text) => ({
      predicate: matchAnywhere(
        { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: text.slice(1, -1) }, '*'])], fold: 'unicode' },
        NO_SPAN,
      ),
      reads: () => true,
    }));
    for (const recordOf of lineOfCommand) {
      const some = commands.map((command) => JSON.stringify(recordOf(command)));
      const all = [...some, ...some, ...some, ...some];
      const sieved = found(all, rules, new LineSieve(rules, settings, () => false, 1), false);
      expect(sieved.told).toEqual(found(all, rules, undefined, false).told);
      expect(sieved.told.matches.filter((match) => match.includes(' 0 '))).toHaveLength(8);
      expect(sieved.passed + sieved.handed).toBeGreaterThan(10);
    }
  });

  it('knows no process by a text or a number that stands where an object should', () => {
    for (const record of RECORDS) {
      for (const path of pathsIn(record).filter((_, at, all) => all[at + 1]?.length === (all[at]?.length ?? 0) + 1)) {
        const lines = ['', '10', 11].map((value, at) =>
          JSON.stringify(changed(record, path, value)).replaceAll('"h1"', `"h${at}"`),
        );
        const all = [...lines, ...lines, ...lines, JSON.stringify(record)];
        const sieve = new LineSieve([], settings, concernsProcesses, 1);
        const [sieved, read] = [found(all, [], sieve, true), found(all, [], undefined, true)];
        expect(known(sieved.processes, lines, []), path.join('.')).toEqual(known(read.processes, lines, []));
      }
    }
  });

  it('changes nothing of what is found in the lines of the audit log, nor of what is known of processes', () => {
    let passed = 0;
    fc.assert(
      fc.property(
        fc.array(predicate, { maxLength: 4 }),
        fc.array(auditLines, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.constantFrom(0, 0, 3),
        switches,
        (predicates, events, isTold, shipped, without) => {
          const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
          const some = events.map((lines, at) => (at < shipped ? lines.map(shippedLine) : lines));
          const all = [...some, ...some, ...some.toReversed(), ...some].flat();
          const sieve = new LineSieve(
            rules,
            settings,
            isTold ? concernsProcesses : () => false,
            1,
            passed > 0 ? without : {},
          );
          const sieved = found(all, rules, sieve, isTold);
          const read = found(all, rules, undefined, isTold);
          passed += sieved.passed;
          expect(sieved.told).toEqual(read.told);
          if (isTold) expect(known(sieved.processes, [], CHILDREN)).toEqual(known(read.processes, [], CHILDREN));
        },
      ),
      { numRuns: runs(30) },
    );
    expect(passed).toBeGreaterThan(0);
  });
});
