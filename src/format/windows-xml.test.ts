import { describe, expect, test } from 'vitest';
import { processorMs } from '../../test/processor-time.ts';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import { asXml, escapeXml, type Sample, SYSMON_START } from './windows.fixture.ts';

function one(text: string): Event {
  const { events, rejects } = readEvents(text);
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(1);
  return events[0] as Event;
}

describe('XML', () => {
  const script = 'a\n\n  {"@timestamp":"2026-01-01T00:00:00Z"}\ntype=SYSCALL msg=audit(1.0:1):\n<Event >';
  const sample: Sample = {
    provider: 'Microsoft-Windows-PowerShell',
    channel: 'Microsoft-Windows-PowerShell/Operational',
    code: 4104,
    data: { ScriptBlockText: script },
  };

  test('an export over many lines; what stands in a script starts no event', () => {
    const log = `<?xml version="1.0" encoding="utf-8"?>\n<Events>\n${asXml(sample, '\n  ')}\n${asXml(SYSMON_START)}\n</Events>\n`;
    const { events, rejects, reader } = readEvents(log);
    expect(rejects).toEqual([]);
    expect(events.map(({ format }) => format)).toEqual(['windows-xml', 'windows-xml']);
    expect(events[0]?.text('powershell.file.script_block_text')).toBe(script);
    expect(events.map(({ origin }) => origin?.line)).toEqual([3, expect.any(Number)]);
    expect(Buffer.from(events[0]?.raw ?? []).toString()).toContain(escapeXml(script));
    expect(reader.waiting).toBeUndefined();
  });

  test('several on one line', () => {
    const { events, rejects } = readEvents(
      `<Events>${asXml(SYSMON_START)} ${asXml(sample).replaceAll('\n', ' ')}</Events>`,
    );
    expect(rejects).toEqual([]);
    expect(events).toHaveLength(2);
  });

  test('a record without an end does not take the next one with it', () => {
    const cut = asXml(SYSMON_START).slice(0, 300);
    const { events, rejects } = readEvents(`${cut}\n${asXml(SYSMON_START)}\n${cut}`);
    expect(events).toHaveLength(1);
    expect(rejects.map(({ code, origin }) => [code, origin.line])).toEqual([
      ['bad-windows-event', 1],
      ['bad-windows-event', 3],
    ]);
    const long = readEvents(`<Event>\n${'x'.repeat(700_000)}\n${'x'.repeat(700_000)}\n${asXml(SYSMON_START)}`);
    expect(long.events).toHaveLength(1);
    expect(long.rejects.map(({ reason }) => reason)).toEqual([expect.stringContaining('1 MiB')]);
  });

  test('a record that is cut off, or has others’ lines in it, does not take those with it', () => {
    const others = [
      'type=USER_AUTH msg=audit(1700000000.123:5): pid=1 res=success',
      '{"@timestamp":"2026-01-01T00:00:00Z"}',
      '{"a":1}',
      '__CURSOR=s',
      '__REALTIME_TIMESTAMP=1767236645123456',
      '',
      'Jan  1 03:04:05 h sshd[77]: Failed password for a from 192.0.2.7 port 4711 ssh2',
    ].join('\n');
    const cut = asXml(SYSMON_START).slice(0, 300);
    const broken = asXml(SYSMON_START).replace('</System>', `\n${others}\n</System`);
    const between = asXml(SYSMON_START).replace('</System>', `\n${others}\n</System>`);
    for (const [text, after] of [
      [`${cut}\n${others}`, 0],
      [`${cut}\n${others}\n${asXml(SYSMON_START)}`, 1],
      [`${cut}\n${others}\n${'x'.repeat(1_100_000)}\n${asXml(SYSMON_START)}`, 1],
      [`${cut}\n${others}\n${'x\n'.repeat(19_994)}\n${asXml(SYSMON_START)}`, 1],
      [`${broken}\n${asXml(SYSMON_START)}`, 1],
      [`${between}\n${asXml(SYSMON_START)}`, 1],
    ] as const) {
      const { events, rejects, reader } = readEvents(text);
      const xml = Array<string>(after).fill('windows-xml');
      expect(events.map(({ format }) => format).toSorted()).toEqual(
        ['auditd', 'elastic-defend', 'journald-export', 'syslog', ...xml].toSorted(),
      );
      expect(events.find(({ format }) => format === 'elastic-defend')?.origin?.line).toBe(3);
      expect(rejects.map(({ code, origin }) => [code, origin.line])).toEqual([['bad-windows-event', 1]]);
      expect(reader.waiting).toBeUndefined();
    }
  });

  test.for([
    ['spaces', (many: number) => `<Event${' '.repeat(many)}x</Event>`],
    ['open elements', (many: number) => `<Event>${'<a>'.repeat(many / 3)}</Event>`],
    [
      'one name',
      (many: number) => asXml(SYSMON_START).replace('<Data ', `${'<Data Name="a">b</Data>'.repeat(many / 23)}<Data `),
    ],
    ['elements', (many: number) => asXml(SYSMON_START).replace('</System>', `${'<x/>'.repeat(many / 4)}</System>`)],
    ['ampersands', (many: number) => asXml(SYSMON_START).replace('py.exe', '&#'.repeat(many / 2))],
    ['starts', (many: number) => '<Event '.repeat(many / 7)],
    ['records', (many: number) => '<Event></Event>'.repeat(many / 15)],
    ['blank lines', (many: number) => `<Event>${'\n'.repeat(many)}`],
    ['quotes', (many: number) => asXml({ ...SYSMON_START, data: { CommandLine: '\\"" '.repeat(many / 4) } })],
    [
      'semicolons',
      (many: number) => asXml({ ...SYSMON_START, code: 22, data: { QueryResults: 'a;'.repeat(many / 2) } }),
    ],
  ] as const)('what it costs is in proportion to what is read: %s', ([, make]) => {
    const spent = (many: number): number => {
      const text = make(many);
      return processorMs(() => {
        for (const event of readEvents(text).events) JSON.stringify(event.document());
      });
    };
    spent(20_000);
    const [small, large] = [Math.min(spent(20_000), spent(20_000)), spent(320_000)];
    // Sixteen times as much; a cost of the square would be 256 times.
    expect(large).toBeLessThan(80 * Math.max(small, 5));
  });

  test('neither entities nor document types are followed', () => {
    const evil = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`;
    expect(readEvents(`${evil}${asXml(SYSMON_START)}`).rejects.map(({ code }) => code)).toEqual(['bad-windows-event']);
    const event = one(asXml({ ...SYSMON_START, data: { Image: 'C:\\X.exe' } }).replace('X.exe', '&e;&#65;&#x42;.exe'));
    expect(event.text('process.name')).toBe('&e;AB.exe');
  });
});
