import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { BOUNDED_MS, processorMs } from '../../test/processor-time.ts';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';

const START =
  'A new process has been created.    Creator Subject:   Security ID:  NT AUTHORITY\\SYSTEM   Account Name:  WS-1$   ' +
  'Account Domain:  CORP   Logon ID:  0x3E7    Target Subject:   Security ID:  \\NULL SID   Account Name:  -   Account Domain:  -   ' +
  'Logon ID:  0x0    Process Information:   New Process ID:  0x53e9   New Process Name: C:\\Windows\\System32\\cmd.exe   ' +
  'Token Elevation Type: %%1936   Mandatory Label:  Mandatory Label\\Medium Mandatory Level   Creator Process ID: 0x421c   ' +
  'Creator Process Name: C:\\Windows\\explorer.exe   Process Command Line: cmd /c "echo  Account Name:   x"';
const LOGON =
  'An account failed to log on.    Subject:   Security ID:  S-1-0-0   Account Name:  -   Account Domain:  -   Logon ID:  0x0    ' +
  'Logon Type:   3    Account For Which Logon Failed:   Security ID:  S-1-0-0   Account Name:  ada   Account Domain:  CORP    ' +
  'Failure Information:   Failure Reason:  Unknown user name or bad password.   Status:   0xC000006D   Sub Status:  0xC000006A    ' +
  'Process Information:   Caller Process ID: 0x0   Caller Process Name: -    Network Information:   Workstation Name: PC-7   ' +
  'Source Network Address: 192.0.2.7   Source Port:  4711    Detailed Authentication Information:   Logon Process:  NtLmSsp    ' +
  'Authentication Package: NTLM   Transited Services: -   Key Length:  0';

const line = (code: number, text: string, result = 'Success Audit') =>
  [
    '<131>Jul 28 11:28:41 relay MSWinEventLog\t1\tSecurity\t77\tTue Jul 28 11:28:00 2026',
    code,
    `Microsoft-Windows-Security-Auditing\t-\\-\tN/A\t${result}\tws-1\tSome Category\t\t${text}\t1251670`,
  ].join('\t');
const read = (text: string): Event => {
  const { events, rejects } = readEvents(text);
  expect(rejects).toEqual([]);
  return events[0] as Event;
};

test('the start of a process', () => {
  const event = read(line(4688, `${START}    Token Elevation Type indicates the type of token that was assigned.`));
  expect(event.format).toBe('syslog');
  expect(event.dataStreams).toEqual(['logs-system.security-vedette', 'winlogbeat-vedette']);
  expect(event.document()).toMatchObject({
    '@timestamp': '2026-07-28T11:28:00.000Z',
    event: { code: '4688', category: ['process'], type: ['start'], outcome: 'success' },
    host: { name: 'ws-1', hostname: 'relay', os: { type: 'windows' } },
    user: { id: 'S-1-5-18', name: 'WS-1$', domain: 'CORP' },
    process: {
      pid: 0x53e9,
      executable: 'C:\\Windows\\System32\\cmd.exe',
      command_line: 'cmd /c "echo  Account Name:   x"',
      parent: { pid: 0x421c, executable: 'C:\\Windows\\explorer.exe' },
    },
    winlog: {
      channel: 'Security',
      event_data: {
        NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
        TokenElevationType: '%%1936',
        TargetUserSid: 'S-1-0-0',
      },
    },
    snare: { counter: '77', criticality: '1' },
  });
});

test('a logon that failed', () => {
  expect(read(line(4625, LOGON, 'Failure Audit')).document()).toMatchObject({
    event: { code: '4625', outcome: 'failure', category: ['authentication'] },
    user: { name: 'ada', domain: 'CORP' },
    source: { ip: '192.0.2.7', port: 4711 },
    winlog: {
      event_data: { SubStatus: '0xC000006A', LogonProcessName: 'NtLmSsp', WorkstationName: 'PC-7', LogonType: '3' },
    },
  });
});

test('in an object of JSON the rest of the object stays', () => {
  const event = read(JSON.stringify({ message: line(4688, START), product: 'windows', host: 'relay', winlog: 1 }));
  expect(event.format).toBe('json');
  expect(event.document()).toMatchObject({
    product: 'windows',
    host: { name: 'ws-1' },
    json: { host: 'relay', winlog: 1 },
  });
});

test('other channels, and records that are cut off', () => {
  const system = 'MSWinEventLog\t1\tSystem\t5\tTue Jul  7 11:28:00 2026\t7036\tService Control Manager';
  expect(
    read(`<13>Jul  7 11:28:41 ws-1 ${system}\tNT AUTHORITY\\SYSTEM\tUser\tInformation\tws-1\tNone\tb\tA: b`).document(),
  ).toMatchObject({
    '@timestamp': '2026-07-07T11:28:00.000Z',
    event: { dataset: 'system.system' },
    user: { name: 'SYSTEM' },
    winlog: { event_data: { Data: 'b' } },
  });
  expect(read(`<13>Jul  7 11:28:41 ws-1 ${system}`).text('event.code')).toBe('7036');
  expect(readEvents(`<13>Jul  7 11:28:41 ws-1 ${system.replace('2026', 'now')}`).rejects[0]?.code).toBe('no-time');
  expect(read('<13>Jul  7 11:28:41 ws-1 MSWinEventLog\t1\tx').text('message')).toBe('MSWinEventLog\t1\tx');
});

test('fields are the same alone as in the document, and what is cut anywhere is read or put aside', () => {
  for (const text of [line(4688, START), line(4625, LOGON)]) {
    expectLazyIsEager(text);
    expectOddValuesAreRead({ message: text, product: 'windows', snare: 1 });
    for (let end = 0; end < text.length; end += 7) {
      for (const event of readEvents(text.slice(0, end)).events) event.document();
    }
  }
});

test('what it costs is in proportion to the text', () => {
  for (const piece of ['  A:', ' : ', 'Process Command Line:  ', 'Subject:   ', '\t']) {
    const spent = processorMs(() => readEvents(line(4688, piece.repeat(400_000))).events[0]?.document());
    expect(spent, piece).toBeLessThan(BOUNDED_MS);
  }
});
