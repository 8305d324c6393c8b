import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import { procfsEntityId } from './process-entity.ts';
import { ProcessTable } from './process-table.ts';

let serial = 0;

interface Step {
  readonly pid: number;
  readonly ppid?: number;
  readonly args?: readonly string[];
  readonly exe?: string;
  readonly ses?: number;
  readonly auid?: number;
  readonly node?: string;
  readonly end?: boolean;
}

function records({
  pid,
  ppid = 1,
  args = ['x'],
  exe = `/bin/${args[0]}`,
  ses = 1,
  auid = 1000,
  node = 'vm',
  end,
}: Step): string {
  serial += 1;
  const id = `msg=audit(${1_700_000_000 + serial}.123:${serial}):`;
  const head = `node=${node} type=SYSCALL ${id} arch=c000003e syscall=${end ? 231 : 59} success=yes ppid=${ppid} pid=${pid} auid=${auid} ses=${ses} exe="${exe}"`;
  const quoted = args.map((arg, at) => `a${at}="${arg}"`).join(' ');
  return end ? `${head}\n` : `${head}\nnode=${node} type=EXECVE ${id} argc=${args.length} ${quoted}\n`;
}

function run(
  steps: readonly Step[],
  table = new ProcessTable(),
): { events: readonly Event[]; table: ProcessTable; ids: (string | undefined)[] } {
  const { events } = readEvents(steps.map(records).join(''), {}, (event) => table.observe(event));
  return { events, table, ids: events.map((event) => event.text('process.entity_id')) };
}

test('a process start gets an entity id, its start, and the parent that was seen to start', () => {
  const { events, ids, table } = run([
    { pid: 100, args: ['sshd', '-D'] },
    { pid: 200, ppid: 100, args: ['bash', '-l'] },
    { pid: 300, ppid: 200, args: ['python3'] },
  ]);
  expect(new Set(ids).size).toBe(3);
  expect(events[2]?.document()).toMatchObject({
    process: {
      entity_id: ids[2],
      parent: {
        pid: 200,
        entity_id: ids[1],
        name: 'bash',
        executable: '/bin/bash',
        args: ['bash', '-l'],
        args_count: 2,
        command_line: 'bash -l',
        start: events[1]?.text('@timestamp'),
      },
    },
  });
  expect(
    table.ancestry(events[2] as Event).map(({ pid, entityId, commandLine }) => [pid, entityId, commandLine]),
  ).toEqual([
    [200, ids[1], 'bash -l'],
    [100, ids[0], 'sshd -D'],
  ]);
});

test('an exec in place is the same life, and its children have the new image as parent', () => {
  const { events, ids } = run([
    { pid: 100, args: ['bash'] },
    { pid: 100, args: ['python3'] },
    { pid: 101, ppid: 100, args: ['ls'] },
  ]);
  expect(ids[1]).toBe(ids[0]);
  expect(events[1]?.text('process.start')).toBe(events[0]?.text('@timestamp'));
  expect(events[2]?.text('process.parent.name')).toBe('python3');
  expect(events[2]?.text('process.parent.entity_id')).toBe(ids[0]);
});

test('another session, login or parent is another life; an orphan is not', () => {
  const differs = (first: Partial<Step>, second: Partial<Step>) => {
    const { ids } = run([
      { pid: 10 },
      { pid: 20, ppid: 10 },
      { pid: 100, ppid: 20, ...first },
      { pid: 100, ppid: 20, ...second },
    ]);
    return ids[2] !== ids[3];
  };
  expect(differs({}, {})).toBe(false);
  expect(differs({ ses: 1 }, { ses: 2 })).toBe(true);
  expect(differs({ auid: 1000 }, { auid: 1001 })).toBe(true);
  expect(differs({}, { ppid: 55 })).toBe(true);
  expect(differs({}, { ppid: 1 })).toBe(false);
  expect(differs({}, { ppid: 10 })).toBe(false);
});

test('after its end, or a round of the pid counter, a pid is another process', () => {
  const ended = run([{ pid: 100 }, { pid: 100, end: true }, { pid: 100 }]);
  expect(ended.ids[2]).not.toBe(ended.ids[0]);
  const round = run([{ pid: 1000 }, { pid: 30_000 }, { pid: 500 }, { pid: 510 }, { pid: 1001 }, { pid: 1000 }]);
  expect(round.ids[5]).not.toBe(round.ids[0]);
});

test('an ended parent is still known as the parent of what it started', () => {
  const { events, table } = run([
    { pid: 100, args: ['sh'] },
    { pid: 101, ppid: 100 },
    { pid: 100, end: true },
  ]);
  expect(table.ancestry(events[1] as Event).map(({ name }) => name)).toEqual(['sh']);
});

test('a login that changes the session of a running process does not end its life', () => {
  const table = new ProcessTable();
  const first = run([{ pid: 100, ses: 1, auid: 1000 }], table);
  readEvents(
    'node=vm type=LOGIN msg=audit(1700000000.123:1): pid=100 uid=0 old-auid=1000 auid=1001 old-ses=1 ses=2 res=1',
    {},
    (event) => table.observe(event),
  );
  expect(run([{ pid: 100, ses: 2, auid: 1001 }], table).ids).toEqual(first.ids);
});

test('hosts do not mix', () => {
  const { events, ids } = run([{ pid: 100 }, { pid: 100, node: 'other' }, { pid: 200, ppid: 100, node: 'third' }]);
  expect(ids[0]).not.toBe(ids[1]);
  expect(events[2]?.text('process.parent.name')).toBeUndefined();
});

test('laurel’s PPID fills in a parent that was not seen, and only then', () => {
  const line = (pid: number, ppid: number) =>
    JSON.stringify({
      ID: `1700000000.123:${pid}`,
      NODE: 'vm',
      SYSCALL: {
        syscall: 59,
        SYSCALL: 'execve',
        success: 'yes',
        pid,
        ppid,
        ses: 1,
        exe: `/bin/p${pid}`,
        PPID: { comm: 'told', exe: '/bin/told', ppid: 7 },
      },
      EXECVE: { argc: 1, ARGV: ['x'] },
    });
  const table = new ProcessTable();
  const { events } = readEvents([line(20, 10), line(30, 20), line(21, 10)].join('\n'), {}, (event) =>
    table.observe(event),
  );
  expect(events.map((event) => event.text('process.parent.name'))).toEqual(['told', 'p20', 'told']);
  expect(events[0]?.text('process.parent.executable')).toBe('/bin/told');
  expect(events[0]?.text('process.parent.entity_id')).toBeUndefined();
  expect(table.ancestry(events[1] as Event).map(({ name }) => name)).toEqual(['p20', 'told']);
});

test('processes from before the first event, in any order', () => {
  const table = new ProcessTable();
  table.learn('vm', { pid: 50, ppid: 1, entityId: procfsEntityId('vm', 50, 10), name: 'bash', commandLine: '-bash' });
  table.learn('vm', { pid: 1, entityId: procfsEntityId('vm', 1, 1), name: 'systemd' });
  const { events, ids } = run(
    [
      { pid: 60, ppid: 50 },
      { pid: 50, ppid: 1, args: ['zsh'] },
    ],
    table,
  );
  expect(events[0]?.text('process.parent.command_line')).toBe('-bash');
  expect(table.ancestry(events[0] as Event).map(({ name }) => name)).toEqual(['zsh', 'systemd']);
  expect(ids[1]).toBe(procfsEntityId('vm', 50, 10));
  expect(events[1]?.text('process.start')).toBeUndefined();
});

test('an orphan’s parent is the one that the source names now', () => {
  const { events } = run([
    { pid: 1, args: ['init'] },
    { pid: 20, args: ['sh'] },
    { pid: 30, ppid: 20 },
    { pid: 30, ppid: 1 },
  ]);
  expect(events.map((event) => event.text('process.parent.name'))).toEqual([undefined, 'init', 'sh', 'init']);
});

test('the start stays over exec where the source gives the entity', () => {
  const line = (second: number) =>
    JSON.stringify({
      procfs: 1,
      time: `2026-01-01T00:00:0${second}Z`,
      pid: 5,
      start_ticks: 7,
      host: 'vm',
      args: ['x'],
    });
  const table = new ProcessTable();
  const { events } = readEvents([line(1), line(2)].join('\n'), {}, (event) => table.observe(event));
  expect(events.map((event) => event.text('process.start'))).toEqual(Array(2).fill('2026-01-01T00:00:01.000Z'));
});

test('what the source says stays', () => {
  const table = new ProcessTable();
  const line = (id: string, parent: string) =>
    JSON.stringify({
      '@timestamp': '2026-01-01T00:00:00Z',
      host: { name: 'vm' },
      event: { category: ['process'], type: ['start'] },
      process: {
        pid: 5,
        entity_id: id,
        name: `n-${id}`,
        parent: { pid: 4, entity_id: parent, name: `said-${parent}` },
      },
    });
  const { events } = readEvents([line('b', 'a'), line('c', 'b'), line('a', 'c')].join('\n'), {}, (event) =>
    table.observe(event),
  );
  expect(events[1]?.text('process.parent.name')).toBe('said-b');
  expect(events[1]?.text('process.entity_id')).toBe('c');
  // a ← c ← b ← a: the circle ends where it closes.
  expect(table.ancestry(events[2] as Event).map(({ entityId }) => entityId)).toEqual(['c', 'b']);
  const other = new ProcessTable();
  expect(other.ancestry(events[0] as Event).map(({ name }) => name)).toEqual(['said-a']);
});

test('memory is bounded, the least recently used going first', () => {
  const table = new ProcessTable({ processesPerHost: 3, hosts: 2, characters: 1e9 });
  run([{ pid: 1 }, { pid: 2 }, { pid: 3 }, { pid: 11, ppid: 1 }, { pid: 4 }], table);
  const { events } = run(
    [
      { pid: 12, ppid: 1 },
      { pid: 13, ppid: 2 },
    ],
    table,
  );
  expect(events[0]?.text('process.parent.name')).toBe('x');
  expect(events[1]?.text('process.parent.name')).toBeUndefined();
  run(
    [
      { pid: 1, node: 'b' },
      { pid: 1, node: 'c' },
    ],
    table,
  );
  expect(run([{ pid: 14, ppid: 12 }], table).events[0]?.text('process.parent.name')).toBeUndefined();

  const narrow = new ProcessTable({ processesPerHost: 1e9, hosts: 2, characters: 1000 });
  const long = run(
    [
      { pid: 5, args: ['a'.repeat(400)] },
      { pid: 6, args: ['b'.repeat(400)] },
      { pid: 7, ppid: 5 },
    ],
    narrow,
  );
  expect(long.events[2]?.text('process.parent.name')).toBeUndefined();
});

test('a busy host gives up its oldest processes, and a quiet one keeps its parents', () => {
  const table = new ProcessTable({ processesPerHost: 1e9, hosts: 10, characters: 20_000 });
  run([{ pid: 1, node: 'quiet' }], table);
  run(
    Array.from({ length: 200 }, (_, at) => ({ pid: 100 + at, node: 'busy' })),
    table,
  );
  const { events } = run(
    [
      { pid: 2, ppid: 1, node: 'quiet' },
      { pid: 500, ppid: 299, node: 'busy' },
      { pid: 501, ppid: 100, node: 'busy' },
    ],
    table,
  );
  expect(events.map((event) => event.text('process.parent.name'))).toEqual(['x', 'x', undefined]);
});

test('a very long command line of a parent is kept cut', () => {
  const { events } = run([
    { pid: 5, args: ['sh', 'a'.repeat(100_000)], exe: '/bin/sh' },
    { pid: 6, ppid: 5 },
  ]);
  expect(events[1]?.text('process.parent.name')).toBe('sh');
  expect(events[1]?.text('process.parent.command_line')?.length).toBeLessThan(20_000);
  const table = new ProcessTable();
  table.learn('vm', { pid: 8, name: 'sh', commandLine: 'a'.repeat(100_000) });
  expect(run([{ pid: 9, ppid: 8 }], table).events[0]?.text('process.parent.command_line')?.length).toBeLessThan(20_000);
});

test('any events give acyclic ancestry of at most 32, the same each time', () => {
  const step = fc.record({
    pid: fc.integer({ min: 1, max: 6 }),
    ppid: fc.integer({ min: 1, max: 6 }),
    ses: fc.integer({ min: 1, max: 2 }),
    end: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const from = serial;
      const one = run(steps);
      serial = from;
      expect(run(steps).ids).toEqual(one.ids);
      for (const event of one.events) {
        const ids = one.table.ancestry(event).flatMap(({ entityId }) => entityId ?? []);
        expect(ids.length).toBeLessThanOrEqual(32);
        expect(new Set([...ids, event.text('process.entity_id')]).size).toBe(ids.length + 1);
      }
    }),
    { numRuns: 100 },
  );
});

const told = fc.record({
  kind: fc.constantFrom('ecs', 'ecs', 'sysmon', 'laurel'),
  host: fc.constantFrom('h1', 'h1', 'h2', 'h3'),
  pid: fc.integer({ min: 3, max: 7 }),
  ppid: fc.option(fc.integer({ min: 3, max: 8 }), { nil: undefined }),
  id: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
  parentId: fc.option(fc.constantFrom('a', 'b', 'd'), { nil: undefined }),
  session: fc.integer({ min: 1, max: 2 }),
  start: fc.option(fc.constantFrom('2026-01-01T00:00:00.000Z'), { nil: undefined }),
  words: fc.array(fc.constantFrom('-x', 'y', 'ü "q" \\', '\ud800', 'y'.repeat(20_000)), { maxLength: 2 }),
  isEnd: fc.constantFrom(false, false, false, true),
});
type ToldStart = typeof told extends fc.Arbitrary<infer T> ? T : never;

/** A line that its format reads alone; of most of these the line is what is kept. */
function lineOf({ kind, host, pid, ppid, id, parentId, session, start, words, isEnd }: ToldStart, at: number): string {
  const time = new Date(Date.UTC(2026, 1, 1) + at * 1_000).toISOString();
  if (kind === 'laurel') {
    const syscall = isEnd ? { syscall: 231, SYSCALL: 'exit_group' } : { syscall: 59, SYSCALL: 'execve' };
    const parent = { comm: `of${at}`, exe: `/bin/of${at}`, ppid: 3 };
    const record = { ...syscall, success: 'yes', pid, ppid, ses: session, exe: `/bin/p${at}`, PPID: parent };
    return JSON.stringify({ ID: `17000000${10 + at}.123:${at}`, NODE: host, SYSCALL: record, EXECVE: { ARGV: words } });
  }
  if (kind === 'sysmon') {
    const source = { Channel: 'Microsoft-Windows-Sysmon/Operational', SourceName: 'Microsoft-Windows-Sysmon' };
    const guid = (name = '') => (name === '' ? undefined : `${name.repeat(8)}-0000-0000-0000-0000000000a1`);
    const own = { ProcessId: pid, ProcessGuid: guid(id), Image: `C:\\p${at}.exe`, CommandLine: words.join(' ') };
    const parent = { ParentProcessId: ppid, ParentProcessGuid: guid(parentId), ParentImage: `C:\\of${at}.exe` };
    return JSON.stringify({ ...source, EventID: isEnd ? 5 : 1, Hostname: host, TimeCreated: time, ...own, ...parent });
  }
  const parent = { pid: ppid, entity_id: parentId, name: `of${at}`, args: words };
  return JSON.stringify({
    '@timestamp': time,
    host: { name: host },
    event: { category: ['process'], type: [isEnd ? 'end' : 'start'] },
    process: { pid, entity_id: id, start, name: `p${at}`, args: words, parent },
  });
}

test('processes that are described at once are as those whose lines are kept', () => {
  let ancestors = 0;
  const limits = [
    { processesPerHost: 100, hosts: 9, characters: 1e9 },
    { processesPerHost: 4, hosts: 2, characters: 1e9 },
  ];
  fc.assert(
    fc.property(fc.array(told, { minLength: 5, maxLength: 40 }), fc.constantFrom(...limits), (starts, limit) => {
      const text = starts.map(lineOf).join('\n');
      const known = [false, true].map((isAtOnce) => {
        const table = new ProcessTable(limit, isAtOnce);
        const seen: unknown[] = [];
        readEvents(text, {}, (event) => {
          table.observe(event);
          seen.push([event.document(), table.ancestry(event)]);
          ancestors += table.ancestry(event).length;
        });
        return seen;
      });
      expect(known[1]).toEqual(known[0]);
    }),
    { numRuns: runs(60) },
  );
  expect(ancestors).toBeGreaterThan(runs(60));
});

test('processes that are described at once take no room of their lines, and those that leave are the oldest', () => {
  const line = (pid: number) =>
    JSON.stringify({
      '@timestamp': '2026-01-01T00:00:00Z',
      message: 'm'.repeat(600),
      host: { name: 'vm' },
      event: { category: ['process'], type: ['start'] },
      process: { pid, entity_id: `p${pid}`, name: `n${pid}`, parent: { pid: pid - 40, entity_id: `p${pid - 40}` } },
    });
  const text = Array.from({ length: 200 }, (_, at) => line(100 + at)).join('\n');
  const named = [false, true].map((isAtOnce) => {
    const table = new ProcessTable({ processesPerHost: 1e9, hosts: 1, characters: 60_000 }, isAtOnce);
    const { events } = readEvents(text, {}, (event) => table.observe(event));
    return events.map((event) => event.text('process.parent.name'));
  });
  const ofParents = Array.from({ length: 200 }, (_, at) => (at < 40 ? undefined : `n${60 + at}`));
  expect(named[1]).toEqual(ofParents);
  expect(named[0]).not.toEqual(ofParents);
});
