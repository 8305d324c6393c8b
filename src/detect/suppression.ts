/**
 * Suppression: of the matches of a rule that are alike within a run or a window of time, one becomes an alert, and the
 * others are counted on it.
 *
 *   match ──groupsOf──▶ groups ──find(time)──▶ window there? counted on its alert ─┐
 *                                            └▶ none: created, opens a window ─────┴──changes()──▶ one commit
 *
 * Windows are of event time, so that live, scans and runs over stored events find the same ones: that of a run is the
 * slot of the rule's interval, any other begins with the alert. A match that comes late and would itself have opened a
 * window over the alert's time belongs to it as well. What was counted is remembered by its id; of very many by the time
 * from which on ids are known (`floor`): whatever lies before is taken to be counted.
 *
 * Source of the semantics: Elastic's documentation of alert suppression (groups of arrays, missing values, closing).
 */
import { createHash } from 'node:crypto';
import type { Event } from '../event/event.ts';
import type { Scalar, Values } from '../event/field-path.ts';
import type { Suppression, SuppressionField } from '../rule/rule.ts';
import type { SuppressionTerm } from './alert.ts';
import { alertId } from './alert-id.ts';
import type { Match } from './decide.ts';
import { slotOf } from './run-grid.ts';

/** What an alert stands for besides itself. Times are epoch milliseconds. */
export interface SuppressionWindow {
  readonly alertId: string;
  /** Matches of these times fall into it: `from` inclusive, `until` exclusive. */
  readonly from: number;
  readonly until: number;
  /** Its alert was closed since: nothing more is counted on it. */
  readonly isEnded: boolean;
  /** Matches before this time count as known. */
  readonly floor?: number;
}

/** What a commit adds to a window, or the window that it opens. */
export interface SuppressionChange extends Pick<SuppressionWindow, 'alertId' | 'from' | 'until'> {
  readonly ruleId: string;
  readonly group: string;
  /** Of the first and the last match, the one that alerted among them. */
  readonly start: number;
  readonly end: number;
  /** Matches that were counted on it. */
  readonly counted: readonly CountedMatch[];
}

export interface CountedMatch {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** What is known of windows from before. */
export interface SuppressionMemory {
  /**
   * Of a group the window that a match of this time falls into, else the next one that begins within `ahead`
   * milliseconds after it; one that is ended is given as such.
   */
  suppressionWindow(ruleId: string, group: string, time: number, ahead: number): SuppressionWindow | undefined;
  /** Whether the match of this id was counted on an alert. */
  isSuppressed(id: string): boolean;
}

export interface SuppressionGroup {
  readonly key: string;
  readonly terms: readonly SuppressionTerm[];
}

/** Ids of matches kept for a window; of more the later half. */
export const MOST_COUNTED_IDS = 1_000;
/** An event must not make groups without end out of several long arrays. */
const MOST_GROUPS = 64;

interface OpenWindow {
  readonly window: SuppressionWindow;
  readonly group: string;
  start: number;
  end: number;
  readonly counted: CountedMatch[];
  /** Opened by an earlier batch: there is nothing to be told of it unless a match is counted. */
  readonly isKnown?: true;
}

/** The windows of one rule, over a batch of matches. */
export class SuppressionBook {
  private readonly ruleId: string;
  private readonly suppression: Suppression;
  private readonly intervalMs: number;
  private readonly memory: SuppressionMemory;
  /** By group, those that this batch has opened or counted on. */
  private readonly open = new Map<string, OpenWindow[]>();
  private readonly counted = new Set<string>();

  constructor(ruleId: string, suppression: Suppression, intervalMs: number, memory: SuppressionMemory) {
    this.ruleId = ruleId;
    this.suppression = suppression;
    this.intervalMs = intervalMs;
    this.memory = memory;
  }

  /**
   * Counts the match on the alert of its window.
   * @returns `undefined` where there is no such window: it may become an alert
   */
  suppress(match: GroupedMatch): 'suppressed' | 'duplicate' | undefined {
    const { group, alertId: id } = match;
    const time = this.timeOf(match);
    const open = this.find(group.key, time);
    if (open === undefined || this.isOfItsRun(open, time)) return undefined;
    const { floor, isEnded } = open.window;
    if (floor !== undefined && time < floor) return 'duplicate';
    if (isEnded) return undefined;
    open.counted.push({ id, time });
    this.counted.add(id);
    open.start = Math.min(open.start, time);
    open.end = Math.max(open.end, time);
    return 'suppressed';
  }

  isSuppressed(id: string): boolean {
    return this.counted.has(id) || this.memory.isSuppressed(id);
  }

  /** The match has become an alert. */
  created(match: GroupedMatch): void {
    const { group, alertId: id } = match;
    const { durationMs } = this.suppression;
    const time = this.timeOf(match);
    const before = this.find(group.key, time);
    if (before !== undefined && this.isOfItsRun(before, time)) return;
    const from = durationMs === undefined ? slotOf(time, this.intervalMs) : time;
    const until = from + (durationMs ?? this.intervalMs);
    this.keep({
      window: { alertId: id, from, until, isEnded: false },
      group: group.key,
      start: time,
      end: time,
      counted: [],
    });
  }

  /** What this batch has opened and counted. */
  changes(): readonly SuppressionChange[] {
    return [...this.open.values()]
      .flat()
      .flatMap(({ window: { alertId, from, until, isEnded }, isKnown, ...rest }) =>
        isEnded || (isKnown === true && rest.counted.length === 0)
          ? []
          : [{ ruleId: this.ruleId, alertId, from, until, ...rest }],
      );
  }

  private timeOf({ time, runEnd = time }: GroupedMatch): number {
    return this.suppression.sparesRun === true ? runEnd : time;
  }

  private isOfItsRun({ window }: OpenWindow, time: number): boolean {
    if (this.suppression.sparesRun !== true) return false;
    return slotOf(window.from, this.intervalMs) === slotOf(time, this.intervalMs);
  }

  private find(group: string, time: number): OpenWindow | undefined {
    const ahead = this.suppression.durationMs ?? 0;
    const own = this.open.get(group) ?? [];
    const opened = nearestWindow(
      own.map((open) => ({ ...open.window, open })),
      time,
      ahead,
    )?.open;
    const known = this.memory.suppressionWindow(this.ruleId, group, time, ahead);
    if (known === undefined || own.some(({ window }) => window.alertId === known.alertId)) return opened;
    const nearest = nearestWindow([known, ...(opened === undefined ? [] : [opened.window])], time, ahead);
    if (nearest !== known) return opened;
    return this.keep({ window: known, group, start: time, end: time, counted: [], isKnown: true });
  }

  private keep(open: OpenWindow): OpenWindow {
    const windows = this.open.get(open.group);
    if (windows === undefined) this.open.set(open.group, [open]);
    else windows.push(open);
    return open;
  }
}

/** The last that began by then, where it is not over; else the first that begins within `ahead` after it. */
export function nearestWindow<W extends Pick<SuppressionWindow, 'from' | 'until'>>(
  windows: readonly W[],
  time: number,
  ahead: number,
): W | undefined {
  let before: W | undefined;
  let after: W | undefined;
  for (const window of windows) {
    if (window.from <= time) before = before === undefined || window.from >= before.from ? window : before;
    else if (window.from < time + ahead) after = after === undefined || window.from < after.from ? window : after;
  }
  return before !== undefined && before.until > time ? before : after;
}

/** A match with the group that it is alike by. */
export interface GroupedMatch {
  readonly alertId: string;
  readonly group: SuppressionGroup;
  /** Of its last event, epoch milliseconds. */
  readonly time: number;
  /** Of a row that a query gave: the end of its window, epoch milliseconds. */
  readonly runEnd?: number;
}

/**
 * The matches that a match counts as: one a group, most often itself. Of several groups each alerts by itself, under an
 * id of its own; without a group, because a field is missing, it is not suppressed.
 */
export function groupMatch(ruleId: string, match: Match, suppression: Suppression): readonly Match[] {
  const groups = groupsOf(match, suppression);
  if (groups.length === 0) return [match];
  return groups.map((group) =>
    groups.length === 1
      ? { ...match, group }
      : { ...match, group, alertId: alertId(ruleId, [match.alertId, group.key]) },
  );
}

function groupsOf(match: Match, { groupBy, missing, eachMember }: Suppression): readonly SuppressionGroup[] {
  const isJoined = match.joined !== undefined;
  let combinations: readonly (readonly SuppressionTerm[])[] = [[]];
  for (const by of groupBy) {
    const values = valuesOf(match, by);
    if (values.length === 0 && missing === 'alert') return [];
    const choices =
      eachMember && !isJoined ? [...new Set(values)].map((value) => [value]) : [inOrder(values, isJoined)];
    const terms = (choices.length === 0 ? [[]] : choices).map(
      (value): SuppressionTerm => ({
        field: by.field,
        ...(by.step === undefined ? {} : { step: by.step }),
        value: value.length === 0 ? null : value,
      }),
    );
    combinations = combinations.flatMap((begun) => terms.map((term) => [...begun, term])).slice(0, MOST_GROUPS);
  }
  return combinations.map((terms) => ({ key: keyOf(terms, match.sample === true), terms }));
}

/** Of a sequence the order counts, as Elastic has it; otherwise the same values are alike in any order. */
function inOrder(values: Values, isJoined: boolean): Values {
  if (isJoined) return values;
  return [...new Set(values)].sort((a, b) => compare(typeof a, typeof b) || compare(a, b));
}

function compare(a: Scalar, b: Scalar): number {
  return a < b ? -1 : Number(a > b);
}

function valuesOf({ events, joined, tallied }: Match, { field, homes = [field], step }: SuppressionField): Values {
  if (tallied?.kind === 'threshold') {
    const term = tallied.result.terms.find((one) => one.field === field);
    return term === undefined || term.value === null ? [] : [term.value];
  }
  const valuesIn = (event: Event): Values =>
    homes.map((home) => event.values(home)).find((one) => one.length > 0) ?? [];
  const ofStep = step === undefined ? undefined : joined?.steps[step - 1];
  if (step !== undefined) return ofStep === undefined ? [] : valuesIn(ofStep);
  const [first, ...rest] = events as readonly [Event, ...Event[]];
  return rest.reduce((shared, event) => sharedValues(shared, valuesIn(event)), valuesIn(first));
}

/** As the document of a sequence's alert has them (`shared-fields.ts`). */
function sharedValues(a: Values, b: Values): Values {
  const held = new Set(b);
  return a.filter((value) => held.has(value));
}

/** The sample's alerts never stand for real ones. */
function keyOf(terms: readonly SuppressionTerm[], isSample: boolean): string {
  const hash = createHash('sha256').update(JSON.stringify([isSample, terms]));
  return hash.digest('hex').slice(0, 32);
}
