/**
 * Process starts as Sysmon records them on Windows, in each form that a Windows event log is sent in, and on Linux.
 */
import { BASH, type FormatLines, jsonLines, MD5, SHA256, type Start } from './start-lines.ts';

const EXPLORER = 'C:\\Windows\\explorer.exe';

const windowsData = ({ time, pid, executable, name, line, host, index }: Start) => ({
  RuleName: '-',
  UtcTime: time.replace('T', ' ').replace('Z', ''),
  ProcessGuid: `{5d1e7a90-${host}c4-6967-${String(index % 10_000).padStart(4, '0')}-${String(Math.floor(index / 10_000)).padStart(8, '0')}1200}`,
  ProcessId: String(pid),
  Image: executable,
  FileVersion: '10.0.20348.1',
  Description: name,
  Product: '-',
  Company: '-',
  OriginalFileName: name,
  CommandLine: line,
  CurrentDirectory: 'C:\\Windows\\system32\\',
  User: 'LEDGER\\deploy',
  LogonGuid: '{5d1e7a90-0000-6967-e703-000000000000}',
  LogonId: '0x3e7',
  TerminalSessionId: '0',
  IntegrityLevel: 'System',
  Hashes: `MD5=${MD5},SHA256=${SHA256},IMPHASH=${MD5}`,
  ParentProcessGuid: '{5d1e7a90-0001-6967-0b00-000000001200}',
  ParentProcessId: '868',
  ParentImage: EXPLORER,
  ParentCommandLine: EXPLORER,
  ParentUser: 'LEDGER\\deploy',
});

const SYSMON = 'Microsoft-Windows-Sysmon';
const SYSMON_CHANNEL = `${SYSMON}/Operational`;
const SYSMON_GUID = '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}';

const xmlText = (text: string) =>
  text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`).replace(/[^\x20-\x7e]/g, '');

function sysmonXml(
  start: Start,
  head: { root: string; provider: string; channel: string; computer: string; data: object },
): string {
  const data = Object.entries(head.data).map(
    ([name, value]) => `<Data Name="${name}">${xmlText(String(value))}</Data>`,
  );
  return (
    `${head.root}<System><Provider Name="${head.provider}" ` +
    `Guid="${SYSMON_GUID}"/><EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode>` +
    `<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="${start.time}"/><EventRecordID>${start.index}` +
    `</EventRecordID><Correlation/><Execution ProcessID="2096" ThreadID="3312"/><Channel>${head.channel}</Channel>` +
    `<Computer>${head.computer}</Computer><Security UserId="S-1-5-18"/></System><EventData>${data.join('')}</EventData></Event>`
  );
}

function windowsXml(start: Start): string {
  return sysmonXml(start, {
    root: '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">',
    provider: SYSMON,
    channel: SYSMON_CHANNEL,
    computer: `ws-${start.host}.ledger.example`,
    data: windowsData(start),
  });
}

export const SYSMON_LANES: readonly FormatLines[] = [
  jsonLines('windows-json', 'windows', (start) => ({
    Event: {
      '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
      System: {
        Provider: { '#attributes': { Name: SYSMON, Guid: SYSMON_GUID } },
        EventID: 1,
        Version: 5,
        Level: 4,
        Task: 1,
        Opcode: 0,
        Keywords: '0x8000000000000000',
        TimeCreated: { '#attributes': { SystemTime: start.time } },
        EventRecordID: start.index,
        Correlation: null,
        Execution: { '#attributes': { ProcessID: 2096, ThreadID: 3312 } },
        Channel: SYSMON_CHANNEL,
        Computer: `ws-${start.host}.ledger.example`,
        Security: { '#attributes': { UserID: 'S-1-5-18' } },
      },
      EventData: windowsData(start),
    },
  })),
  jsonLines('windows-flat', 'windows', (start) => ({
    EventTime: start.time,
    Hostname: `ws-${start.host}.ledger.example`,
    EventType: 'INFO',
    SeverityValue: 2,
    EventID: 1,
    SourceName: SYSMON,
    ProviderGuid: SYSMON_GUID,
    Version: 5,
    RecordNumber: start.index,
    ExecutionProcessID: 2096,
    ThreadID: 3312,
    Channel: SYSMON_CHANNEL,
    Domain: 'NT AUTHORITY',
    AccountName: 'SYSTEM',
    AccountType: 'User',
    Message: `Process Create: ${start.line}`,
    SourceModuleName: 'eventlog',
    SourceModuleType: 'im_msvistalog',
    ...windowsData(start),
  })),
  {
    format: 'windows-xml',
    system: 'windows',
    json: false,
    write: windowsXml,
  },
  jsonLines('windows-azure', 'windows', (start) => ({
    time: start.time,
    category: 'WindowsEventLogsTable',
    level: 'Informational',
    properties: {
      Channel: SYSMON_CHANNEL,
      DeploymentId: '4f0d2a8e',
      Description: `Process Create:\r\nImage: ${start.executable}`,
      EventId: 1,
      ProviderName: SYSMON,
      RawXml: windowsXml(start),
      Role: 'IaaS',
      RoleInstance: `_ws-${start.host}`,
    },
  })),
  jsonLines('winlogbeat', 'windows', (start) => ({
    '@timestamp': start.time,
    agent: { id: `8d2c-${start.host}`, type: 'winlogbeat', version: '8.14.0' },
    ecs: { version: '8.0.0' },
    event: { code: '1', kind: 'event', provider: SYSMON, created: start.time },
    host: { name: `ws-${start.host}`, os: { type: 'windows', platform: 'windows' } },
    log: { level: 'information' },
    winlog: {
      api: 'wineventlog',
      channel: SYSMON_CHANNEL,
      computer_name: `ws-${start.host}.ledger.example`,
      event_data: windowsData(start),
      event_id: '1',
      opcode: 'Info',
      process: { pid: 2096, thread: { id: 3312 } },
      provider_guid: SYSMON_GUID,
      provider_name: SYSMON,
      record_id: start.index,
      task: 'Process Create (rule: ProcessCreate)',
      user: { identifier: 'S-1-5-18', domain: 'NT AUTHORITY', name: 'SYSTEM', type: 'User' },
      version: 5,
    },
  })),
  {
    format: 'sysmon-linux',
    system: 'linux',
    json: false,
    write: (start) =>
      `${start.time} srv-${start.host} sysmon: ${sysmonXml(start, {
        root: '<Event>',
        provider: 'Linux-Sysmon',
        channel: 'Linux-Sysmon/Operational',
        computer: `srv-${start.host}`,
        data: {
          ...windowsData(start),
          CurrentDirectory: '/srv/app',
          User: 'deploy',
          ParentImage: BASH,
          ParentCommandLine: 'bash -i',
          Hashes: `SHA256=${SHA256}`,
        },
      })}`,
  },
];
