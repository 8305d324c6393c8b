/**
 * Events in, alerts out: the path that scan, watch and the service share.
 *
 *   event ──process table──▶ enriched ──matcher──▶ match ──(held)──drain──▶ decide, per rule and slot ──▶ alert
 *                                          └steps─▶ correlator ──▶ match ┘
 *
 * Matching and deciding are apart because deciding needs to know what exists: the service decides where it commits, in
 * the transaction that also moves the read position; a scan decides after each batch.
 */

import type { CorrelationMatch } from '../correlate/correlation.ts';
import {
  type CorrelationRow,
  Correlator,
  type CorrelatorStatus,
  type LateSpan,
  type RowChanges,
} from '../correlate/correlator.ts';
import { comparePlaces } from '../correlate/placed-event.ts';
import type { Alert } from '../detect/alert.ts';
import { alertId } from '../detect/alert-id.ts';
import { addFunnels, decide, EMPTY_FUNNEL, type Match } from '../detect/decide.ts';
import { type ExceptionSet, NO_EXCEPTIONS } from '../detect/exceptions/exception-set.ts';
import { renderAlert } from '../detect/render-alert.ts';
import { DEFAULT_MAX_ALERTS, slotOf } from '../detect/run-grid.ts';
import { groupMatch, SuppressionBook, type SuppressionChange } from '../detect/suppression.ts';
import { SuppressionNotes } from '../detect/suppression-notes.ts';
import type { Event } from '../event/event.ts';
import { eventIdentity } from '../event/identity.ts';
import type { FormatSettings, LineFilter, SievedLine } from '../format/format.ts';
import { concernsProcesses, type KnownProcess } from '../format/known-process.ts';
import type { ProcessNote } from '../format/process-note.ts';
import { ProcessTable } from '../format/process-table.ts';
import { LineSieve } from '../match/line-sieve.ts';
import { readsOnlyAlerts } from '../rule/alert-index.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { countedAt, overridesOf } from '../rule/overrides.ts';
import { ruleHead } from '../rule/rule-head.ts';
import { scheduleWindow } from '../rule/schedule.ts';
import type { Commit, NewAlert, RunCounters, StateStore } from '../store/state-store.ts';
import { RuleMatcher } from './rule-matcher.ts';
import { TallySet, type TallySetOptions } from './runs/tally-set.ts';

/** What deciding needs to know of the past. */
export type Ledger = Pick<StateStore, 'hasAlert' | 'runCounters' | 'suppressionWindow' | 'isSuppressed'>;

export interface Decided {
  readonly alerts: readonly NewAlert[];
  /** What this batch adds to each run's counters. */
  readonly runs: readonly RunCounters[];
  /** What was counted on alerts instead of alerting, and by which alerts more will be. */
  readonly suppressed: readonly SuppressionChange[];
  /** What sequences and samples remember otherwise than before. */
  readonly correlation: RowChanges;
}

export interface DetectorOptions {
  readonly rules: readonly LoadedRule[];
  /** Alerts a rule creates at most in a slot, instead of the rule's own maximum; `Infinity` for no cap. */
  readonly maxAlerts?: number;
  /** None where they are left out. */
  readonly exceptions?: ExceptionSet;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /**
   * How much later than its time an event may come, in milliseconds, for sequences and samples. Absent over files: events
   * are put in order as far as memory allows, and the rest at the end.
   */
  readonly lateness?: number;
  /** Only matches whose last event lies in this time count; epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly between?: { readonly from: number; readonly to: number };
  /** Whether what sequences and samples remember is to be written: it costs whole events as JSON. Default false. */
  readonly isDurable?: boolean;
  /** Whether events are read whole anyway, so that processes are described when they start (`ProcessTable`). Default false. */
  readonly describesAtOnce?: boolean;
  /** Whether what comes are alerts, for rules over them. Default false. */
  readonly overAlerts?: boolean;
  /**
   * Over events that are all there is: rules that alert on what events are together, or on how they compare with others,
   * are decided too, slot by slot. Absent live, where they run over stored events.
   */
  readonly tallies?: Pick<TallySetOptions, 'indicators' | 'remembered' | 'finders'>;
  /**
   * Whether the ledger is one and never forgets what a run has created, as that of a scan: of matches beyond the most that a run
   * creates no more is read than what counts them. Default false.
   */
  readonly isLedgerWhole?: boolean;
}

/** How late events may come live. */
export const LATENESS_MS = 10_000;

/** What decides between events of one time: the sensor's own count. */
export const TIEBREAKER = 'event.sequence';
/** About how much memory events take that wait to be put in order over files. */
const HELD_BYTES = 64 << 20;
/** The sample capture is played beside what happens now: its events are put in order among themselves. */
const LANES = ['live', 'sample'] as const;
type Lane = (typeof LANES)[number];

interface Pending {
  readonly rule: LoadedRule;
  readonly slot: number;
  readonly match: Match;
  readonly raw: Uint8Array;
  readonly ancestry: readonly KnownProcess[];
}

/** A match of a run that creates no more. */
interface Beyond {
  readonly ruleId: string;
  readonly slot: number;
  readonly alertId: string;
}

/** What rules match an event of which nothing but its line was read. */
export interface FoundMatches {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Rules by the line filter's numbers, and the ids that their alerts would have. */
  readonly matches: readonly { readonly rule: number; readonly alertId: string }[];
}

export class Detector {
  /** Parents and ancestry; may be taught of processes that were there before the first event. */
  readonly processes: ProcessTable;
  private readonly options: DetectorOptions;
  private matcher: RuleMatcher;
  private readonly correlators: Readonly<Record<Lane, Correlator>>;
  private exceptions: ExceptionSet;
  private pending: Pending[] = [];
  private beyond: Beyond[] = [];
  /** By rule, the slots in which it creates no more. */
  private readonly full = new Map<string, Set<number>>();
  readonly tallies: TallySet | undefined;
  /** Events that were taken out before they were counted, as if each were a match. */
  private readonly tallyExcepted = new Map<string, RunCounters & { readonly byException: Map<string, number> }>();

  constructor(options: DetectorOptions) {
    this.options = options;
    this.processes = new ProcessTable(undefined, options.describesAtOnce);
    this.matcher = new RuleMatcher(this.lookingHere(options.rules));
    this.correlators = { live: this.openCorrelator(false), sample: this.openCorrelator(true) };
    this.exceptions = options.exceptions ?? NO_EXCEPTIONS;
    if (options.tallies !== undefined)
      this.tallies = this.openTallies(this.lookingHere(options.rules), options.tallies);
  }

  /** Goes on with other rules from the next event on; what has matched already stays. */
  replaceRules(rules: readonly LoadedRule[]): void {
    this.matcher = new RuleMatcher(this.lookingHere(rules), this.matcher);
    const plans = this.matcher.correlating.map(({ plan }) => plan);
    for (const lane of LANES) this.correlators[lane].replace(plans, (event) => this.matcher.match(event, () => {}));
  }

  /** Decides by other exceptions from now on, also what has matched already and was not decided yet. */
  replaceExceptions(exceptions: ExceptionSet): void {
    this.exceptions = exceptions;
    this.full.clear();
  }

  /**
   * Says of lines that no rule needs their events, nor the table of processes. Absent where rules remember or count, which see
   * every event. Good until rules are replaced.
   */
  lineFilter(settings: FormatSettings): LineFilter | undefined {
    if (!this.looksAtLines) return undefined;
    return new LineSieve(this.matcher.entries, settings, concernsProcesses);
  }

  /** Rules by the line filter's numbers; absent where that is. Good until rules are replaced. */
  get rulesOfLines(): readonly LoadedRule[] | undefined {
    return this.looksAtLines ? this.matcher.rules : undefined;
  }

  private get looksAtLines(): boolean {
    return this.matcher.correlating.length === 0 && (this.tallies?.size ?? 0) === 0;
  }

  /** Matches one event. Events of one host must come in the order in which they happened, as far as known. */
  observe(event: Event, sample = false): void {
    this.processes.observe(event);
    const steps = this.matcher.match(event, (rule) => this.add(rule, { events: [event] }, sample));
    this.tallies?.observe(event);
    if (this.matcher.correlating.length === 0) return;
    this.correlators[sample ? 'sample' : 'live'].observe(event, steps, this.options.now());
  }

  /** As `observe`, of a line whose rules the line filter found. */
  sieved(line: SievedLine): void {
    this.processes.sieved(line);
    for (const number of line.matching()) {
      const rule = this.matcher.ruleOf(number);
      if (!this.isBeyond(rule, line)) this.add(rule, { events: [line.event()] }, false);
    }
  }

  /** Whether all of these are of runs that create no more, so that they are only counted. Good until matches are decided. */
  isOnlyCounted({ time, matches }: FoundMatches): boolean {
    return matches.every(({ rule }) => this.fullSlot(this.matcher.ruleOf(rule), () => time) !== undefined);
  }

  /** Counts matches of which that was said. */
  countOnly({ time, matches }: FoundMatches): void {
    for (const { rule: number, alertId: id } of matches) {
      const rule = this.matcher.ruleOf(number);
      const slot = this.fullSlot(rule, () => time);
      if (slot !== undefined) this.beyond.push({ ruleId: rule.document.id, slot, alertId: id });
    }
  }

  /** What a line that was passed over tells of a process. */
  note(note: ProcessNote): void {
    this.processes.note(note);
  }

  /** A match that was found elsewhere, of the slot that it counts in. */
  take(rule: LoadedRule, match: Match, slot: number): void {
    this.addMatch(rule, match, slot);
  }

  /**
   * Decides what sequences and samples waited for and can be told by now.
   * @param stoodStill milliseconds since the last time in which nobody read events
   */
  settle(stoodStill = 0): void {
    const now = this.options.now();
    for (const lane of LANES) {
      this.correlators[lane].standStill(stoodStill);
      this.correlators[lane].advance(now);
    }
  }

  /** No event comes any more: what waits is decided. */
  end(): void {
    for (const lane of LANES) this.correlators[lane].end();
    this.tallies?.end();
  }

  /** Goes on with what sequences and samples remembered, before the first event. */
  restore(rows: Iterable<CorrelationRow>): void {
    const byLane: Record<Lane, CorrelationRow[]> = { live: [], sample: [] };
    for (const { plan, ...row } of rows) {
      const lane = LANES.find((one) => plan.startsWith(`${one} `));
      if (lane !== undefined) byLane[lane].push({ plan: plan.slice(lane.length + 1), ...row });
    }
    const hitsOf = (event: Event) => this.matcher.match(event, () => {});
    for (const lane of LANES) this.correlators[lane].restore(byLane[lane], hitsOf);
  }

  /** By rule: between which times events came too late for it since this was last asked. */
  takeLate(): ReadonlyMap<string, LateSpan> {
    const spans = [...this.correlators.live.takeLate()].flatMap(([name, span]) => {
      const rule = this.matcher.correlating.find(({ plan }) => plan.name === name)?.rule;
      return rule === undefined ? [] : [[rule.document.id, span] as const];
    });
    return new Map(spans);
  }

  /** By rule over several events, the name of its plan: another where its meaning is another. */
  get correlating(): ReadonlyMap<string, string> {
    return new Map(this.matcher.correlating.map(({ rule, plan }) => [rule.document.id, plan.name]));
  }

  get correlation(): CorrelatorStatus {
    return this.correlators.live.status;
  }

  /** How many matches wait to be decided. */
  get waiting(): number {
    return this.pending.length + this.beyond.length + this.tallyExcepted.size;
  }

  /** Whether there is anything to commit. */
  get hasChanges(): boolean {
    if (this.pending.length > 0) return true;
    return this.options.isDurable === true && LANES.some((lane) => this.correlators[lane].hasChanges);
  }

  /** Decides what has matched since the last time. */
  drain(ledger: Ledger): Decided {
    const pending = this.pending;
    this.pending = [];
    const created = new Set<Match>();
    const books = new Map<string, SuppressionBook>();
    const runs = new Map<string, RunCounters>(this.tallyExcepted);
    this.tallyExcepted.clear();
    for (const { ruleId, slot, alertId: id } of this.beyond.splice(0)) {
      const counted = ledger.hasAlert(id) ? ONE_DUPLICATE : ONE_CAPPED;
      const key = `${slot} ${ruleId}`;
      runs.set(key, addRun(runs.get(key), { ruleId, slot, funnel: counted }));
    }
    for (const group of groupByRun(pending)) {
      const { rule, slot } = group[0] as Pending;
      const { id } = rule.document;
      const key = `${slot} ${id}`;
      const before = runs.get(key);
      const book = books.get(id) ?? openBook(rule, ledger);
      if (book !== undefined) books.set(id, book);
      const cap = this.options.maxAlerts ?? rule.document.maxAlerts ?? DEFAULT_MAX_ALERTS;
      const decision = decide(
        { cap, created: ledger.runCounters(id, slot).created + (before?.funnel.created ?? 0) },
        group.map(({ match }) => match),
        {
          isKnown: (one) => ledger.hasAlert(one) || (book ?? ledger).isSuppressed(one),
          exceptedBy: ({ events, joined }) => this.exceptions.exceptedBy(id, joined?.steps ?? events)?.id,
          ...(book === undefined ? {} : { suppression: book }),
        },
      );
      for (const match of decision.created) created.add(match);
      const sum = ledger.runCounters(id, slot).created + (before?.funnel.created ?? 0) + decision.created.length;
      if (sum >= cap && book === undefined) this.setFull(id, slot);
      runs.set(key, addRun(before, { ruleId: id, slot, funnel: decision.funnel, byException: decision.byException }));
    }
    for (const [key, run] of this.tallyExcepted) runs.set(key, addRun(runs.get(key), run));
    this.tallyExcepted.clear();
    const suppressed = [...books.values()].flatMap((book) => book.changes());
    const standsFor = new Map(suppressed.map((change) => [change.alertId, change]));
    const alerts = pending
      .filter(({ match }) => created.has(match))
      .map((one) => this.render(one, standsFor.get(one.match.alertId)));
    return { alerts, runs: [...runs.values()], suppressed, correlation: this.correlationChanges() };
  }

  private openCorrelator(sample: boolean): Correlator {
    const { lateness } = this.options;
    return new Correlator({
      plans: this.matcher.correlating.map(({ plan }) => plan),
      found: (name, match) => this.addCorrelated(name, match, sample),
      tiebreaker: TIEBREAKER,
      ...(lateness === undefined ? { limits: { heldBytes: HELD_BYTES } } : { lateness }),
    });
  }

  private addCorrelated(name: string, match: CorrelationMatch, sample: boolean): void {
    const { key, events, steps: passed, value } = match;
    const rule = this.matcher.correlating.find(({ plan }) => plan.name === name)?.rule;
    if (rule === undefined) return;
    // Those of a sample come in the order of its steps; what happened is told in the order of time.
    const ordered = events.filter((placed) => placed !== undefined).sort(comparePlaces);
    const steps = events.map((placed) => placed?.event);
    const joined = {
      keys: key,
      steps,
      ...(passed === undefined ? {} : { passed }),
      ...(value === undefined ? {} : { value }),
    };
    this.add(rule, { events: ordered.map(({ event }) => event), joined }, sample);
  }

  /** Rules over alerts see no events, not even those of which nobody knows where they belong. */
  private lookingHere(rules: readonly LoadedRule[]): readonly LoadedRule[] {
    return this.options.overAlerts === true ? rules : rules.filter((rule) => !readsOnlyAlerts(ruleHead(rule)));
  }

  private openTallies(rules: readonly LoadedRule[], given: NonNullable<DetectorOptions['tallies']>): TallySet {
    return new TallySet(rules, {
      ...given,
      now: this.options.now,
      exceptions: () => this.exceptions,
      found: (rule, { identity, events, tallied }, slot) => {
        const keys = tallied.kind === 'threshold' ? tallied.result.terms.map(({ value }) => value) : [];
        const joined = { keys, steps: events, value: tallied.kind === 'threshold' ? tallied.result.count : 0 };
        const match = { events, tallied, ...(tallied.kind === 'threshold' ? { joined } : {}) };
        if (this.isOutside(countedAt(overridesOf(rule.document), events.at(-1) as Event))) return;
        this.addMatch(rule, { alertId: alertId(rule.document.id, identity), ...match }, slot);
      },
      excepted: ({ document }, event, slot, exception) => {
        if (this.isOutside(countedAt(overridesOf(document), event))) return;
        const { id } = document;
        const key = `${slot} ${id}`;
        const before = this.tallyExcepted.get(key);
        const byException = before?.byException ?? new Map<string, number>();
        byException.set(exception, (byException.get(exception) ?? 0) + 1);
        const count = (before?.funnel.excepted ?? 0) + 1;
        const funnel = { ...EMPTY_FUNNEL, matched: count, excepted: count };
        this.tallyExcepted.set(key, { ruleId: id, slot, funnel, byException });
      },
    });
  }

  private isOutside(ms: number | undefined): boolean {
    const { between } = this.options;
    return between !== undefined && ms !== undefined && (ms < between.from || ms >= between.to);
  }

  private add(rule: LoadedRule, found: Omit<Match, 'alertId'>, sample: boolean): void {
    const last = found.events.at(-1) as Event;
    const slot = slotOf(last.time.ms, scheduleWindow(rule.document.schedule).interval);
    if (this.isOutside(last.time.ms)) return;
    this.addMatch(
      rule,
      { alertId: alertId(rule.document.id, found.events.map(eventIdentity)), ...found, sample },
      slot,
    );
  }

  /** Counts a match of a run that creates no more: no exception removes it, and nothing else is asked of it. */
  private isBeyond(rule: LoadedRule, line: Pick<SievedLine, 'time' | 'identity'>): boolean {
    const slot = this.fullSlot(rule, () => line.time());
    if (slot === undefined) return false;
    const ruleId = rule.document.id;
    this.beyond.push({ ruleId, slot, alertId: alertId(ruleId, [line.identity()]) });
    return true;
  }

  /** The slot of that time where the rule creates no more in it. */
  private fullSlot({ document }: LoadedRule, time: () => number): number | undefined {
    const slots = this.full.get(document.id);
    if (slots === undefined) return undefined;
    const slot = slotOf(time(), scheduleWindow(document.schedule).interval);
    return slots.has(slot) ? slot : undefined;
  }

  private setFull(ruleId: string, slot: number): void {
    const { isLedgerWhole, between } = this.options;
    if (isLedgerWhole !== true || between !== undefined || this.exceptions.size > 0) return;
    const slots = this.full.get(ruleId) ?? new Set<number>();
    this.full.set(ruleId, slots.add(slot));
  }

  private addMatch(rule: LoadedRule, match: Match, slot: number): void {
    const { id, suppression } = rule.document;
    const raw = rawOf(match.events);
    const ancestry = this.processes.ancestry(match.events.at(-1) as Event);
    for (const one of suppression === undefined ? [match] : groupMatch(id, match, suppression)) {
      this.pending.push({ rule, slot, match: one, raw, ancestry });
    }
  }

  private correlationChanges(): RowChanges {
    if (this.options.isDurable !== true) return { changed: [], removed: [] };
    const changes = LANES.map((lane) => {
      const { changed, removed } = this.correlators[lane].changes();
      return {
        changed: changed.map((row) => ({ ...row, plan: `${lane} ${row.plan}` })),
        removed: removed.map((row) => ({ ...row, plan: `${lane} ${row.plan}` })),
      };
    });
    return {
      changed: changes.flatMap(({ changed }) => changed),
      removed: changes.flatMap(({ removed }) => removed),
    };
  }

  private render({ rule, match, ancestry, raw }: Pending, standsFor: SuppressionChange | undefined): NewAlert {
    const now = this.options.now();
    const context = {
      rule: rule.document,
      plan: rule.plan,
      ...(rule.columns === undefined ? {} : { columns: rule.columns }),
      now,
      ancestry,
      ...(standsFor === undefined ? {} : { standsFor }),
    };
    const alert: Alert = renderAlert(match, context);
    return { alert, raw };
  }
}

/** What has been created, kept in memory: for a scan, which has no store. */
export class MemoryLedger implements Ledger {
  private readonly alerts = new Set<string>();
  private readonly created = new Map<string, number>();
  private readonly suppressed = new SuppressionNotes();

  hasAlert(id: string): boolean {
    return this.alerts.has(id);
  }

  runCounters(ruleId: string, slot: number) {
    return { ...EMPTY_FUNNEL, created: this.created.get(`${slot} ${ruleId}`) ?? 0 };
  }

  suppressionWindow(ruleId: string, group: string, time: number, ahead: number) {
    return this.suppressed.suppressionWindow(ruleId, group, time, ahead);
  }

  isSuppressed(id: string): boolean {
    return this.suppressed.isSuppressed(id);
  }

  record(decided: Pick<Commit, 'alerts' | 'runs' | 'suppressed'>): void {
    for (const change of decided.suppressed ?? []) this.suppressed.record(change);
    for (const { alert } of decided.alerts) this.alerts.add(alert.id);
    for (const { ruleId, slot, funnel } of decided.runs) {
      if (funnel.created === 0) continue;
      const key = `${slot} ${ruleId}`;
      this.created.set(key, (this.created.get(key) ?? 0) + funnel.created);
    }
  }
}

const ONE_DUPLICATE = { ...EMPTY_FUNNEL, matched: 1, duplicate: 1 };
const ONE_CAPPED = { ...EMPTY_FUNNEL, matched: 1, capped: 1 };

/** The bytes as received, of several events one after the other, a line break between them. */
function rawOf(events: readonly Event[]): Uint8Array {
  const [first, ...rest] = events;
  if (rest.length === 0) return new Uint8Array(first?.raw ?? []);
  return new Uint8Array(Buffer.concat(events.flatMap(({ raw }, at) => (at === 0 ? [raw] : [Buffer.from('\n'), raw]))));
}

function openBook({ document }: LoadedRule, ledger: Ledger): SuppressionBook | undefined {
  const { id, suppression, schedule } = document;
  return suppression && new SuppressionBook(id, suppression, scheduleWindow(schedule).interval, ledger);
}

/**
 * Matches of one rule and slot that followed each other: what a window of time suppresses depends on their order, which
 * must not depend on how many are decided at once.
 */
function groupByRun(pending: readonly Pending[]): readonly (readonly Pending[])[] {
  const groups: Pending[][] = [];
  const last = new Map<string, Pending[]>();
  for (const one of pending) {
    const { id } = one.rule.document;
    const group = last.get(id);
    if (group !== undefined && group[0]?.slot === one.slot) group.push(one);
    else {
      const begun = [one];
      groups.push(begun);
      last.set(id, begun);
    }
  }
  return groups;
}

function addRun(before: RunCounters | undefined, run: RunCounters): RunCounters {
  if (before === undefined) return run;
  const byException = new Map(before.byException);
  for (const [id, count] of run.byException ?? []) byException.set(id, (byException.get(id) ?? 0) + count);
  return { ...run, funnel: addFunnels(before.funnel, run.funnel), byException };
}
