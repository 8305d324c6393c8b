import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';

const AGENT = { agentid: 'a-1', hostname: 'Web-07', ostype: 'linux', osversion: '6.1', osproducttype: 'Debian 12' };
const START = {
  '@event_create_date': '2026-02-03T04:05:06.123Z',
  '@timestamp': '2026-02-03T04:05:09Z',
  log_type: 'process',
  agent: AGENT,
  commandline: 'python3 -m http.server 8080',
  current_directory: '/srv',
  hashes: { sha256: 'ab'.repeat(32) },
  image_name: '/usr/bin/python3.11',
  parent_image: '/usr/bin/bash',
  parent_commandline: '-bash',
  parent_unique_id: 'p-1',
  process_name: 'python3.11',
  process_unique_id: 'p-2',
  pid: 4711,
  ppid: 4000,
  username: 'ada',
  logonid: '12345678901234567890',
};
const read = (record: object): Event => readEvents(JSON.stringify(record)).events[0] as Event;

test('a process start, at its own time', () => {
  const event = read(START);
  expect(event.format).toBe('harfanglab');
  expect(event.dataStreams).toEqual(['logs-harfanglab.edr-default']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-02-03T04:05:06.123Z',
    event: { category: ['process'], type: ['start'], action: 'start', kind: 'event' },
    host: { name: 'web-07', os: { type: 'linux' } },
    user: { name: 'ada' },
    process: {
      name: 'python3.11',
      executable: '/usr/bin/python3.11',
      args: ['python3', '-m', 'http.server', '8080'],
      working_directory: '/srv',
      entity_id: 'p-2',
      pid: 4711,
      parent: { name: 'bash', entity_id: 'p-1', pid: 4000, command_line: '-bash' },
    },
    harfanglab: { logonid: '12345678901234567890' },
  });
});

test('what other records are of shows in their fields', () => {
  const rest = { '@event_create_date': START['@event_create_date'], agent: AGENT, process_unique_id: 'p', pid: 1 };
  expect(read({ ...rest, event_path: 'C:\\x\\y.exe', operation: 'create' }).document()).toMatchObject({
    event: { category: ['file'], type: ['creation'] },
    file: { path: 'C:\\x\\y.exe', name: 'y.exe' },
  });
  const connection = { saddr: '10.0.0.1', daddr: '10.0.0.2', dport: 443, sport: 5, direction: 'out' };
  expect(read({ ...rest, ...connection }).document()).toMatchObject({
    event: { category: ['network'], type: ['connection'] },
    network: { direction: 'outbound' },
    destination: { ip: '10.0.0.2', port: 443 },
  });
  expect(read({ ...rest, target_object: 'HKLM\\SOFTWARE\\Run\\x', details: 'evil.exe' }).json('registry')).toEqual({
    path: 'HKLM\\SOFTWARE\\Run\\x',
    hive: 'HKLM',
    key: 'SOFTWARE\\Run',
    value: 'x',
    data: { strings: ['evil.exe'] },
  });
  expect(read({ ...rest, requested_name: 'example.org', ip_addresses: ['192.0.2.1'] }).document()).toMatchObject({
    dns: { question: { name: 'example.org' }, resolved_ip: ['192.0.2.1'] },
  });
});

test('an alert is about the process that it holds', () => {
  const { '@event_create_date': created, agent, ...process } = START;
  const alert = {
    '@event_create_date': created,
    agent,
    log_type: 'alert',
    alert_unique_id: 'x-1',
    rule_name: 'R',
    process,
  };
  const event = read(alert);
  expect(event.id).toBe('x-1');
  expect(event.document()).toMatchObject({
    event: { kind: 'alert', category: ['process'], type: ['info'] },
    process: { name: 'python3.11' },
    rule: { name: 'R' },
  });
});

test('lazy is eager, and odd values are read', () => {
  expectLazyIsEager(JSON.stringify(START));
  expectOddValuesAreRead(START);
});

test('corpora: raw records are read, and process starts filled', (context) => {
  const folder = requireCorpora(context, 'vendor', 'sekoia', 'harfanglab');
  for (const file of readdirSync(folder)) {
    const { input } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { input: { message: string } };
    const { events, rejects } = readEvents(JSON.stringify(JSON.parse(input.message)));
    expect(rejects, file).toEqual([]);
    const [event] = events;
    expect(event?.format, file).toBe('harfanglab');
    expect(['linux', 'windows'], file).toContain(event?.text('host.os.type'));
    if (event?.text('event.type') !== 'start' || event.text('event.category') !== 'process') continue;
    for (const field of ['name', 'executable', 'command_line', 'args', 'pid', 'entity_id', 'parent.executable']) {
      expect(event.json(`process.${field}`), `${file} ${field}`).toBeDefined();
    }
  }
});
