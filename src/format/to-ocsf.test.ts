import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { readEvents } from '../../test/read-events.ts';
import { documentSource, Event } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { parseTime } from '../event/time.ts';
import { toOcsf } from './to-ocsf.ts';

const TIME = '2026-01-01T03:04:05.1234567Z';
const HOST = {
  name: 'web-1',
  hostname: 'web-1',
  id: 'd-1',
  ip: ['10.0.0.5'],
  os: { type: 'linux', name: 'Debian', version: '12' },
};
const PROCESS = {
  pid: 44,
  entity_id: 'p-44',
  name: 'python3.11',
  executable: '/usr/bin/python3.11',
  command_line: 'python3 -m http.server 8000',
  args: ['python3', '-m', 'http.server', '8000'],
  args_count: 4,
  working_directory: '/srv',
  start: '2026-01-01T03:04:05.0001000Z',
  hash: { sha256: 'ab'.repeat(32), md5: 'cd'.repeat(16) },
  parent: { pid: 7, entity_id: 'p-7', name: 'bash', executable: '/usr/bin/bash', command_line: 'bash -i' },
};
const START = {
  '@timestamp': TIME,
  event: { id: 'e-1', kind: 'event', category: ['process'], type: ['start'], action: 'exec', outcome: 'success' },
  host: HOST,
  user: { name: 'ada', id: '1000', domain: 'corp' },
  process: PROCESS,
  vendor: { code: '12345678901234567890', tags: ['a', 'b'], none: {} },
};
const CONNECTION = {
  ...START,
  event: { id: 'e-2', category: ['network'], type: ['connection', 'start'], action: ['connect'] },
  source: { ip: '10.0.0.5', address: '10.0.0.5', port: 50000, bytes: 5 },
  destination: { ip: '192.0.2.7', port: 443, domain: 'example.org', address: '192.0.2.7', packets: 2 },
  network: { direction: 'outbound', transport: 'tcp', type: 'ipv4', iana_number: '6', bytes: '12345678901234567890' },
};

const asEvent = (document: object, format = 'elastic-defend') =>
  new Event({
    time: parseTime(TIME) as NonNullable<ReturnType<typeof parseTime>>,
    source: documentSource(document as JsonObject),
    raw: new Uint8Array(),
    format,
    dataStreams: [],
  });
const readBack = (ocsf: JsonObject): JsonObject => {
  const { events, rejects } = readEvents(JSON.stringify(ocsf));
  expect(rejects).toEqual([]);
  expect(events[0]?.format).toBe('ocsf');
  return (events[0] as Event).document();
};

test('a process start', () => {
  const written = toOcsf(asEvent(START));
  expect(written).toEqual({
    activity_id: 1,
    activity_name: 'Launch',
    category_name: 'System Activity',
    category_uid: 1,
    class_name: 'Process Activity',
    class_uid: 1007,
    type_name: 'Process Activity: Launch',
    type_uid: 100701,
    severity_id: 0,
    status_id: 1,
    time: Date.UTC(2026, 0, 1, 3, 4, 5, 123),
    time_dt: TIME,
    metadata: {
      version: '1.5.0',
      profiles: ['cloud', 'container', 'datetime', 'host'],
      product: { name: 'elastic-defend' },
      uid: 'e-1',
    },
    device: {
      type_id: 0,
      hostname: 'web-1',
      uid: 'd-1',
      ip: '10.0.0.5',
      os: { type_id: 200, name: 'Debian', version: '12' },
    },
    process: {
      pid: 44,
      uid: 'p-44',
      name: 'python3.11',
      cmd_line: 'python3 -m http.server 8000',
      working_directory: '/srv',
      created_time: Date.UTC(2026, 0, 1, 3, 4, 5),
      created_time_dt: PROCESS.start,
      file: {
        name: 'python3.11',
        path: '/usr/bin/python3.11',
        type_id: 1,
        hashes: [
          { algorithm: 'MD5', algorithm_id: 1, value: PROCESS.hash.md5 },
          { algorithm: 'SHA-256', algorithm_id: 3, value: PROCESS.hash.sha256 },
        ],
      },
      parent_process: written.actor && (written.actor as JsonObject).process,
    },
    actor: {
      process: {
        pid: 7,
        uid: 'p-7',
        name: 'bash',
        cmd_line: 'bash -i',
        file: { name: 'bash', path: '/usr/bin/bash', type_id: 1 },
      },
      user: { name: 'ada', uid: '1000', domain: 'corp' },
    },
    unmapped: {
      'event.kind': 'event',
      'event.category': ['process'],
      'event.type': ['start'],
      'event.action': 'exec',
      'process.args': PROCESS.args,
      'process.args_count': 4,
      'vendor.code': '12345678901234567890',
      'vendor.tags': ['a', 'b'],
      'vendor.none': {},
    },
  });
});

test.each([
  ['a process start', START],
  [
    'an end',
    { ...START, event: { category: ['process'], type: ['end'] }, process: { ...PROCESS, exit_code: 3, end: TIME } },
  ],
  ['a connection', CONNECTION],
  ['a fact of a host', { ...START, event: { category: ['host'] } }],
])('%s written and read again has the same fields', (_, document) => {
  const { event: _event, vendor: _vendor, ...fields } = document;
  const { category, type } = document.event as { category: string[]; type?: string[] };
  const known = ['process', 'network'].includes(category[0] as string);
  expect(readBack(toOcsf(asEvent(document)))).toMatchObject({
    ...fields,
    ...(known ? { event: { category, type } } : {}),
  });
});

test('files and logins', () => {
  const file = { path: 'C:\\a\\b.txt', name: 'b.txt', size: 7, type: 'file', hash: { sha1: 'ef'.repeat(20) } };
  expect(toOcsf(asEvent({ ...START, event: { category: ['file'], type: ['deletion'] }, file }))).toMatchObject({
    class_uid: 1001,
    activity_id: 4,
    type_uid: 100104,
    file: { path: 'C:\\a\\b.txt', name: 'b.txt', size: 7, type_id: 1, hashes: [{ algorithm: 'SHA-1' }] },
    actor: { process: { pid: 44, parent_process: { pid: 7 } }, user: { name: 'ada' } },
  });
  const login = { category: ['session', 'authentication'], type: ['start'], outcome: 'failure' };
  expect(toOcsf(asEvent({ ...START, event: login, source: { ip: '192.0.2.7' } }))).toMatchObject({
    class_uid: 3002,
    activity_id: 1,
    status_id: 2,
    user: { name: 'ada' },
    src_endpoint: { ip: '192.0.2.7' },
  });
});

test('what has no class is a Base Event; what has no activity keeps its own word', () => {
  expect(toOcsf(asEvent({ '@timestamp': TIME, a: { 'b.c': 1 }, 'a.b.c': 2 }))).toMatchObject({
    class_uid: 0,
    category_uid: 0,
    type_uid: 0,
    activity_id: 0,
    unmapped: { 'a.b.c': [1, 2] },
  });
  expect(toOcsf(asEvent({ event: { category: 'process', type: 'change', action: 'chdir' } }))).toMatchObject({
    activity_id: 99,
    activity_name: 'chdir',
    type_uid: 100799,
  });
});

test('an event that came as OCSF is written as it came', () => {
  const written = toOcsf(asEvent(CONNECTION));
  const again = readEvents(JSON.stringify(written)).events[0] as Event;
  expect(toOcsf(again)).toEqual(written);
});

const FIELDS = [
  '@timestamp',
  'message',
  'event.category',
  'event.id',
  'event.start',
  'event.outcome',
  'host.name',
  'host.hostname',
  'host.ip',
  'host.os.type',
  'user.name',
  'process',
  'process.pid',
  'process.executable',
  'process.hash.md5',
  'process.parent.start',
  'process.parent.user.id',
  'source.ip',
  'source.port',
  'source.address',
  'network.type',
  'network.bytes',
  'file.path',
  'file.name',
  'file.type',
  'file.size',
  '__proto__',
  'constructor.x',
];
const VALUES: readonly Json[] = [
  'process',
  'network',
  'file',
  'authentication',
  'success',
  'ipv4',
  'linux',
  '-',
  '',
  '007',
  '18446744073709551616',
  TIME,
  '2026-01-01T04:04:05.1+01:00',
  '10.0.0.5',
  0,
  -1,
  1.5,
  true,
  null,
  [],
  ['a'],
  ['process', 7],
  [[{ a: 1 }], null],
  { x: 'y' },
];
/** Words that OCSF has numbers for, and times that it has milliseconds for. */
const AS_NUMBERS = new Map<Json, Json>([
  ['success', 1],
  ['linux', 200],
  ['ipv4', 4],
  ['file', 1],
]);

test('nothing is lost, whatever a document holds, and the result can be read', () => {
  const entry = fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...VALUES));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
      const document = Object.fromEntries(entries);
      const written = toOcsf(asEvent(document));
      expect(toOcsf(asEvent(document))).toEqual(written);
      const there = new Set(leaves(written));
      for (const leaf of leaves(document)) {
        if (there.has(leaf)) continue;
        const text = JSON.parse(leaf) as Json;
        const ms = typeof text === 'string' ? parseTime(text)?.ms : undefined;
        const other = [AS_NUMBERS.get(text), ms].some((number) => there.has(JSON.stringify(number)));
        if (!other) expect.unreachable(`${leaf} of ${JSON.stringify(document)}: ${JSON.stringify(written)}`);
      }
      expect(readEvents(JSON.stringify(written)).events).toHaveLength(1);
    }),
    { numRuns: runs(300) },
  );
  expect((Object.prototype as unknown as JsonObject).x).toBeUndefined();
});

/** As JSON. */
function leaves(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)];
  return Object.values(value).flatMap(leaves);
}

test('long names and deep objects cost no more than they are long', () => {
  const long = 'n'.repeat(1_000_000);
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]));
  expect(toOcsf(asEvent({ [long]: many })).unmapped).toEqual({ [long]: many });
});
