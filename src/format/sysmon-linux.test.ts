import { describe, expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import { asXml, type Data } from './windows.fixture.ts';

function one(text: string): Event {
  const { events, rejects } = readEvents(text);
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(1);
  return events[0] as Event;
}

describe('Sysmon for Linux', () => {
  // Made from how it writes its other events: no start with its fields filled has been published.
  const start = (data: Data): string =>
    asXml({ provider: 'Linux-Sysmon', channel: 'Linux-Sysmon/Operational', code: 1, data }).replace(
      / xmlns='[^']*'/,
      '',
    );
  const DATA = {
    UtcTime: '2026-03-04 05:06:07.120',
    ProcessGuid: '{aaaaaaaa-0001-0002-0003-000000000004}',
    ProcessId: '4242',
    Image: '/usr/bin/python3.11',
    CommandLine: 'python3 -m http.server 8000',
    CurrentDirectory: '/srv',
    User: 'ada',
    ParentProcessId: '4000',
    ParentImage: '/usr/bin/bash',
    ParentCommandLine: '-bash',
  };

  test.for([
    'Mar  4 05:06:07 web-1 sysmon: ',
    'Mar  4 05:06:07 web-1 sysmon[77]: ',
    '<14>2026-03-04T05:06:07.1+00:00 web-1 sysmon: ',
    '<14>1 2026-03-04T05:06:07Z web-1 sysmon 77 - - ',
  ])('%s', (header) => {
    const event = one(header + start(DATA));
    expect(event.format).toBe('sysmon-linux');
    expect(event.dataStreams).toEqual(['logs-sysmon_linux.log-vedette', 'logs-endpoint.events.process-vedette']);
    expect(event.standsInFor).toEqual(['logs-endpoint.events.process-vedette']);
    expect(event.document()).toMatchObject({
      '@timestamp': '2026-03-04T05:06:07.120Z',
      event: { action: ['exec', 'log'], category: ['process'], type: ['start'], module: 'sysmon_linux' },
      host: { hostname: 'web-1', os: { type: 'linux' } },
      process: {
        args: ['python3', '-m', 'http.server', '8000'],
        name: 'python3.11',
        parent: { name: 'bash', pid: 4000 },
        working_directory: '/srv',
      },
      user: { name: 'ada' },
    });
    expect(event.json('user.id')).toBeUndefined();
  });

  test('without syslog around it, and cut off', () => {
    expect(one(start(DATA)).text('process.name')).toBe('python3.11');
    const { rejects } = readEvents(`Mar  4 05:06:07 web-1 sysmon: ${start(DATA).slice(0, 500)}`);
    expect(rejects.map(({ code }) => code)).toEqual(['bad-windows-event']);
  });
});
