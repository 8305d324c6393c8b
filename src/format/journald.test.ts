import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';

const ENTRY = {
  __CURSOR: 's=1;i=2',
  __REALTIME_TIMESTAMP: '1767236645123456',
  _BOOT_ID: 'b1',
  _MACHINE_ID: 'm1',
  _HOSTNAME: 'web-1',
  _TRANSPORT: 'syslog',
  PRIORITY: '6',
  SYSLOG_FACILITY: '10',
  SYSLOG_IDENTIFIER: 'sshd',
  _PID: '77',
  _UID: '0',
  _COMM: 'sshd',
  _EXE: '/usr/sbin/sshd',
  _CMDLINE: 'sshd: ada [priv]',
  _SYSTEMD_UNIT: 'ssh.service',
  MESSAGE: 'Accepted password for ada from 192.0.2.7 port 4711 ssh2',
};
const read = (entry: object): Event => {
  const { events, rejects } = readEvents(JSON.stringify(entry));
  expect(rejects).toEqual([]);
  return events[0] as Event;
};

test('an entry of authentication', () => {
  const event = read(ENTRY);
  expect(event.format).toBe('journald');
  expect(event.id).toBe('s=1;i=2');
  expect(event.dataStreams).toEqual(['logs-system.auth-default']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-01T03:04:05.1234560Z',
    event: { action: 'ssh_login', outcome: 'success' },
    host: { name: 'web-1', id: 'm1', boot: { id: 'b1' }, os: { type: 'linux' } },
    user: { name: 'ada' },
    source: { ip: '192.0.2.7', port: 4711 },
    process: { pid: 77, name: 'sshd', executable: '/usr/sbin/sshd', command_line: 'sshd: ada [priv]' },
    log: { syslog: { facility: { code: 10 }, severity: { code: 6 } } },
    systemd: { unit: 'ssh.service', transport: 'syslog' },
    journald: { _COMM: 'sshd', __REALTIME_TIMESTAMP: '1767236645123456' },
  });
  // The user of the message is no longer root, whom the entry is of.
  expect(event.text('user.id')).toBeUndefined();
});

test('records of the audit transport are put together as those of the audit log', () => {
  const audit = (type: string, fields: string) => ({
    __REALTIME_TIMESTAMP: '1767236645999999',
    _SOURCE_REALTIME_TIMESTAMP: '1767236645123000',
    _TRANSPORT: 'audit',
    _HOSTNAME: 'web-1',
    _AUDIT_TYPE_NAME: type,
    _AUDIT_ID: '9',
    MESSAGE: `${type} ${fields}`,
  });
  const log = [
    audit('SYSCALL', 'arch=c000003e syscall=59 success=yes exit=0 ppid=7 pid=9 uid=0 exe="/usr/bin/python3"'),
    audit('EXECVE', 'argc=3 a0="python3" a1="-m" a2="http.server"'),
    audit('PROCTITLE', 'proctitle=707974686F6E33'),
  ];
  const { events } = readEvents(log.map((entry) => JSON.stringify(entry)).join('\n'));
  expect(events).toHaveLength(1);
  expect(events[0]?.id).toBe('web-1/1767236645.123:9');
  expect(events[0]?.dataStreams).toContain('logs-endpoint.events.process-vedette');
  expect(events[0]?.document()).toMatchObject({
    event: { type: ['start'], action: ['exec', 'executed'] },
    process: { pid: 9, args: ['python3', '-m', 'http.server'], command_line: 'python3 -m http.server' },
    host: { name: 'web-1' },
  });
});

test('values that are bytes, repeated, or too long', () => {
  const event = read({ ...ENTRY, MESSAGE: [...Buffer.from('é\u0007')], SYSLOG_IDENTIFIER: ['a', 'b'], _EXE: null });
  expect(event.text('message')).toBe('é\u0007');
  expect(event.text('log.syslog.appname')).toBe('a');
  expect(event.text('process.name')).toBe('sshd');
  const odd = read({ __REALTIME_TIMESTAMP: '1', MESSAGE: { a: 1 }, PRIORITY: [], _PID: {}, _TRANSPORT: 'audit' });
  odd.document();
  expect(odd.text('@timestamp')).toBe('1970-01-01T00:00:00.0000010Z');
});

test('its words stand in the line, whatever the message says, or are told', () => {
  expectOddValuesAreRead(ENTRY);
  const messages = [
    ...['job 7 done', '\u00e9t\u00e9: "quoted" C:\\new', 'a\tb\nc', 'Invalid user ghost from 2001:db8::7 port 9'],
    'new user: name=bob, UID=1001, GID=1001, home=/home/bob, shell=/bin/bash',
    'eve : TTY=pts/1 ; PWD=/srv/my app ; USER=root ; COMMAND=/usr/bin/cat "/etc/shadow" x',
    'pam_unix(sudo:session): session opened for user root(uid=0) by eve(uid=1000)',
    '%ASA-6-302013: Built inbound TCP connection',
  ];
  for (const SYSLOG_IDENTIFIER of ['sshd', 'sudo', 'useradd', '%ASA-6-302013', 'cron'])
    expectLazyIsEager(messages.map((MESSAGE) => JSON.stringify({ ...ENTRY, SYSLOG_IDENTIFIER, MESSAGE })).join('\n'));
  expect(read(ENTRY).words()?.isWritten).toBe(true);
  expect(read({ ...ENTRY, MESSAGE: [...Buffer.from('x')] }).words()).toBeUndefined();
});

test('an entry without a time that is one is put aside', () => {
  const { rejects } = readEvents(JSON.stringify({ __REALTIME_TIMESTAMP: 'now', MESSAGE: 'x' }));
  expect(rejects.map(({ code }) => code)).toEqual(['no-time']);
});
