/**
 * Rules that do not alert on each of their events, over events that come in about the order of time: what they find in
 * each slot of their intervals.
 *
 *   event ──matcher──▶ rules whose query it passes ──no exception──▶ finder, and the slot in which it is seen first
 *   time has come to an end of slots ──▶ find(window) ──▶ matches
 *
 * Only slots in which an event is seen first are looked at: in the others a window holds less than the one before.
 * An event that comes after its slot was decided is seen in the next one, as far as that looks back, as a run on schedule
 * sees it.
 */
import type { ExceptionSet } from '../../detect/exceptions/exception-set.ts';
import { slotOf } from '../../detect/run-grid.ts';
import type { Event } from '../../event/event.ts';
import { compileMatcher, type Matcher, type MatcherRule } from '../../match/matcher.ts';
import { compileIndexPatterns } from '../../rule/index-pattern.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { countedAt, overridesOf } from '../../rule/overrides.ts';
import { type ScheduleWindow, scheduleWindow } from '../../rule/schedule.ts';
import { IndicatorBook } from './indicator-book.ts';
import type { TallyFinder, TallyMatch, TallyWindow } from './tally-finder.ts';
import { IndicatorFinder } from './tally-indicators.ts';
import { NewTermsFinder } from './tally-new-terms.ts';
import { ThresholdFinder } from './tally-threshold.ts';

export interface TallySetOptions {
  readonly exceptions: () => ExceptionSet;
  readonly found: (rule: LoadedRule, match: TallyMatch, slot: number) => void;
  /** An event that an exception took out before it was counted. */
  readonly excepted: (rule: LoadedRule, event: Event, slot: number, exception: string) => void;
  readonly now: () => number;
  readonly indicators?: IndicatorBook;
  /** What rules remember from earlier runs, by their ids. */
  readonly remembered?: (ruleId: string) => ReadonlyMap<string, string>;
  /** A finder that has seen what was before; by the rule's id. */
  readonly finders?: ReadonlyMap<string, TallyFinder>;
}

interface TallyRun {
  readonly rule: LoadedRule;
  readonly schedule: ScheduleWindow;
  readonly finder: TallyFinder;
  /** Slots in which events are seen first, not decided yet. */
  readonly slots: Set<number>;
  /** The last slot that was decided. */
  decided: number;
}

/** Events held for all rules together; what is more is decided early, and then given up. */
const MOST_HELD = 50_000;

export class TallySet {
  private readonly options: TallySetOptions;
  private readonly runs: readonly TallyRun[];
  private readonly matcher: Matcher;
  private held = 0;

  /** @param rules those with a tally among them */
  constructor(rules: readonly LoadedRule[], options: TallySetOptions) {
    this.options = options;
    const entries: MatcherRule[] = [];
    const runs: TallyRun[] = [];
    for (const rule of rules) {
      const { tally } = rule;
      // What queries over tables give is asked of the store (`run-tables.ts`).
      if (tally === undefined || tally.kind === 'rows') continue;
      const { plan, document } = rule;
      if (plan.kind !== 'event') continue;
      entries.push({ predicate: plan.predicate, reads: compileIndexPatterns(document.indexPatterns) });
      const finder = options.finders?.get(document.id) ?? this.finderOf(rule);
      const schedule = scheduleWindow(document.schedule);
      runs.push({ rule, schedule, finder, slots: new Set(), decided: Number.NEGATIVE_INFINITY });
    }
    this.runs = runs;
    this.matcher = compileMatcher(entries);
  }

  get size(): number {
    return this.runs.length;
  }

  /** Rules that had to give something up. */
  get lossy(): readonly string[] {
    return this.runs.filter(({ finder }) => finder.dropped > 0).map(({ rule }) => rule.document.id);
  }

  observe(event: Event): void {
    if (this.runs.length === 0) return;
    this.matcher.match(event, (index) => this.count(this.runs[index] as TallyRun, event));
    if (this.held > MOST_HELD) this.makeRoom();
  }

  /** Every event up to this time has come: decides the slots whose windows end by then. */
  advance(until: number): void {
    for (const run of this.runs) {
      const { schedule, slots } = run;
      const due = [...slots].filter((slot) => slot + schedule.interval - schedule.to <= until);
      for (const slot of due.sort((a, b) => a - b)) this.decide(run, slot);
    }
    this.recount();
  }

  /** No event comes any more. */
  end(): void {
    this.advance(Number.POSITIVE_INFINITY);
  }

  /** Decides the slot of a run on schedule, whether or not an event was seen first in it. */
  decideSlot(slot: number): void {
    for (const run of this.runs) {
      run.slots.clear();
      this.decide(run, slot);
    }
  }

  /** What a rule remembers otherwise than before. */
  memory(ruleId: string): ReadonlyMap<string, string | undefined> {
    return this.runs.find(({ rule }) => rule.document.id === ruleId)?.finder.memory() ?? new Map();
  }

  finder(ruleId: string): TallyFinder | undefined {
    return this.runs.find(({ rule }) => rule.document.id === ruleId)?.finder;
  }

  private count(run: TallyRun, event: Event): void {
    const { rule, schedule, finder, slots, decided } = run;
    const ms = countedAt(overridesOf(rule.document), event);
    if (ms === undefined) return;
    const { interval, to } = schedule;
    const slot = Math.max(slotOf(ms + to, interval), decided + interval);
    if (ms < windowOf(slot, schedule).from) return;
    const exception = this.options.exceptions().exceptedBy(rule.document.id, [event]);
    if (exception !== undefined) {
      this.options.excepted(rule, event, slot, exception.id);
      return;
    }
    const before = finder.held;
    finder.observe(event, ms === event.time.ms ? undefined : ms);
    if (finder.held === before) return;
    this.held += 1;
    slots.add(slot);
  }

  private decide(run: TallyRun, slot: number): void {
    run.slots.delete(slot);
    run.decided = slot;
    for (const match of run.finder.find(windowOf(slot, run.schedule))) this.options.found(run.rule, match, slot);
  }

  /** The earlier half of the slots first; what no slot lets go of is given up. */
  private makeRoom(): void {
    for (const run of this.runs) {
      const slots = [...run.slots].sort((a, b) => a - b);
      for (const slot of slots.slice(0, Math.floor(slots.length / 2))) this.decide(run, slot);
    }
    this.recount();
    if (this.held <= MOST_HELD) return;
    this.runs.reduce((most, run) => (run.finder.held > most.finder.held ? run : most)).finder.giveUp();
    this.recount();
  }

  private recount(): void {
    this.held = this.runs.reduce((sum, { finder }) => sum + finder.held, 0);
  }

  private finderOf({ tally, document }: LoadedRule): TallyFinder {
    const { indicators = new IndicatorBook(), remembered, now } = this.options;
    switch (tally?.kind) {
      case 'new-terms':
        return new NewTermsFinder(tally);
      case 'indicators':
        return new IndicatorFinder(tally, indicators.choose(tally, now()));
      case 'threshold':
        return new ThresholdFinder(tally, remembered?.(document.id));
      default:
        throw new Error('A rule without a tally has no finder.');
    }
  }
}

/** What a rule's run at the end of a slot looks at. */
export function windowOf(slot: number, { interval, from, to }: ScheduleWindow): TallyWindow {
  const end = slot + interval;
  return { slot, end, from: end - Math.max(from, interval), to: end - to };
}
