import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';

const OBJECT = {
  ID: '1700000000.123:5',
  NODE: 'vm',
  SYSCALL: {
    arch: '0xc000003e',
    syscall: 59,
    success: 'yes',
    exit: 0,
    ppid: 10,
    pid: 1005,
    auid: 1000,
    uid: 1000,
    euid: 1000,
    ses: 7,
    tty: 'pts3',
    comm: 'caf%c3%a9',
    exe: '/opt/a%2bb',
    key: null,
    ARGV: ['0x5580', '0xcafe'],
    UID: 'ada',
    SYSCALL: 'execve',
    PPID: { comm: 'bash', exe: '/usr/bin/bash', ppid: 9 },
  },
  EXECVE: { argc: 4, ARGV: ['date', '%2b%25s', 'é %ff', ''], ARGV_STR: 'date %2b%25s é %ff ' },
  CWD: { cwd: '/srv/my dir' },
  PATH: [{ item: 0, name: '/opt/a%2bb', mode: '0o100755' }],
  PROCTITLE: { ARGV: ['date', '%2b%25s'] },
};
const read = (object: object) => readEvents(JSON.stringify(object));

test('an execution as ECS, percent-encoding undone', () => {
  const [event] = read(OBJECT).events as [Event];
  expect(event.format).toBe('laurel');
  expect(event.id).toBe('vm/1700000000.123:5');
  expect(event.standsInFor).toEqual(['logs-endpoint.events.process-vedette']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2023-11-14T22:13:20.123Z',
    event: { action: ['exec', 'executed'], type: ['start'], module: 'auditd' },
    host: { name: 'vm', architecture: 'x86_64' },
    user: { id: '1000', name: 'ada' },
    process: {
      pid: 1005,
      name: 'a+b',
      executable: '/opt/a+b',
      args: ['date', '+%s', 'é \ufffd', ''],
      args_count: 4,
      command_line: 'date +%s é \ufffd ',
      title: 'date +%s',
      working_directory: '/srv/my dir',
      parent: { pid: 10 },
    },
    auditd: {
      data: { a0: '5580', a1: 'cafe', arch: 'x86_64', syscall: 'execve' },
      paths: [{ item: '0', name: '/opt/a+b', mode: '0100755' }],
      record: { syscall: { comm: 'café', PPID: { exe: '/usr/bin/bash' } } },
    },
  });
});

test('where only the joined arguments are written, they are split at spaces', () => {
  const [event] = read({ ...OBJECT, EXECVE: { argc: 2, ARGV_STR: 'date %2b%25s' } }).events as [Event];
  expect(event.json('process.args')).toEqual(['date', '+%s']);
});

test('odd shapes are put aside or read as far as they go', () => {
  expect(read({ ID: '1700000000.123:5' }).rejects.map(({ code }) => code)).toEqual(['bad-audit-record']);
  expect(read({ ID: '1700000000.123:5', SYSCALL: 5, EXECVE: null }).rejects).toHaveLength(1);
  const odd =
    '{"ID":"1700000000.123:5","SYSCALL":[{"__proto__":{"pid":7},"pid":{"a":[1]},"exe":5}],"__proto__":{"x":1}}';
  const [event] = readEvents(odd).events as [Event];
  expect(event.document()).toMatchObject({ process: { executable: '5' } });
  expect(event.json('process.pid')).toBeUndefined();
});

test('corpora: the same executions as in the raw log', (context) => {
  for (const [raw, laurel, count] of [
    ['audit-clean-raw.log', 'laurel-clean.ndjson', 298],
    ['audit-python2-and-variants-raw.log', 'laurel-python2-and-variants.ndjson', 21],
  ] as const) {
    const executions = (file: string) => {
      const { events, rejects } = readEvents(readFileSync(requireCorpora(context, 'linux-audit', file)));
      expect(rejects).toEqual([]);
      return new Map(
        events.filter((event) => event.values('event.action').includes('exec')).map((event) => [event.id, event]),
      );
    };
    const [one, other] = [executions(raw), executions(laurel)];
    expect(one.size).toBe(count);
    expect([...other.keys()].sort()).toEqual([...one.keys()].sort());
    for (const [id, event] of one) {
      for (const field of ['@timestamp', 'event', 'host', 'user', 'process', 'tags']) {
        expect(other.get(id)?.json(field), `${id} ${field}`).toEqual(event.json(field));
      }
    }
  }
});
