/**
 * Windows within windows over one stream of events in order.
 *
 *   event + steps ──innermost first──▶ gatherers ──outcomes──▶ the window around ──…──▶ the outermost's are matches
 *   a time that nothing comes before ──▶ windows that are over, the first to end first ──▶ outcomes, as above
 *
 * An outcome counts for the window around it at the time at which it is known: with the event that decided it, or at the
 * end of its window. So what is found depends on the events and their order alone.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import type { WindowPlan } from '../plan/plan.ts';
import type { Window } from '../plan/window.ts';
import type {
  Correlation,
  CorrelationChanges,
  CorrelationCounts,
  CorrelationSize,
  KeyRow,
  TakeMatch,
} from './correlation.ts';
import type { JoinedKey } from './join-key.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';
import {
  costOfItem,
  fromWindowRow,
  MOST_EVENTS,
  type TakenEvent,
  toWindowRow,
  type WindowItem,
} from './window-entry.ts';
import { type Brought, WindowGatherer, type WindowOutcome } from './window-gatherer.ts';
import { groupsOf, valuesOf } from './window-member.ts';
import { NO_WINDOW_WATCHER, type WindowWatcher } from './window-watcher.ts';

interface Node {
  readonly window: Window;
  readonly gatherer: WindowGatherer;
  /** By member; `undefined` for one that is a step. */
  readonly inner: readonly (Node | undefined)[];
  /** The window around it, and as which member; absent for the outermost. */
  around: { readonly node: Node; readonly member: number } | undefined;
}

/** What a member brings at a moment: an event, or a match of an inner window. */
interface Occurrence {
  readonly members: readonly number[];
  readonly events: readonly TakenEvent[];
  readonly inner?: JoinedKey;
}

export class WindowCorrelation implements Correlation {
  private readonly found: TakeMatch;
  private readonly watcher: WindowWatcher;
  /** Inner ones before those around them. */
  private readonly nodes: Node[] = [];
  private readonly outermost: Node;
  private given = 0;
  private dropped = 0;

  constructor(plan: WindowPlan, found: TakeMatch, watcher: WindowWatcher = NO_WINDOW_WATCHER) {
    this.found = found;
    this.watcher = watcher;
    this.outermost = this.nodeOf(plan.window);
  }

  get counts(): CorrelationCounts {
    const sum = (of: (gatherer: WindowGatherer) => number) =>
      this.nodes.reduce((total, { gatherer }) => total + of(gatherer), 0);
    return {
      begun: sum(({ begun }) => begun),
      matched: this.given,
      tooLate: sum(({ unmet }) => unmet),
      until: 0,
      present: 0,
      dropped: this.dropped,
    };
  }

  get size(): CorrelationSize {
    let [keys, events, bytes] = [0, 0, 0];
    for (const { gatherer } of this.nodes) {
      keys += gatherer.state.size;
      events += gatherer.state.events;
      bytes += gatherer.state.bytes;
    }
    return { keys, events, bytes };
  }

  take(placed: PlacedEvent, steps: readonly number[]): void {
    this.advance(placed.time);
    for (const outcome of this.feed(this.outermost, placed, steps)) this.give(outcome);
  }

  advance(time: EventTime): void {
    this.decideBefore(time);
    for (const { gatherer } of this.nodes) gatherer.forget(time);
  }

  end(): void {
    this.decideBefore(undefined);
  }

  dropOldest(): void {
    const [largest] = [...this.nodes].sort((a, b) => b.gatherer.state.bytes - a.gatherer.state.bytes);
    const entry = largest?.gatherer.state.oldest();
    if (largest === undefined || entry === undefined) return;
    largest.gatherer.state.remove(entry);
    this.dropped += 1;
  }

  get hasChanges(): boolean {
    return this.nodes.some(({ gatherer }) => gatherer.state.hasChanges);
  }

  changes(): CorrelationChanges {
    const changes = this.nodes.map(({ gatherer }, at) => {
      const { changed, removed } = gatherer.state.changes(toWindowRow);
      return {
        changed: changed.map(({ key, state }) => ({ key: rowKey(at, key), state })),
        removed: removed.map((key) => rowKey(at, key)),
      };
    });
    return { changed: changes.flatMap(({ changed }) => changed), removed: changes.flatMap(({ removed }) => removed) };
  }

  writtenKeys(): readonly string[] {
    return this.nodes.flatMap(({ gatherer }, at) => gatherer.state.writtenKeys().map((key) => rowKey(at, key)));
  }

  restore(rows: readonly KeyRow[]): void {
    for (const [at, { gatherer }] of this.nodes.entries()) {
      const own = rows.filter(({ key }) => key.startsWith(rowKey(at, '')));
      const entries = own.map(({ state }) => fromWindowRow(state));
      gatherer.state.restore(entries);
      for (const entry of entries) {
        for (const item of [...entry.items, ...entry.chains.flatMap((chain) => chain ?? [])]) {
          gatherer.state.charge(entry, Math.max(1, item.events.length), costOfItem(item));
        }
      }
    }
  }

  private nodeOf(window: Window): Node {
    const inner = window.members.map(({ from }) => (from.kind === 'window' ? this.nodeOf(from.window) : undefined));
    const node: Node = { window, gatherer: new WindowGatherer(window, this.watcher), inner, around: undefined };
    for (const [member, one] of inner.entries()) if (one !== undefined) one.around = { node, member };
    this.nodes.push(node);
    return node;
  }

  private feed(node: Node, placed: PlacedEvent, steps: readonly number[]): readonly WindowOutcome[] {
    const occurrences: Occurrence[] = [];
    const own: number[] = [];
    let step = 0;
    for (const [member, { from }] of node.window.members.entries()) {
      const inner = node.inner[member];
      if (inner !== undefined) {
        for (const outcome of this.feed(inner, placed, steps)) occurrences.push(occurrenceOf(member, outcome));
      } else if (from.kind === 'step' && steps.includes(from.step)) {
        if (own.length === 0) step = from.step;
        own.push(member);
      }
    }
    if (own.length > 0) occurrences.push({ members: own, events: [{ placed, step }] });
    return occurrences.length === 0 ? [] : this.bring(node, placed.time, occurrences);
  }

  private bring(node: Node, time: EventTime, occurrences: readonly Occurrence[]): readonly WindowOutcome[] {
    const { members, test } = node.window;
    const brought = new Map<string, { key: JoinedKey; items: WindowItem[] }>();
    for (const occurrence of occurrences) {
      const events = occurrence.events.map(({ placed }) => placed.event);
      const byGroup = new Map<string, { members: number[]; values: readonly (string | number)[] }>();
      for (const number of occurrence.members) {
        const member = members[number];
        const values = member === undefined ? undefined : valuesOf(member, test, events);
        if (member === undefined || values === undefined) continue;
        for (const [text, key] of groupsOf(member, events, occurrence.inner)) {
          if (!brought.has(text)) brought.set(text, { key, items: [] });
          // An event that two members measure by two fields brings the values of the first.
          const group = byGroup.get(text) ?? { members: [], values };
          group.members.push(number);
          byGroup.set(text, group);
        }
      }
      for (const [text, group] of byGroup) {
        brought.get(text)?.items.push({ time, ...group, events: occurrence.events });
      }
    }
    const withItems: Brought[] = [...brought.values()].filter(({ items }) => items.length > 0);
    return node.gatherer.take(time, withItems);
  }

  /** Decides every window that ends before a time (or at all), and what follows from it. */
  private decideBefore(time: EventTime | undefined): void {
    for (;;) {
      let first: Node | undefined;
      for (const node of this.nodes) {
        const { deadline } = node.gatherer;
        if (deadline === undefined || (time !== undefined && compareTimes(deadline, time) >= 0)) continue;
        if (first === undefined || compareTimes(deadline, first.gatherer.deadline as EventTime) < 0) first = node;
      }
      if (first === undefined) return;
      const deadline = first.gatherer.deadline as EventTime;
      const outcome = first.gatherer.decide();
      if (outcome !== undefined) this.passOn(first, deadline, outcome);
    }
  }

  private passOn({ around }: Node, time: EventTime, outcome: WindowOutcome): void {
    if (around === undefined) {
      this.give(outcome);
      return;
    }
    const { node, member } = around;
    node.gatherer.forget(time);
    for (const next of this.bring(node, time, [occurrenceOf(member, outcome)])) this.passOn(node, time, next);
  }

  private give({ key, items, value }: WindowOutcome): void {
    this.given += 1;
    const taken = eventsOf(items);
    this.found({
      key: key.values,
      events: taken.map(({ placed }) => placed),
      steps: taken.map(({ step }) => step),
      ...(value === undefined ? {} : { value }),
    });
  }
}

function occurrenceOf(member: number, { key, items }: WindowOutcome): Occurrence {
  return { members: [member], events: eventsOf(items), inner: key };
}

/** Each event once, in order, the last ones where they are many. */
function eventsOf(items: readonly WindowItem[]): readonly TakenEvent[] {
  const byArrival = new Map<number, TakenEvent>();
  for (const { events } of items) {
    for (const taken of events) if (!byArrival.has(taken.placed.arrival)) byArrival.set(taken.placed.arrival, taken);
  }
  return [...byArrival.values()].sort((a, b) => comparePlaces(a.placed, b.placed)).slice(-MOST_EVENTS);
}

function rowKey(node: number, key: string): string {
  return `${node}:${key}`;
}
