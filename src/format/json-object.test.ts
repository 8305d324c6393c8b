import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';

const read = (line: object, settings = {}): Event => {
  const { events, rejects } = readEvents(JSON.stringify(line), settings);
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(1);
  return events[0] as Event;
};
const time = (line: object) => read(line).text('@timestamp');

test('an object is an event under its own names', () => {
  const line = { EventType: 'authentication_failure', User: 'ada', nested: { 'a.b': [1] }, log: 'text' };
  const event = read(line);
  expect(event.format).toBe('json');
  expect(event.dataStreams).toEqual([]);
  const { log, ...document } = event.document() as { log: object };
  expect(document).toEqual({
    EventType: 'authentication_failure',
    User: 'ada',
    nested: { 'a.b': [1] },
    json: { log: 'text' },
    '@timestamp': '2026-01-02T00:00:00.000Z',
  });
  expect(log).toEqual({ file: { path: 'test.log' }, offset: 0 });
});

test('names of ECS work', () => {
  const event = read(
    {
      time: '2026-01-01T00:00:00Z',
      event: { category: 'process', dataset: 'app.audit' },
      'process.name': 'sh',
      host: 'a',
    },
    { hostName: 'b' },
  );
  expect([event.text('event.category'), event.text('process.name'), event.text('host')]).toEqual([
    'process',
    'sh',
    'a',
  ]);
  expect(event.dataStreams).toEqual(['logs-app.audit-default']);
  expect(read({ _index: '.ds-logs-a.b-x-2026.01.01-000001', _id: 'i' })).toMatchObject({
    dataStreams: ['logs-a.b-x'],
    id: 'i',
  });
  expect(read({ a: 1 }, { hostName: 'web-1' }).text('host.name')).toBe('web-1');
});

test('the time stands under the usual names, in the usual ways', () => {
  for (const name of ['timestamp', 'time', '_time', 'ts', 'Timestamp', 'eventTime', 'TimeGenerated']) {
    expect(time({ [name]: '2026-01-01T01:02:03.5+01:00' }), name).toBe('2026-01-01T00:02:03.500Z');
  }
  const same = '2025-12-31T23:59:59.123Z';
  for (const value of [1767225599.123, '1767225599.123', 1767225599123, '1767225599123000', '1767225599123000000']) {
    expect(time({ ts: value }), String(value)).toBe(same);
  }
  expect(time({ ts: '1767225599123456789' })).toBe('2025-12-31T23:59:59.1234567Z');
  expect(time({ time: '12:30', ts: 1767225599.123 })).toBe(same);
  expect(time({ time: {}, ts: 7, datetime: '2026-13-01' })).toBe('2026-01-02T00:00:00.000Z');
});

test('a line of syslog in it is read, and what is around it stays', () => {
  const event = read({
    message: '<38>Jan  1 03:04:05 web-1 sshd[77]: Accepted password for ada from 192.0.2.7 port 4711 ssh2',
    relay: 'r1',
    host: 'r1',
    'event.kind': 'x',
  });
  expect(event.dataStreams).toEqual(['logs-system.auth-default']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-01T03:04:05.000Z',
    event: { action: 'ssh_login', original: expect.stringContaining('<38>Jan') },
    message: expect.stringMatching(/^Accepted/),
    host: { name: 'web-1' },
    user: { name: 'ada' },
    relay: 'r1',
    json: { host: 'r1', 'event.kind': 'x' },
  });
  expect(event.text('json.host')).toBe('r1');
  expect(read({ message: 'hello', a: 1 }).document()).toMatchObject({ message: 'hello', a: 1 });
});

test('audit records in such lines are put together', () => {
  const id = 'msg=audit(1767236645.123:9):';
  const lines = [
    `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes exit=0 pid=9 exe="/usr/bin/python3"`,
    `type=EXECVE ${id} argc=1 a0="python3"`,
  ].map((record) => JSON.stringify({ message: `<13>Jan  1 03:04:05 web-1 audispd: ${record}` }));
  const { events, rejects } = readEvents(lines.join('\n'));
  expect(rejects).toEqual([]);
  expect(events.map(({ format }) => format)).toEqual(['auditd']);
  expect(events[0]?.text('host.name')).toBe('web-1');
});

test('what a known format writes is never taken for an object of no format, whatever came before it', () => {
  const lines = {
    json: { a: 1 },
    'elastic-defend': { '@timestamp': '2026-01-01T00:00:00Z', process: { name: 'x' } },
    procfs: { procfs: 1, time: '2026-01-01T00:00:00Z', pid: 1 },
    winlogbeat: { '@timestamp': '2026-01-01T00:00:00Z', winlog: { event_id: 1, channel: 'System' } },
    'windows-flat': { EventID: 1, Channel: 'System', '@timestamp': '2026-01-01T00:00:00Z' },
    journald: { __REALTIME_TIMESTAMP: '1767236645123456', MESSAGE: 'x' },
  };
  const names = Object.keys(lines) as (keyof typeof lines)[];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 12 }), (order) => {
      const { events } = readEvents(order.map((name) => JSON.stringify(lines[name])).join('\n'));
      expect(events.map(({ format }) => format)).toEqual(order);
    }),
    { numRuns: 50 },
  );
});

test('fields are the same alone as in the document, whatever the values are', () => {
  const messages = ['<38>Jan  1 03:04:05 web-1 su: x', 'hello', '<189>Jan 6 02:28:49 sw %AAA-5-USER_LOGGED: User a'];
  for (const message of messages) {
    const record: JsonObject = { message, time: 1767225599, host: 'a', log: 'x', json: { a: 1 }, user: { name: 'b' } };
    expectLazyIsEager(JSON.stringify(record));
    expectOddValuesAreRead(record);
  }
});

test('JSON that is no object is none', () => {
  const { rejects } = readEvents('[{"a":1}]\n1\n"a"\nnull\n{"a":');
  expect(rejects.map(({ code }) => code)).toEqual([...Array(4).fill('unknown-format'), 'not-json']);
});
