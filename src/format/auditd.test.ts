import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';
import { processChange } from './known-process.ts';

const ENRICHED = '\x1dARCH=x86_64 SYSCALL=execve AUID="ada" UID="ada" GID="staff" EUID="root"';

interface Execution {
  readonly serial: number;
  readonly args: readonly string[];
  readonly success?: 'yes' | 'no';
  readonly exe?: string;
  readonly time?: number;
}

/** The records of one execve, as the kernel would write them on a node called `vm`. */
function records({ serial, args, success = 'yes', exe = '/usr/bin/python3.11', time = 0 }: Execution): string[] {
  const id = `msg=audit(${1_700_000_000 + time}.123:${serial}):`;
  const value = (text: string) =>
    /^[!#-~]*$/.test(text) ? `"${text}"` : Buffer.from(text).toString('hex').toUpperCase();
  return [
    `node=vm type=SYSCALL ${id} arch=c000003e syscall=59 success=${success} exit=0 a0=5580 a1=cafe a2=0 a3=8 items=2 ppid=10 pid=${1000 + serial} auid=1000 uid=1000 gid=50 euid=0 suid=0 fsuid=0 egid=50 sgid=50 fsgid=50 tty=pts3 ses=7 comm="python3" exe="${exe}" key="web"${ENRICHED}`,
    `node=vm type=EXECVE ${id} argc=${args.length} ${args.map((arg, at) => `a${at}=${value(arg)}`).join(' ')}`,
    `node=vm type=CWD ${id} cwd="/srv/my"`,
    `node=vm type=PATH ${id} item=0 name="${exe}" mode=0100755`,
    `node=vm type=PATH ${id} item=1 name="/lib64/ld-linux-x86-64.so.2" mode=0100755`,
    `node=vm type=PROCTITLE ${id} proctitle=${value(args.join('\0').slice(0, 128))}`,
  ];
}

test('an execution as ECS', () => {
  const { events, rejects } = readEvents(
    records({ serial: 5, args: ['python3', '-m', 'http.server', ''] }).join('\n'),
    {
      hostId: 'h1',
      hostName: 'vm',
    },
  );
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(1);
  const [event] = events as [Event];
  expect(event.id).toBe('vm/1700000000.123:5');
  expect(event.dataStreams).toEqual(['logs-auditd_manager.auditd-vedette', 'logs-endpoint.events.process-vedette']);
  expect(event.standsInFor).toEqual(['logs-endpoint.events.process-vedette']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2023-11-14T22:13:20.123Z',
    event: {
      id: 'vm/1700000000.123:5',
      kind: 'event',
      category: ['process'],
      type: ['start'],
      action: ['exec', 'executed'],
      dataset: 'auditd_manager.auditd',
      module: 'auditd',
      ingested: '2026-01-02T00:00:00.000Z',
      outcome: 'success',
      sequence: 5,
    },
    host: { name: 'vm', id: 'h1', architecture: 'x86_64', os: { type: 'linux' } },
    user: { id: '1000', name: 'ada', group: { id: '50', name: 'staff' }, effective: { id: '0', name: 'root' } },
    process: {
      pid: 1005,
      name: 'python3.11',
      executable: '/usr/bin/python3.11',
      args: ['python3', '-m', 'http.server', ''],
      args_count: 4,
      command_line: 'python3 -m http.server ',
      working_directory: '/srv/my',
      tty: { char_device: { major: 136, minor: 3 } },
      parent: { pid: 10 },
    },
    tags: ['web'],
    auditd: {
      message_type: 'syscall',
      result: 'success',
      session: '7',
      user: { audit: { id: '1000', name: 'ada' } },
      data: { arch: 'x86_64', syscall: 'execve', a1: 'cafe', tty: 'pts3' },
      paths: [{ name: '/usr/bin/python3.11', mode: '0100755' }, { name: '/lib64/ld-linux-x86-64.so.2' }],
      record: { syscall: { syscall: '59', arch: 'c000003e', SYSCALL: 'execve', UID: 'ada' } },
    },
    log: { file: { path: 'test.log' }, offset: 0 },
  });
});

test('plain logs: names of calls by number, of users by the setting', () => {
  const plain = records({ serial: 5, args: ['x'] })
    .join('\n')
    .replaceAll(ENRICHED, '')
    .replaceAll('node=vm ', '');
  const [event] = readEvents(plain, { hostName: 'here', hostId: 'h1', userName: (uid) => `u${uid}` }).events as [Event];
  expect(event.values('event.action')).toEqual(['exec', 'executed']);
  expect(event.text('user.name')).toBe('u1000');
  expect(event.text('user.effective.name')).toBe('u0');
  expect(event.text('host.name')).toBe('here');
  expect(event.text('host.id')).toBe('h1');
  const arm = plain.replace('arch=c000003e syscall=59', 'arch=c00000b7 syscall=281');
  expect(readEvents(arm).events[0]?.values('event.action')).toEqual(['exec', 'executed']);
});

test('the id of this machine is not given to another node', () => {
  const [event] = readEvents(records({ serial: 5, args: ['x'] }).join('\n'), { hostName: 'here', hostId: 'h1' }).events;
  expect(event?.text('host.name')).toBe('vm');
  expect(event?.text('host.id')).toBeUndefined();
});

test('a source that does not stand in for an endpoint agent', () => {
  const [event] = readEvents(records({ serial: 5, args: ['x'] }).join('\n'), { standsInForEndpoint: false }).events;
  expect(event?.dataStreams).toEqual(['logs-auditd_manager.auditd-vedette']);
  expect(event?.standsInFor).toEqual([]);
});

test('a failed execve is no process start', () => {
  const [event] = readEvents(records({ serial: 5, args: ['x'], success: 'no' }).join('\n')).events as [Event];
  expect(event.values('event.category')).toEqual(['process']);
  expect(event.values('event.type')).toEqual(['info']);
  expect(event.values('event.action')).toEqual(['executed']);
  expect(event.text('event.outcome')).toBe('failure');
  expect(event.dataStreams).toEqual(['logs-auditd_manager.auditd-vedette']);
});

test('the name is that of the executable, without the kernel’s note that it was deleted; else comm', () => {
  const read = (from: string, to: string) =>
    readEvents(
      records({ serial: 5, args: ['x'] })
        .join('\n')
        .replace(from, to),
    ).events[0] as Event;
  const deleted = read(
    'exe="/usr/bin/python3.11"',
    `exe=${Buffer.from('/usr/bin/nc (deleted)').toString('hex').toUpperCase()}`,
  );
  expect(deleted.text('process.name')).toBe('nc');
  expect(deleted.text('process.executable')).toBe('/usr/bin/nc');
  expect(deleted.text('auditd.record.syscall.exe')).toBe('/usr/bin/nc (deleted)');
  expect(read('exe="/usr/bin/python3.11"', 'exe=(null)').text('process.name')).toBe('python3');
});

test('arguments over several records and in pieces, a character cut in two', () => {
  const id = 'msg=audit(1700000000.123:5):';
  const log = [
    `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes pid=2 exe="/bin/sh"`,
    `type=EXECVE ${id} argc=4 a0="sh" a1_len=12 a1[0]=61C3`,
    `type=EXECVE ${id}  a1[1]=A9`,
    `type=EXECVE ${id}  a1[2]="z" a2="" a3="end"`,
  ].join('\n');
  const [event] = readEvents(log).events as [Event];
  expect(event.json('process.args')).toEqual(['sh', 'aéz', '', 'end']);
  expect(event.json('process.args_count')).toBe(4);
});

test('other events lose nothing', () => {
  const id = 'msg=audit(1700000000.123:5):';
  const read = (log: string) => (readEvents(log).events[0] as Event).document();
  expect(
    read(
      `type=LOGIN ${id} pid=3 uid=0 old-auid=4294967295 auid=1000 old-ses=4294967295 ses=2 res=1\x1dAUID="ada"\ntype=SYSCALL ${id} arch=c000003e syscall=1 success=yes pid=3 auid=1000 ses=2 exe="/usr/sbin/sshd"`,
    ),
  ).toMatchObject({
    event: {
      action: ['changed-login-id-to'],
      category: ['authentication', 'file'],
      type: ['start', 'change'],
      outcome: 'success',
    },
    user: { effective: { id: '1000', name: 'ada' } },
    process: { pid: 3, name: 'sshd' },
    auditd: {
      message_type: 'login',
      session: '2',
      data: { 'old-auid': '4294967295', syscall: 'write' },
      record: { login: { AUID: 'ada' } },
    },
  });
  const unknown = read(`type=BRAND_NEW ${id} thing=1 res=0`);
  expect(unknown).toMatchObject({
    event: { action: ['brand_new'], outcome: 'failure' },
    auditd: { data: { thing: '1' } },
  });
  expect(unknown.event).not.toHaveProperty('category');
  expect(read(`type=SYSCALL ${id} arch=c000003e syscall=9999 success=no pid=3`)).toMatchObject({
    event: { action: ['9999'], category: ['process'], type: ['info'], outcome: 'failure' },
  });
  expect(read(`type=BPRM_FCAPS ${id} fver=0\ntype=BPRM_FCAPS ${id} fver=1`)).toMatchObject({
    auditd: { record: { bprm_fcaps: [{ fver: '0' }, { fver: '1' }] } },
  });
});

test('an EOE alone is read and says nothing; a line that is no record is put aside', () => {
  const { events, rejects } = readEvents('type=EOE msg=audit(1700000000.123:5):\ntype=SYSCALL msg=audit(\n');
  expect(events).toEqual([]);
  expect(rejects.map(({ code, origin }) => [code, origin.line])).toEqual([['bad-audit-record', 2]]);
});

const executions = fc
  .array(fc.array(anyText({ maxLength: 6 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => all.map((args, serial) => records({ serial, args })));

test('any interleaving of records gives the same events', () => {
  fc.assert(
    fc.property(executions, fc.array(fc.nat()), (all, choices) => {
      const waiting = all.map((lines) => [...lines]);
      const mixed: string[] = [];
      for (let step = 0; waiting.some((lines) => lines.length > 0); step += 1) {
        const open = waiting.filter((lines) => lines.length > 0);
        mixed.push(open[(choices[step % (choices.length || 1)] ?? step) % open.length]?.shift() as string);
      }
      expect(summaries(readEvents(mixed.join('\n')).events)).toEqual(
        summaries(readEvents(all.flat().join('\n')).events),
      );
    }),
    { numRuns: runs(100) },
  );
});

test('a log cut at any byte throws nothing and keeps the events before the cut', () => {
  const first = records({ serial: 1, args: ['sh', '-c', 'é x'] }).join('\n');
  const log = Buffer.from(`${first}\n${records({ serial: 2, args: ['a b', ''] }).join('\n')}`);
  for (let end = Buffer.byteLength(first); end < log.length; end += 1) {
    const { events, rejects } = readEvents(log.subarray(0, end));
    expect(events[0]?.text('process.command_line')).toBe('sh -c é x');
    expect(events.length + rejects.length).toBeLessThanOrEqual(3);
    for (const event of events) event.document();
  }
});

function summaries(events: readonly Event[]): unknown[] {
  return events
    .map((event) => ({ ...event.document(), log: null }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

test('corpora: audit-clean holds 298 executions, python2-and-variants 21', (context) => {
  for (const [file, count] of [
    ['audit-clean-raw.log', 298],
    ['audit-python2-and-variants-raw.log', 21],
  ] as const) {
    const { events, rejects, reader } = readEvents(readFileSync(requireCorpora(context, 'linux-audit', file)));
    expect(rejects).toEqual([]);
    expect(reader.forced).toBe(0);
    expect(
      events.filter(
        (event) => event.values('event.type').includes('start') && event.values('event.action').includes('exec'),
      ),
    ).toHaveLength(count);
  }
});

const ID = 'msg=audit(1700000000.123:5):';
const document = (log: string) => (readEvents(log).events[0] as Event).document();

test('a watched file: its path completed by the working directory, what was done with it, and who owns it', () => {
  const call = (name: string, number: number, a0 = 'ffffff9c') =>
    `type=SYSCALL ${ID} arch=c000003e syscall=${number} success=yes exit=3 a0=${a0} items=2 pid=9 uid=0 comm="${name}" exe="/usr/bin/${name}" key="identity"`;
  const paths = [
    `type=CWD ${ID} cwd="/etc"`,
    `type=PATH ${ID} item=0 name="/etc/" inode=2 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT`,
    `type=PATH ${ID} item=1 name="shadow" inode=7 mode=0100640 ouid=0 ogid=42 rdev=00:00 nametype=CREATE\x1dOUID="root" OGID="shadow"`,
  ];
  expect(document([call('vim', 257), ...paths].join('\n'))).toMatchObject({
    event: { action: ['opened-file'], category: ['file'], type: ['creation'], outcome: 'success' },
    file: { path: '/etc/shadow', name: 'shadow', inode: '7', mode: '0640', uid: '0', owner: 'root', group: 'shadow' },
    tags: ['identity'],
  });
  // A directory of its own: where it is, the records do not say.
  expect(document([call('vim', 257, '4'), ...paths].join('\n'))).toMatchObject({ file: { path: 'shadow' } });
  expect(document([call('rm', 263), ...paths].join('\n').replace('CREATE', 'DELETE'))).toMatchObject({
    event: { action: ['deleted'], type: ['deletion'] },
    file: { path: '/etc/shadow' },
  });
});

test('where a connect goes, in the words of ECS', () => {
  const connect = (saddr: string) =>
    document(
      `type=SYSCALL ${ID} arch=c000003e syscall=42 success=no exit=-111 a0=3 pid=9 exe="/usr/bin/curl"\ntype=SOCKADDR ${ID} saddr=${saddr}`,
    );
  expect(connect('02000050C0000201000000000000000000')).toMatchObject({
    event: { category: ['network'], type: ['connection', 'start'], outcome: 'failure' },
    destination: { ip: '192.0.2.1', port: 80 },
    network: { direction: 'egress' },
    related: { ip: ['192.0.2.1'] },
    auditd: { data: { exit: 'ECONNREFUSED', socket: { family: 'ipv4', addr: '192.0.2.1', port: 80 } } },
  });
  expect(connect('0A0001BB0000000020010DB800000000000000000000000100000000')).toMatchObject({
    destination: { ip: '2001:db8::1', port: 443 },
  });
  expect(connect('0A0001BB0000000000000000000000000000FFFFC000020100000000')).toMatchObject({
    destination: { ip: '192.0.2.1' },
  });
  const local = connect('01002F72756E2F782E736F636B00');
  expect(local).toMatchObject({ auditd: { data: { socket: { family: 'unix', path: '/run/x.sock' } } } });
  expect(local).not.toHaveProperty('destination');
  expect(connect('010000616263')).toMatchObject({ auditd: { data: { socket: { path: '@abc' } } } });
  expect(connect('2600FF')).toMatchObject({ auditd: { data: { socket: { family: '38', saddr: '2600FF' } } } });
  for (const odd of ['', '0', '02', '0200', '0A00', '0200zz']) connect(odd);
});

test('accounts and groups: who changed what', () => {
  const message = (type: string, text: string) =>
    document(
      `type=${type} ${ID} pid=9 uid=0 auid=1000 ses=3 msg='${text} exe="/usr/sbin/x" hostname=? addr=? terminal=pts/0 res=success'`,
    );
  expect(message('ADD_USER', 'op=add-user acct="eve" id=1001')).toMatchObject({
    event: { action: ['added-user-account'], category: ['iam'], type: ['user', 'creation'] },
    user: { id: '1000', effective: { id: '0' }, target: { id: '1001', name: 'eve' } },
    related: { user: ['eve'] },
    auditd: { summary: { actor: { primary: '1000' }, object: { type: 'account', primary: '1001' } } },
  });
  expect(message('USER_MGMT', 'op=add-user-to-group grp="sudo" acct="eve"')).toMatchObject({
    event: { category: ['iam'], type: ['user', 'change'] },
    user: { target: { name: 'eve' } },
    group: { name: 'sudo' },
  });
  expect(message('DEL_GROUP', 'op=delete-group acct="old" id=77')).toMatchObject({
    event: { type: ['group', 'deletion'] },
    group: { id: '77', name: 'old' },
  });
  expect(message('USER_CMD', 'cwd="/root" cmd=6964202D75')).toMatchObject({
    event: { action: ['ran-command'], type: ['start'] },
    process: { args: ['id', '-u'], args_count: 2, command_line: 'id -u', working_directory: '/root' },
  });
});

test('only leaving ends a process: a kill is of another', () => {
  const end = (number: number) =>
    processChange(
      readEvents(`type=SYSCALL ${ID} arch=c000003e syscall=${number} success=yes pid=9`).events[0] as Event,
    ) === 'end';
  expect([end(231), end(62)]).toEqual([true, false]);
});
