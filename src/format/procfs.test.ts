import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import { procfsEntityId } from './process-entity.ts';

const LINE = {
  procfs: 1,
  time: '2026-01-01T10:00:00.5Z',
  pid: 500,
  ppid: 20,
  comm: 'python3',
  exe: '/usr/bin/python3.11 (deleted)',
  args: ['python3', '-m', 'http.server'],
  cwd: '/srv',
  uid: '0',
  user: 'root',
  tty: 'pts/1',
  start_ticks: 12345,
  host: 'vm',
  host_id: 'h1',
};
const read = (line: object, settings = {}) => readEvents(JSON.stringify(line), settings);

test('a process start as ECS', () => {
  const [event] = read(LINE).events as [Event];
  expect(event.dataStreams).toEqual(['logs-procfs.process-vedette', 'logs-endpoint.events.process-vedette']);
  expect(event.standsInFor).toEqual(['logs-endpoint.events.process-vedette']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-01T10:00:00.500Z',
    event: {
      category: ['process'],
      type: ['start'],
      action: ['exec'],
      module: 'procfs',
      dataset: 'procfs.process',
      kind: 'event',
    },
    host: { name: 'vm', id: 'h1', os: { type: 'linux' } },
    user: { id: '0', name: 'root' },
    process: {
      pid: 500,
      entity_id: procfsEntityId('h1', 500, 12345),
      name: 'python3.11',
      executable: '/usr/bin/python3.11',
      args: ['python3', '-m', 'http.server'],
      args_count: 3,
      command_line: 'python3 -m http.server',
      working_directory: '/srv',
      tty: { char_device: { major: 136, minor: 1 } },
      parent: { pid: 20 },
    },
  });
});

test('the same line has the same id; the entity is the same over exec and another after pid reuse', () => {
  const one = read(LINE).events[0];
  expect(read(LINE).events[0]?.id).toBe(one?.id);
  const exec = read({ ...LINE, exe: '/bin/sh', time: '2026-01-01T10:00:01Z' }).events[0];
  expect(exec?.id).not.toBe(one?.id);
  expect(exec?.text('process.entity_id')).toBe(one?.text('process.entity_id'));
  expect(read({ ...LINE, start_ticks: 99999 }).events[0]?.text('process.entity_id')).not.toBe(
    one?.text('process.entity_id'),
  );
});

test('what is missing stays missing, what is needed is asked for', () => {
  const [event] = read(
    { procfs: 1, time: '2026-01-01T00:00:00Z', pid: 1, args: [], comm: 'kthreadd' },
    { standsInForEndpoint: false },
  ).events;
  expect(event?.dataStreams).toEqual(['logs-procfs.process-vedette']);
  expect(event?.text('process.name')).toBe('kthreadd');
  expect(event?.text('process.executable')).toBeUndefined();
  for (const line of [{ ...LINE, time: 'x' }, { ...LINE, pid: '5' }, { procfs: 1 }]) {
    expect(read(line).rejects.map(({ code }) => code)).toEqual(['bad-procfs-record']);
  }
});
