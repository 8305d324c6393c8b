import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { EventSink } from '../format/format.ts';
import { openStream } from '../format/stream.ts';
import { inspectText } from '../rule/inspect.ts';
import { Detector, MemoryLedger } from './detector.ts';
import { Scout, type ScoutTask, scoutTask } from './scout.ts';
import { ScoutedFile, type Scouting } from './scouts.ts';

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
  const scouts = Array.from({ length: count }, () => new Scout(task as ScoutTask));
  let next = 0;
  return {
    count,
    look: (batch) => {
      const report = (scouts[next] as Scout).look(batch);
      next = (next + 1) % count;
      return Promise.resolve(report);
    },
  };
}

/** What a scan finds, in order, and what it counts. */
async function scan(lines: readonly string[], scouting?: Scouting) {
  const found: string[] = [];
  const detector = new Detector({ rules, now: () => 0 });
  const counts = { events: 0, unrouted: 0, rejects: 0, read: 0 };
  const sink: EventSink = {
    event: (event) => {
      counts.events += 1;
      if (event.dataStreams.length === 0) counts.unrouted += 1;
      detector.observe(event);
    },
    reject: () => {
      counts.rejects += 1;
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
  const ahead =
    scouting &&
    new ScoutedFile(scouting, { number: 0, path: 'x' }, reader, (passed) => {
      counts.events += passed.events;
      counts.unrouted += passed.unrouted;
      if (passed.events > 0) count(passed.format, passed.events);
    });
  let offset = 0;
  for (const [at, text] of lines.entries()) {
    const bytes = Buffer.from(text);
    (ahead ?? reader).line({ bytes, origin: { path: 'x', offset, line: at + 1 } });
    offset += bytes.length + 1;
    if (at % 3 === 0) await ahead?.settle();
  }
  await ahead?.end();
  stream.end();
  for (const [format, events] of stream.formats) count(format, events);
  for (const { alert } of detector.drain(new MemoryLedger()).alerts) found.push(JSON.stringify(alert));
  const { read, ...counted } = counts;
  return { found, counted, formats: Object.fromEntries(formats), read };
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
      { weight: 1, arbitrary: fc.constantFrom('', '{', 'no json', '{"a": 1}', '}', '[') },
      {
        weight: 1,
        arbitrary: fc.constant(
          'type=SYSCALL msg=audit(1700000000.1:7): arch=c000003e syscall=59 success=yes exit=0 pid=7 ppid=1',
        ),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 30 }),
        fc.constantFrom(2, 3),
        fc.nat(2),
        async (some, count, repeats) => {
          // Several batches: lines are many, or few and long.
          const long = file(`C:\\${'z'.repeat(200_000)}`);
          const lines = some.flatMap((text, at) => (repeats > 0 && at % 3 === 0 ? [text, long] : [text]));
          const { read: all, ...alone } = await scan(lines);
          const { read, ...scouted } = await scan(lines, scoutsHere(count));
          expect(scouted).toEqual(alone);
          expect(read).toBeLessThanOrEqual(all);
        },
      ),
      { numRuns: runs(40) },
    );
  });

  it('reads what matters only, of lines that stand alone', async () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => file(at % 1000 === 7 ? 'C:\\secret' : 'C:\\x'));
    const { found, counted, read } = await scan(lines, scoutsHere(2));
    expect(found).toHaveLength(5);
    expect(counted.events).toBe(5_000);
    expect(read).toBe(6);
  });
});
