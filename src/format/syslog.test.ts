import { expect, test } from 'vitest';
import { BOUNDED_MS, processorMs } from '../../test/processor-time.ts';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { parseSyslog, syslogTime } from './syslog-line.ts';

const read = (line: string): Event => {
  const { events, rejects } = readEvents(line);
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(1);
  return events[0] as Event;
};
const document = (line: string): JsonObject => read(line).document();
const said = (program: string, message: string): JsonObject =>
  document(`Jan  1 03:04:05 web-1 ${program}[77]: ${message}`);

test.each([
  ['Jan  1 03:04:05 web-1 sshd[77]: hello', { host: 'web-1', program: 'sshd', pid: '77', message: 'hello' }],
  ['<38>Jan  1 03:04:05 web-1 cron: a: b', { priority: 38, host: 'web-1', program: 'cron', message: 'a: b' }],
  ['Jan  1 03:04:05 sshd[77]: local', { program: 'sshd', pid: '77', message: 'local' }],
  ['2026-01-01T03:04:05.678901+01:00 web-1 su: x', { host: 'web-1', program: 'su', message: 'x' }],
  ['Jan  1 03:04:05 web-1 no tag at all', { host: 'web-1', message: 'no tag at all' }],
  [
    '<34>1 2026-01-01T03:04:05.678Z web-1 app 77 ID47 [a@1 b="c \\"d\\]" e="f"][g@2] \ufeffhello',
    {
      priority: 34,
      version: '1',
      host: 'web-1',
      program: 'app',
      pid: '77',
      messageId: 'ID47',
      structuredData: '[a@1 b="c \\"d\\]" e="f"][g@2]',
      message: 'hello',
    },
  ],
  ['<34>1 - - - - - - bare', { priority: 34, message: 'bare' }],
])('%s', (line, parts) => {
  expect(parseSyslog(line)).toMatchObject(parts);
});

test.each([
  ['<189>Jan 6 02:28:49 sw-1 %AAA-5-USER_LOGGED: User a executed: ping', 'ios', 'USER_LOGGED', 5],
  ['<166>Jan 18 2025 11:29:03 sw-1 : %ASA-6-302013: Built outbound TCP connection', 'asa', '302013', 6],
  ['<166>Jan 18 2025 11:29:03 sw-1: %FTD-4-106023: Deny tcp', 'ftd', '106023', 4],
  ['<189>47: sw-1: *Jan 18 11:29:03.123 UTC: %LINK-SP-3-UPDOWN: Interface x', 'ios', 'UPDOWN', 3],
  ['<189>47: Jan 18 11:29:03: %SYS-5-CONFIG_I: Configured', 'ios', 'CONFIG_I', 5],
])('Cisco: %s', (line, product, code, severity) => {
  const event = read(line);
  expect(event.dataStreams).toEqual([`logs-cisco_${product}.log-default`]);
  expect(event.document()).toMatchObject({
    event: { module: `cisco_${product}`, code, severity },
    observer: { vendor: 'Cisco', product },
    message: line.slice(line.lastIndexOf(code) + code.length + 2),
  });
  expect(event.time.ms % 86_400_000).toBeGreaterThanOrEqual(((2 * 60 + 28) * 60 + 49) * 1000);
  if (line.includes('sw-1')) expect(event.text('host.name')).toBe('sw-1');
  expect(event.text(`cisco.${product}.message_id`)).toBe(product === 'ios' ? undefined : code);
  expect(event.text('process.name')).toBeUndefined();
});

test('lines that are no syslog', () => {
  for (const line of [
    '',
    'hello',
    '<34>',
    '<34>1 ',
    'Jan 1 host',
    '{"a":1}',
    '<34>1 2026-01-01T00:00:00Z h a p m [open',
  ]) {
    expect(parseSyslog(line), line).toBeUndefined();
  }
});

test('a year that is not written is the latest that is not in the future', () => {
  const now = Date.UTC(2026, 0, 2);
  const year = (stamp: string) => new Date(syslogTime(stamp, now)?.ms ?? Number.NaN).getUTCFullYear();
  expect([year('Jan  2 12:00:00'), year('Jan  4 00:00:00'), year('Dec 31 23:59:59'), year('Feb 29 00:00:00')]).toEqual([
    2026, 2025, 2025, 2024,
  ]);
  expect(syslogTime('Foo  1 00:00:00', now)).toBeUndefined();
});

test('sshd: accepted and failed logins', () => {
  expect(said('sshd', 'Accepted publickey for ada from 192.0.2.7 port 4711 ssh2: ED25519 SHA256:abc')).toMatchObject({
    '@timestamp': '2026-01-01T03:04:05.000Z',
    event: {
      dataset: 'system.auth',
      category: ['authentication', 'session'],
      type: ['info'],
      action: 'ssh_login',
      outcome: 'success',
    },
    host: { name: 'web-1', os: { type: 'linux' } },
    user: { name: 'ada' },
    source: { ip: '192.0.2.7', port: 4711 },
    process: { name: 'sshd', pid: 77 },
    system: { auth: { ssh: { event: 'Accepted', method: 'publickey', signature: 'ED25519 SHA256:abc' } } },
    related: { user: ['ada'], ip: ['192.0.2.7'], hosts: ['web-1'] },
  });
  expect(said('sshd', 'Failed password for invalid user eve from 2001:db8::1 port 9 ssh2')).toMatchObject({
    event: { category: ['authentication'], action: 'ssh_login', outcome: 'failure' },
    user: { name: 'eve' },
    source: { ip: '2001:db8::1', port: 9 },
  });
  expect(said('sshd', 'Invalid user  from host.example port 9')).toMatchObject({
    event: { outcome: 'failure' },
    source: { domain: 'host.example' },
  });
  expect(read('Jan  1 03:04:05 web-1 sshd[77]: Server listening on :: port 22.').dataStreams).toEqual([
    'logs-system.auth-default',
  ]);
});

test('sudo: what ran, as whom, and what was refused', () => {
  expect(
    said('sudo', '     ada : TTY=pts/0 ; PWD=/home/ada ; USER=root ; COMMAND=/usr/bin/python3 -m http.server 80'),
  ).toMatchObject({
    event: { category: ['process'], type: ['start'], outcome: 'success' },
    user: { name: 'ada', effective: { name: 'root' } },
    process: {
      name: 'sudo',
      command_line: '/usr/bin/python3 -m http.server 80',
      args: ['/usr/bin/python3', '-m', 'http.server', '80'],
      args_count: 4,
      working_directory: '/home/ada',
    },
    system: { auth: { sudo: { tty: 'pts/0', pwd: '/home/ada', user: 'root' } } },
    related: { user: ['ada', 'root'] },
  });
  expect(said('sudo', 'eve : user NOT in sudoers ; PWD=/tmp ; USER=root ; COMMAND=/bin/sh')).toMatchObject({
    event: { category: ['process', 'authentication'], type: ['info'], outcome: 'failure' },
    system: { auth: { sudo: { error: 'user NOT in sudoers' } } },
  });
});

test('PAM: sessions, failures, passwords', () => {
  expect(said('sudo', 'pam_unix(sudo:session): session opened for user root(uid=0) by ada(uid=1000)')).toMatchObject({
    event: { category: ['session'], type: ['start'], action: 'logged-on', outcome: 'success' },
    user: { id: '1000', name: 'ada', effective: { id: '0', name: 'root' } },
  });
  expect(said('CRON', 'pam_unix(cron:session): session closed for user root')).toMatchObject({
    event: { category: ['session'], type: ['end'], action: 'logged-off' },
    user: { name: 'root' },
  });
  expect(
    said(
      'sshd',
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root',
    ),
  ).toMatchObject({
    event: { category: ['authentication'], action: 'authentication_failure', outcome: 'failure' },
    user: { name: 'root' },
    source: { ip: '192.0.2.7' },
  });
  expect(said('passwd', 'pam_unix(passwd:chauthtok): password changed for ada')).toMatchObject({
    event: { category: ['iam'], action: 'password-changed', outcome: 'success' },
    user: { name: 'ada', target: { name: 'ada' } },
  });
});

test('accounts, su, logind', () => {
  expect(
    said('useradd', 'new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash, from=/dev/pts/0'),
  ).toMatchObject({
    event: { category: ['iam'], type: ['user', 'creation'], outcome: 'success' },
    user: { id: '1001', name: 'eve' },
    group: { id: '1001' },
    system: { auth: { useradd: { home: '/home/eve', shell: '/bin/bash' } } },
  });
  expect(said('usermod', "add 'eve' to group 'sudo'")).toMatchObject({
    event: { type: ['user', 'change'], action: 'group-member-added' },
    user: { name: 'eve' },
    group: { name: 'sudo' },
  });
  expect(said('su', 'FAILED SU (to root) eve on pts/1')).toMatchObject({
    event: { outcome: 'failure' },
    user: { name: 'eve', effective: { name: 'root' } },
  });
  expect(said('systemd-logind', 'New session 5 of user ada.')).toMatchObject({
    event: { category: ['session'], type: ['start'] },
    user: { name: 'ada' },
  });
});

test('a message of no authentication is a message', () => {
  const event = read('<30>1 2026-01-01T03:04:05Z web-1 nginx 7 - [x@1 a="b"] started');
  expect(event.dataStreams).toEqual(['logs-system.syslog-default']);
  expect(event.document()).toMatchObject({
    message: 'started',
    process: { name: 'nginx', pid: 7 },
    log: {
      syslog: { priority: 30, facility: { code: 3 }, severity: { code: 6 }, structured_data: { 'x@1': { a: 'b' } } },
    },
  });
  expect(event.text('event.category')).toBeUndefined();
});

test('audit records behind a header are put together as those of the audit log', () => {
  const id = 'msg=audit(1767236645.123:9):';
  const records = [
    `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes pid=9 exe="/usr/bin/id"`,
    `type=EXECVE ${id} argc=1 a0="id"`,
    `type=PROCTITLE ${id} proctitle="id"`,
  ];
  const event = readEvents(records.map((record) => `Jan  1 03:04:05 web-1 audispd: ${record}`).join('\n')).events[0];
  expect(event?.format).toBe('auditd');
  expect(event?.text('host.name')).toBe('web-1');
  expect(event?.text('process.command_line')).toBe('id');
  const kernel = read(
    'Jan  1 03:04:05 web-1 kernel: [   12.345678] audit: type=1400 audit(1767236645.123:9): apparmor="DENIED" operation="open" profile="x" name="/etc/shadow" pid=9 comm="cat"',
  );
  expect(kernel.text('auditd.message_type')).toBe('avc');
  expect(kernel.text('event.action')).toBe('violated-apparmor-policy');
  expect(kernel.text('host.name')).toBe('web-1');
});

test('every field read alone is what the document holds', () => {
  const line = 'Jan  1 03:04:05 web-1 sudo: ada : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id -u';
  const check = (value: unknown, field: string) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, part] of Object.entries(value)) check(part, field === '' ? name : `${field}.${name}`);
    } else if (!field.startsWith('log.file') && field !== 'log.offset') {
      expect(read(line).json(field), field).toEqual(value);
    }
  };
  check(document(line), '');
});

test('long and odd messages take no long', () => {
  const spent = processorMs(() => {
    for (const part of ['a', ' ', '; ', 'PWD=', '[', 'x="', "'", 'for invalid user ']) {
      for (const head of ['sudo: a : TTY=', 'sshd: Failed x for ', '', 'useradd: new user: name=']) {
        readEvents(`Jan  1 03:04:05 h ${head}${part.repeat(200_000)}`);
      }
      readEvents(`<34>1 - - - - - [a ${part.repeat(200_000)}`);
    }
  });
  expect(spent).toBeLessThan(BOUNDED_MS);
});
