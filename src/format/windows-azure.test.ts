import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectLazyIsEager, expectOddValuesAreRead } from '../../test/lazy-eager.ts';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import { asXml, SYSMON_START } from './windows.fixture.ts';

const RECORD = {
  time: '2026-03-04T05:06:08Z',
  category: 'WindowsEventLogsTable',
  level: 'Informational',
  properties: { RoleInstance: '_pc-7', EventId: 1, RawXml: asXml(SYSMON_START) },
};

test('the record is the one in the XML, and what Azure adds stays', () => {
  const { events, rejects } = readEvents(JSON.stringify(RECORD));
  expect(rejects).toEqual([]);
  const [xml] = readEvents(asXml(SYSMON_START)).events;
  expect(events[0]?.format).toBe('windows-azure');
  expect(events[0]?.dataStreams).toEqual(xml?.dataStreams);
  const { RawXml: _, ...properties } = RECORD.properties;
  expect(events[0]?.document()).toEqual({ ...xml?.document(), ...RECORD, properties });
  expectLazyIsEager(JSON.stringify(RECORD));
  expectOddValuesAreRead(RECORD);
});

test('XML that is no record', () => {
  for (const xml of ['', '<Event>', '<a/>', asXml(SYSMON_START).slice(0, -20)]) {
    const { rejects } = readEvents(JSON.stringify({ ...RECORD, properties: { RawXml: xml } }));
    expect(rejects.map(({ code }) => code)).toEqual(['bad-windows-event']);
  }
});

for (const name of ['azure_windows', 'windows']) {
  test(`corpora: raw events of ${name} are read, and process starts filled`, (context) => {
    const folder = requireCorpora(context, 'vendor', 'sekoia', name);
    for (const file of readdirSync(folder)) {
      const { input } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { input: { message: string } };
      const { events, rejects } = readEvents(input.message);
      expect(rejects, file).toEqual([]);
      expect(events, file).toHaveLength(1);
      const [event] = events;
      expect(event?.format, file).toBe(name === 'windows' ? 'windows-flat' : 'windows-azure');
      const started = event?.text('event.category') === 'process' && event.text('event.type') === 'start';
      // Older versions of NXLog give the number of the process that wrote the record in the place of the event's own.
      const numbered = /"(?:New)?ProcessId"|Name='ProcessId'/.test(input.message) ? ['pid'] : [];
      for (const field of started ? ['name', 'executable', ...numbered] : []) {
        expect(event?.json(`process.${field}`), `${file} ${field}`).toBeDefined();
      }
    }
  });
}
