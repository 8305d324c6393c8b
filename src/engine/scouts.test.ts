import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { EventSink } from '../format/format.ts';
import { openStream } from '../format/stream.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import { inspectText } from '../rule/inspect.ts';
import { BlockRooms } from './block-rooms.ts';
import { Detector, MemoryLedger } from './detector.ts';
import { type ScoutTask, scoutOf, scoutTask } from './scout.ts';
import { type PassedOver, ScoutedFile } from './scouted-file.ts';
import type { Scouting } from './scouts.ts';

const settings = { standsInForEndpoint: true };
const rules = [
  ['whoami', "    Image|endswith: '\\whoami.exe'"],
  ['parent', "    ParentImage|endswith: '\\cmd.exe'"],
  ['file', "    TargetFilename|contains: 'secret'", 'file_event'],
].flatMap(([id, body, category = 'process_creation']) => {
  const text = `title: ${id}\nid: ${id}\nlogsource:\n  category: ${category}\n  product: windows\ndetection:\n  sel:\n${body}\n  condition: sel\n`;
  return inspectText(text, `${id}.yml`).flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
});
const task = scoutTask(rules, settings);

/** Scouts in this thread, in turn, whose reports come late and in no order. */
function scoutsHere(count: number): Scouting {
  const scouts = Array.from({ length: count }, () => scoutOf(task as ScoutTask));
  let next = 0;
  return {
    count,
    rooms: new BlockRooms(),
    look: (block) => {
      const report = (scouts[next] as (typeof scouts)[number]).look(block);
      next = (next + 1) % count;
      return Promise.resolve(report);
    },
  };
}

/** What a scan finds, in order, and what it counts. */
async function scan(text: string, scouting?: Scouting, chunkBytes = 1024 * 1024) {
  const found: string[] = [];
  /** Of what could not be read. */
  const places: string[] = [];
  const detector = new Detector({ rules, now: () => 0 });
  const counts = { events: 0, unrouted: 0, rejects: 0, read: 0 };
  const sink: EventSink = {
    event: (event) => {
      counts.events += 1;
      if (event.dataStreams.length === 0) counts.unrouted += 1;
      detector.observe(event);
    },
    reject: ({ origin }) => {
      counts.rejects += 1;
      places.push(`${origin.offset} ${origin.line}`);
    },
  };
  const stream = openStream({ ...settings, now: () => 0 }, sink);
  const formats = new Map<string, number>();
  const count = (format: string, events: number) => formats.set(format, (formats.get(format) ?? 0) + events);
  const reader = {
    line: (line: Parameters<typeof stream.line>[0]) => {
      counts.read += 1;
      stream.line(line);
    },
    missed: stream.missed.bind(stream),
    get waiting() {
      return stream.waiting;
    },
  };
  const bytes = Buffer.from(text);
  if (scouting === undefined) {
    const splitter = new LineSplitter({
      origin: (offset, line) => ({ path: 'x', offset, line }),
      onTooLong: (reject) => stream.missed(reject),
    });
    splitter.feed(bytes);
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) reader.line(line);
    const last = splitter.finish();
    if (last !== undefined) reader.line(last);
  } else {
    const passed = (one: PassedOver) => {
      counts.events += one.events;
      counts.unrouted += one.unrouted;
      if (one.events > 0) count(one.format, one.events);
    };
    const here = scoutOf(task as ScoutTask);
    const ahead = new ScoutedFile({ scouts: scouting, here, number: 0, path: 'x', reader, passed });
    for (let at = 0; at < bytes.length; at += chunkBytes) await ahead.take(bytes.subarray(at, at + chunkBytes));
    await ahead.end(true);
  }
  stream.end();
  for (const [format, events] of stream.formats) count(format, events);
  for (const { alert } of detector.drain(new MemoryLedger()).alerts) found.push(JSON.stringify(alert));
  const { read, ...counted } = counts;
  return { found, counted, places, formats: Object.fromEntries(formats), read };
}

const sysmon = (id: number, data: object) =>
  JSON.stringify({
    EventID: id,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    Hostname: 'pc',
    EventTime: '2025-01-02 03:04:05',
    ...data,
  });
const start = (pid: number, image: string, parent?: number) =>
  sysmon(1, {
    ProcessId: pid,
    Image: image,
    CommandLine: image,
    ...(parent === undefined ? {} : { ParentProcessId: parent }),
  });
const file = (name: string) => sysmon(11, { ProcessId: 5, Image: 'C:\\a.exe', TargetFilename: name });

describe('a scan behind scouts', () => {
  it('finds and counts what one thread finds and counts, whatever comes', async () => {
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('C:\\x', 'C:\\secret', 'C:\\y').map(file) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(
            fc.constantFrom(1, 2, 3),
            fc.constantFrom('C:\\cmd.exe', 'C:\\whoami.exe'),
            fc.constantFrom(1, 2, undefined),
          )
          .map(([pid, image, parent]) => start(pid, image, parent)),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '',
          '{',
          'no json',
          '{"a": 1}',
          '}',
          '[',
          `[${file('C:\\secret')},${file('C:\\x')}]`,
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constant(
          'type=SYSCALL msg=audit(1700000000.1:7): arch=c000003e syscall=59 success=yes exit=0 pid=7 ppid=1',
        ),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 24 }),
        fc.constantFrom(1, 2),
        fc.constantFrom(50_000, 777_777, 1_048_576),
        fc.constantFrom('\n', '\r\n', '\n\n'),
        fc.constantFrom('', '\n', '\ufeff'),
        async (some, count, chunkBytes, ending, around) => {
          // Several blocks, of which some lines are longer than one.
          const long = file(`C:\\${'z'.repeat(700_000)}`);
          const longest = file(`C:\\${'y'.repeat(1_300_000)}`);
          const lines = some.flatMap((text, at) => (at % 4 === 1 ? [text, at === 5 ? longest : long] : [text]));
          const text = around + lines.join(ending) + (around === '\n' ? ending : '');
          const { read: all, ...alone } = await scan(text);
          const { read, ...scouted } = await scan(text, scoutsHere(count), chunkBytes);
          expect(scouted).toEqual(alone);
          expect(read).toBeLessThanOrEqual(all);
        },
      ),
      { numRuns: runs(40) },
    );
  });

  it('reads by itself a file whose lines do not stand alone, of any length', async () => {
    const one = (at: number) =>
      [
        `type=SYSCALL msg=audit(1700000000.1:${at}): arch=c000003e syscall=59 success=yes exit=0 pid=7 ppid=1 exe="/bin/a"`,
        `type=EXECVE msg=audit(1700000000.1:${at}): argc=1 a0="${'a'.repeat(40_000)}"`,
      ].join('\n');
    const text = Array.from({ length: 70 }, (_, at) => one(at)).join('\n');
    const { read: all, ...alone } = await scan(text);
    const { read, ...scouted } = await scan(text, scoutsHere(1));
    expect(scouted).toEqual(alone);
    expect(read).toBe(all);
  });

  it('reads what matters only, of lines that stand alone', async () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => file(at % 1000 === 7 ? 'C:\\secret' : 'C:\\x'));
    const { found, counted, read } = await scan(`${lines.join('\n')}\n`, scoutsHere(2));
    expect(found).toHaveLength(5);
    expect(counted.events).toBe(5_000);
    expect(read).toBe(6);
  });
});
