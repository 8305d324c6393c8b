/**
 * One window over what its members bring, group by group.
 *
 *   moments, in order of time ──group──▶ items ──test──▶ outcome: the group and what made it
 *
 * Decided at once: what is older than the span falls out; as soon as the rest satisfies the test it is an outcome, and the
 * group starts anew. Decided at the end: the group's window opens with its first item, and is measured when a time beyond
 * its span has come. Groups end in the order in which they were touched, so only the oldest is ever looked at.
 *
 * Sums: taking a value away again is exact for whole numbers below 2^53 only, so other sums are added up anew when
 * something falls out.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import { decidedAtEnd, type Window } from '../plan/window.ts';
import type { JoinedKey } from './join-key.ts';
import { KeyedState } from './keyed-state.ts';
import { after } from './placed-event.ts';
import { costOfItem, MOST_EVENTS, newWindowEntry, type WindowEntry, type WindowItem } from './window-entry.ts';
import { isPresent, type Measure, measure, within } from './window-measure.ts';
import { NO_WINDOW_WATCHER, type WindowWatcher } from './window-watcher.ts';

export interface WindowOutcome {
  readonly key: JoinedKey;
  readonly items: readonly WindowItem[];
  readonly value?: number;
}

/** What one moment brings to one group. */
export interface Brought {
  readonly key: JoinedKey;
  readonly items: readonly WindowItem[];
}

const NOTHING: Measure = Object.freeze({ holds: false });

interface Tally {
  sum: number;
  readonly counts: Map<string | number, number>;
}

export class WindowGatherer {
  readonly state = new KeyedState<WindowEntry>();
  readonly atEnd: boolean;
  begun = 0;
  matched = 0;
  /** Groups that ended without an outcome. */
  unmet = 0;
  private readonly window: Window;
  private readonly watcher: WindowWatcher;
  private readonly tallies = new WeakMap<WindowEntry, Tally>();

  constructor(window: Window, watcher: WindowWatcher = NO_WINDOW_WATCHER) {
    this.window = window;
    this.watcher = watcher;
    this.atEnd = decidedAtEnd(window.test);
  }

  /** The time after which the next group is decided. */
  get deadline(): EventTime | undefined {
    return this.atEnd ? this.state.oldest()?.expires : undefined;
  }

  take(time: EventTime, brought: Iterable<Brought>): readonly WindowOutcome[] {
    const outcomes: WindowOutcome[] = [];
    for (const { key, items } of brought) {
      let entry = this.state.get(key.text);
      if (entry === undefined) {
        if (this.window.test.kind === 'in-order' && !items.some(({ members }) => members[0] === 0)) {
          this.watcher.gathered(this.window, key, items, [], NOTHING);
          continue;
        }
        entry = newWindowEntry(key);
        this.begun += 1;
        this.state.touch(entry, after(time, this.window.timespan));
      }
      const outcome = this.atEnd ? this.keep(entry, items) : this.takeAtOnce(entry, time, items);
      if (outcome !== undefined) outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Decides the oldest group, whose time is over. */
  decide(): WindowOutcome | undefined {
    const entry = this.state.oldest();
    if (entry === undefined) return undefined;
    this.state.remove(entry);
    const measured = measure(this.window.test, entry.items);
    this.watcher.gathered(this.window, entry.key, [], entry.items, measured);
    return this.outcomeOf(entry, measured, entry.items);
  }

  /** Lets go of what a time has made too old, where nothing is decided by that. */
  forget(time: EventTime): void {
    if (!this.atEnd) this.unmet += this.state.forget(time);
  }

  private keep(entry: WindowEntry, items: readonly WindowItem[]): undefined {
    for (const item of items) this.add(entry, item);
    this.state.mark(entry);
    this.watcher.gathered(this.window, entry.key, items, entry.items);
    return undefined;
  }

  private takeAtOnce(entry: WindowEntry, time: EventTime, items: readonly WindowItem[]): WindowOutcome | undefined {
    const { test } = this.window;
    this.state.touch(entry, after(time, this.window.timespan));
    if (test.kind === 'in-order') return this.takeInOrder(entry, time, items);
    this.prune(entry, time);
    for (const item of items) {
      if (test.kind === 'member-count' || test.kind === 'presence') this.replace(entry, item);
      else this.add(entry, item);
    }
    const measured = this.measureNow(entry);
    this.watcher.gathered(this.window, entry.key, items, entry.items, measured);
    if (!measured.holds) return undefined;
    this.state.remove(entry);
    return this.outcomeOf(entry, measured, entry.items);
  }

  private outcomeOf(
    { key }: WindowEntry,
    { holds, value }: Measure,
    items: readonly WindowItem[],
  ): WindowOutcome | undefined {
    if (!holds) {
      this.unmet += 1;
      return undefined;
    }
    this.matched += 1;
    return { key, items, ...(value === undefined ? {} : { value }) };
  }

  // --- What was gathered ----------------------------------------------------------------------------------------------

  private add(entry: WindowEntry, item: WindowItem): void {
    entry.items.push(item);
    this.charge(entry, item, 1);
    this.count(entry, item, 1);
    const old = entry.items[entry.items.length - 1 - MOST_EVENTS];
    if (old === undefined || old.events.length === 0) return;
    this.charge(entry, old, -1);
    old.events = [];
    this.charge(entry, old, 1);
  }

  /** Where it only counts which members were there, the latest item of each is all that can matter. */
  private replace(entry: WindowEntry, item: WindowItem): void {
    const later = new Set(item.members);
    const kept = [item];
    for (const old of entry.items.toReversed()) {
      if (old.members.some((member) => !later.has(member))) kept.push(old);
      else this.charge(entry, old, -1);
      for (const member of old.members) later.add(member);
    }
    entry.items = kept.reverse();
    this.charge(entry, item, 1);
  }

  private prune(entry: WindowEntry, now: EventTime): void {
    let gone = 0;
    for (const item of entry.items) {
      if (!this.isOver(item, now)) break;
      this.charge(entry, item, -1);
      this.count(entry, item, -1);
      gone += 1;
    }
    if (gone > 0) entry.items.splice(0, gone);
  }

  private isOver({ time }: WindowItem, now: EventTime): boolean {
    return compareTimes(after(time, this.window.timespan), now) < 0;
  }

  private charge(entry: WindowEntry, item: WindowItem, sign: 1 | -1): void {
    this.state.charge(entry, sign * Math.max(1, item.events.length), sign * costOfItem(item));
  }

  // --- In order -------------------------------------------------------------------------------------------------------

  /** The latest chain of each length is all that can matter: what an older one could become, it becomes too. */
  private takeInOrder(entry: WindowEntry, time: EventTime, items: readonly WindowItem[]): WindowOutcome | undefined {
    const { chains } = entry;
    const last = this.window.members.length - 1;
    const hits = items.flatMap((item) => item.members.map((member) => ({ member, item })));
    // Later members first, so that one moment is never two steps of a chain.
    for (const { member, item } of hits.sort((a, b) => b.member - a.member)) {
      const before = member === 0 ? [] : chains[member - 1];
      if (before === undefined) continue;
      const [first] = before;
      if (first !== undefined && this.isOver(first, time)) {
        this.setChain(entry, member - 1, undefined);
        continue;
      }
      const chain = [...before, item];
      if (member === last) {
        this.state.remove(entry);
        this.watcher.gathered(this.window, entry.key, items, chain, { holds: true });
        return this.outcomeOf(entry, { holds: true }, chain);
      }
      if (member > 0) this.setChain(entry, member - 1, undefined);
      this.setChain(entry, member, chain);
    }
    const furthest = chains.findLast((chain) => chain !== undefined) ?? [];
    this.watcher.gathered(this.window, entry.key, items, furthest, NOTHING);
    return undefined;
  }

  private setChain(entry: WindowEntry, at: number, chain: readonly WindowItem[] | undefined): void {
    for (const item of entry.chains[at] ?? []) this.charge(entry, item, -1);
    for (const item of chain ?? []) this.charge(entry, item, 1);
    entry.chains[at] = chain;
  }

  // --- Counting on ----------------------------------------------------------------------------------------------------

  private measureNow(entry: WindowEntry): Measure {
    const { test } = this.window;
    switch (test.kind) {
      case 'value-count':
        return within(test.bounds, this.tallyOf(entry).counts.size);
      case 'value-sum':
        return within(test.bounds, this.tallyOf(entry).sum);
      case 'presence':
        return { holds: isPresent(test.condition, new Set(entry.items.flatMap(({ members }) => members))) };
      default:
        return measure(test, entry.items);
    }
  }

  private count(entry: WindowEntry, { values }: WindowItem, sign: 1 | -1): void {
    const { kind } = this.window.test;
    if (this.atEnd || (kind !== 'value-count' && kind !== 'value-sum')) return;
    const tally = this.tallies.get(entry);
    if (tally === undefined) return;
    for (const value of values) {
      if (typeof value === 'number') {
        tally.sum += sign * value;
        if (sign === -1 && !(Number.isSafeInteger(tally.sum) && Number.isSafeInteger(value))) {
          this.tallies.delete(entry);
          return;
        }
        continue;
      }
      const count = (tally.counts.get(value) ?? 0) + sign;
      if (count === 0) tally.counts.delete(value);
      else tally.counts.set(value, count);
    }
  }

  private tallyOf(entry: WindowEntry): Tally {
    const known = this.tallies.get(entry);
    if (known !== undefined) return known;
    const tally: Tally = { sum: 0, counts: new Map() };
    this.tallies.set(entry, tally);
    for (const item of entry.items) this.count(entry, item, 1);
    return tally;
  }
}
