import { appendFileSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { EventSink } from '../format/format.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { openStream } from '../format/stream.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import { closePlain, openPlain, type PlainFile } from '../ingest/plain-file.ts';
import { LineSieve } from '../match/line-sieve.ts';
import { constant, type Predicate } from '../plan/predicate/node.ts';
import { inspectText, type LoadedRule } from '../rule/inspect.ts';
import { inspectRules } from '../rule/load.ts';
import { openRuleCache } from '../rule/rule-cache.ts';
import { Detector, MemoryLedger } from './detector.ts';
import { type Scout, type ScoutFile, type ScoutTask, scoutOf, scoutTask } from './scout.ts';
import { boardMemory, type Claim, ScoutBoard } from './scout-board.ts';
import { type PassedOver, ScoutedFile } from './scouted-file.ts';
import { type Scouting, Scouts } from './scouts.ts';

const settings = { standsInForEndpoint: true };
const ruleTexts = [
  ['whoami', "    Image|endswith: '\\whoami.exe'"],
  ['parent', "    ParentImage|endswith: '\\cmd.exe'"],
  ['file', "    TargetFilename|contains: 'secret'", 'file_event'],
].map(([id, body, category = 'process_creation']) => {
  const text = `title: ${id}\nid: ${id}\nlogsource:\n  category: ${category}\n  product: windows\ndetection:\n  sel:\n${body}\n  condition: sel\n`;
  return { text, file: `${id}.yml` };
});
const rules = ruleTexts.flatMap(({ text, file }) =>
  inspectText(text, file).flatMap(({ rule }) => (rule === undefined ? [] : [rule])),
);
const task = scoutTask(rules, settings);

/** Scouts in this thread, which look at blocks while the scan turns to other things; every so many looks are told a turn late. */
class ScoutsHere implements Scouting {
  readonly board: ScoutBoard;
  readonly isDue = true;
  private readonly scouts: readonly Scout[];
  private readonly late = new Map<number, Claim>();
  private file: ScoutFile | undefined;
  private turns = 0;
  looks = 0;
  private readonly happens: (turn: number) => void;

  constructor(count: number, blockBytes: number, happens: (turn: number) => void = () => {}, told = task) {
    this.board = new ScoutBoard(boardMemory(count, blockBytes));
    this.scouts = Array.from({ length: count }, (_, number) =>
      number === 0 ? scoutOf(told as ScoutTask, 0) : scoutOf(told as ScoutTask),
    );
    this.happens = happens;
  }

  tell(file: ScoutFile): void {
    this.file = file;
  }

  async turn(): Promise<void> {
    this.turns += 1;
    this.happens(this.turns);
    for (const [number, scout] of this.scouts.entries()) {
      const late = this.late.get(number);
      this.late.delete(number);
      if (late !== undefined) this.board.tell(number, late);
      for (let look = 0; look < 2 && !this.late.has(number); look += 1) {
        const claim = this.board.claim(number);
        if (claim === undefined) break;
        scout.look(this.file as ScoutFile, claim, this.board.blockBytes);
        this.looks += 1;
        if ((this.turns + look) % 5 === 0) this.late.set(number, claim);
        else this.board.tell(number, claim);
      }
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'vedette-scouts-'));
const path = join(folder, 'log');
afterAll(() => rmSync(folder, { recursive: true }));

/** What a scan finds, in order, and what it counts. @param maxAlerts of a rule in a run */
async function scan(text: string, scouts?: Scouting, file?: PlainFile, number = 1, maxAlerts = 1_000) {
  const found: string[] = [];
  /** Of what could not be read, and of what is always read. */
  const places: string[] = [];
  const detector = new Detector({ rules, now: () => 0, isLedgerWhole: true, maxAlerts });
  const ledger = new MemoryLedger();
  const counts = { events: 0, unrouted: 0, rejects: 0, read: 0, funnel: EMPTY_FUNNEL };
  const decide = () => {
    const decided = detector.drain(ledger);
    ledger.record(decided);
    for (const { alert } of decided.alerts) found.push(JSON.stringify(alert));
    for (const { funnel } of decided.runs) counts.funnel = addFunnels(counts.funnel, funnel);
  };
  const sink: EventSink = {
    event: (event) => {
      counts.events += 1;
      if (event.dataStreams.length === 0) counts.unrouted += 1;
      if (concernsProcesses(event)) places.push(`${event.origin?.offset} ${event.origin?.line}`);
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
    passOver: stream.passOver.bind(stream),
    get passedOver() {
      return stream.passedOver;
    },
    get waiting() {
      return stream.waiting;
    },
    get formats() {
      return stream.formats;
    },
  };
  let problem: string | undefined;
  if (scouts === undefined) {
    const splitter = new LineSplitter({
      origin: (offset, line) => ({ path, offset, line }),
      onTooLong: (reject) => stream.missed(reject),
    });
    splitter.feed(Buffer.from(text));
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      reader.line(line);
      decide();
    }
    const last = splitter.finish();
    if (last !== undefined) reader.line(last);
  } else {
    writeFileSync(path, text);
    const passed = (one: PassedOver) => {
      counts.events += one.events;
      counts.unrouted += one.unrouted;
      if (one.events > 0) count(one.format, one.events);
    };
    const plain = file ?? (openPlain(path) as PlainFile);
    const of = { path, file: plain, reader, passed, found: detector, handed: decide };
    const ahead = new ScoutedFile({ scouts, number, ...of });
    problem = (await ahead.read())?.code;
    closePlain(plain);
  }
  stream.end();
  for (const [format, events] of stream.formats) count(format, events);
  decide();
  const { read, ...counted } = counts;
  return {
    found,
    counted,
    places,
    formats: Object.fromEntries(formats),
    read,
    ...(problem === undefined ? {} : { problem }),
  };
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
/** Of a log source that nobody has named. */
const other = JSON.stringify({
  EventID: 7,
  Channel: 'Unheard',
  SourceName: 'x',
  Hostname: 'pc',
  EventTime: '2025-01-02 03:04:05',
});
const file = (name: string, data: object = {}) =>
  sysmon(11, { ProcessId: 5, Image: 'C:\\a.exe', TargetFilename: name, ...data });

describe('a scan behind scouts', () => {
  it('finds and counts what one thread finds and counts, whatever comes', async () => {
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('C:\\x', 'C:\\secret', 'C:\\y').map((name) => file(name)) },
      // In another run.
      { weight: 2, arbitrary: fc.constant(file('C:\\secret', { UtcTime: '2025-01-02 04:04:05.000' })) },
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
      { weight: 2, arbitrary: fc.constantFrom('', 'no json', '{"a": 1}', other) },
    );
    /** What does not stand alone, after which blocks are read whole. */
    const odd = fc.oneof(line, fc.constantFrom('{', '}', '[', `[${file('C:\\secret')},${file('C:\\x')}]`));
    const mixed = fc.oneof(
      { weight: 11, arbitrary: odd },
      {
        weight: 1,
        arbitrary: fc.constant(
          'type=SYSCALL msg=audit(1700000000.1:7): arch=c000003e syscall=59 success=yes exit=0 pid=7 ppid=1',
        ),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(...[line, line, odd, mixed].map((one) => fc.array(one, { maxLength: 80 }))),
        fc.constantFrom(1, 2),
        fc.constantFrom(300, 1_000, 20_000),
        fc.constantFrom('\n', '\r\n', '\n\n'),
        fc.constantFrom('', '\n', '\ufeff'),
        fc.constantFrom(1, 3, 1_000),
        async (some, count, blockBytes, ending, around, maxAlerts) => {
          // Some are longer than a block, and than what is read beyond one.
          const long = file(`C:\\${'z'.repeat(2_500)}`);
          const longest = file(`C:\\${'y'.repeat(40_000)}`);
          const lines = some.flatMap((text, at) => (at % 9 === 1 ? [text, at === 10 ? longest : long] : [text]));
          const text = around + lines.join(ending) + (around === '\n' ? ending : '');
          const scouts = new ScoutsHere(count, blockBytes);
          // One file after the other.
          for (const [number, whole] of [text, lines.toReversed().join(ending)].entries()) {
            const { read: all, ...alone } = await scan(whole, undefined, undefined, 1, maxAlerts);
            const { read, ...scouted } = await scan(whole, scouts, undefined, number + 1, maxAlerts);
            expect(scouted).toEqual(alone);
            expect(read).toBeLessThanOrEqual(all);
          }
        },
      ),
      { numRuns: runs(60) },
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
    const { read, ...scouted } = await scan(text, new ScoutsHere(1, 20_000));
    expect(scouted).toEqual(alone);
    expect(read).toBe(all);
  });

  it('reads of what scouts came to only what matters, of lines that stand alone', async () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => file(at % 1000 === 7 ? 'C:\\secret' : 'C:\\x'));
    const { found, counted, read } = await scan(`${lines.join('\n')}\n`, new ScoutsHere(2, 4_000));
    expect(found).toHaveLength(5);
    expect(counted.events).toBe(5_000);
    expect(read).toBeLessThan(2_500);
  });

  it('does not read lines whose matches are only counted, of runs that create no more', async () => {
    const secret = (at: number) =>
      file('C:\\secret', {
        RecordNumber: at % 1_000,
        UtcTime: at % 100 === 7 ? '2025-01-02 03:04:05.000' : `2025-01-0${3 + Math.trunc(at / 2_000)} 03:04:05.000`,
      });
    const lines = Array.from({ length: 5_000 }, (_, at) => (at % 50 === 7 ? secret(at) : file('C:\\x')));
    const text = `${lines.join('\n')}\n`;
    const { read: all, ...alone } = await scan(text, undefined, undefined, 1, 3);
    const { read, ...scouted } = await scan(text, new ScoutsHere(2, 4_000), undefined, 1, 3);
    expect(scouted).toEqual(alone);
    expect(alone.counted.funnel).toMatchObject({ matched: 100, created: 12 });
    expect(alone.counted.funnel.duplicate).toBeGreaterThan(5);
    const uncapped = await scan(text, new ScoutsHere(2, 4_000));
    expect(uncapped.counted.funnel).toMatchObject({ matched: 100, capped: 0 });
    expect(read).toBeLessThan(uncapped.read - 30);
  });

  it('goes on by itself where a thread has run out of memory', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => file(at % 1000 === 7 ? 'C:\\secret' : 'C:\\x'));
    const text = lines.join('\n');
    const scouts = new Scouts(1, task as ScoutTask, { maxOldGenerationSizeMb: 12 });
    // It has ended.
    const { board } = scouts;
    let isLost = false;
    const lost = board.lost.bind(board);
    board.lost = (scout) => {
      lost(scout);
      isLost = true;
    };
    while (!isLost) await scouts.turn();
    const { read, ...scouted } = await scan(text, scouts);
    const { read: all, ...alone } = await scan(text);
    await scouts.close();
    expect(scouted).toEqual(alone);
    expect(read).toBe(all);
  });

  it('has scouts read rules from the file of the cache', async () => {
    const own = join(folder, 'rules');
    mkdirSync(own);
    for (const one of ruleTexts) writeFileSync(join(own, one.file), one.text);
    const kept = async () => {
      const cache = openRuleCache({ folder: join(folder, 'cache'), paths: [own] });
      cache.inspections.begin('');
      const read: LoadedRule[] = [];
      for await (const { rule } of inspectRules([own], { cache: cache.inspections })) {
        if (rule !== undefined) read.push(rule);
      }
      cache.save();
      return read;
    };
    await kept();
    const known = await kept();
    const told = scoutTask(known, settings);
    expect([known.length, told?.plans.length]).toEqual([ruleTexts.length, 0]);
    const text = `${Array.from({ length: 500 }, (_, at) => file(at % 9 === 7 ? 'C:\\secret' : 'C:\\x')).join('\n')}\n`;
    const { read: all, ...alone } = await scan(text);
    const { read, ...scouted } = await scan(text, new ScoutsHere(1, 4_000, () => {}, told));
    expect(scouted).toEqual(alone);
    expect(read).toBeLessThan(all);
    // What is needed whatever rules say is told without reading any.
    const length = 2;
    const unread = { ...(told as ScoutTask), rules: told?.rules.map((one, at) => (at % 5 === length ? 0 : one)) };
    const blind = () => new ScoutsHere(1, 4_000, () => {}, unread as ScoutTask);
    await expect(scan(text, blind())).rejects.toThrow('JSON');
    const starts = Array.from({ length: 500 }, (_, at) => start(at + 1, 'C:\\whoami.exe')).join('\n');
    const { read: allStarts, ...startsAlone } = await scan(starts);
    expect(await scan(starts, blind())).toEqual({ ...startsAlone, read: allStarts });
  });

  it('looks at rules for no source of which there are few lines: they are the scan’s', () => {
    const rule = {
      outline: constant(true, NO_SPAN),
      get predicate(): Predicate {
        throw new Error('looked at');
      },
      reads: () => true,
    };
    const sieve = LineSieve.forNeeds([rule], { ...settings, now: () => 0 }, () => false);
    const line = { bytes: Buffer.from(file('C:\\x')), origin: { path, offset: 0, line: 1 } };
    const told = Array.from({ length: 64 }, () => sieve.look(line)?.isNeeded);
    expect(told).toEqual([undefined, ...new Array(63).fill(true)]);
    expect(() => sieve.look(line)).toThrow('looked at');
  });

  it('lets scouts rest where most lines are needed, and asks them again later', async () => {
    const starts = Array.from({ length: 2_000 }, (_, at) => start(at + 1, 'C:\\cmd.exe'));
    const files = Array.from({ length: 4_000 }, () => file('C:\\x'));
    const blockBytes = 2_000;
    const [needed, all] = [`${starts.join('\n')}\n`, `${[...starts, ...files].join('\n')}\n`];
    const [some, scouts] = [new ScoutsHere(1, blockBytes), new ScoutsHere(1, blockBytes)];
    await scan(needed, some);
    expect(some.looks).toBeLessThan(needed.length / blockBytes / 3);
    const { counted, read } = await scan(all, scouts);
    expect(counted.events).toBe(6_000);
    expect(read).toBeLessThan(5_500);
  });

  it('reads what is added meanwhile, and ends where a file was cut', async () => {
    const lines = Array.from({ length: 400 }, (_, at) => file(`C:\\${at % 4 === 0 ? 'secret' : at}`));
    const [some, all] = [`${lines.slice(0, 300).join('\n')}\n`, lines.join('\n')];
    const alone = await scan(all);
    const grows = (turn: number) => {
      if (turn === 9) appendFileSync(path, all.slice(some.length));
    };
    expect({ ...(await scan(some, new ScoutsHere(1, 2_000, grows))), read: alone.read }).toEqual(alone);
    const isCut = (turn: number) => {
      if (turn === 9) truncateSync(path, 30_000);
    };
    const { found } = await scan(all, new ScoutsHere(1, 2_000, isCut));
    expect(found.length).toBeGreaterThan(10);
    expect(found).toEqual(alone.found.slice(0, found.length));
  });

  it('tells of a file that cannot be read', async () => {
    const descriptor = openSync(folder, 'r');
    const { problem } = await scan('', new ScoutsHere(1, 300), { descriptor, size: 3_000 });
    expect(problem).toBe('ingest-unreadable');
  });
});
