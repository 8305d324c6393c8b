import { describe, expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { asNestedJson, asNxlog, asWinlogbeat, asXml, type Data, SYSMON_START } from './windows.fixture.ts';

const SHAPES = { xml: asXml, json: asNestedJson, flat: asNxlog, winlogbeat: asWinlogbeat };

function one(text: string): Event {
  const { events, rejects } = readEvents(text);
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(1);
  return events[0] as Event;
}

const sysmon = (code: number, data: Data): Event =>
  one(asXml({ ...SYSMON_START, code, data: { UtcTime: '2026-03-04 05:06:07.120', ...data } }));
const SECURITY = {
  provider: 'Microsoft-Windows-Security-Auditing',
  channel: 'Security',
  keywords: '0x8020000000000000',
};
const security = (code: number, data: Data, keywords = SECURITY.keywords): Event =>
  one(asXml({ ...SECURITY, code, data, keywords }));

describe('a record is the same event in every shape', () => {
  test.for(Object.entries(SHAPES))('%s', ([name, write]) => {
    const event = one(write(SYSMON_START));
    expect(event.dataStreams).toEqual(['logs-windows.sysmon_operational-vedette', 'winlogbeat-vedette']);
    expect(event.standsInFor).toEqual([]);
    // NXLog cuts the fraction of the second off the time in the log.
    const seconds = name === 'flat' ? '05:06:07.000Z' : '05:06:07.1234567Z';
    expect(event.id).toBe(`pc-7.example/Microsoft-Windows-Sysmon/Operational/4711@2026-03-04T${seconds}`);
    expect(event.document()).toMatchObject({
      '@timestamp': '2026-03-04T05:06:07.120Z',
      event: {
        action: ['Process creation', 'Process Create (rule: ProcessCreate)'],
        category: ['process'],
        code: '1',
        created: `2026-03-04T${seconds}`,
        dataset: 'windows.sysmon_operational',
        kind: 'event',
        module: 'windows',
        provider: 'Microsoft-Windows-Sysmon',
        type: ['start'],
      },
      host: { name: 'pc-7.example', os: { type: 'windows' } },
      process: {
        args: ['C:\\Tools & Co\\py.exe', '-m', 'http server', 'a"b'],
        args_count: 4,
        command_line: '"C:\\Tools & Co\\py.exe" -m "http server" a\\"b',
        entity_id: '{aaaaaaaa-0001-0002-0003-000000000004}',
        executable: 'C:\\Tools & Co\\py.exe',
        hash: { md5: '0123456789abcdef0123456789abcdef' },
        name: 'py.exe',
        parent: { args_count: 2, executable: 'C:\\Windows\\explorer.exe', name: 'explorer.exe', pid: 4000 },
        pe: { original_file_name: 'py.exe', product: 'Python <3>' },
        pid: 4242,
        working_directory: 'C:\\Users\\ada\\',
      },
      related: { user: ['ada'] },
      rule: { name: 'technique_id=T1059' },
      user: { domain: 'EXAMPLE', id: 'S-1-5-18', name: 'ada' },
      winlog: {
        channel: 'Microsoft-Windows-Sysmon/Operational',
        computer_name: 'pc-7.example',
        event_data: { LogonId: '0x3e7', ParentUser: '-', ProcessId: '4242' },
        event_id: '1',
        opcode: 'Info',
        process: { pid: 1500, thread: { id: 1600 } },
        provider_guid: '{11111111-2222-3333-4444-555555555555}',
        record_id: '4711',
        user: { identifier: 'S-1-5-18' },
        version: 5,
      },
    });
    expect(event.json('process.pe.imphash')).toBeUndefined();
    expectLazyIsEager(write(SYSMON_START));
  });

  test('numbers of the log are exact, whichever way they are written', () => {
    for (const write of [asXml, asNestedJson, asNxlog]) {
      const event = one(write({ ...SECURITY, code: 4634, data: {} }));
      expect(event.json('winlog.system.Keywords')).toBe('0x8020000000000000');
      expect(event.json('winlog.keywords')).toEqual(['Audit Success']);
      expect(event.text('event.outcome')).toBe('success');
    }
  });

  test('odd values are read', () => {
    expectOddValuesAreRead(JSON.parse(asNxlog(SYSMON_START)) as JsonObject);
    const { Event: event } = JSON.parse(asNestedJson(SYSMON_START)) as { Event: JsonObject };
    expectOddValuesAreRead(event.System as JsonObject);
    expectOddValuesAreRead({ System: event.System as JsonObject, EventData: event.EventData as JsonObject });
    expectOddValuesAreRead((JSON.parse(asWinlogbeat(SYSMON_START)) as JsonObject).winlog as JsonObject);
    expectOddValuesAreRead(JSON.parse(asWinlogbeat(SYSMON_START)) as JsonObject);
  });
});

describe('Sysmon', () => {
  test('network connection', () => {
    const event = sysmon(3, {
      Image: 'C:\\a.exe',
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIsIpv6: 'false',
      SourceIp: '192.0.2.1',
      SourceHostname: '-',
      SourcePort: '50000',
      DestinationIp: '198.51.100.2',
      DestinationPort: '443',
      DestinationPortName: 'https',
    });
    expect(event.document()).toMatchObject({
      event: { category: ['network'], type: ['start', 'connection', 'protocol'] },
      network: { direction: 'egress', protocol: 'https', transport: 'tcp', type: 'ipv4' },
      source: { ip: '192.0.2.1', port: 50000 },
      destination: { ip: '198.51.100.2', port: 443 },
      related: { ip: ['192.0.2.1', '198.51.100.2'] },
    });
    expect(event.text('network.community_id')).toMatch(/^1:/);
    expect(event.json('source.domain')).toBeUndefined();
  });

  test('DNS query', () => {
    const event = sysmon(22, {
      QueryName: 'www.example',
      QueryStatus: '0',
      QueryResults: 'type:  5 cdn.example;::ffff:192.0.2.7;2001:db8::7;',
    });
    expect(event.document()).toMatchObject({
      dns: {
        question: { name: 'www.example' },
        answers: [
          { type: 'CNAME', data: 'cdn.example' },
          { type: 'A', data: '192.0.2.7' },
          { type: 'AAAA', data: '2001:db8::7' },
        ],
        resolved_ip: ['192.0.2.7', '2001:db8::7'],
      },
      network: { protocol: 'dns' },
      related: { hosts: ['cdn.example', 'www.example'] },
      sysmon: { dns: { status: 'SUCCESS' } },
    });
  });

  test.for([
    ['DWORD (0x00000010)', { strings: ['16'], type: 'SZ_DWORD' }],
    ['QWORD (0x00000001-0x00000002)', { strings: ['4294967298'], type: 'SZ_QWORD' }],
    ['Binary Data', { strings: ['Binary Data'], type: 'REG_BINARY' }],
    ['C:\\x.exe', { strings: ['C:\\x.exe'], type: 'REG_SZ' }],
  ] as const)('registry value %s', ([details, data]) => {
    const event = sysmon(13, { TargetObject: 'HKLM\\Software\\Run\\x', Details: details, Image: 'C:\\a.exe' });
    expect(event.json('registry')).toEqual({
      data,
      hive: 'HKLM',
      key: 'Software\\Run\\x',
      path: 'HKLM\\Software\\Run\\x',
      value: 'x',
    });
  });

  test('files, images and pipes', () => {
    expect(sysmon(11, { TargetFilename: 'C:\\Temp\\a.b.exe' }).json('file')).toEqual({
      directory: 'C:\\Temp',
      extension: 'exe',
      name: 'a.b.exe',
      path: 'C:\\Temp\\a.b.exe',
    });
    const image = sysmon(7, {
      Image: 'C:\\a.exe',
      ImageLoaded: 'C:\\b.dll',
      OriginalFileName: 'b.dll',
      Hashes: 'SHA256=AB,IMPHASH=CD',
      Signed: 'true',
      Signature: 'Example Ltd',
      SignatureStatus: 'Valid',
    });
    expect(image.json('file')).toMatchObject({
      code_signature: { exists: true, status: 'Valid', subject_name: 'Example Ltd', valid: true },
      hash: { sha256: 'ab' },
      pe: { imphash: 'cd', original_file_name: 'b.dll' },
    });
    expect(image.json('process.pe')).toBeUndefined();
    expect(sysmon(17, { PipeName: '\\evil' }).text('file.name')).toBe('\\evil');
  });

  test('the process of an access is the one that reaches out', () => {
    const event = sysmon(10, {
      SourceProcessGUID: '{aaaaaaaa-0001-0002-0003-000000000009}',
      SourceProcessId: '7',
      SourceThreadId: '8',
      SourceImage: 'C:\\dump.exe',
      TargetImage: 'C:\\Windows\\system32\\lsass.exe',
      SourceUser: 'EXAMPLE\\ada',
    });
    expect(event.document()).toMatchObject({
      process: { entity_id: '{aaaaaaaa-0001-0002-0003-000000000009}', name: 'dump.exe', pid: 7, thread: { id: 8 } },
      user: { name: 'ada' },
      winlog: { event_data: { TargetImage: 'C:\\Windows\\system32\\lsass.exe' } },
    });
  });

  test('every event has a kind', () => {
    for (let code = 1; code <= 29; code += 1) {
      const event = sysmon(code, {});
      expect(event.values('event.type'), `${code}`).not.toEqual([]);
      expect(event.values('event.action').length, `${code}`).toBeGreaterThan(0);
      if (code !== 24) expect(event.values('event.category'), `${code}`).not.toEqual([]);
    }
  });
});

describe('Security', () => {
  const subject = {
    SubjectUserSid: 'S-1-5-18',
    SubjectUserName: 'PC-7$',
    SubjectDomainName: 'EXAMPLE',
    SubjectLogonId: '0x3e7',
  };

  test('a process starts', () => {
    const event = security(4688, {
      ...subject,
      NewProcessId: '0x1a2b',
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      ProcessId: '0x10',
      CommandLine: 'cmd  /c "echo a b"',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      TargetUserSid: 'S-1-0-0',
      TargetUserName: '-',
    });
    expect(event.document()).toMatchObject({
      event: { action: 'created-process', category: ['process'], type: ['start'], outcome: 'success' },
      process: {
        args: ['cmd', '/c', '"echo a b"'],
        name: 'cmd.exe',
        parent: { name: 'explorer.exe', pid: 16 },
        pid: 0x1a2b,
      },
      user: { id: 'S-1-5-18', name: 'PC-7$', effective: { id: 'S-1-0-0' } },
    });
    expect(event.dataStreams).toEqual(['logs-system.security-vedette', 'winlogbeat-vedette']);
  });

  test('logons', () => {
    const logon = {
      ...subject,
      TargetUserSid: 'S-1-5-21-7',
      TargetUserName: 'ada@EXAMPLE.ORG',
      TargetDomainName: 'EXAMPLE',
    };
    const event = security(4624, {
      ...logon,
      LogonType: '10',
      IpAddress: '::ffff:192.0.2.9',
      IpPort: '50001',
      WorkstationName: 'WS-1',
      ProcessId: '0x254',
      ProcessName: 'C:\\Windows\\System32\\services.exe',
    });
    expect(event.document()).toMatchObject({
      event: { action: 'logged-in', category: ['authentication'], type: ['start'] },
      process: { executable: 'C:\\Windows\\System32\\services.exe', name: 'services.exe', pid: 0x254 },
      related: { ip: ['192.0.2.9'], user: ['ada', 'PC-7$'] },
      source: { domain: 'WS-1', ip: '192.0.2.9', port: 50001 },
      user: { domain: 'EXAMPLE', id: 'S-1-5-21-7', name: 'ada' },
      winlog: { logon: { id: '0x3e7', type: 'RemoteInteractive' } },
    });
    const failed = security(4625, { ...logon, LogonType: '3', IpAddress: '-' }, '0x8010000000000000');
    expect(failed.text('event.action')).toBe('logon-failed');
    expect(failed.text('event.outcome')).toBe('failure');
    expect(failed.json('source')).toBeUndefined();
    expect(security(4634, { TargetUserName: 'ada', TargetLogonId: '0x9' }).text('winlog.logon.id')).toBe('0x9');
    const explicit = security(4648, logon);
    expect(explicit.text('user.name')).toBe('PC-7$');
    expect(explicit.text('user.effective.name')).toBe('ada');
  });

  test('accounts, groups, services, tasks, privileges', () => {
    const created = security(4720, {
      ...subject,
      TargetUserName: 'eve',
      TargetSid: 'S-1-5-21-8',
      TargetDomainName: 'EXAMPLE',
    });
    expect(created.json('user.target')).toEqual({ domain: 'EXAMPLE', id: 'S-1-5-21-8', name: 'eve' });
    expect(security(4738, { ...subject, TargetUserName: 'eve' }).text('event.action')).toBe('modified-user-account');
    const member = security(4732, {
      ...subject,
      MemberName: 'CN=Eve,OU=x,DC=corp,DC=example',
      MemberSid: 'S-1-5-21-8',
      TargetUserName: 'Administrators',
      TargetSid: 'S-1-5-32-544',
    });
    expect(member.json('user.target')).toMatchObject({ domain: 'corp', id: 'S-1-5-21-8', name: 'Eve' });
    expect(member.json('group')).toEqual({ id: 'S-1-5-32-544', name: 'Administrators' });
    const service = security(4697, { ...subject, ServiceName: 'svc', ServiceType: '0x10' });
    expect(service.json('service')).toEqual({ name: 'svc', type: 'Win32 Own Process' });
    expect(security(4698, { ...subject, TaskName: '\\t' }).text('event.action')).toBe('scheduled-task-created');
    const special = security(4672, { ...subject, PrivilegeList: 'SeDebugPrivilege\n\t\t\tSeBackupPrivilege' });
    expect(special.values('winlog.event_data.PrivilegeList')).toEqual(['SeDebugPrivilege', 'SeBackupPrivilege']);
    expect(security(4689, { ...subject, ProcessId: '0x8' }).values('event.type')).toEqual(['end']);
  });
});

describe('PowerShell and other channels', () => {
  const powershell = { provider: 'Microsoft-Windows-PowerShell', channel: 'Microsoft-Windows-PowerShell/Operational' };

  test('script blocks and modules', () => {
    const block = one(
      asNestedJson({
        ...powershell,
        code: 4104,
        data: {
          MessageNumber: '1',
          MessageTotal: '2',
          ScriptBlockText: 'iex $x',
          ScriptBlockId: 'b',
          Path: 'C:\\s\\a.ps1',
        },
      }),
    );
    expect(block.document()).toMatchObject({
      event: { category: ['process'], type: ['info'], dataset: 'windows.powershell_operational' },
      file: { directory: 'C:\\s', extension: 'ps1', name: 'a.ps1', path: 'C:\\s\\a.ps1' },
      powershell: { file: { script_block_id: 'b', script_block_text: 'iex $x' }, sequence: 1, total: 2 },
    });
    const module = one(
      asXml({
        ...powershell,
        code: 4103,
        data: {
          ContextInfo:
            '  Host Name = ConsoleHost\n  Host Application = ps.exe -x "a b"\n  Sequence Number = 12\n  User = EXAMPLE\\ada\n  Command Name = Get-Item',
          Payload: 'CommandInvocation(Get-Item): "Get-Item"\nParameterBinding(Get-Item): name="Path"; value="C:\\x"\n',
        },
      }),
    );
    expect(module.document()).toMatchObject({
      event: { sequence: 12 },
      powershell: {
        command: {
          name: 'Get-Item',
          invocation_details: [
            { type: 'CommandInvocation', related_command: 'Get-Item', value: '"Get-Item"' },
            { type: 'ParameterBinding', related_command: 'Get-Item', name: '"Path"', value: '"C:\\x"' },
          ],
        },
      },
      process: { args: ['ps.exe', '-x', 'a b'], command_line: 'ps.exe -x "a b"', title: 'ConsoleHost' },
      user: { domain: 'EXAMPLE', name: 'ada' },
    });
  });

  test('values without names; user data; a rendered record', () => {
    const xml = asXml({ provider: 'Service Control Manager', channel: 'System', code: 7045, data: {} })
      .replace(
        '<EventData></EventData>',
        '<EventData><Data>a</Data><Data/><Data>c</Data><Binary>00</Binary></EventData>',
      )
      .replace(
        '</Event>',
        '<RenderingInfo Culture="en-US"><Message>said</Message><Level>Warning</Level><Task>T</Task><Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo></Event>',
      );
    const event = one(xml);
    expect(event.json('winlog.event_data')).toEqual({ Binary: '00', param1: 'a', param2: '', param3: 'c' });
    expect(event.document()).toMatchObject({
      event: { action: 'T', code: '7045', provider: 'Service Control Manager' },
      log: { level: 'warning' },
      message: 'said',
      winlog: { keywords: ['Classic'], task: 'T' },
    });
    expect(event.dataStreams).toEqual(['logs-system.system-vedette', 'winlogbeat-vedette']);
    const cleared = one(
      asXml({ provider: 'Microsoft-Windows-Eventlog', channel: 'Security', code: 1102, data: {} }).replace(
        '<EventData></EventData>',
        "<UserData><LogFileCleared xmlns='u'><SubjectUserName>ada</SubjectUserName></LogFileCleared></UserData>",
      ),
    );
    expect(cleared.json('winlog.user_data')).toEqual({ SubjectUserName: 'ada', xml_name: 'LogFileCleared' });
    expect(cleared.text('user.name')).toBe('ada');
  });
});

describe('flat JSON', () => {
  test('Sysmon’s fields alone', () => {
    const event = one(
      '{"EventID":"1","Computer":"pc","UtcTime":"2026-03-04 05:06:07.5","Image":"C:\\\\a.exe","ProcessGuid":"g"}',
    );
    expect(event.text('winlog.channel')).toBe('Microsoft-Windows-Sysmon/Operational');
    expect(event.time.ms).toBe(Date.UTC(2026, 2, 4, 5, 6, 7, 500));
    expect(event.id).toBeUndefined();
  });

  test('EvtxECmd', () => {
    const event = one(
      JSON.stringify({
        PayloadData1: 'Target: EXAMPLE\\ada',
        Payload: '{"EventData":{"Data":[{"@Name":"TargetUserName","#text":"ada"},{"@Name":"LogonType","#text":"3"}]}}',
        Channel: 'Security',
        Provider: 'Microsoft-Windows-Security-Auditing',
        EventId: 4624,
        Computer: 'pc',
        EventRecordId: '9',
        TimeCreated: '2026-03-04T05:06:07.1234567+00:00',
      }),
    );
    expect(event.text('user.name')).toBe('ada');
    expect(event.text('winlog.logon.type')).toBe('Network');
  });

  test('what NXLog adds is kept apart; local time is told by when it was received', () => {
    const event = one(asNxlog({ ...SYSMON_START, code: 12, data: { EventType: 'CreateKey', TargetObject: 'HKU\\x' } }));
    expect(event.time.ms).toBe(Date.UTC(2026, 2, 4, 5, 6, 7));
    expect(event.text('winlog.event_data.EventType')).toBe('CreateKey');
    expect(event.json('nxlog')).toMatchObject({ SourceModuleType: 'im_msvistalog', Severity: 'INFO' });
    expect(event.json('winlog.user')).toEqual({
      domain: 'NT AUTHORITY',
      identifier: 'S-1-5-18',
      name: 'SYSTEM',
      type: 'User',
    });
    expect(one(asNxlog(SYSMON_START)).text('winlog.event_data.EventType')).toBeUndefined();
  });

  test('no time, no event', () => {
    expect(readEvents('{"EventID":1,"Channel":"x"}').rejects.map(({ code }) => code)).toEqual(['no-time']);
    expect(readEvents('{"System":{"EventID":{}}}').rejects.map(({ code }) => code)).toEqual(['bad-windows-event']);
  });
});

describe('winlogbeat', () => {
  test('a search hit keeps its index and id; a document that is derived already is taken as it is', () => {
    const document = JSON.parse(asWinlogbeat(SYSMON_START)) as JsonObject;
    const hit = one(JSON.stringify({ _index: '.ds-winlogbeat-8.1.0-2026.01.01-000001', _id: 'x', _source: document }));
    expect(hit.format).toBe('winlogbeat');
    expect(hit.id).toBe('x');
    expect(hit.dataStreams).toEqual(['winlogbeat-8.1.0']);
    const derived = { ...document, event: { category: ['process'], code: '1' }, process: { name: 'other' } };
    const event = one(JSON.stringify(derived));
    expect(event.format).toBe('elastic-defend');
    expect(event.text('process.name')).toBe('other');
  });
});
