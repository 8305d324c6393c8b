import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';

const ALERT = {
  uuid: '5b2a',
  time: '2026-01-02T03:04:05.678901234Z',
  rule: 'Server started by a shell',
  priority: 'Warning',
  output: 'a server was started',
  source: 'syscall',
  tags: ['host', 'T1059', 'T1059.006'],
  hostname: 'web-1',
  output_fields: {
    'evt.type': 'execve',
    'evt.category': 'process',
    'evt.res': 'SUCCESS',
    'evt.time': 1767323045678901234n,
    'proc.pid': 44,
    'proc.ppid': 7,
    'proc.name': 'python3',
    'proc.exe': 'python3',
    'proc.exepath': '/usr/bin/python3.11',
    'proc.args': '-m http.server 8000',
    'proc.cmdline': 'python3 -m http.server 8000',
    'proc.cwd': '/srv/',
    'proc.pname': 'bash',
    'proc.pcmdline': 'bash -i',
    'proc.pexepath': '<NA>',
    'user.name': 'ada',
    'user.uid': 1000,
    'container.id': 'host',
    'fd.name': null,
  },
};

const line = (alert: object) =>
  JSON.stringify(alert, (_, value) => (typeof value === 'bigint' ? `#${value}#` : value)).replace(/"#(\d+)#"/g, '$1');

test('an alert of a process start', () => {
  const { events, rejects } = readEvents(line(ALERT));
  expect(rejects).toEqual([]);
  const [event] = events as [Event];
  expect(event.format).toBe('falco');
  expect(event.id).toBe('5b2a');
  expect(event.dataStreams).toEqual(['logs-falco.alerts-default']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-02T03:04:05.6789012Z',
    event: {
      kind: 'alert',
      category: ['process'],
      type: ['start'],
      action: 'execve',
      outcome: 'success',
      severity: 47,
      provider: 'syscall',
    },
    rule: { name: 'Server started by a shell' },
    threat: { technique: { id: ['T1059'], subtechnique: { id: ['T1059.006'] } } },
    host: { name: 'web-1', os: { type: 'linux' } },
    user: { id: '1000', name: 'ada' },
    process: {
      pid: 44,
      name: 'python3',
      executable: '/usr/bin/python3.11',
      args: ['python3', '-m', 'http.server', '8000'],
      command_line: 'python3 -m http.server 8000',
      working_directory: '/srv/',
      parent: { pid: 7, name: 'bash', command_line: 'bash -i' },
      user: { id: '1000', name: 'ada' },
    },
    falco: { priority: 'Warning', output_fields: { 'evt.time': '1767323045678901234', 'proc.pname': 'bash' } },
  });
  expect(event.text('process.parent.executable')).toBeUndefined();
  expect(event.text('falco.output_fields.proc.pname')).toBe('bash');
});

test('files and connections', () => {
  const read = (fields: object) =>
    (readEvents(line({ ...ALERT, output_fields: fields })).events[0] as Event).document();
  expect(read({ 'evt.type': 'openat', 'fd.name': '/etc/shadow', 'fd.type': 'file' })).toMatchObject({
    event: { category: ['process'], type: ['access'] },
    file: { path: '/etc/shadow', name: 'shadow', directory: '/etc' },
  });
  expect(
    read({
      'evt.type': 'connect',
      'evt.category': 'net',
      'fd.name': '10.0.0.1:50->192.0.2.1:80',
      'fd.type': 'ipv4',
      'fd.cip': '10.0.0.1',
      'fd.sip': '192.0.2.1',
      'fd.sport': 80,
      'fd.l4proto': 'tcp',
    }),
  ).toMatchObject({
    event: { category: ['network'], type: ['connection'] },
    source: { ip: '10.0.0.1' },
    destination: { ip: '192.0.2.1', port: 80 },
    network: { transport: 'tcp' },
  });
});

test('the time may be in nanoseconds; without any the alert is put aside', () => {
  const { time: _, ...timeless } = ALERT;
  expect(readEvents(line(timeless)).events[0]?.text('@timestamp')).toBe('2026-01-02T03:04:05.6789012Z');
  const { rejects } = readEvents(line({ ...timeless, output_fields: {} }));
  expect(rejects.map(({ code }) => code)).toEqual(['no-time']);
});

test('corpora: the alert that OCSF shows', (context) => {
  const raw = JSON.parse(readFileSync(requireCorpora(context, 'vendor', 'ocsf', 'falco.raw'), 'utf8'));
  const [event] = readEvents(JSON.stringify(raw)).events as [Event];
  expect(event.format).toBe('falco');
  expect(event.text('rule.name')).toBe(raw.rule);
  expect(event.text('host.name')).toBe(raw.hostname);
  expect(event.text('process.parent.name')).toBe(raw.output_fields['proc.pname']);
});
