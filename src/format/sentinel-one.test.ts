import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import { compareWithRecorded } from '../../test/recorded-pairs.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';
import { type JsonObject, parseJson } from '../event/json.ts';
import { SENTINEL_ONE_DEVIATIONS } from './deviations/sentinel-one.ts';
import { sentinelOnePath } from './sentinel-one-names.ts';

const HOST = {
  'agent.uuid': 'u-1',
  'endpoint.name': 'web-07',
  'endpoint.os': 'linux',
  'endpoint.type': 'server',
  'event.id': 'E_1',
  'event.time': 1768000000123,
  timestamp: '2026-01-09T23:06:40.123Z',
};
const START = {
  ...HOST,
  'event.category': 'process',
  'event.type': 'Process Creation',
  'meta.event.name': 'PROCESSCREATION',
  'tgt.process.name': 'python3.11',
  'tgt.process.image.path': '/usr/bin/python3.11',
  'tgt.process.cmdline': ' python3 -m http.server',
  'tgt.process.pid': 4711,
  'tgt.process.uid': 'T',
  'tgt.process.eUserName': 'ada',
  'tgt.process.eUserUid': 1001,
  'tgt.process.rUserName': 'bob',
  'src.process.name': 'bash',
  'src.process.pid': 4000,
  'src.process.cmdline': '"bash"',
  'src.process.parent.name': 'sshd',
  'src.process.netConnInCount': 12345678901234567890n,
  'sca:ingestTime': 1768000009,
};
const json = (record: object): string =>
  JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? `@${value}` : value)).replace(/"@(\d+)"/g, '$1');
const read = (record: object): Event => readEvents(json(record)).events[0] as Event;

test('a creation is about the target; its parent is the source', () => {
  const event = read(START);
  expect([event.id, event.dataStreams]).toEqual(['E_1', ['logs-sentinel_one_cloud_funnel.event-default']]);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-09T23:06:40.123Z',
    event: { action: ['start'], category: ['process'], type: ['start'] },
    host: { id: 'u-1', name: 'web-07', os: { type: 'linux' } },
    user: { name: 'ada', id: '1001' },
    process: {
      name: 'python3.11',
      command_line: 'python3 -m http.server',
      args: ['python3', '-m', 'http.server'],
      pid: 4711,
      real_user: { name: 'bob' },
      parent: { name: 'bash', pid: 4000, command_line: 'bash', args: ['bash'] },
    },
    sentinel_one_cloud_funnel: {
      event: {
        tgt: { process: { cmd_line: ' python3 -m http.server', e_user: { uid: '1001' } } },
        src: { process: { net_conn: { in_count: '12345678901234567890' } } },
        sca: { ingest_time: '2026-01-09T23:06:49.000Z' },
      },
    },
  });
});

test('anything else is about the source', () => {
  const event = read({ ...START, 'event.type': 'Process Exit', 'meta.event.name': 'PROCESSEXIT' });
  expect(event.document()).toMatchObject({
    event: { action: ['end'], type: ['end'] },
    process: { name: 'bash', parent: { name: 'sshd' } },
  });
});

test('DNS, files, the registry and scripts', () => {
  const dns = read({
    ...HOST,
    'event.category': 'dns',
    'event.type': 'DNS Resolved',
    'endpoint.os': 'osx',
    'event.dns.request': 'type:  28 www.example.org',
    'event.dns.response': 'type:  5 cdn.example.net;2001:db8::1;::ffff:192.0.2.9;',
  });
  expect(dns.document()).toMatchObject({
    host: { os: { type: 'macos' } },
    dns: {
      question: { type: 'AAAA', name: 'www.example.org' },
      answers: [{ type: 'CNAME', data: 'cdn.example.net' }],
      resolved_ip: ['2001:db8::1', '192.0.2.9'],
    },
  });
  const file = read({
    ...HOST,
    'event.category': 'file',
    'event.type': 'File Rename',
    'tgt.file.path': 'C:\\Temp\\b.ps1',
    'tgt.file.oldPath': 'C:\\Temp\\a.txt',
    'tgt.file.creationTime': -11644473600000,
  });
  expect(file.document()).toMatchObject({
    event: { action: ['rename'], type: ['change'] },
    file: {
      directory: 'C:\\Temp',
      name: 'b.ps1',
      extension: 'ps1',
      drive_letter: 'C',
      Ext: { original: { name: 'a.txt' } },
    },
  });
  expect(file.json('file.created')).toBeUndefined();
  const registry = read({
    ...HOST,
    'event.category': 'registry',
    'event.type': 'Registry Value Modified',
    'registry.keyPath': 'MACHINE\\SOFTWARE\\Run\\x',
    'registry.value': 'evil',
    'registry.valueType': 'STRING',
    'registry.oldValue': 'good',
  });
  expect(registry.document()).toMatchObject({
    event: { action: ['modification'], type: ['change'] },
    registry: { key: 'MACHINE\\SOFTWARE\\Run', value: 'x', data: { strings: ['evil'], type: 'STRING' } },
    sentinel_one_cloud_funnel: {
      event: { registry: { val: 'evil', value: { type: 'STRING' }, old_value: { detail: 'good' } } },
    },
  });
  const script = read({
    ...HOST,
    'event.category': 'command_script',
    'event.type': 'Command Script',
    'cmdScript.content': 'iex',
  });
  expect(script.text('powershell.file.script_block_text')).toBe('iex');
});

test.for([
  ['src.process.crossProcessDupRemoteProcessHandleCount', 'src.process.cross_process.dup.remote_process_handle_count'],
  ['osSrc.process.indicatorGeneral.count', 'os_src_process.indicator.general_count'],
  ['src.process.parent.isNative64Bit', 'src.process.parent.is_native_64_bit'],
  ['event.login.accountName', 'login.account.name'],
  ['k8sCluster.containerName', 'k8s_cluster.container.name'],
  ['tgt.file.oldSha256', 'tgt.file.old.sha256'],
  ['something.brandNew', 'something.brand_new'],
] as const)('%s is kept as %s', ([name, path]) => {
  expect(sentinelOnePath(name).join('.')).toBe(path);
});

test('nothing is lost where names collide, and odd values are read or rejected', () => {
  const event = read({ ...START, a: 1, 'a.b': 2, 'event.type.x': 3, __proto__: 4 });
  const fields = event.json('sentinel_one_cloud_funnel.event') as JsonObject;
  expect([fields.a, fields['a.b'], fields['event.type.x']]).toEqual([1, 2, 3]);
  const { 'src.process.netConnInCount': _, ...plain } = START;
  expectOddValuesAreRead(plain);
  expect(
    readEvents(json({ ...HOST, 'event.category': 'ip', 'event.time': 'x', timestamp: 'y' })).rejects[0]?.code,
  ).toBe('no-time');
});

test('corpora: the recorded pairs of Elastic’s integration', (context) => {
  const pairs = ['test-process.log', 'test-network-action.log'].flatMap((file) => {
    const path = requireCorpora(context, 'vendor', 'sentinel_one_cloud_funnel', file);
    const { expected } = parseJson(readFileSync(`${path}-expected.json`, 'utf8')) as unknown as {
      expected: readonly JsonObject[];
    };
    const { events, rejects } = readEvents(readFileSync(path));
    expect(rejects).toEqual([]);
    expectLazyIsEager(readFileSync(path));
    return expected.map((document, at) => ({ name: `${file} ${at + 1}`, event: events[at], expected: document }));
  });
  expect(compareWithRecorded(pairs, SENTINEL_ONE_DEVIATIONS)).toEqual({ unexplained: [], needless: [] });
});

test('corpora: other raw events of the same agent are read and filled', (context) => {
  const folder = requireCorpora(context, 'vendor', 'sekoia', 'sentinelone_cloud_funnel2');
  for (const file of readdirSync(folder)) {
    const { input } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { input: { message: string } };
    const { events, rejects } = readEvents(input.message.replaceAll('\n', ' '));
    expect(rejects.map(({ reason }) => `${file} ${reason}`)).toEqual([]);
    const [event] = events as [Event];
    expect([file, event.format]).toEqual([file, 'sentinel-one']);
    for (const field of ['event.category', 'event.type', 'host.name', 'host.os.type', 'process.name']) {
      expect(event.json(field), `${file} ${field}`).toBeDefined();
    }
    if (file.includes('processcreation')) {
      for (const field of ['executable', 'command_line', 'args', 'pid', 'entity_id', 'start']) {
        expect(event.json(`process.${field}`), `${file} ${field}`).toBeDefined();
      }
      expect(event.text('user.name')).toBeDefined();
    }
  }
});
