import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';
import { parseJson } from '../event/json.ts';

const read = (object: object) => readEvents(JSON.stringify(object));
const streams = (object: object) => read({ '@timestamp': '2026-01-01T00:00:00Z', ...object }).events[0]?.dataStreams;

test('a document is taken as it is', () => {
  const document = {
    '@timestamp': '2026-01-01T00:00:00.1234567Z',
    event: { id: 'e1' },
    process: { pid: 5, args: ['a'] },
    'host.name': 'h',
  };
  const [event] = read(document).events as [Event];
  expect(event.time).toEqual({ ms: Date.UTC(2026, 0, 1, 0, 0, 0, 123), ticks: 4567 });
  expect(event.id).toBe('e1');
  expect(event.text('host.name')).toBe('h');
  const { log, ...rest } = event.document();
  expect(rest).toEqual(document);
  expect(log).toMatchObject({ offset: 0 });
});

test('a search hit', () => {
  const hit = {
    _index: 'eu:partial-.ds-logs-endpoint.events.process-prod-2026.01.01-000007',
    _id: 'abc',
    _source: { '@timestamp': '2026-01-01T00:00:00Z', event: { id: 'e1' }, process: { name: 'x' } },
  };
  const [event] = read(hit).events as [Event];
  expect(event.id).toBe('abc');
  expect(event.dataStreams).toEqual(['logs-endpoint.events.process-prod']);
  expect(event.text('process.name')).toBe('x');
});

test('the data stream, from whatever says it', () => {
  expect(streams({ data_stream: { type: 'logs', dataset: 'endpoint.events.file', namespace: 'prod' } })).toEqual([
    'logs-endpoint.events.file-prod',
  ]);
  expect(streams({ 'data_stream.dataset': 'windows.sysmon_operational' })).toEqual([
    'logs-windows.sysmon_operational-default',
  ]);
  expect(streams({ event: { dataset: 'endpoint.events.network' } })).toEqual(['logs-endpoint.events.network-default']);
  expect(streams({ event: { module: 'endpoint', category: ['process'] } })).toEqual([
    'logs-endpoint.events.process-default',
  ]);
  expect(streams({ agent: { type: 'endpoint' }, event: { category: 'file' } })).toEqual([
    'logs-endpoint.events.file-default',
  ]);
  expect(streams({ event: { module: 'endpoint', category: ['process'] }, dll: { name: 'a.so' } })).toEqual([
    'logs-endpoint.events.library-default',
  ]);
  expect(streams({ event: { module: 'endpoint', category: ['authentication'] } })).toEqual([
    'logs-endpoint.events.security-default',
  ]);
  expect(streams({ event: { module: 'endpoint', kind: 'alert', category: ['malware'] } })).toEqual([
    'logs-endpoint.alerts-default',
  ]);
  expect(streams({ agent: { type: 'auditbeat', version: '8.1.0' }, event: { module: 'auditd' } })).toEqual([
    'auditbeat-8.1.0',
  ]);
  expect(streams({ '@metadata': { beat: 'filebeat' }, event: { dataset: 'system.auth' } })).toEqual([
    'filebeat',
    'logs-system.auth-default',
  ]);
  expect(streams({ agent: { type: 'auditbeat' }, data_stream: { dataset: 'auditd_manager.auditd' } })).toEqual([
    'logs-auditd_manager.auditd-default',
  ]);
  expect(streams({ event: { module: 'zeek' } })).toEqual(['logs-zeek-default']);
  expect(streams({ message: 'x' })).toEqual([]);
});

test('times as numbers; no time, no event', () => {
  expect(read({ '@timestamp': 1_700_000_000_123 }).events[0]?.time.ms).toBe(1_700_000_000_123);
  for (const time of [null, 'yesterday', 1e300, {}, []]) {
    expect(read({ '@timestamp': time }).rejects.map(({ code }) => code)).toEqual(['no-time']);
  }
});

test('corpora: a real exec document of Elastic Defend on Linux', (context) => {
  const path = requireCorpora(
    context,
    'vendor',
    'elastic_defend',
    'ecs_rfc',
    '0030-linux-event-model.real-exec-ls.json',
  );
  const { events, rejects } = read(JSON.parse(readFileSync(path, 'utf8')) as object);
  expect(rejects).toEqual([]);
  const [event] = events as [Event];
  expect(event.dataStreams).toEqual(['logs-endpoint.events.process-default']);
  expect(event.id).toBe('BuvxBH8BU45FNSRmRWIK');
  expect(event.values('event.action')).toEqual(['exec']);
  expect(event.values('event.type')).toEqual(['start']);
  expect(event.text('process.command_line')).toBe('ls --color=auto -la');
  expect(event.text('process.parent.name')).toBe('bash');
  expect(event.text('host.os.type')).toBe('linux');
});

test.for([
  ['.', /^(\w+)\.sample_event/, 8],
  ['schema_examples', /^(process|file|network|registry|driver|dns)_/, 24],
] as const)('corpora: documents of %s are taken whole, each in its stream', ([folder, kind, count], context) => {
  const path = requireCorpora(context, 'vendor', 'elastic_defend', folder);
  const streamOf: Record<string, string> = { driver: 'library', dns: 'network' };
  const files = readdirSync(path).filter((file) => kind.test(file));
  for (const file of files) {
    const text = readFileSync(join(path, file), 'utf8').replaceAll('\n', ' ');
    const document = parseJson(text) as Record<string, unknown>;
    const { events, rejects } = readEvents(text);
    expect(rejects).toEqual([]);
    const [event] = events as [Event];
    const { log, ...rest } = event.document();
    const { log: theirs, ...expected } = document;
    expect(rest).toEqual(expected);
    expect(log).toMatchObject(theirs ?? {});
    const name = kind.exec(file)?.[1] ?? '';
    const dataset = name === 'alerts' ? name : `events.${streamOf[name] ?? name}`;
    expect(event.dataStreams, file).toEqual([`logs-endpoint.${dataset}-default`]);
  }
  expect(files).toHaveLength(count);
});

test('corpora: auditbeat’s own documents lie in auditbeat’s index', (context) => {
  const folder = requireCorpora(context, 'vendor', 'sekoia', 'auditbeat');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  expect(files).toHaveLength(19);
  for (const file of files) {
    const { input } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { input: { message: string } };
    const { events, rejects } = readEvents(input.message.trim().replaceAll('\n', ' '));
    expect(rejects, file).toEqual([]);
    const [event] = events as [Event];
    expect(event.dataStreams[0], file).toMatch(/^auditbeat-7\.\d+\.\d+$/);
    expect(event.text('event.category'), file).toBeDefined();
  }
});
