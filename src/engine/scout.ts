/**
 * Looks through lines of a file ahead of the scan, in a thread of its own, and says which of them the scan has to read.
 *
 *   block of lines ──sieve──▶ format ──events──▶ matcher ──▶ needed: what a rule matches, what starts or ends a process, what cannot be read
 *
 * Why that is sound: of an event, a rule sees what its line says and what is known of processes from lines before, and the
 * second only where the event starts a process. So whether any other event matches hangs on its line alone. The scan reads
 * needed lines as ever, in their order; of the rest it takes the count.
 *
 * That a line stands alone is seen, not assumed: each has to give one event or reject at once, and all of a file are of one
 * format. Where one is not, the block is not plain, and the scan reads it and all behind it by itself.
 *
 * Rules are shared between threads as text, and parsed when an event comes that they may be for: most are for log sources that
 * no line here has.
 */
import type { Event } from '../event/event.ts';
import type {
  FormatSettings,
  InputLine,
  LineFilter,
  LineOutcome,
  PassedLine,
  SievedLine,
  StreamReader,
} from '../format/format.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { openStream } from '../format/stream.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import { LineSieve } from '../match/line-sieve.ts';
import { compileMatcher, type Matcher, type MatcherRule } from '../match/matcher.ts';
import type { EventPlan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compileIndexPatterns, type ReadsDataStreams } from '../rule/index-pattern.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { ruleHead } from '../rule/rule-head.ts';
import { planText } from '../rule/stored-inspections.ts';

/** What a thread is told once. Each thread has a copy of what is not shared memory, so that what many rules say is said once. */
export interface ScoutTask {
  /** Of each rule over one event `NUMBERS_OF_RULE`: where its plan ends, the place of its outline, plus one, and of its patterns. */
  readonly rules: Int32Array;
  /** Their plans as JSON in ASCII, one after the other. */
  readonly plans: Uint8Array;
  /** As JSON; see `LoadedRule`. */
  readonly outlines: readonly string[];
  readonly patterns: readonly (readonly string[])[];
  readonly settings: Omit<FormatSettings, 'now' | 'userName'>;
}

const NUMBERS_OF_RULE = 3;

/** Lines, each with its end. */
export interface ScoutBlock {
  /** Another for each file. */
  readonly file: number;
  readonly path: string;
  /** Whether the file begins here: its first event is needed, so that who reads on knows the format as if from reading all. */
  readonly isFirst: boolean;
  /** Memory that threads share; the lines are its first `length` bytes. */
  readonly room: Buffer;
  readonly length: number;
  /** Where it begins in the file. */
  readonly offset: number;
}

export interface ScoutReport {
  readonly isPlain: boolean;
  /** Of all events; absent where there are none. */
  readonly format?: string;
  /** How many lines the block has. */
  readonly lines: number;
  /** Of each line that the scan has to read: where it begins and ends in the block, its place there and its number there, from 0. */
  readonly needed: Int32Array<ArrayBuffer>;
  /** Of lines that are not needed. */
  readonly events: number;
  readonly unrouted: number;
}

export const NUMBERS_OF_LINE = 4;

/** What a scout looks with. */
interface ScoutMeans {
  readonly settings: FormatSettings;
  readonly filter: LineFilter;
  /** Whether a rule matches the event. */
  readonly matches: (event: Event) => boolean;
}

export class Scout {
  private readonly means: ScoutMeans;
  private file: number | undefined;
  private reader: StreamReader | undefined;
  private splitter = openSplitter('', () => {});
  private readonly given: Event[] = [];
  private sieved: SievedLine | undefined;
  private passed: PassedLine | undefined;
  private rejects = 0;
  private hasTooLong = false;
  /** Whether a block of the file was not plain: who reads all of it by himself has asked for more before he knew. */
  private isGivenUp = false;

  constructor(means: ScoutMeans) {
    this.means = means;
  }

  look({ file, path, isFirst, room, length, offset }: ScoutBlock): ScoutReport {
    const reader = this.readerOf(file, path);
    if (this.isGivenUp) return NOT_PLAIN;
    const { splitter } = this;
    splitter.skip({ offset, line: 0 });
    splitter.feed(Buffer.from(room.buffer, room.byteOffset, length));
    const needed: number[] = [];
    let [isPlain, events, unrouted] = [true, 0, 0];
    let format: string | undefined;
    const need = ({ bytes, origin }: InputLine) => {
      const start = bytes.byteOffset - room.byteOffset;
      needed.push(start, start + bytes.length, origin.offset - offset, origin.line);
    };
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      if (line.bytes.length === 0) continue;
      this.given.length = 0;
      this.rejects = 0;
      this.passed = undefined;
      this.sieved = undefined;
      reader.line(line);
      const passed = this.passed as PassedLine | undefined;
      const sieved = this.sieved as SievedLine | undefined;
      const [event] = this.given;
      const told: LineOutcome | undefined = passed ?? sieved;
      const alone = this.given.length + this.rejects + (told === undefined ? 0 : 1);
      if (alone !== 1 || (event !== undefined && event.origin !== line.origin)) isPlain = false;
      const known = told?.format ?? event?.format;
      const isFirstEvent = isFirst && format === undefined;
      format ??= known;
      if (known !== undefined && known !== format) isPlain = false;
      if (!isPlain) {
        this.isGivenUp = true;
        return NOT_PLAIN;
      }
      if (isFirstEvent || this.isNeeded(passed, sieved, event)) need(line);
      else {
        events += 1;
        if (told?.isUnrouted ?? event?.dataStreams.length === 0) unrouted += 1;
      }
    }
    if (this.hasTooLong) isPlain = false;
    const known = format === undefined ? {} : { format };
    return { isPlain, ...known, lines: splitter.line, needed: Int32Array.from(needed), events, unrouted };
  }

  /** Also what only tells the table of processes, which is the scan's. */
  private isNeeded(passed: PassedLine | undefined, sieved: SievedLine | undefined, event: Event | undefined): boolean {
    if (passed !== undefined) return passed.note !== undefined;
    if (sieved !== undefined) return sieved.isNeeded || sieved.note !== undefined || sieved.matching().length > 0;
    return event === undefined || concernsProcesses(event) || this.means.matches(event);
  }

  private readerOf(file: number, path: string): StreamReader {
    if (this.reader === undefined || this.file !== file) {
      this.file = file;
      this.hasTooLong = false;
      this.isGivenUp = false;
      this.splitter = openSplitter(path, () => {
        this.hasTooLong = true;
      });
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
          this.passed = passed;
        },
      };
      this.reader = openStream(this.means.settings, sink, this.means.filter);
    }
    return this.reader;
  }
}

const NOT_PLAIN: ScoutReport = { isPlain: false, lines: 0, needed: new Int32Array(0), events: 0, unrouted: 0 };

function openSplitter(path: string, onTooLong: () => void): LineSplitter {
  return new LineSplitter({ origin: (offset, line) => ({ path, offset, line }), onTooLong });
}

/** In a thread of its own. */
export function scoutOf(task: ScoutTask): Scout {
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
  return new Scout({ settings, filter: new LineSieve(rules, settings, concernsProcesses), matches });
}

function sharedRules({ rules, plans, outlines, patterns }: ScoutTask): readonly MatcherRule[] {
  const reads = patterns.map((each) => compileIndexPatterns(each));
  const parsed = outlines.map((text) => JSON.parse(text) as Predicate);
  const shared: SharedRule[] = [];
  let start = 0;
  for (let at = 0; at < rules.length; at += NUMBERS_OF_RULE) {
    const [end = 0, outline = 0, pattern = 0] = rules.subarray(at, at + NUMBERS_OF_RULE);
    shared.push(new SharedRule(plans.subarray(start, end), parsed[outline - 1], reads[pattern] as ReadsDataStreams));
    start = end;
  }
  return shared;
}

/** One whose plan is read from what threads share when it is asked for. */
class SharedRule implements MatcherRule {
  readonly reads: ReadsDataStreams;
  declare readonly outline?: Predicate;
  private readonly text: Uint8Array;
  private parsed: Predicate | undefined;

  constructor(text: Uint8Array, outline: Predicate | undefined, reads: ReadsDataStreams) {
    this.text = text;
    if (outline !== undefined) this.outline = outline;
    this.reads = reads;
  }

  get predicate(): Predicate {
    this.parsed ??= (JSON.parse(Buffer.from(this.text).toString('latin1')) as EventPlan).predicate;
    return this.parsed;
  }
}

/** What scouts are told; absent where a rule is over more than one event: such see every event. */
export function scoutTask(rules: readonly LoadedRule[], settings: ScoutTask['settings']): ScoutTask | undefined {
  const texts: Uint8Array[] = [];
  const numbers: number[] = [];
  const outlines = new Places<Predicate>();
  const patterns = new Places<readonly string[]>();
  let end = 0;
  for (const rule of rules) {
    if (rule.idle !== undefined) continue;
    const { outline, tally } = rule;
    if (tally !== undefined || (outline === undefined && rule.plan.kind !== 'event')) return undefined;
    const text = planText(rule);
    texts.push(text);
    end += text.length;
    const outlined = outline === undefined ? 0 : outlines.of(outline.predicate) + 1;
    numbers.push(end, outlined, patterns.of(ruleHead(rule).indexPatterns));
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
