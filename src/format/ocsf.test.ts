import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';

const LAUNCH = {
  class_uid: 1007,
  category_uid: 1,
  activity_id: 1,
  activity_name: 'Launch',
  type_uid: 100701,
  time: 1767236645123,
  status_id: 1,
  severity_id: 1,
  metadata: { uid: 'e-1', version: '1.3.0', product: { name: 'Sensor' } },
  device: { hostname: 'web-1', uid: 'd-1', ip: '10.0.0.5', os: { type_id: 200, name: 'Debian' } },
  actor: { process: { pid: 7, name: 'bash', cmd_line: 'bash -i' }, user: { name: 'ada', uid: '1000' } },
  process: {
    pid: 44,
    uid: 'p-44',
    cmd_line: 'python3 -m http.server 8000',
    working_directory: '/srv',
    created_time: 1767236645000,
    file: {
      name: 'python3.11',
      path: '/usr/bin/python3.11',
      hashes: [{ algorithm: 'SHA-256', algorithm_id: 3, value: 'ABCD' }],
    },
    user: { name: '-', uid: 'NULL SID' },
  },
};
const read = (event: object): Event => {
  const { events, rejects } = readEvents(JSON.stringify(event));
  expect(rejects).toEqual([]);
  return events[0] as Event;
};

test('a process launch', () => {
  const event = read(LAUNCH);
  expect(event.format).toBe('ocsf');
  expect(event.id).toBe('e-1');
  expect(event.dataStreams).toEqual([]);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-01T03:04:05.123Z',
    event: {
      kind: 'event',
      category: ['process'],
      type: ['start'],
      action: ['start', 'launch'],
      outcome: 'success',
      provider: 'Sensor',
    },
    host: { name: 'web-1', id: 'd-1', ip: ['10.0.0.5'], os: { type: 'linux', name: 'Debian' } },
    user: { name: 'ada', id: '1000' },
    process: {
      pid: 44,
      entity_id: 'p-44',
      name: 'python3.11',
      executable: '/usr/bin/python3.11',
      command_line: 'python3 -m http.server 8000',
      args: ['python3', '-m', 'http.server', '8000'],
      args_count: 4,
      working_directory: '/srv',
      start: '2026-01-01T03:04:05.000Z',
      hash: { sha256: 'abcd' },
      parent: { pid: 7, name: 'bash', command_line: 'bash -i', args: ['bash', '-i'] },
    },
    ocsf: { class_uid: 1007, process: { user: { uid: 'NULL SID' } } },
  });
});

test('the end of a process is of the process itself; its parent is the one it names', () => {
  const { process } = LAUNCH;
  const event = read({
    ...LAUNCH,
    activity_id: 2,
    activity_name: 'Terminate',
    exit_code: 1,
    process: { ...process, terminated_time: 1767236646000, parent_process: { pid: 6 } },
  });
  expect(event.document()).toMatchObject({
    event: { type: ['end'], action: ['end', 'terminate'] },
    process: { exit_code: 1, end: '2026-01-01T03:04:06.000Z', parent: { pid: 6 } },
  });
  expect(event.text('process.parent.name')).toBeUndefined();
});

test('network activity, of the process that acts', () => {
  const { process: _, ...rest } = LAUNCH;
  expect(
    read({
      ...rest,
      class_uid: 4001,
      category_uid: 4,
      activity_id: 1,
      activity_name: 'Open',
      src_endpoint: { ip: '10.0.0.5', port: 50000 },
      dst_endpoint: { ip: '192.0.2.7', port: 443, hostname: 'example.org' },
      connection_info: { protocol_num: 6, direction_id: 2, protocol_ver: 'IPv4' },
      traffic: { bytes: 12345678901234567890n.toString(), bytes_out: 5 },
    }).document(),
  ).toMatchObject({
    event: { category: ['network'], type: ['connection', 'start'], action: ['open'] },
    process: { pid: 7, name: 'bash' },
    source: { ip: '10.0.0.5', port: 50000, bytes: 5 },
    destination: { ip: '192.0.2.7', port: 443, domain: 'example.org' },
    network: { direction: 'outbound', transport: 'tcp', type: 'ipv4', bytes: '12345678901234567890' },
    related: { ip: ['10.0.0.5', '192.0.2.7'] },
  });
});

test('values of other kinds read as missing', () => {
  const odd = [null, 1, 'x', [], {}, [[]], { path: { path: 1 } }, true];
  for (const value of odd) {
    for (const name of Object.keys(LAUNCH)) {
      for (const event of readEvents(JSON.stringify({ ...LAUNCH, [name]: value })).events) event.document();
    }
  }
});

test('corpora: launches and ends as Windows recorded them', (context) => {
  const load = (name: string) =>
    read(JSON.parse(readFileSync(requireCorpora(context, 'vendor', 'ocsf', name), 'utf8')));
  expect(load('win4688_0.ocsf.json').document()).toMatchObject({
    '@timestamp': '2021-03-12T15:48:14.000Z',
    event: { category: ['process'], type: ['start'], code: '4688', outcome: 'success' },
    host: { os: { type: 'windows' } },
    user: { name: 'Administrator', domain: 'ATTACKRANGE' },
    process: {
      pid: 4696,
      name: 'reg.exe',
      executable: 'C:\\Windows\\System32\\reg.exe',
      args: ['reg', 'save', 'HKLM\\system', 'C:\\Users\\ADMINI~1\\AppData\\Local\\Temp\\system'],
      parent: { pid: 3948, name: 'cmd.exe', executable: 'C:\\Windows\\System32\\cmd.exe' },
    },
  });
  expect(load('win4689_0.ocsf.json').document()).toMatchObject({
    event: { type: ['end'], code: '4689' },
    process: { pid: 1524, name: 'auditon.exe', exit_code: 0 },
  });
});

test('corpora: all 43 events of OCSF are read, and what they name is filled', (context) => {
  const folder = requireCorpora(context, 'vendor', 'sekoia', 'ocsf');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(files).toHaveLength(43);
  for (const file of files) {
    const raw = JSON.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')).input.message);
    const event = read(raw);
    expect(event.format, file).toBe('ocsf');
    expect(event.json('ocsf'), file).toEqual(raw);
    expect(event.time.ms, file).toBeGreaterThanOrEqual(0);
    if (raw.class_uid === 4001) expect(event.values('event.category'), file).toEqual(['network']);
    for (const [given, field] of [
      [raw.src_endpoint?.ip, 'source.address'],
      [raw.dst_endpoint?.ip, 'destination.address'],
      [raw.process?.cmd_line, 'process.command_line'],
    ]) {
      if (given !== undefined && given !== '-') expect(event.text(field), file).toBe(given);
    }
  }
});
