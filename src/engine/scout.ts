/**
 * Looks through lines of a file ahead of the scan, in a thread of its own, and says which of them the scan has to read.
 *
 *   block of lines ──sieve──▶ format ──events──▶ matcher ──▶ needed: what starts or ends a process, what cannot be read
 *                                                 └──────▶ found: what rules match it, and nothing else needs it
 *
 * Why that is sound: of an event, a rule sees what its line says and what is known of processes from lines before, and the
 * second only where the event starts a process. So whether any other event matches hangs on its line alone. The scan reads
 * needed lines as ever, in their order; of the rest it takes the count. Which rules match an event that starts no process is final,
 * too: where these would only be counted, the scan counts them without reading the line.
 *
 * That a line stands alone is seen, not assumed: each has to give one event or reject at once, and all of a file are of one
 * format. Where one is not, the block is not plain, and the scan reads it by itself.
 *
 * Rules are shared between threads as text, or by where that stands in the file of the cache, and parsed when an event comes that
 * they may be for: most are for log sources that no line here has.
 */
import { readSync } from 'node:fs';
import { alertId } from '../detect/alert-id.ts';
import type { Event } from '../event/event.ts';
import type { FormatSettings, LineFilter, PassedLine, SievedLine, StreamReader } from '../format/format.ts';
import { FORMATS } from '../format/formats.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { openStream } from '../format/stream.ts';
import { type LinePasser, LineSplitter } from '../ingest/line-splitter.ts';
import { LineSieve } from '../match/line-sieve.ts';
import { compileMatcher, type Matcher, type MatcherRule } from '../match/matcher.ts';
import type { EventPlan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { SharedParts } from '../plan/predicate/shared-parts.ts';
import { compileIndexPatterns, type ReadsDataStreams } from '../rule/index-pattern.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { ruleHead } from '../rule/rule-head.ts';
import { planText } from '../rule/stored-inspections.ts';
import { type FoundLine, NeededLines } from './needed-lines.ts';
import { BEYOND, type Claim } from './scout-board.ts';

/** What a thread is told once. Each thread has a copy of what is not shared memory, so that what many rules say is said once. */
export interface ScoutTask {
  /**
   * Of each rule over one event `NUMBERS_OF_RULE`: the file in which its plan stands, open for all threads, or `IN_MEMORY`; where
   * that begins and how long it is; the place of its outline, plus one, and of its patterns.
   */
  readonly rules: Int32Array;
  /** Plans that stand in no file, as JSON in ASCII, one after the other. */
  readonly plans: Uint8Array;
  /** Of the rules, by their numbers. */
  readonly ids: readonly string[];
  /** As JSON; see `LoadedRule`. */
  readonly outlines: readonly string[];
  readonly patterns: readonly (readonly string[])[];
  readonly settings: Omit<FormatSettings, 'now' | 'userName'>;
}

const NUMBERS_OF_RULE = 5;
const IN_MEMORY = -1;

/** What a scout says of a block: words of shared memory. */
export const REPORT = {
  /** Whether what is said may be gone by. */
  isPlain: 0,
  /** Of all events, its place among all formats, plus one; 0 where there are none. */
  format: 1,
  /** Where the first line begins that begins in the block, and where the first behind it, from the block on. */
  start: 2,
  end: 3,
  lines: 4,
  /** Of lines that are not needed. */
  events: 5,
  unrouted: 6,
  /** Words of those that are. */
  needed: 7,
} as const;

/** A file that scouts look at. */
export interface ScoutFile {
  /** Another for each. */
  readonly number: number;
  readonly path: string;
  /** Open for all threads. */
  readonly descriptor: number;
}

/** What a scout looks with. */
interface ScoutMeans {
  readonly settings: FormatSettings;
  readonly filter: LineFilter;
  /** Whether a rule matches the event. */
  readonly matches: (event: Event) => boolean;
  /** By their numbers, what the filter's rules are called. */
  readonly ids: readonly string[];
  /** So many lines may be left to the scan before that is asked. */
  readonly linesAhead: number;
}

export class Scout {
  private readonly means: ScoutMeans;
  private file: number | undefined;
  private reader: StreamReader | undefined;
  private splitter: LineSplitter | undefined;
  /** Of lines of the block that are not needed. */
  private format: string | undefined;
  private events = 0;
  private unrouted = 0;
  /** Whether lines are passed over in a row, which are not handed over. */
  private isRow = false;
  private isMixed = false;
  private readonly given: Event[] = [];
  private sieved: SievedLine | undefined;
  private passed: PassedLine | undefined;
  private rejects = 0;
  /** Lines, and those of which the filter could not tell. */
  private looked = 0;
  private untold = 0;
  private hasTooLong = false;
  /** The byte before a block, which tells whether a line begins where the block does, the block, and what is beyond. */
  private bytes = NOTHING;

  constructor(means: ScoutMeans) {
    this.means = means;
  }

  /** Reads a block of a file and looks through it. */
  look(file: ScoutFile, { index, room }: Pick<Claim, 'index' | 'room'>, blockBytes: number): void {
    const { report, needed } = room;
    const offset = index * blockBytes;
    report.fill(0);
    if (this.bytes.length === 0) this.bytes = Buffer.allocUnsafeSlow(1 + blockBytes + BEYOND);
    const { bytes } = this;
    const read = readFrom(file, bytes, offset - 1);
    const start = bytes.indexOf(NEWLINE);
    const end = bytes.indexOf(NEWLINE, blockBytes);
    if (end === -1 || end >= read || start >= blockBytes) return;
    report[REPORT.start] = start;
    report[REPORT.end] = end;
    const { reader, splitter } = this.meansFor(file);
    splitter.skip({ offset: offset + start, line: 0 });
    splitter.feed(bytes.subarray(start + 1, end + 1));
    this.format = undefined;
    this.isMixed = false;
    this.events = 0;
    this.unrouted = 0;
    const lines = new NeededLines(needed);
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      if (line.bytes.length === 0) continue;
      this.turn();
      reader.line(line);
      const told = this.passed ?? this.sieved;
      const [event] = this.given;
      const alone = this.given.length + this.rejects + (told === undefined ? 0 : 1);
      this.saw(told?.format ?? event?.format);
      if (alone !== 1 || this.isMixed || (event !== undefined && event.origin !== line.origin)) {
        this.giveUp();
        return;
      }
      const need = this.needOf(event);
      if (need === 'none') {
        this.passBy(told?.isUnrouted ?? event?.dataStreams.length === 0);
        continue;
      }
      const at = line.bytes.byteOffset - bytes.byteOffset - 1;
      const place = { start: at, end: at + line.bytes.length, offset: line.origin.offset - offset };
      const found = need === 'read' ? {} : { found: need };
      if (lines.add({ ...place, line: line.origin.line, ...found })) continue;
      this.giveUp();
      return;
    }
    const { format } = this;
    if (this.hasTooLong || this.isMixed || splitter.offset !== offset + end) {
      this.giveUp();
      return;
    }
    report[REPORT.isPlain] = 1;
    report[REPORT.format] = format === undefined ? 0 : FORMATS.findIndex(({ name }) => name === format) + 1;
    report[REPORT.lines] = splitter.line;
    report[REPORT.events] = this.events;
    report[REPORT.unrouted] = this.unrouted;
    report[REPORT.needed] = lines.size;
  }

  private saw(format: string | undefined): void {
    this.format ??= format;
    if (format !== undefined && format !== this.format) this.isMixed = true;
  }

  /** Of an event that is not needed. */
  private passBy(isUnrouted: boolean): void {
    this.events += 1;
    if (isUnrouted) this.unrouted += 1;
  }

  private turn(): void {
    this.given.length = 0;
    this.rejects = 0;
    this.passed = undefined;
    this.sieved = undefined;
  }

  /** What the reader has begun says nothing of the next block. */
  private giveUp(): void {
    this.file = undefined;
  }

  /** Also what only tells the table of processes, which is the scan's. */
  private needOf(event: Event | undefined): 'none' | 'read' | FoundLine {
    const { passed, sieved } = this;
    this.looked += 1;
    if (passed !== undefined) return passed.isNeeded === true || passed.note !== undefined ? 'read' : 'none';
    if (sieved !== undefined) return sieved.isNeeded || sieved.note !== undefined ? 'read' : this.foundOn(sieved);
    if (event === undefined || concernsProcesses(event)) return 'read';
    this.untold += 1;
    // Few such lines are read sooner by the scan than by both.
    const isLeft = this.untold * WORTH_MATCHING < this.looked + this.means.linesAhead;
    return isLeft || this.means.matches(event) ? 'read' : 'none';
  }

  private foundOn(sieved: SievedLine): 'none' | FoundLine {
    const rules = sieved.matching();
    if (rules.length === 0) return 'none';
    const identity = sieved.identity();
    const matches = rules.map((rule) => ({ rule, alertId: alertId(this.means.ids[rule] as string, [identity]) }));
    return { time: sieved.time(), matches, isUnrouted: sieved.isUnrouted };
  }

  private meansFor({ number, path }: ScoutFile): { readonly reader: StreamReader; readonly splitter: LineSplitter } {
    if (this.reader === undefined || this.splitter === undefined || this.file !== number) {
      this.file = number;
      this.hasTooLong = false;
      const sink = {
        event: (event: Event) => {
          this.given.push(event);
        },
        sieved: (sieved: SievedLine) => {
          this.sieved = sieved;
        },
        reject: () => {
          this.rejects += 1;
        },
        passed: (passed: PassedLine) => {
          if (this.isRow) this.passInRow(passed);
          else this.passed = passed;
        },
      };
      const reader = openStream(this.means.settings, sink, this.means.filter);
      this.reader = reader;
      this.splitter = new LineSplitter({
        origin: (offset, line) => ({ path, offset, line }),
        onTooLong: () => {
          this.hasTooLong = true;
        },
        passer: this.passerOf(reader),
      });
    }
    return { reader: this.reader, splitter: this.splitter };
  }

  private passerOf(reader: StreamReader): LinePasser {
    return {
      passOver: (block, from) => {
        this.isRow = true;
        const to = reader.passOver(block, from);
        this.isRow = false;
        return to;
      },
      get passedOver() {
        return reader.passedOver;
      },
    };
  }

  /** None of these is needed (`LineSieve.forNeeds`): it would be handed over. */
  private passInRow({ format, isUnrouted }: PassedLine): void {
    this.looked += 1;
    this.saw(format);
    this.passBy(isUnrouted);
  }
}

/** Of so many lines one at least has to be matched here for it to be worth a matcher, which takes memory; and after so many lines. */
const WORTH_MATCHING = 8;
const LINES_AHEAD = 65_536;
const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** @returns how many bytes there are; none where they cannot be read, which the scan will tell */
function readFrom({ descriptor }: ScoutFile, bytes: Buffer, position: number): number {
  try {
    return readSync(descriptor, bytes, 0, bytes.length, position);
  } catch {
    return 0;
  }
}

/** In a thread of its own. @param linesAhead for tests, which have few lines */
export function scoutOf(task: ScoutTask, linesAhead = LINES_AHEAD): Scout {
  const rules = sharedRules(task);
  const settings = { ...task.settings, now: Date.now };
  let matcher: Matcher | undefined;
  const matches = (event: Event) => {
    matcher ??= compileMatcher(rules);
    let isMatched = false;
    matcher.match(event, () => {
      isMatched = true;
    });
    return isMatched;
  };
  const filter = LineSieve.forNeeds(rules, settings, concernsProcesses, linesAhead === 0 ? 0 : undefined);
  return new Scout({ settings, filter, matches, ids: task.ids, linesAhead });
}

function sharedRules(task: ScoutTask): readonly MatcherRule[] {
  const reads = task.patterns.map((each) => compileIndexPatterns(each));
  const parsed = task.outlines.map((text) => JSON.parse(text) as Predicate);
  const plans = new SharedPlans(task);
  const shared: SharedRule[] = [];
  for (let at = 0; at < task.rules.length; at += NUMBERS_OF_RULE) {
    const [outline = 0, pattern = 0] = task.rules.subarray(at + 3, at + NUMBERS_OF_RULE);
    shared.push(new SharedRule(plans, at, parsed[outline - 1], reads[pattern] as ReadsDataStreams));
  }
  return shared;
}

/** Plans of rules, read from what threads share. */
class SharedPlans {
  private readonly task: Pick<ScoutTask, 'rules' | 'plans'>;
  private readonly parts = new SharedParts();

  constructor({ rules, plans }: ScoutTask) {
    this.task = { rules, plans };
  }

  /** @param at the place of the rule's numbers */
  predicateAt(at: number): Predicate {
    return this.parts.of((JSON.parse(this.textAt(at)) as EventPlan).predicate);
  }

  private textAt(at: number): string {
    const { rules, plans } = this.task;
    const [file = IN_MEMORY, start = 0, length = 0] = rules.subarray(at, at + NUMBERS_OF_RULE);
    const bytes = Buffer.allocUnsafe(length);
    if (file === IN_MEMORY) bytes.set(plans.subarray(start, start + length));
    else if (readSync(file, bytes, 0, length, start) < length) throw new Error('the kept rules end before their end');
    return bytes.toString('latin1');
  }
}

/** One whose plan is read when it is asked for. */
class SharedRule implements MatcherRule {
  readonly reads: ReadsDataStreams;
  declare readonly outline?: Predicate;
  private readonly plans: SharedPlans;
  private readonly at: number;
  private parsed: Predicate | undefined;

  constructor(plans: SharedPlans, at: number, outline: Predicate | undefined, reads: ReadsDataStreams) {
    this.plans = plans;
    this.at = at;
    if (outline !== undefined) this.outline = outline;
    this.reads = reads;
  }

  get predicate(): Predicate {
    this.parsed ??= this.plans.predicateAt(this.at);
    return this.parsed;
  }
}

/**
 * What scouts are told; absent where a rule is over more than one event: such see every event.
 * @param rules in the order of the numbers by which the scan knows them
 */
export function scoutTask(rules: readonly LoadedRule[], settings: ScoutTask['settings']): ScoutTask | undefined {
  const texts: Uint8Array[] = [];
  const numbers: number[] = [];
  const ids: string[] = [];
  const outlines = new Places<Predicate>();
  const patterns = new Places<readonly string[]>();
  let end = 0;
  for (const rule of rules) {
    const { outline, tally } = rule;
    if (tally !== undefined || (outline === undefined && rule.plan.kind !== 'event')) return undefined;
    const text = planText(rule);
    if ('descriptor' in text) numbers.push(text.descriptor, text.start, text.length);
    else {
      numbers.push(IN_MEMORY, end, text.length);
      texts.push(text);
      end += text.length;
    }
    const outlined = outline === undefined ? 0 : outlines.of(outline.predicate) + 1;
    const { id, indexPatterns } = ruleHead(rule);
    numbers.push(outlined, patterns.of(indexPatterns));
    ids.push(id);
  }
  const plans = new Uint8Array(new SharedArrayBuffer(end));
  let at = 0;
  for (const text of texts) {
    plans.set(text, at);
    at += text.length;
  }
  const told = new Int32Array(new SharedArrayBuffer(numbers.length * Int32Array.BYTES_PER_ELEMENT));
  told.set(numbers);
  return {
    rules: told,
    plans,
    ids,
    outlines: outlines.texts,
    patterns: patterns.texts.map((text) => JSON.parse(text) as string[]),
    settings,
  };
}

/** The places of values by their texts, each of which is there once. */
class Places<V> {
  private readonly byText = new Map<string, number>();
  private readonly known = new Map<V, number>();

  get texts(): readonly string[] {
    return [...this.byText.keys()];
  }

  of(value: V): number {
    let place = this.known.get(value);
    if (place === undefined) {
      const text = JSON.stringify(value);
      place = this.byText.get(text) ?? this.byText.size;
      this.byText.set(text, place);
      this.known.set(value, place);
    }
    return place;
  }
}
