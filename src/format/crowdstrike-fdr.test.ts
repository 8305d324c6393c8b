import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { feed, readEvents } from '../../test/read-events.ts';
import { compareWithRecorded } from '../../test/recorded-pairs.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';
import { type JsonObject, parseJson } from '../event/json.ts';
import { CROWDSTRIKE_FDR } from './deviations/crowdstrike-fdr.ts';
import { openStream } from './stream.ts';

const START = {
  event_simpleName: 'ProcessRollup2',
  event_platform: 'Lin',
  id: 'i-1',
  aid: 'a-1',
  cid: 'c-1',
  aip: '192.0.2.7',
  timestamp: '1768000000123',
  ImageFileName: '/usr/bin/python3.11',
  CommandLine: 'python3 -m http.server 8000',
  RawProcessId: '4711',
  TargetProcessId: '18446744073709551615',
  ParentProcessId: '77',
  ParentBaseFileName: 'bash',
  ProcessStartTime: '1767999999.5',
  ProcessEndTime: '1768000004.4',
  UID: '1001',
  GID: '100',
  Tags: '1, 2',
  OddCount: '12345678901234567890',
};
const LISTEN = {
  event_simpleName: 'NetworkConnectIP6',
  event_platform: 'Win',
  aid: 'a-1',
  cid: 'c-1',
  timestamp: 1768000000123,
  ConnectionDirection: '1',
  LocalAddressIP6: '2001:db8::1',
  LocalPort: '443',
  RemoteAddressIP6: '2001:db8::2',
  RemotePort: '50000',
  Protocol: '6',
  ContextProcessId: '5',
  ContextBaseFileName: 'a.exe',
  UserSid: 'S-1-5-21-1-2-3-1001',
};
const MASTER = {
  aid: 'a-1',
  cid: 'c-1',
  Time: '1767990000.5',
  ComputerName: 'web-07',
  MachineDomain: 'corp.example',
  Version: 'Debian 12',
  event_platform: 'Lin',
};
const USER = { cid: 'c-1', _time: '1767990000.5', UserSid_readable: LISTEN.UserSid, User: 'CORP\\ada' };

const lines = (...records: object[]): string => records.map((record) => JSON.stringify(record)).join('\n');
const read = (...records: object[]): readonly Event[] => readEvents(lines(...records)).events;

test('a process start as ECS', () => {
  const [event] = read(START) as [Event];
  expect(event.id).toBe('i-1|a-1|c-1');
  expect(event.dataStreams).toEqual(['logs-crowdstrike.fdr-default']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-09T23:06:40.123Z',
    event: { action: 'ProcessRollup2', category: ['process'], type: ['start'], kind: 'event', module: 'crowdstrike' },
    host: { id: 'a-1', os: { type: 'linux' } },
    process: {
      name: 'python3.11',
      args: ['python3', '-m', 'http.server', '8000'],
      args_count: 4,
      pid: 4711,
      entity_id: '18446744073709551615',
      uptime: 4,
      parent: { name: 'bash' },
    },
    user: { id: '1001' },
    crowdstrike: { cid: 'c-1', Tags: ['1', '2'], OddCount: '12345678901234567890' },
  });
  expect(event.json('crowdstrike.CommandLine')).toBeUndefined();
});

test('a connection that came in, its host and user named by records after it', () => {
  const events = read(LISTEN, MASTER, USER);
  expect(events.map((event) => event.text('event.kind'))).toEqual(['event', 'asset', 'asset']);
  expect(events[0]?.document()).toMatchObject({
    host: { name: 'web-07', hostname: 'web-07', domain: 'corp.example', os: { type: 'windows', version: 'Debian 12' } },
    user: { name: 'ada', domain: 'CORP', id: LISTEN.UserSid },
    source: { ip: '2001:db8::2', port: 50000 },
    destination: { ip: '2001:db8::1', port: 443 },
    network: { direction: 'inbound', transport: 'tcp' },
    process: { entity_id: '5', name: 'a.exe' },
    related: { hosts: ['web-07'], user: ['ada', LISTEN.UserSid] },
  });
  expect(events[2]?.document()).toMatchObject({ event: { category: ['iam'] }, user: { name: 'ada', domain: 'CORP' } });
});

test('names learnt before, and from other events', () => {
  const named = { ...START, ComputerName: 'db-01', UserName: 'root' };
  const [, event] = read(named, START) as [Event, Event];
  expect(event.text('host.name')).toBe('db-01');
});

test('a run’s files share the names', () => {
  const settings = { standsInForEndpoint: true, now: () => 0 };
  const found: Event[] = [];
  for (const file of [MASTER, START]) {
    const reader = openStream(settings, { event: (event) => found.push(event), reject: () => {} });
    feed(reader, JSON.stringify(file));
    reader.end();
  }
  expect(found.map((event) => event.text('host.name'))).toEqual(['web-07', 'web-07']);
});

test('live, an event waits a second for names; nobody waits for that host again', () => {
  let now = 1_000;
  const found: Event[] = [];
  const reader = openStream(
    { standsInForEndpoint: true, now: () => now },
    { event: (event) => found.push(event), reject: () => {} },
  );
  feed(reader, JSON.stringify(START));
  expect([found.length, reader.waiting?.offset]).toEqual([0, 0]);
  now += 900;
  reader.settle(now);
  expect(found).toHaveLength(0);
  // A clock that is set back begins the wait anew.
  now -= 1_500;
  reader.settle(now);
  now += 900;
  reader.settle(now);
  expect(found).toHaveLength(0);
  now += 100;
  reader.settle(now);
  expect([found.length, reader.waiting]).toEqual([1, undefined]);
  feed(reader, JSON.stringify(START));
  expect([found.length, reader.forced]).toEqual([2, 0]);
  feed(reader, lines(MASTER, START));
  expect(found[3]?.text('host.name')).toBe('web-07');
});

test('what waits is bounded, in order, and counted', () => {
  const many = Array.from({ length: 3_000 }, (_, at) => ({ ...START, id: `i-${at}`, aid: `a-${at}` }));
  const { events, reader } = readEvents(lines(...many));
  expect(events.map((event) => event.text('host.id'))).toEqual(many.map(({ aid }) => aid));
  expect(reader.forced).toBe(3_000 - 1_024);
  const long = { ...START, aid: 'a'.repeat(2_000) };
  expect(readEvents(lines(...Array.from({ length: 1_100 }, () => long))).events).toHaveLength(1_100);
});

test('lazy is eager, and values of the wrong kind are read or rejected', () => {
  expectLazyIsEager(lines(START, LISTEN, MASTER, USER));
  for (const record of [START, LISTEN, MASTER, USER]) expectOddValuesAreRead(record);
  expect(readEvents(JSON.stringify({ ...START, timestamp: 'x' })).rejects[0]?.code).toBe('no-time');
  const nested = { ...START, RawProcessId: { a: 1 }, aip: 'nowhere', CommandLine: ['x'] };
  expect(read(nested)[0]?.json('crowdstrike')).toMatchObject({
    RawProcessId: { a: 1 },
    aip: 'nowhere',
    CommandLine: ['x'],
  });
});

test('corpora: the recorded pairs of Elastic’s integration', (context) => {
  const pairs = ['test-linux.log', 'test-fdr.subset.log'].flatMap((file) => {
    const path = requireCorpora(context, 'vendor', 'crowdstrike_fdr', file);
    const { expected } = parseJson(readFileSync(`${path}-expected.json`, 'utf8')) as unknown as {
      expected: readonly JsonObject[];
    };
    const { events, rejects } = readEvents(readFileSync(path));
    expect(rejects).toEqual([]);
    expect(events).toHaveLength(expected.length);
    expectLazyIsEager(readFileSync(path));
    return expected.map((document, at) => ({ name: `${file} ${at + 1}`, event: events[at], expected: document }));
  });
  expect(compareWithRecorded(pairs, CROWDSTRIKE_FDR)).toEqual({ unexplained: [], needless: [] });
});

test('corpora: other raw events of the same sensor are read, and process events filled', (context) => {
  const folder = requireCorpora(context, 'vendor', 'sekoia', 'crowdstrike_telemetry');
  for (const file of readdirSync(folder)) {
    const { input } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { input: { message: string } };
    const { events, rejects } = readEvents(input.message.replaceAll('\n', ' '));
    expect(rejects.map(({ reason }) => `${file} ${reason}`)).toEqual([]);
    expect(events.map(({ format }) => format)).toEqual(['crowdstrike-fdr']);
    const [event] = events as [Event];
    if (event.text('event.action')?.endsWith('ProcessRollup2')) {
      for (const field of ['name', 'executable', 'command_line', 'args', 'pid', 'entity_id', 'parent.entity_id']) {
        expect(event.json(`process.${field}`), `${file} ${field}`).toBeDefined();
      }
    }
  }
});
