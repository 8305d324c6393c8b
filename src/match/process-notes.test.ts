import { expect, it } from 'vitest';
import type { JsonObject } from '../event/json.ts';
import type { Format } from '../format/format-reader.ts';
import { eventAlone, formatAlone } from '../format/line-alone.ts';
import { LineScanner, type LineShape } from '../format/line-shape.ts';
import { type Changed, membersOf, RecordedJson } from '../format/recorded-json.ts';
import { type NotedAlike, type ProcessNotes, processNotesOf } from './process-notes.ts';
import { settings } from './sieved-lines.fixture.ts';

const GUID = '11111111-0000-0000-0000-000000000001';
const lineOf = (EventID: number, Hostname: string, rest: JsonObject = {}) =>
  Buffer.from(
    JSON.stringify({
      ...{ Channel: 'Microsoft-Windows-Sysmon/Operational', SourceName: 'Microsoft-Windows-Sysmon', EventID },
      ...{ TimeCreated: '2026-02-01T00:00:00Z', Image: 'C:\\x.exe', Hostname, ProcessId: 11, ParentProcessId: 10 },
      ...{ ProcessGuid: `{${GUID}}`, ...rest },
    }),
  );
/** Of the lines above. */
const HOST = 5;

/** What is noted of lines like the first one, and the scanner that has looked at them. */
function opened(first: Buffer) {
  const scanner = new LineScanner<unknown>();
  const members = membersOf(scanner.scan(first) as LineShape<unknown>);
  const reader = (bytes: Uint8Array = first) => {
    const read = (changed?: Changed) => {
      const line = { bytes, origin: { path: '', offset: 0, line: 1 } };
      const recorded = new RecordedJson(JSON.parse(Buffer.from(bytes).toString()) as JsonObject, members, changed);
      const format = formatAlone(recorded.view, line) as Format;
      const event = eventAlone(format, recorded.view, line, settings);
      return event && { event, recorded };
    };
    return { read: () => read(), readAtOtherTime: () => read(), readChanged: read };
  };
  const lines = { reader, times: new Set<number>(), members, grew: () => {}, switches: {} };
  return { scanner, reader, notes: processNotesOf(lines) as ProcessNotes };
}

it.each([1, 5])(
  'knows the host of lines alike by its value alone, and by no number that another had before (%i)',
  (id) => {
    const { scanner, notes } = opened(lineOf(id, 'ws-1'));
    const numberOf = (host: string) => {
      scanner.scan(lineOf(id, host));
      return scanner.addValueOf(HOST);
    };
    const alikeOf = (host: string) => {
      const line = lineOf(id, host);
      scanner.scan(line);
      expect(notes.of(scanner, line)).toMatchObject({ host, pid: 11 });
      return notes.alike(scanner) as NotedAlike;
    };
    numberOf('nobody');
    const alike = alikeOf('ws-1');
    alikeOf('ws-2');
    const told = (host: string, ProcessId = 11) => {
      const line = lineOf(id, host, { ProcessId });
      scanner.scan(line);
      const note = notes.ofAlike(scanner, line, alike);
      return note && `${note.host} ${note.pid}`;
    };
    expect([told('ws-1', 12), told('ws-2', 13), told('nobody'), told('new')]).toEqual([
      ...['ws-1 12', 'ws-2 13', undefined, undefined],
    ]);
    // The table keeps no line that is so long.
    const long = new Uint8Array(16 * 1024 + 1);
    scanner.scan(lineOf(id, 'ws-1'));
    expect([notes.of(scanner, long), notes.ofAlike(scanner, long, alike)]).toEqual([undefined, undefined]);
    const number = numberOf('ws-1');
    const { generation } = scanner.values;
    for (let at = 0; scanner.values.generation === generation; at += 1) numberOf(`${at}`.padStart(500));
    let at = 0;
    while (numberOf(`${at}`) !== number) at += 1;
    expect(told(`${at}`)).toBeUndefined();
    alikeOf('ws-2');
    expect([told('ws-2'), told(`${at}`), told('ws-1')]).toEqual(['ws-2 11', undefined, undefined]);
  },
);

it('tells of an id what reading the line tells, however it is written, or has the line read', () => {
  const { scanner, reader, notes } = opened(lineOf(1, 'ws-1'));
  const ids = [
    `{${GUID}}`,
    GUID,
    GUID.replaceAll('1', 'A'),
    `${GUID.slice(0, -1)}x`,
    `${GUID.slice(0, -1)}-`,
    '-',
    'x',
  ];
  const told = ids.map((ProcessGuid) => {
    const line = lineOf(1, 'ws-1', { ProcessGuid });
    scanner.scan(line);
    const note = notes.of(scanner, line);
    if (note?.kind !== 'line') return undefined;
    expect(note.entityId.text).toBe(reader(line).read()?.event.text('process.entity_id'));
    return note.entityId.text;
  });
  expect(told.slice(0, 2)).toEqual([`{${GUID}}`, `{${GUID}}`]);
});
