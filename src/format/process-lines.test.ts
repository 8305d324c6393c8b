/**
 * What the table of processes makes of lines by their bytes is what it makes of the same lines as texts.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { Teaching } from '../event/event.ts';
import { IdText } from './id-text.ts';
import { KeptLines, sizeOfRecord } from './kept-lines.ts';
import { LineNote, type ProcessNote } from './process-note.ts';
import { ProcessTable } from './process-table.ts';
import { eventOf } from './told-process.ts';

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', SourceName: 'Microsoft-Windows-Sysmon', EventID: 1 };
const id = fc.constantFrom('', '{a}', '{b}', '{c}', `{${'e'.repeat(100)}}`);
const start = fc.record({
  host: fc.constantFrom('h1', 'h1', 'h1', 'h1', 'h2', 'h3'),
  pid: fc.constantFrom(4, 4, 5, 5, 6, 70_000, 2 ** 40),
  ppid: fc.constantFrom(0, 4, 5, 6, 2 ** 40),
  entityId: id,
  parentEntityId: id,
  session: fc.constantFrom(undefined, '1', '2'),
  format: fc.constantFrom('windows-flat', 'windows-flat', 'windows-flat', 'laurel'),
  lacksStart: fc.constantFrom(true, true, true, false),
  padding: fc.constantFrom(0, 0, 900),
});
const step = fc.record({
  start,
  what: fc.constantFrom('start', 'start', 'start', 'start', 'end', 'read'),
  isAsked: fc.constantFrom(false, false, true),
});

/** A line is taken for what its note says, and tells of a process the rest. */
function noteOf(told: typeof start extends fc.Arbitrary<infer S> ? S : never, serial: number): LineNote {
  const { host, pid, ppid, session, format, lacksStart, padding } = told;
  const note = new LineNote(lacksStart ? undefined : null);
  if (told.entityId !== '') note.entityId.write(told.entityId);
  if (told.parentEntityId !== '') note.parentEntityId.write(told.parentEntityId);
  const time = `2026-01-01T00:00:${10 + (serial % 50)}Z`;
  const line =
    format === 'laurel'
      ? {
          ID: `1700000000.123:${serial}`,
          NODE: host,
          SYSCALL: { SYSCALL: 'execve', pid, exe: `/bin/p${serial}`, PPID: { comm: 'told', ppid: 7 } },
          EXECVE: { ARGV: ['ü', 'x'.repeat(padding)] },
        }
      : {
          ...{
            ...SYSMON,
            TimeCreated: time,
            Image: `C:\\p${serial}.exe`,
            ParentImage: `C:\\of${serial}.exe`,
            Hostname: host,
          },
          ...{ CommandLine: 'x'.repeat(padding), ParentProcessId: ppid || 3 },
        };
  return Object.assign(note, {
    ...{ host, pid, ppid, line: Buffer.from(JSON.stringify(line)) },
    teller: { format, session, loginId: session },
  });
}

const UNLIMITED = { processesPerHost: 100, hosts: 2, characters: 1e9 };
const LIMITS = [
  UNLIMITED,
  { processesPerHost: 4, hosts: 2, characters: 1e9 },
  { processesPerHost: 100, hosts: 2, characters: 3_000 },
  { processesPerHost: 100, hosts: 2, characters: 6_000 },
];

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Of a host whose processes have no names, and whose pids begin anew: one is another's, which ends before a child of it starts. */
const WRAPPED: readonly Step[] = [4, 70_000, 5, 6, 4, 0, 20].map((pid) => ({
  start: {
    ...{ host: 'h1', pid: pid || 4, ppid: pid === 20 ? 4 : 0, entityId: '', parentEntityId: '' },
    ...{ session: undefined, format: 'windows-flat', lacksStart: true, padding: 0 },
  },
  what: pid === 0 ? 'end' : 'start',
  isAsked: pid === 20,
}));

test('a line tells the same by its bytes', () => {
  let kept = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), fc.constantFrom(...LIMITS), (steps, limits) => {
      const [byBytes, byText] = [new ProcessTable(limits), new ProcessTable(limits)];
      for (const [serial, { start: told, what, isAsked }] of steps.entries()) {
        const note = noteOf(told, serial % 4);
        const ended: ProcessNote = { kind: 'end', host: told.host, pid: told.pid };
        const given = what === 'end' ? ended : note;
        const asText = what === 'end' ? ended : note.asStart();
        if (!isAsked || what === 'end') {
          byBytes.note(what === 'read' ? asText : given);
          byText.note(asText);
          continue;
        }
        kept += 1;
        expect(taught(byBytes, given)).toEqual(taught(byText, asText));
      }
    }),
    { numRuns: runs(200), examples: [[[...WRAPPED], UNLIMITED]] },
  );
  expect(kept).toBeGreaterThan(runs(200));
});

/** What is taught to the event of the line, and its ancestry. */
function taught(table: ProcessTable, note: ProcessNote): unknown {
  let teaching: Teaching | undefined;
  table.sieved({
    ...{ format: '', isUnrouted: false, note, isNeeded: false },
    matching: () => [],
    time: () => 0,
    identity: () => '',
    event: () => {
      throw new Error('not of a line');
    },
    teach: (lesson) => {
      teaching = lesson.teaching();
      for (const name of teaching.names) if (!lesson.names().has(name)) expect(teaching.get(name)).toBeUndefined();
    },
  });
  const line = JSON.stringify({ ...SYSMON, TimeCreated: '2026-01-01T00:00:00Z', Image: 'x', Hostname: note.host });
  const event = eventOf({ line, format: 'windows-flat', at: 'process' });
  if (teaching === undefined || event === undefined) throw new Error('nothing is taught');
  event.enrich(teaching);
  const { names } = teaching;
  return [[...names].map((field) => teaching?.get(field)), table.ancestry(event)];
}

test('lines move to where others are, when few of a block are left', () => {
  const places = new Map<number, number>();
  let moved = 0;
  const lines = new KeptLines({
    placeOf: (owner) => places.get(owner) ?? -1,
    moved: (owner, place) => {
      moved += 1;
      places.set(owner, place);
    },
  });
  const line = Buffer.alloc(10_000);
  const [own, parent, read] = [new IdText(), new IdText(), new IdText()];
  const textOf = (owner: number) => `line of ${owner}`.padEnd(line.length, 'x');
  for (let owner = 0; owner < 2_000; owner += 1) {
    own.write(`id ${owner}`);
    parent.write(`parent ${owner}`);
    line.write(textOf(owner), 'latin1');
    places.set(owner, lines.keep(owner, own, parent, line, 0));
    // One in thirty stays, so that no block is ever empty.
    const left = owner - 50;
    if (left < 0 || left % 30 === 0) continue;
    const place = places.get(left) as number;
    places.delete(left);
    lines.giveBack(place, sizeOfRecord(`id ${left}`.length, `parent ${left}`.length, line.length, 0));
  }
  expect(moved).toBeGreaterThan(60);
  for (const [owner, place] of places) {
    lines.readId(place, `id ${owner}`.length, read);
    expect(read.text).toBe(`id ${owner}`);
    lines.readId(place, `parent ${owner}`.length, read, `id ${owner}`.length);
    expect(read.text).toBe(`parent ${owner}`);
    const before = sizeOfRecord(`id ${owner}`.length, `parent ${owner}`.length, 0, 0) - sizeOfRecord(0, 0, 0, 0);
    expect(lines.line(place, before, line.length)).toBe(textOf(owner));
  }
  // 117 lines are left, of 2,000: some five blocks, and those to spare.
  expect(Math.max(...places.values())).toBeLessThan(16 * 65_536);
});
