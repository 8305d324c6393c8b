/**
 * Records of Windows event logs in the shapes they come in, for tests; all of them made up.
 */
export type Data = Readonly<Record<string, string>>;

export interface Sample {
  readonly provider: string;
  readonly channel: string;
  readonly code: number;
  readonly data: Data;
  /** Keywords as the event log has them. */
  readonly keywords?: string;
}

const TIME = '2026-03-04T05:06:07.1234567Z';
const GUID = '{11111111-2222-3333-4444-555555555555}';
const SYSTEM = {
  version: 5,
  level: 4,
  task: 1,
  opcode: 0,
  record: 4711,
  pid: 1500,
  thread: 1600,
  computer: 'pc-7.example',
};

export const SYSMON_START: Sample = {
  provider: 'Microsoft-Windows-Sysmon',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  code: 1,
  data: {
    RuleName: 'technique_id=T1059',
    UtcTime: '2026-03-04 05:06:07.120',
    ProcessGuid: '{aaaaaaaa-0001-0002-0003-000000000004}',
    ProcessId: '4242',
    Image: 'C:\\Tools & Co\\py.exe',
    Product: 'Python <3>',
    OriginalFileName: 'py.exe',
    CommandLine: '"C:\\Tools & Co\\py.exe" -m "http server" a\\"b',
    CurrentDirectory: 'C:\\Users\\ada\\',
    User: 'EXAMPLE\\ada',
    LogonId: '0x3e7',
    Hashes: 'MD5=0123456789ABCDEF0123456789ABCDEF,IMPHASH=00000000000000000000000000000000',
    ParentProcessGuid: '{aaaaaaaa-0001-0002-0003-000000000003}',
    ParentProcessId: '4000',
    ParentImage: 'C:\\Windows\\explorer.exe',
    ParentCommandLine: 'C:\\Windows\\explorer.exe /a',
    ParentUser: '-',
  },
};

/** As wevtutil and Event Viewer export it. */
export function asXml({ provider, channel, code, data, keywords }: Sample, separator = ''): string {
  const values = Object.entries(data).map(([name, value]) => `<Data Name='${name}'>${escapeXml(value)}</Data>`);
  return [
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}' Guid='${GUID}'/>`,
    `<EventID>${code}</EventID><Version>${SYSTEM.version}</Version><Level>${SYSTEM.level}</Level><Task>${SYSTEM.task}</Task>`,
    `<Opcode>${SYSTEM.opcode}</Opcode><Keywords>${keywords ?? '0x8000000000000000'}</Keywords><TimeCreated SystemTime='${TIME}'/>`,
    `<EventRecordID>${SYSTEM.record}</EventRecordID><Correlation/><Execution ProcessID='${SYSTEM.pid}' ThreadID='${SYSTEM.thread}'/>`,
    `<Channel>${channel}</Channel><Computer>${SYSTEM.computer}</Computer><Security UserID='S-1-5-18'/></System>`,
    `<EventData>${values.join(separator)}</EventData></Event>`,
  ].join(separator);
}

/** As evtx_dump writes it; GUIDs without braces, numbers as numbers. */
export function asNestedJson({ provider, channel, code, data, keywords }: Sample): string {
  return JSON.stringify({
    Event: {
      '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
      System: {
        Provider: { '#attributes': { Name: provider, Guid: GUID.slice(1, -1) } },
        EventID: { '#attributes': { Qualifiers: '' }, '#text': code },
        Version: SYSTEM.version,
        Level: SYSTEM.level,
        Task: SYSTEM.task,
        Opcode: SYSTEM.opcode,
        Keywords: keywords ?? '0x8000000000000000',
        TimeCreated: { '#attributes': { SystemTime: TIME } },
        EventRecordID: SYSTEM.record,
        Correlation: null,
        Execution: { '#attributes': { ProcessID: SYSTEM.pid, ThreadID: SYSTEM.thread } },
        Channel: channel,
        Computer: SYSTEM.computer,
        Security: { '#attributes': { UserID: 'S-1-5-18' } },
      },
      EventData: Object.fromEntries(
        Object.entries(data).map(([name, value]) => [
          name,
          /^\d{1,9}$/.test(value) ? Number(value) : value.replace(/^\{(.{36})\}$/, '$1'),
        ]),
      ),
    },
  });
}

/** As NXLog writes it, two hours east of UTC. */
export function asNxlog({ provider, channel, code, data, keywords }: Sample): string {
  const text = JSON.stringify({
    EventTime: '2026-03-04 07:06:07',
    Hostname: SYSTEM.computer,
    Keywords: 'KEYWORDS',
    EventType: 'INFO',
    Severity: 'INFO',
    SeverityValue: 2,
    EventID: code,
    SourceName: provider,
    ProviderGuid: GUID,
    Version: SYSTEM.version,
    Task: SYSTEM.task,
    OpcodeValue: SYSTEM.opcode,
    RecordNumber: SYSTEM.record,
    ExecutionProcessID: SYSTEM.pid,
    ThreadID: SYSTEM.thread,
    Channel: channel,
    Domain: 'NT AUTHORITY',
    AccountName: 'SYSTEM',
    UserID: 'S-1-5-18',
    AccountType: 'User',
    ...data,
    EventReceivedTime: '2026-03-04 07:06:09',
    SourceModuleName: 'in',
    SourceModuleType: 'im_msvistalog',
    '@timestamp': '2026-03-04T05:06:11.000Z',
  });
  return text.replace('"KEYWORDS"', BigInt.asIntN(64, BigInt(keywords ?? '0x8000000000000000')).toString());
}

/** As winlogbeat sends it, before any pipeline. */
export function asWinlogbeat({ provider, channel, code, data }: Sample): string {
  return JSON.stringify({
    '@timestamp': '2026-03-04T05:06:07.123Z',
    event: { code, kind: 'event', provider },
    host: { name: SYSTEM.computer },
    log: { level: 'information' },
    winlog: {
      channel,
      computer_name: SYSTEM.computer,
      event_data: data,
      event_id: String(code),
      opcode: 'Info',
      process: { pid: SYSTEM.pid, thread: { id: SYSTEM.thread } },
      provider_guid: GUID,
      provider_name: provider,
      record_id: SYSTEM.record,
      time_created: TIME,
      user: { identifier: 'S-1-5-18' },
      version: SYSTEM.version,
    },
  });
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
