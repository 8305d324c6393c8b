import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';

const EXEC = {
  event_type_full: 'process_event',
  event_subtype_full: 'exec_event',
  opcode: 5,
  pid: 4711,
  ppid: 4000,
  process_name: 'python3.11',
  process_path: '/usr/bin/python3.11',
  command_line: 'python3 -m http.server',
  parent_process_name: 'bash',
  parent_command_line: 'bash -l',
  unique_pid: 77,
  unique_ppid: 76,
  user_name: 'ada',
  timestamp: '134124736001234567',
  hostname: 'web-07',
  md5: 'a'.repeat(32),
};
const read = (record: object): Event => readEvents(JSON.stringify(record)).events[0] as Event;

test('an execution as ECS', () => {
  const event = read(EXEC);
  expect([event.format, event.dataStreams]).toEqual(['endgame', ['endgame-vedette']]);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-09T23:06:40.1234567Z',
    event: { action: 'exec_event', category: ['process'], type: ['start'], module: 'endgame' },
    host: { name: 'web-07', os: { type: 'linux' } },
    user: { name: 'ada' },
    process: {
      pid: 4711,
      entity_id: '77',
      args: ['python3', '-m', 'http.server'],
      hash: { md5: 'a'.repeat(32) },
      parent: { pid: 4000, name: 'bash', entity_id: '76', args: ['bash', '-l'], args_count: 2 },
    },
    endgame: { ...EXEC },
  });
});

test('files, the registry, names, connections', () => {
  const { process_path: _, ...base } = EXEC;
  const as = (kind: string, subtype: string, more: object) =>
    read({ ...base, event_type_full: kind, event_subtype_full: subtype, ...more }).document();
  expect(
    as('file_event', 'file_rename_event', { file_path: 'C:\\a\\b.txt', old_file_path: 'C:\\a\\c.txt' }),
  ).toMatchObject({
    event: { category: ['file'], type: ['change'] },
    host: { os: { type: 'windows' } },
    file: { name: 'b.txt', directory: 'C:\\a', Ext: { original: { name: 'c.txt' } } },
  });
  expect(
    as('registry_event', 'registry_modify_event', {
      registry_path: '\\REGISTRY\\MACHINE\\x',
      registry_type: 'multi_string',
      bytes_written_string_list: ['a', 'b', 3],
    }),
  ).toMatchObject({
    event: { type: ['change'] },
    registry: { path: '\\REGISTRY\\MACHINE\\x', data: { type: 'REG_MULTI_SZ', strings: ['a', 'b'] } },
  });
  expect(as('dns_event', 'request_event', { query_name: 'example.org.' })).toMatchObject({
    event: { category: ['network'], type: ['info', 'protocol'] },
    dns: { question: { name: 'example.org' } },
  });
  expect(
    as('network_event', 'ipv4_connection_attempt_event', {
      subtype: 'outgoing',
      protocol: 'tcp',
      source_address: '192.0.2.1',
      destination_address: 'x',
      destination_port: 443,
    }),
  ).toMatchObject({
    event: { type: ['start', 'connection'] },
    network: { transport: 'tcp', direction: 'egress' },
    source: { ip: '192.0.2.1' },
    destination: { port: 443 },
    endgame: { destination_address: 'x' },
  });
});

test('documents that Endgame wrote in ECS are in its indices', () => {
  const document = { '@timestamp': '2026-01-01T00:00:00Z', event: { module: 'endgame', category: 'process' } };
  expect(read(document).dataStreams).toEqual(['endgame-vedette']);
  expect(read({ _index: 'endgame-1.4.0', _source: document }).dataStreams).toEqual(['endgame-1.4.0']);
});

test('odd values are read or rejected', () => {
  expectOddValuesAreRead(EXEC);
  expect(readEvents(JSON.stringify({ ...EXEC, timestamp: 5 })).events[0]).toBeUndefined();
});

test('corpora: Endgame’s own events', (context) => {
  const bytes = readFileSync(requireCorpora(context, 'eql', 'datasets', 'endgame.ndjson'));
  const { events, rejects } = readEvents(bytes);
  expect(rejects).toEqual([]);
  expect(new Set(events.map(({ format }) => format))).toEqual(new Set(['endgame']));
  expectLazyIsEager(bytes);
  for (const event of events) {
    for (const field of ['process.name', 'process.pid', 'event.type', 'event.action']) {
      expect(event.json(field), field).toBeDefined();
    }
  }
  expect(events.filter((event) => event.values('event.type').includes('start')).length).toBeGreaterThan(12);
});
