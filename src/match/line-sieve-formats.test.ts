/**
 * The sieve over lines of vendors' formats: some records of each, values of which are changed or left out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { isJsonObject, type Json, type JsonObject } from '../event/json.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { and, matchAny, matchAnywhere, not, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { found, known, settings, switches } from './sieved-lines.fixture.ts';

const TIME = '2026-01-31T23:59:59.5Z';
const MS = 1_769_903_999_123;

const OCSF = {
  class_uid: 1007,
  category_uid: 1,
  activity_id: 1,
  activity_name: 'Launch',
  type_uid: 100_701,
  time: MS,
  status_id: 1,
  metadata: { uid: 'e-1', version: '1.3.0', product: { name: 'Sensor' } },
  device: { hostname: 'h1', uid: 'd-1', ip: '10.0.0.5', os: { type_id: 200, name: 'Debian' } },
  actor: { process: { pid: 10, name: 'bash', cmd_line: 'bash -i', uid: 'p-10' }, user: { name: 'ada', uid: '1000' } },
  process: {
    pid: 11,
    uid: 'p-11',
    cmd_line: 'python3 -m http.server',
    created_time: MS,
    file: {
      name: 'python3.11',
      path: '/usr/bin/python3.11',
      hashes: [{ algorithm: 'SHA-256', algorithm_id: 3, value: 'ABCD' }],
    },
    user: { name: 'ada', uid: '1000' },
  },
};
const SENTINEL_ONE = {
  'agent.uuid': 'h1',
  'endpoint.name': 'h1',
  'endpoint.os': 'linux',
  'event.id': 'E_1',
  'event.time': MS,
  timestamp: TIME,
  'event.category': 'process',
  'event.type': 'Process Creation',
  'tgt.process.name': 'python3.11',
  'tgt.process.image.path': '/usr/bin/python3.11',
  'tgt.process.cmdline': ' python3 -m http.server',
  'tgt.process.pid': 11,
  'tgt.process.uid': 'T',
  'src.process.name': 'bash',
  'src.process.uid': 'S',
  'src.process.pid': 10,
  'src.process.cmdline': '"bash" -i',
  'src.process.parent.name': 'sshd',
};
const CROWDSTRIKE = {
  event_simpleName: 'ProcessRollup2',
  event_platform: 'Lin',
  id: 'i-1',
  aid: 'h1',
  cid: 'c-1',
  aip: '192.0.2.7',
  timestamp: `${MS}`,
  ComputerName: 'h1',
  ImageFileName: '/usr/bin/python3.11',
  CommandLine: 'python3 -m http.server',
  RawProcessId: '11',
  TargetProcessId: '77',
  ParentProcessId: '76',
  ParentBaseFileName: 'bash',
  ProcessStartTime: '1769903999.5',
  UserSid: 'S-1-5-21-1-2-3-1001',
  UserName: 'ada',
};
const DEFENDER = {
  time: TIME,
  tenantId: 't-1',
  category: 'AdvancedHunting-DeviceProcessEvents',
  properties: {
    Timestamp: '2026-01-31T23:59:59.1234567Z',
    DeviceId: 'd-1',
    DeviceName: 'h1.corp.example',
    ReportId: 42,
    ActionType: 'ProcessCreated',
    FileName: 'python3.11',
    FolderPath: '/usr/bin/python3.11',
    ProcessCommandLine: 'python3 -m http.server',
    ProcessId: 11,
    AccountName: 'ada',
    InitiatingProcessFileName: 'bash',
    InitiatingProcessFolderPath: '/usr/bin/bash',
    InitiatingProcessCommandLine: '-bash',
    InitiatingProcessId: 10,
    InitiatingProcessParentFileName: 'sshd',
    AdditionalFields: '{"ProcessCurrentWorkingDirectory":"/srv"}',
  },
};
const FALCO = {
  uuid: '5b2a',
  time: '2026-01-31T23:59:59.678901234Z',
  rule: 'Server started by a shell',
  priority: 'Warning',
  output: 'a server was started',
  source: 'syscall',
  tags: ['host', 'T1059'],
  hostname: 'h1',
  output_fields: {
    'evt.type': 'execve',
    'evt.category': 'process',
    'evt.res': 'SUCCESS',
    'evt.time': 1_769_903_999_678_901_000,
    'proc.pid': 11,
    'proc.ppid': 10,
    'proc.name': 'python3',
    'proc.exepath': '/usr/bin/python3.11',
    'proc.args': '-m http.server',
    'proc.cmdline': 'python3 -m http.server',
    'proc.pname': 'bash',
    'proc.pcmdline': 'bash -i',
    'user.name': 'ada',
    'container.id': 'host',
    'fd.name': null,
  },
};
const LAUREL = {
  ID: '1769903999.123:5',
  NODE: 'h1',
  SYSCALL: {
    arch: '0xc000003e',
    syscall: 59,
    success: 'yes',
    exit: 0,
    ppid: 10,
    pid: 11,
    auid: 1000,
    uid: 1000,
    euid: 1000,
    ses: 7,
    tty: 'pts3',
    comm: 'python3',
    exe: '/usr/bin/python3.11',
    key: null,
    ARGV: ['0x5580', '0xcafe'],
    UID: 'ada',
    SYSCALL: 'execve',
    PPID: { comm: 'bash', exe: '/usr/bin/bash', ppid: 9 },
  },
  EXECVE: { argc: 3, ARGV: ['python3', '-m', 'http%2eserver'] },
  CWD: { cwd: '/srv/my dir' },
  PATH: [{ item: 0, name: '/usr/bin/python3.11', mode: '0o100755' }],
  PROCTITLE: { ARGV: ['python3', '-m'] },
};
const LAUREL_OPEN = {
  ID: '1769903999.124:6',
  NODE: 'h1',
  SYSCALL: { ...LAUREL.SYSCALL, syscall: 257, SYSCALL: 'openat', key: 'secrets' },
  CWD: { cwd: '/srv' },
  PATH: [{ item: 0, name: 'python.conf', mode: '0o100644', nametype: 'CREATE' }],
};
const JOURNALD = {
  __CURSOR: 's=1;i=2',
  __REALTIME_TIMESTAMP: '1769903999123456',
  _BOOT_ID: 'b1',
  _MACHINE_ID: 'm1',
  _HOSTNAME: 'h1',
  _TRANSPORT: 'syslog',
  PRIORITY: '6',
  SYSLOG_FACILITY: '10',
  SYSLOG_IDENTIFIER: 'sshd',
  _PID: '11',
  _UID: '0',
  _COMM: 'sshd',
  _EXE: '/usr/sbin/sshd',
  _CMDLINE: 'sshd: ada [priv]',
  MESSAGE: 'Accepted password for ada from 192.0.2.7 port 4711 ssh2',
};
const HARFANGLAB = {
  '@event_create_date': '2026-02-03T04:05:06.123Z',
  '@timestamp': TIME,
  log_type: 'process',
  agent: { agentid: 'a-1', hostname: 'h1', ostype: 'linux', osproducttype: 'Debian 12' },
  commandline: 'python3 -m http.server',
  hashes: { sha256: 'abcd' },
  image_name: '/usr/bin/python3.11',
  parent_image: '/usr/bin/bash',
  parent_commandline: '-bash',
  parent_unique_id: 'p-10',
  process_name: 'python3.11',
  process_unique_id: 'p-11',
  pid: 11,
  ppid: 10,
  username: 'ada',
};
const ENDGAME = {
  event_type_full: 'process_event',
  event_subtype_full: 'exec_event',
  opcode: 5,
  pid: 11,
  ppid: 10,
  process_name: 'python3.11',
  process_path: '/usr/bin/python3.11',
  command_line: 'python3 -m http.server',
  parent_process_name: 'bash',
  unique_pid: 77,
  unique_ppid: 76,
  user_name: 'ada',
  timestamp: '134124736001234567',
  hostname: 'h1',
};
const ECS = {
  '@timestamp': TIME,
  event: { id: 'e1', kind: 'event', category: ['process'], type: ['start'], action: 'exec', sequence: 7 },
  data_stream: { type: 'logs', dataset: 'endpoint.events.process', namespace: 'default' },
  host: { name: 'h1', id: 'h1', os: { type: 'linux' } },
  process: {
    pid: 11,
    entity_id: 'p-11',
    name: 'python3.11',
    executable: '/usr/bin/python3.11',
    args: ['python3', '-m', 'http.server'],
    command_line: 'python3 -m http.server',
    parent: { pid: 10, entity_id: 'p-10', name: 'bash', executable: '/usr/bin/bash' },
  },
  user: { name: 'ada' },
};
const WINLOGBEAT = {
  '@timestamp': TIME,
  winlog: {
    channel: 'Microsoft-Windows-Sysmon/Operational',
    provider_name: 'Microsoft-Windows-Sysmon',
    event_id: 1,
    record_id: 77,
    computer_name: 'h1',
    event_data: {
      UtcTime: '2026-01-31 23:59:59.500',
      ProcessGuid: '{11111111-0000-0000-0000-000000000001}',
      ProcessId: '11',
      Image: 'C:\\python3.exe',
      CommandLine: 'python3 -m http.server',
      ParentProcessGuid: '{11111111-0000-0000-0000-000000000002}',
      ParentProcessId: '10',
      ParentImage: 'C:\\bash.exe',
      Hashes: 'MD5=00ab,IMPHASH=12cd',
      User: 'h1\\ada',
    },
  },
  host: { name: 'h1' },
};
const WINDOWS_JSON = {
  Event: {
    System: {
      Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
      EventID: 1,
      Level: 4,
      Keywords: '0x8000000000000000',
      TimeCreated: { '#attributes': { SystemTime: TIME } },
      EventRecordID: 77,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Computer: 'h1',
    },
    EventData: WINLOGBEAT.winlog.event_data,
  },
};
const OF_NO_FORMAT = {
  time: TIME,
  event: { category: 'process', type: 'start' },
  process: { pid: 11, executable: '/usr/bin/python3.11', parent: { pid: 10 } },
  User: 'ada',
  args: ['python3', '-m', 'http.server'],
  log: { level: 'info' },
  product: 'bash',
};
const RECORDS: readonly JsonObject[] = [
  ...[
    OCSF,
    SENTINEL_ONE,
    CROWDSTRIKE,
    DEFENDER,
    FALCO,
    LAUREL,
    LAUREL_OPEN,
    JOURNALD,
    HARFANGLAB,
    ENDGAME,
    ECS,
    WINLOGBEAT,
    WINDOWS_JSON,
    OF_NO_FORMAT,
  ],
];

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
  ...['2026-01-31T23:59:59.5Z', '2026-02-31T00:00:00Z', '1769903999.124:7', '1769903999123456', '1769904000124'],
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

const contains = (name: string, text: string): Predicate =>
  matchAny(
    { name, type: 'keyword' },
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
    NO_SPAN,
  );
const is = (name: string, text: string): Predicate =>
  matchAny({ name, type: 'keyword' }, { kind: 'equals', anyOf: [text], fold: 'unicode' }, NO_SPAN);
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
const clause = fc.oneof(
  fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...TEXTS)).map(([name, text]) => contains(name, text)),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...TEXTS, '/usr/bin/python3.11', 'python3.11', 'start'))
    .map(([name, text]) => is(name, text)),
  fc
    .constantFrom('python', 'http.server', 'sekurlsa', 'bash', 'start', 'endgame', 'success', 'false')
    .map((text) =>
      matchAnywhere({ kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' }, NO_SPAN),
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
            const all = [...lines, ...lines, ...lines.toReversed(), ...lines, ...lines.toReversed()];
            const sieve = new LineSieve(rules, settings, isTold ? concernsProcesses : () => false, 1, without);
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
          const sieve = new LineSieve(rules, settings, isTold ? concernsProcesses : () => false, 1, without);
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
          const all = [...some, ...some, ...some.toReversed(), ...some, ...some.toReversed()].flat();
          const sieve = new LineSieve(rules, settings, isTold ? concernsProcesses : () => false, 1, without);
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
