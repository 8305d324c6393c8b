/**
 * Looks through lines of a file ahead of the scan, in a thread of its own, and says which of them the scan has to read.
 *
 *   batch of lines ──sieve──▶ format ──events──▶ matcher ──▶ needed: what a rule matches, what starts or ends a process, what cannot be read
 *
 * Why that is sound: of an event, a rule sees what its line says and what is known of processes from lines before, and the
 * second only where the event starts a process. So whether any other event matches hangs on its line alone. The scan reads
 * needed lines as ever, in their order; of the rest it takes the count.
 *
 * That a line stands alone is seen, not assumed: each has to give one event or reject at once, and all of a file are of one
 * format. Where one is not, the batch is not plain, and the scan reads it and all behind it by itself.
 *
 * Rules are shared between threads as text, and parsed when an event comes that they may be for: most are for log sources that
 * no line here has.
 */
import type { Event } from '../event/event.ts';
import type { FormatSettings, Matching, PassedLine, StreamReader } from '../format/format.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { openStream } from '../format/stream.ts';
import { LineSieve } from '../match/line-sieve.ts';
import { compileMatcher, type Matcher, type MatcherRule } from '../match/matcher.ts';
import type { EventPlan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compileIndexPatterns, type ReadsDataStreams } from '../rule/index-pattern.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { planText } from '../rule/stored-inspections.ts';

/** What a thread is told once. */
export interface ScoutTask {
  /** Of rules over one event. */
  readonly rules: readonly ScoutRule[];
  /** Their plans as JSON in ASCII, one after the other. */
  readonly plans: Uint8Array;
  readonly settings: Omit<FormatSettings, 'now' | 'userName'>;
}

export interface ScoutRule {
  /** Where its plan ends; it begins where that of the rule before ends. */
  readonly end: number;
  /** As JSON; see `LoadedRule`. */
  readonly outline?: string;
  readonly indexPatterns: readonly string[];
}

export interface ScoutBatch {
  /** Another for each file. */
  readonly file: number;
  readonly path: string;
  /** Whether the file begins here: its first event is needed, so that who reads on knows the format as if from reading all. */
  readonly isFirst: boolean;
  /** All lines one after the other, without line ends. */
  readonly bytes: Uint8Array;
  /** Of each line: where it ends in `bytes`, its place in the file and its number there. */
  readonly ends: Uint32Array;
  readonly offsets: Float64Array;
  readonly numbers: Float64Array;
}

export interface ScoutReport {
  readonly isPlain: boolean;
  /** Of all events; absent where there are none. */
  readonly format?: string;
  /** By line, 1 where the scan has to read it. */
  readonly needed: Uint8Array;
  /** Of lines that are not needed. */
  readonly events: number;
  readonly unrouted: number;
}

export class Scout {
  private readonly matcher: Matcher;
  private readonly sieve: LineSieve;
  private readonly settings: FormatSettings;
  private file: number | undefined;
  private reader: StreamReader | undefined;
  private readonly given: Event[] = [];
  private matching: Matching | undefined;
  private passed: PassedLine | undefined;
  private rejects = 0;

  constructor(task: ScoutTask) {
    const rules = sharedRules(task);
    this.settings = { ...task.settings, now: Date.now };
    this.matcher = compileMatcher(rules);
    this.sieve = new LineSieve(rules, this.settings, concernsProcesses);
  }

  look({ file, path, isFirst, bytes, ends, offsets, numbers }: ScoutBatch): ScoutReport {
    const reader = this.readerOf(file);
    const needed = new Uint8Array(ends.length);
    let [isPlain, events, unrouted, start] = [true, 0, 0, 0];
    let format: string | undefined;
    for (let at = 0; at < ends.length && isPlain; at += 1) {
      const end = ends[at] as number;
      const line = bytes.subarray(start, end);
      start = end;
      if (line.length === 0) continue;
      const origin = { path, offset: offsets[at] as number, line: numbers[at] as number };
      this.given.length = 0;
      this.rejects = 0;
      this.passed = undefined;
      reader.line({ bytes: line, origin });
      const passed = this.passed as PassedLine | undefined;
      if (passed !== undefined) {
        const isFirstEvent = isFirst && format === undefined;
        format ??= passed.format;
        if (passed.format !== format || this.given.length + this.rejects > 0) isPlain = false;
        // The table of processes is the scan's.
        if (isFirstEvent || passed.note !== undefined) needed[at] = 1;
        else {
          events += 1;
          if (passed.isUnrouted) unrouted += 1;
        }
        continue;
      }
      const [event] = this.given;
      if (this.given.length + this.rejects !== 1 || (event !== undefined && event.origin !== origin)) isPlain = false;
      if (event === undefined) {
        needed[at] = 1;
        continue;
      }
      const isFirstEvent = isFirst && format === undefined;
      format ??= event.format;
      if (event.format !== format) isPlain = false;
      if (isFirstEvent || this.isNeeded(event, this.matching)) needed[at] = 1;
      else {
        events += 1;
        if (event.dataStreams.length === 0) unrouted += 1;
      }
    }
    return { isPlain, ...(format === undefined ? {} : { format }), needed, events, unrouted };
  }

  private isNeeded(event: Event, matching: Matching | undefined): boolean {
    if (concernsProcesses(event)) return true;
    if (matching !== undefined) return matching().length > 0;
    let isMatched = false;
    this.matcher.match(event, () => {
      isMatched = true;
    });
    return isMatched;
  }

  private readerOf(file: number): StreamReader {
    if (this.reader === undefined || this.file !== file) {
      this.file = file;
      const sink = {
        event: (event: Event, matching?: Matching) => {
          this.given.push(event);
          this.matching = matching;
        },
        reject: () => {
          this.rejects += 1;
        },
        passed: (passed: PassedLine) => {
          this.passed = passed;
        },
      };
      this.reader = openStream(this.settings, sink, this.sieve);
    }
    return this.reader;
  }
}

function sharedRules({ rules, plans }: ScoutTask): readonly MatcherRule[] {
  const reads = new Map<string, ReadsDataStreams>();
  const outlines = new Map<string, Predicate>();
  const once = <V>(known: Map<string, V>, key: string, make: () => V): V => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  let start = 0;
  return rules.map(({ end, outline, indexPatterns }) => {
    const text = Buffer.from(plans.buffer, plans.byteOffset + start, end - start);
    start = end;
    let predicate: Predicate | undefined;
    return {
      get predicate() {
        predicate ??= (JSON.parse(text.toString('latin1')) as EventPlan).predicate;
        return predicate;
      },
      ...(outline === undefined ? {} : { outline: once(outlines, outline, () => JSON.parse(outline) as Predicate) }),
      reads: once(reads, indexPatterns.join('\n'), () => compileIndexPatterns(indexPatterns)),
    };
  });
}

/** What scouts are told; absent where a rule is over more than one event: such see every event. */
export function scoutTask(rules: readonly LoadedRule[], settings: ScoutTask['settings']): ScoutTask | undefined {
  let end = 0;
  const texts: Uint8Array[] = [];
  const told: ScoutRule[] = [];
  for (const rule of rules) {
    if (rule.idle !== undefined) continue;
    const { outline, tally, document } = rule;
    if (tally !== undefined || (outline === undefined && rule.plan.kind !== 'event')) return undefined;
    const text = planText(rule);
    texts.push(text);
    end += text.length;
    told.push({
      end,
      ...(outline === undefined ? {} : { outline: JSON.stringify(outline.predicate) }),
      indexPatterns: document.indexPatterns,
    });
  }
  const plans = new Uint8Array(new SharedArrayBuffer(end));
  let at = 0;
  for (const text of texts) {
    plans.set(text, at);
    at += text.length;
  }
  return { rules: told, plans, settings };
}
