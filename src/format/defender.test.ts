import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { defenderPath } from './defender-names.ts';

const ROW = {
  Timestamp: '2026-01-09T23:06:40.1234567Z',
  DeviceId: 'd-1',
  DeviceName: 'Web-07.corp.example',
  ReportId: 42,
  ActionType: 'ProcessCreated',
  FileName: 'python3.11',
  FolderPath: '/usr/bin/python3.11',
  ProcessCommandLine: 'python3 -m http.server',
  ProcessId: 4711,
  AccountName: 'ada',
  InitiatingProcessFileName: 'bash',
  InitiatingProcessFolderPath: '/usr/bin/bash',
  InitiatingProcessCommandLine: '-bash',
  InitiatingProcessId: 4000,
  InitiatingProcessParentFileName: 'sshd',
  InitiatingProcessParentId: 99,
  InitiatingProcessAccountName: 'ada',
  AdditionalFields: '{"ProcessCurrentWorkingDirectory":"/srv","LogonId":12345678901234567890}',
};
const streamed = (table: string, row: JsonObject): JsonObject => ({
  time: '2026-01-09T23:09:00Z',
  tenantId: 't-1',
  category: `AdvancedHunting-${table}`,
  properties: row,
});
const read = (record: object): Event => readEvents(JSON.stringify(record)).events[0] as Event;

test('a process start, streamed and as an export’s row', () => {
  const event = read(streamed('DeviceProcessEvents', ROW));
  expect(event.dataStreams).toEqual(['logs-m365_defender.event-default']);
  expect(event.id).toBe('deviceprocessevents|d-1|42|2026-01-09T23:06:40.1234567Z');
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-01-09T23:06:40.1234567Z',
    event: { action: 'processcreated', category: ['process'], type: ['start'] },
    host: { name: 'web-07.corp.example', os: { type: 'linux' } },
    user: { name: 'ada' },
    process: {
      name: 'python3.11',
      executable: '/usr/bin/python3.11',
      args: ['python3', '-m', 'http.server'],
      working_directory: '/srv',
      pid: 4711,
      parent: { name: 'bash', pid: 4000, group_leader: { name: 'sshd', pid: 99 } },
    },
    m365_defender: {
      event: {
        tenant: { id: 't-1' },
        report_id: 42,
        initiating_process: { file_name: 'bash' },
        additional_fields: { LogonId: '12345678901234567890' },
      },
    },
  });
  const flat = read(ROW);
  expect(flat.id).toBe(event.id);
  expect(flat.json('process')).toEqual(event.json('process'));
});

test('other tables are about the initiating process', () => {
  const registry = read(
    streamed('DeviceRegistryEvents', {
      ...ROW,
      ActionType: 'RegistryValueSet',
      RegistryKey: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Run',
      RegistryValueName: 'x',
      RegistryValueData: 'evil.exe',
    }),
  );
  expect(registry.document()).toMatchObject({
    event: { type: ['change'] },
    host: { os: { type: 'windows' } },
    process: { name: 'bash', pid: 4000, parent: { name: 'sshd', pid: 99 } },
    registry: { hive: 'HKLM', key: 'SOFTWARE\\Run', path: 'HKLM\\SOFTWARE\\Run\\x', data: { strings: ['evil.exe'] } },
  });
  const network = {
    ...ROW,
    LocalIP: '192.0.2.1',
    LocalPort: 80,
    RemoteIP: '::ffff:192.0.2.2',
    RemotePort: 5000,
    Protocol: 'TcpV4',
  };
  expect(
    read({ ...network, ActionType: 'InboundConnectionAccepted', RemoteUrl: 'www.example.org' }).document(),
  ).toMatchObject({
    event: { category: ['network'], type: ['start', 'connection', 'allowed'], outcome: 'success' },
    network: { direction: 'inbound', transport: 'tcp' },
    source: { ip: '192.0.2.2', port: 5000 },
    destination: { ip: '192.0.2.1', port: 80 },
    url: { domain: 'www.example.org' },
  });
  expect(read({ ...network, ActionType: 'ConnectionFailed' }).document()).toMatchObject({
    event: { outcome: 'failure' },
    source: { port: 80 },
  });
  const dll = { ...ROW, FolderPath: 'C:\\Temp', FileName: 'a.dll', SHA256: 'x' };
  expect(read(streamed('DeviceImageLoadEvents', { ...dll, ActionType: 'ImageLoaded' })).document()).toMatchObject({
    event: { action: 'load', category: ['library'] },
    dll: { path: 'C:\\Temp\\a.dll', name: 'a.dll', hash: { sha256: 'x' } },
  });
  const renamed = { ...dll, ActionType: 'FileRenamed', PreviousFileName: 'b.txt' };
  expect(read(renamed).document()).toMatchObject({
    event: { category: ['file'], type: ['change'] },
    file: { path: 'C:\\Temp\\a.dll', extension: 'dll', Ext: { original: { name: 'b.txt' } } },
  });
  expect(read({ ...ROW, ActionType: 'LogonFailed', AccountName: 'eve' }).document()).toMatchObject({
    event: { category: ['authentication'], outcome: 'failure' },
    user: { name: 'eve' },
  });
});

test.for([
  ['InitiatingProcessVersionInfoCompanyName', 'initiating_process.version_info_company_name'],
  ['IsAzureADJoined', 'is_azure_ad_joined'],
  ['RemoteIPType', 'remote.ip_type'],
  ['OSVersionInfo', 'os.version_info'],
  ['_TimeReceivedBySvc', 'time_received_by_svc'],
  ['SHA256', 'sha256'],
  ['BrandNewColumn', 'brand_new_column'],
] as const)('%s is kept as %s', ([name, path]) => {
  expect(defenderPath(name).join('.')).toBe(path);
});

test('odd values and deep texts are read or rejected', () => {
  expectOddValuesAreRead(ROW);
  expectOddValuesAreRead(streamed('DeviceProcessEvents', ROW));
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  expect(read({ ...ROW, AdditionalFields: deep }).json('m365_defender.event.additional_fields')).toBe(deep);
  expect(readEvents(JSON.stringify({ ...ROW, Timestamp: 'x' })).rejects[0]?.code).toBe('no-time');
});

test('corpora: raw rows are read and filled', (context) => {
  const folder = requireCorpora(context, 'vendor', 'sekoia', 'microsoft_365_defender');
  for (const file of readdirSync(folder)) {
    const { input } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { input: { message: string } };
    const text = input.message.replaceAll('\n', ' ');
    const { events, rejects } = readEvents(text);
    expect(rejects.map(({ reason }) => `${file} ${reason}`)).toEqual([]);
    const [event] = events as [Event];
    expect([file, event.format]).toEqual([file, 'defender']);
    expectLazyIsEager(text);
    const table = event.text('m365_defender.event.category') ?? '';
    if (!/Device\w+Events|CloudProcess/.test(table) || table.endsWith('DeviceEvents')) continue;
    const wanted = ['event.type', 'event.action', 'process.pid'];
    // The kernel starts some connections itself; those rows name no program.
    const isOfKernel =
      !table.includes('Process') && event.json('m365_defender.event.initiating_process.file_name') === undefined;
    if (!isOfKernel) wanted.push('process.name', 'process.executable');
    if (table.includes('Process')) wanted.push('process.command_line', 'process.args', 'user.name', 'host.os.type');
    if (table.includes('Network')) wanted.push('source.ip', 'destination.ip', 'network.direction');
    if (table.includes('Registry')) wanted.push('registry.path', 'registry.key');
    if (table.includes('File')) wanted.push('file.path', 'file.name');
    for (const field of wanted) expect(event.json(field), `${file} ${field}`).toBeDefined();
  }
});
