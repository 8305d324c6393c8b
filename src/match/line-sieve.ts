/**
 * Which lines no rule can match, found out without parsing them.
 *
 *   line ──scan──▶ shape ──members that decide the log source──▶ plan: rules that may match there, and what they ask for
 *        ──bytes of those members──▶ no rule has all it needs: passed over │ else: read, and passed over if none holds
 *
 * Nothing is declared of formats. What a line means is found out by reading one like it, parsed, and noting which members
 * that read (`RecordedJson`): lines of the same shape in which these are written the same mean the same. So of the lines of
 * a log source one is read with care, and the others by what it taught.
 *
 * Only for who needs nothing of the events that match no rule: what else is needed is asked (`isNeeded`). A line that is
 * passed over is JSON, and one event of its format; the values that nobody reads are not looked at.
 *
 * Invariants: it may let any line through, and passes over none that a rule matches (a property test compares what is found
 * with and without it). Memory is bounded: what was learned is forgotten when it becomes too much. Where it passes over too
 * few lines to pay for looking at them, it pauses.
 */
import { type Event, LOG_SOURCE_FIELDS } from '../event/event.ts';
import { isJsonObject, type Json, parseJson } from '../event/json.ts';
import type { FormatSettings, InputLine, LineBlock, LineFilter, PassedLine, SievedLine } from '../format/format.ts';
import type { Format } from '../format/format-reader.ts';
import { eventAlone, formatAlone, openAlone } from '../format/line-alone.ts';
import { ARRAY, LineScanner, type LineShape, NUMBER } from '../format/line-shape.ts';
import { LineView } from '../format/line-view.ts';
import type { ProcessNote } from '../format/process-note.ts';
import { type Changed, type Members, membersOf, RecordedJson } from '../format/recorded-json.ts';
import { TextParts } from '../format/text-parts.ts';
import { DecisionTree } from './decision-tree.ts';
import type { NotedLine } from './field-facts.ts';
import { KeywordFilters } from './keyword-filter.ts';
import { LearningBudget } from './learning-budget.ts';
import { LineRuns } from './line-runs.ts';
import type { MatcherRule } from './matcher.ts';
import { Patience } from './patience.ts';
import { otherTime, timeForm } from './plain-time.ts';
import { type ProcessNotes, processNotesOf } from './process-notes.ts';
import { RecalledLines } from './recalled-lines.ts';
import { RuleChoice } from './rule-choice.ts';
import { type PlannedLines, planOf, type Readers, type SievePlan } from './sieve-plan.ts';
import type { SieveSwitches } from './sieve-switches.ts';
import type { Verdicts } from './verdicts.ts';
import { type Fact, WitnessBook } from './witness-book.ts';

/** Whether an event is needed whatever the rules say. May read what it likes of the event. */
export type IsNeeded = (event: Event) => boolean;

/**
 * Lines of a log source after which it is worth a plan, which takes what so many lines do that are read without one: the more rules may
 * match there, the more texts these look for, and the longer a line takes without. Measured with SigmaHQ's: a plan for fifty rules takes
 * a millisecond or less, for 240 ten, for 1,200 sixty, a line without a tenth of one, with 1,200 rules three tenths; the lines before a
 * plan are the slowest that there are, as what reads them is seldom run. For 18,000 made ones it takes eighty, and a line without 25 µs.
 */
const LINES_BEFORE_PLAN = 2_048;
const RULES_FOR_SQUARE_ROOT_OF_LINES = 80;
const RULES_FOR_LINE = 4;
/**
 * After `linesOfPlan` lines a plan is judged: the share of them that may be read for it in vain, and how many are made of a source; the
 * last one's may all be read, but not that many let through.
 */
const MOST_READ = 0.2;
const MOST_PLANS = 4;
/** Another plan is to leave no more than so much of what was read for the one before. */
const MOST_LEFT = 0.9;
const MOST_THROUGH = 0.5;
/**
 * What is left to who reads needed lines anew: so many lines of each source, and all of one of which there are fewer than one in so many.
 * Of a hundred plans for captures eighty were for sources with fewer than 64 lines of 150,000.
 */
const LINES_LEFT = 64;
const RAREST = 2048;
/** After a trial it is decided whether looking pays: about where of a quarter of the lines something is known. */
const LEAST_KNOWN = 0.25;
const LONGEST_PAUSE = 65_536;

const LIMITS = {
  linesOfPlan: 256,
  /**
   * What reading lines with care may take beyond those that were asked about, in lines that are only read, of a format, and of each
   * source where its format had more.
   */
  linesAhead: 32_768,
  linesAheadOfSource: 1_024,
  /** Branches of all trees, about 200 bytes each. */
  branches: 32_768,
  /** Lines of a trial. */
  trial: 2_048,
  /** Lines that are not looked at before the next trial: twice as many each time that it turns out no use, up to `LONGEST_PAUSE`. */
  firstPause: 4_096,
};
/** For tests: all of that comes to pass within a hundred lines. */
const HASTY_LIMITS: typeof LIMITS = {
  linesOfPlan: 4,
  linesAhead: 24,
  linesAheadOfSource: 8,
  branches: 24,
  trial: 32,
  firstPause: 4,
};

/** Lines of one shape. */
interface Shape {
  readonly members: Members;
  readonly sources: DecisionTree<Source>;
  readonly patience: Patience;
}

/** Lines of one shape and log source. */
interface Source {
  /** Of the shape, whether what lines hold is mostly known. */
  readonly patience: Patience;
  readonly budget: LearningBudget;
  readonly budgetOfFormat: LearningBudget;
  readonly passed: PassedLine;
  /** The same with a note, another for each line. */
  readonly noted: PassedLine & { note: ProcessNote | undefined };
  /** The same of lines that are needed, for who reads these anew. */
  readonly needed: PassedLine | undefined;
  /** Whether its events are needed whatever the rules say: they are read, and then told which rules hold. */
  readonly isNeeded: boolean;
  readonly linesBefore: number;
  lines: number;
  /** Facts that a line was seen to show, which tell little here. */
  readonly shown: Set<Fact>;
  /** Lines that the plan was asked about, those of them that were read for it in vain, and those that it let through. */
  asked: number;
  read: number;
  through: number;
  plans: number;
  /** The share of its lines that were read for the plan before. */
  shareBefore: number;
  /** Of rules, for all its plans. */
  verdicts: Verdicts | undefined;
  /** Members that hold a time, which is all that is known of them. */
  readonly times: ReadonlySet<number>;
  /** Absent until it is worth one; `needed` where every line has to be read by who asks. */
  plan: SievePlan | 'needed' | undefined;
  /** Of lines that are needed for the table of processes alone, once there is a plan. */
  notes: ProcessNotes | undefined;
}

export class LineSieve implements LineFilter {
  private readonly choice: RuleChoice;
  private readonly settings: FormatSettings;
  private readonly isNeeded: IsNeeded;
  private scanner: LineScanner<Shape>;
  private readonly texts: Pick<TextParts<Shape>, 'shapeOf' | 'toldOf' | 'isTold'>;
  private recalled: RecalledLines<Shape, Source>;
  private readonly runs = new LineRuns<Shape>();
  private readonly again = (shape: LineShape<Shape>, bytes: Uint8Array, start: number, end: number) => {
    const known = this.recall(shape, bytes, start, end);
    // Who reads needed lines anew is handed them, to know where they are.
    if (known === undefined || (this.linesLeft !== undefined && (known.isNeeded === true || known.note !== undefined)))
      return undefined;
    this.count(true);
    return known;
  };
  private readonly linesBeforePlan: number;
  private readonly filters: KeywordFilters;
  private readonly book = new WitnessBook();
  private shared: { readonly turn: number; readonly reader: Readers } | undefined;
  private readonly budgets = new Map<string, LearningBudget>();
  /** Lines read with care. */
  private reads = 0;
  private branches = 0;
  private looked = 0;
  /** Lines of all trials before. */
  private seen = 0;
  private known = 0;
  private pausing = 0;
  private pause = LIMITS.firstPause;
  private readonly rules: readonly MatcherRule[];
  private readonly linesLeft: number | undefined;
  private readonly switches: SieveSwitches;
  /** Of `LIMITS`, what is asked of each line. */
  private trial = LIMITS.trial;
  private mostBranches = LIMITS.branches;
  private linesOfPlan = LIMITS.linesOfPlan;
  private limits = LIMITS;
  /** Where all lines are of one format, and are no lines of their own. */
  private readonly format: Format | undefined;
  private readonly byFormat = new Map<Format, LineSieve>();
  /** Of lines that are written for this alone: makes the event of the one at hand. */
  private make: (() => Event) | undefined;
  /** Of a format whose events are written as JSON for this alone, lines that came before it is begun: a few are read sooner than learned. */
  private early = 0;

  /**
   * @param linesBeforePlan for tests, which have few lines
   * @param switches for tests
   * @param format that all lines are of, whatever they look like
   * @param linesLeft see `forNeeds`
   */
  constructor(
    rules: readonly MatcherRule[],
    settings: FormatSettings,
    isNeeded: IsNeeded,
    linesBeforePlan = LINES_BEFORE_PLAN,
    switches: SieveSwitches = {},
    format?: Format,
    linesLeft?: number,
  ) {
    this.rules = rules;
    this.linesLeft = linesLeft;
    this.format = format;
    this.choice = new RuleChoice(rules, switches.withoutRoutes);
    this.settings = settings;
    this.isNeeded = isNeeded;
    this.linesBeforePlan = linesBeforePlan;
    this.switches = switches;
    this.scanner = new LineScanner(switches.withoutForms);
    if (switches.isHasty === true) {
      this.limits = HASTY_LIMITS;
      this.trial = HASTY_LIMITS.trial;
      this.mostBranches = HASTY_LIMITS.branches;
      this.linesOfPlan = HASTY_LIMITS.linesOfPlan;
      this.pause = HASTY_LIMITS.firstPause;
    }
    this.filters = new KeywordFilters(switches.withoutFewTexts);
    this.texts = switches.withoutTextParts === true ? NO_PARTS : new TextParts(switches.withoutSnare);
    this.recalled = new RecalledLines(this.scanner, this.texts, switches.withoutRecall);
  }

  /**
   * For who reads lines that are needed anew: of one whose event is needed whatever the rules say, it tells that and no more
   * (`PassedLine.isNeeded`), and looks at no rule for it; and so of lines of a source of which there are few.
   *
   * @param linesLeft of a source, before it is worth a plan, which takes as much memory whatever there is of it
   */
  static forNeeds(
    rules: readonly MatcherRule[],
    settings: FormatSettings,
    isNeeded: IsNeeded,
    linesLeft = LINES_LEFT,
  ): LineSieve {
    return new LineSieve(rules, settings, isNeeded, undefined, undefined, undefined, linesLeft);
  }

  look(line: InputLine): PassedLine | SievedLine | undefined {
    if (this.pausing > 0) {
      this.pausing -= 1;
      return undefined;
    }
    const known = this.tell(line);
    this.count(known !== undefined);
    return known;
  }

  private count(isKnown: boolean): void {
    this.looked += 1;
    if (isKnown) this.known += 1;
    if (this.looked === this.trial) this.endTrial();
  }

  passOver(block: LineBlock, from: number, take: (passed: PassedLine) => void): number {
    if (this.pausing > 0 || this.branches > this.mostBranches || this.switches.withoutRuns === true) return from;
    return this.runs.passOver(this.scanner, block, from, this.again, take);
  }

  /** Whether its lines are not so few that they may be left to who reads them anew. */
  private isOften({ lines }: Source): boolean {
    if (this.linesLeft === undefined) return true;
    return lines >= this.linesLeft && lines * RAREST >= this.seen;
  }

  private endTrial(): void {
    this.seen += this.looked;
    if (this.known >= this.trial * LEAST_KNOWN) this.pause = this.limits.firstPause;
    else {
      this.pausing = this.pause;
      this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    }
    this.looked = 0;
    this.known = 0;
  }

  lookAs(line: InputLine, format: Format, make: () => Event): PassedLine | SievedLine | undefined {
    let sieve = this.byFormat.get(format);
    if (sieve === undefined) {
      const { rules, settings, isNeeded, linesBeforePlan, switches, linesLeft } = this;
      sieve = new LineSieve(rules, settings, isNeeded, linesBeforePlan, switches, format, linesLeft);
      if (this.switches.withoutMadeLines === true) sieve.early = Number.NEGATIVE_INFINITY;
      this.byFormat.set(format, sieve);
    }
    if (sieve.early < sieve.linesBeforePlan) {
      sieve.early += 1;
      return undefined;
    }
    sieve.make = make;
    return sieve.look(line);
  }

  private tell(input: InputLine): PassedLine | SievedLine | undefined {
    const line = input.bytes;
    if (this.branches > this.mostBranches) {
      this.scanner = new LineScanner(this.switches.withoutForms);
      this.recalled = new RecalledLines(this.scanner, this.texts, this.switches.withoutRecall);
      this.branches = 0;
    }
    const { scanner } = this;
    const scanned = scanner.scan(line);
    if (scanned === undefined) return undefined;
    const known = this.recall(scanned, line, 0, line.length);
    if (known !== undefined) return known;
    const parted = this.texts.shapeOf(scanner, scanned);
    const shape = parted.known ?? this.openShape(parted);
    if (shape.patience.isLost) return undefined;
    const source = shape.sources.find(scanner);
    shape.patience.told(source !== undefined);
    if (source === undefined) {
      if (shape.patience.isLeft) this.learn(line, shape);
      return undefined;
    }
    if (source.isNeeded && source.needed !== undefined) return source.needed;
    if (source.plan === undefined) {
      source.lines += 1;
      if (source.lines >= source.linesBefore && this.isOften(source)) source.plan = this.plan(line, shape, source);
      return source.needed;
    }
    if (source.plan === 'needed') return undefined;
    const { plan, budget, budgetOfFormat } = source;
    // Where its format had too much of it, a source is given up that had too much of it itself.
    if (budgetOfFormat.isSpent && budget.isSpent) {
      budgetOfFormat.gaveUp();
      budget.gaveUp();
      return undefined;
    }
    source.asked += 1;
    const before = this.reads;
    const told = plan.tell(scanner, line);
    budget.asked(this.reads - before);
    budgetOfFormat.asked(this.reads - before);
    if (told === 'none-read' || told === 'many') source.read += 1;
    if (told === 'many') source.through += 1;
    const found = told === 'many' ? undefined : this.knownOf(input, source, plan, told === 'some');
    const isPassed = found === source.passed || found === source.noted;
    if (told === 'none' && isPassed && this.recalled.takesMore(plan)) {
      const notes = found === source.noted ? source.notes : undefined;
      this.recalled.learn(scanned, { of: source, plan, notes, rangesOf: () => shape.sources.rangesOf(scanner) });
    }
    // A line that was passed over shows nothing to plan by.
    if (source.asked >= this.linesOfPlan && told !== 'none') this.judge(line, shape, source);
    return found;
  }

  /** Of a line that is passed over as lines before were. @param start where it stands in the bytes */
  private recall(shape: LineShape<Shape>, bytes: Uint8Array, start: number, end: number): PassedLine | undefined {
    const found = this.recalled.find(shape);
    if (found === undefined || found.of.plan !== found.plan) return undefined;
    const { of: source, notes, noted } = found;
    let passed = source.passed;
    if (notes !== undefined) {
      const line = end - start === bytes.length ? bytes : bytes.subarray(start, end);
      const note = noted && notes.ofAlike(this.scanner, line, noted);
      if (note === undefined) return undefined;
      source.noted.note = note;
      passed = source.noted;
    }
    source.patience.told(true);
    source.asked += 1;
    source.budget.asked(0);
    source.budgetOfFormat.asked(0);
    return passed;
  }

  /** @param isSome whether some rule may hold */
  private knownOf(input: InputLine, source: Source, plan: SievePlan, isSome: boolean): PassedLine | SievedLine {
    const { passed, isNeeded, notes } = source;
    if (!isSome && !isNeeded) return passed;
    const note = notes?.of(this.scanner, input.bytes);
    if (!isSome && note !== undefined) {
      source.noted.note = note;
      return source.noted;
    }
    return plan.sieved({ input, passed, isNeeded: isNeeded && note === undefined, note });
  }

  /** A plan by which too much is read is made anew, with what the line at hand shows taken for common, too. */
  private judge(line: Uint8Array, shape: Shape, source: Source): void {
    const { asked, read, through, shareBefore } = source;
    const share = read / asked;
    source.asked = 0;
    source.read = 0;
    source.through = 0;
    if (share <= MOST_READ) return;
    source.shareBefore = share;
    if (share > shareBefore * MOST_LEFT) source.plans = MOST_PLANS;
    if (source.plans < MOST_PLANS) {
      const { size } = source.shown;
      source.plan = this.plan(line, shape, source);
      // What shows nothing new is planned as before.
      if (source.shown.size === size) source.plans = MOST_PLANS;
    } else if (through > asked * MOST_THROUGH) source.plan = 'needed';
  }

  private openShape(shape: LineShape<Shape>): Shape {
    const members = membersOf(shape as LineShape<unknown>);
    const patience = new Patience(this.switches.isHasty);
    shape.known = { members, sources: new DecisionTree<Source>(this.switches.withoutUsualWay), patience };
    return shape.known;
  }

  private learn(line: Uint8Array, { members, sources, patience }: Shape): void {
    patience.learned();
    const read = this.reader(line, members, NO_MEMBERS).read();
    if (read === undefined) return;
    const { event, recorded } = read;
    const isNeeded = this.isNeeded(event);
    for (const field of LOG_SOURCE_FIELDS) event.read(field);
    const times = this.timesIn(line, members, read);
    const passed = { format: event.format, isUnrouted: event.dataStreams.length === 0 };
    const source: Source = {
      patience,
      budget: new LearningBudget(this.limits.linesAheadOfSource),
      budgetOfFormat: this.budgetOf(event.format),
      passed,
      noted: { ...passed, note: undefined },
      needed: this.linesLeft === undefined ? undefined : { ...passed, isNeeded: true },
      isNeeded,
      times,
      linesBefore: this.linesBefore(event),
      lines: 0,
      shown: new Set(),
      asked: 0,
      read: 0,
      through: 0,
      plans: 0,
      shareBefore: Number.POSITIVE_INFINITY,
      verdicts: undefined,
      plan: undefined,
      notes: undefined,
    };
    this.branches += sources.add(this.scanner, recorded.read, source, times) ?? 0;
  }

  private linesBefore(event: Event): number {
    const { length } = this.choice.openTo(event);
    return Math.min(this.linesBeforePlan, (length / RULES_FOR_SQUARE_ROOT_OF_LINES) ** 2, length / RULES_FOR_LINE);
  }

  private budgetOf(format: string): LearningBudget {
    let budget = this.budgets.get(format);
    if (budget === undefined) {
      budget = new LearningBudget(this.limits.linesAhead);
      this.budgets.set(format, budget);
    }
    return budget;
  }

  /** Members that are read for times, and make no other log source of the line where they are others. */
  private timesIn(line: Uint8Array, members: Members, { event, recorded }: NotedLine): ReadonlySet<number> {
    const { bytes, starts, ends } = this.scanner;
    if (this.switches.withoutTimes === true) return NO_MEMBERS;
    const isTime = (member: number) => timeForm(bytes, starts[member] as number, ends[member] as number) !== 0;
    const isNeeded = this.isNeeded(event);
    const isAlikeAt = (times: ReadonlySet<number>) => {
      const other = this.reader(line, members, times).readAtOtherTime();
      return other !== undefined && this.isNeeded(other.event) === isNeeded && isAlikeBut(event, recorded, other);
    };
    const all = new Set(recorded.read.filter(isTime));
    if (all.size === 0 || isAlikeAt(all)) return all;
    const some = new Set([...all].filter((member) => isAlikeAt(new Set([member]))));
    return some.size < all.size && isAlikeAt(some) ? some : NO_MEMBERS;
  }

  private plan(line: Uint8Array, { members }: Shape, source: Source): SievePlan | 'needed' {
    const { times, shown } = source;
    source.plans += 1;
    const json = jsonOf(line);
    const format = isJsonObject(json)
      ? (this.format ?? formatAlone(json, { bytes: line, origin: NOWHERE }))
      : undefined;
    if (format === undefined) return 'needed';
    // Lines of a source are of one format.
    const read = openAlone(format, this.settings);
    const view = new LineView(members, this.scanner);
    const isViewed = this.switches.withoutViews !== true;
    const isExact = isViewed ? exactIn(members, this.scanner) : () => false;
    const lines: PlannedLines = {
      eventOf: (input) => {
        if (this.make !== undefined) return this.make();
        const other = isExact() ? (JSON.parse(textOf(input.bytes)) as Json) : jsonOf(input.bytes);
        return isJsonObject(other) ? read(other, input) : undefined;
      },
      viewOf: isViewed
        ? (other) => {
            view.turn();
            return read(view.object, { bytes: other, origin: NOWHERE });
          }
        : (other) => lines.eventOf({ bytes: other, origin: NOWHERE }),
      scanner: this.scanner,
      members,
      isRead: source.isNeeded,
      times,
      shown,
      switches: this.switches,
      kept: source,
      book: this.book,
      filters: this.filters,
      reader: (other) =>
        other === undefined ? this.reader(line, members, times) : this.sharedReader(other, members, times),
      grew: (branches) => {
        this.branches += branches;
      },
    };
    // The table of processes keeps such lines, as they are read alone.
    if (source.isNeeded && this.switches.withoutNotes !== true) source.notes ??= processNotesOf(lines);
    return planOf(this.choice, lines);
  }

  /** As `reader`, of the line that was scanned last, made once for all who ask; what tells its format is known, and not noted. */
  private sharedReader(line: Uint8Array, members: Members, times: ReadonlySet<number>): Readers {
    if (this.shared?.turn !== this.scanner.turn) {
      this.shared = { turn: this.scanner.turn, reader: this.reader(line, members, times) };
    }
    return this.shared.reader;
  }

  /** Reads the line anew each time: what an event remembers would hide what it was made of. */
  private reader(line: Uint8Array, members: Members, times: ReadonlySet<number>): Readers {
    const json = jsonOf(line);
    let { format } = this;
    const read = (changed?: Changed) => {
      if (!isJsonObject(json)) return undefined;
      this.reads += 1;
      const recorded = new RecordedJson(json, members, changed);
      // Told once: the first time, what tells it is noted, too.
      format ??= formatAlone(recorded.view, { bytes: line, origin: NOWHERE });
      if (format === undefined) return undefined;
      const event = eventAlone(format, recorded.view, { bytes: line, origin: NOWHERE }, this.settings);
      return event === undefined ? undefined : { event, recorded };
    };
    // Of this nobody asks what it was made of.
    let atOtherTime: NotedLine | undefined;
    return {
      read: () => read(),
      readAtOtherTime: () => {
        atOtherTime ??= read({ members: times, to: otherTime });
        return atOtherTime;
      },
      readChanged: read,
    };
  }
}

function jsonOf(line: Uint8Array): Json {
  return parseJson(textOf(line));
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.length).toString();
}

/** Whether `JSON.parse` loses no digit of the line that was scanned last: what is asked of each number to tell takes as long. */
function exactIn(members: Members, { starts, ends }: LineScanner<unknown>): () => boolean {
  const kinds = [...members.values()];
  if (kinds.some(({ kind }) => kind === ARRAY)) return () => false;
  const numbers = kinds.flatMap(({ kind, number }) => (kind === NUMBER ? [number] : []));
  return () => numbers.every((number) => (ends[number] as number) - (starts[number] as number) <= EXACT_DIGITS);
}

const EXACT_DIGITS = 15;

const NO_PARTS: Pick<TextParts<Shape>, 'shapeOf' | 'toldOf' | 'isTold'> = {
  shapeOf: (_scanner, shape) => shape,
  toldOf: (_scanner, { number }) => ({ member: -1, tag: 0, way: 0, count: number + 1, told: number + 1, ranges: [] }),
  isTold: () => true,
};

const NOWHERE = { path: '', offset: 0, line: 1 };
const NO_MEMBERS: ReadonlySet<number> = new Set();

/** Whether two events are of one log source, made by looking at the same members, and needed alike. */
function isAlikeBut(event: Event, recorded: RecordedJson, { event: other, recorded: others }: NotedLine): boolean {
  if (event.format !== other.format || !isSame(event.dataStreams, other.dataStreams)) return false;
  for (const field of LOG_SOURCE_FIELDS) if (!isSame(event.read(field), other.read(field))) return false;
  return isSame(recorded.read, others.read);
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((value, at) => value === others[at]);
}
