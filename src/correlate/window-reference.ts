/**
 * The reference evaluator of windows: slow, plain, never optimised, over all events at once. The engine is compared with
 * it on random windows and events.
 *
 * Window by window from the inside: everything that a group was brought, in order, is gone through from its first item on
 * and measured anew each time.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import type { WindowPlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { decidedAtEnd, type Window } from '../plan/window.ts';
import type { JoinedKey } from './join-key.ts';
import { after, comparePlaces, type PlacedEvent } from './placed-event.ts';
import type { WindowItem } from './window-entry.ts';
import { type Measure, measure } from './window-measure.ts';
import { groupsOf, valuesOf } from './window-member.ts';

export interface FoundWindow {
  readonly key: JoinedKey;
  /** Each once, in order. */
  readonly events: readonly PlacedEvent[];
  readonly value?: number;
}

/** When something counts: a time, and within it a number that grows. What an event brings comes after what ends before it. */
interface Moment {
  readonly time: EventTime;
  readonly turn: number;
}

type Outcome = FoundWindow & { readonly at: Moment };

interface Brought {
  readonly at: Moment;
  readonly key: JoinedKey;
  readonly item: Pick<WindowItem, 'members' | 'values'>;
  readonly events: readonly PlacedEvent[];
}

/** Every match, in no order. */
export function findWindows(plan: WindowPlan, events: readonly PlacedEvent[]): readonly FoundWindow[] {
  return outcomesOf(plan, plan.window, [...events].sort(comparePlaces));
}

function outcomesOf(plan: WindowPlan, window: Window, ordered: readonly PlacedEvent[]): readonly Outcome[] {
  const byGroup = new Map<string, Brought[]>();
  for (const one of broughtTo(plan, window, ordered)) {
    const group = byGroup.get(one.key.text) ?? [];
    group.push(one);
    byGroup.set(one.key.text, group);
  }
  const decide = decidedAtEnd(window.test) ? atEnd : window.test.kind === 'in-order' ? inOrder : atOnce;
  return [...byGroup.values()].flatMap((group) => decide(window, group.sort(byMoment)));
}

function broughtTo(plan: WindowPlan, window: Window, ordered: readonly PlacedEvent[]): readonly Brought[] {
  const { members, test } = window;
  const all: Brought[] = [];
  for (const [turn, placed] of ordered.entries()) {
    const groups = new Map<string, { key: JoinedKey; members: number[]; values: readonly (string | number)[] }>();
    for (const [number, member] of members.entries()) {
      const step = member.from.kind === 'step' ? plan.steps[member.from.step] : undefined;
      if (step === undefined || !evaluate(step.predicate, placed.event)) continue;
      const values = valuesOf(member, test, [placed.event]);
      if (values === undefined) continue;
      for (const [text, key] of groupsOf(member, [placed.event], undefined)) {
        const known = groups.get(text);
        if (known === undefined) groups.set(text, { key, members: [number], values });
        else known.members.push(number);
      }
    }
    for (const { key, ...item } of groups.values()) {
      all.push({ at: { time: placed.time, turn }, key, item, events: [placed] });
    }
  }
  for (const [number, member] of members.entries()) {
    if (member.from.kind === 'step') continue;
    for (const { key: inner, events, at } of outcomesOf(plan, member.from.window, ordered)) {
      const own = events.map(({ event }) => event);
      const values = valuesOf(member, test, own);
      if (values === undefined) continue;
      for (const key of groupsOf(member, own, inner).values()) {
        all.push({ at, key, item: { members: [number], values }, events });
      }
    }
  }
  return all;
}

function atOnce(window: Window, group: readonly Brought[]): readonly Outcome[] {
  const found: Outcome[] = [];
  let from = 0;
  for (let next = 0; next < group.length; next += 1) {
    const last = group[next] as Brought;
    const following = group[next + 1];
    if (following !== undefined && byMoment(last, following) === 0) continue;
    const within = group.slice(from, next + 1).filter((one) => !isLonger(window, one, last));
    const said = measure(
      window.test,
      within.map(({ item }) => item),
    );
    if (!said.holds) continue;
    const counts = window.test.kind === 'member-count' || window.test.kind === 'presence';
    found.push(outcome(last, said, counts ? latestOfEach(window, within) : within));
    from = next + 1;
  }
  return found;
}

function latestOfEach({ members }: Window, within: readonly Brought[]): readonly Brought[] {
  const kept = new Set<Brought>();
  for (const number of members.keys()) {
    const latest = within.findLast(({ item }) => item.members.includes(number));
    if (latest !== undefined) kept.add(latest);
  }
  return [...kept];
}

function atEnd(window: Window, group: readonly Brought[]): readonly Outcome[] {
  const found: Outcome[] = [];
  for (let from = 0; from < group.length; ) {
    const first = group[from] as Brought;
    const within = group.slice(from).filter((one) => !isLonger(window, first, one));
    const said = measure(
      window.test,
      within.map(({ item }) => item),
    );
    // What is over is known when a later time has come: after all that lies at its last moment.
    const at = { time: after(first.at.time, window.timespan), turn: Number.POSITIVE_INFINITY };
    if (said.holds) found.push({ ...outcome(first, said, within), at });
    from += within.length;
  }
  return found;
}

/** Each later item takes the latest chain before it, and what is older than that chain is over. */
function inOrder(window: Window, group: readonly Brought[]): readonly Outcome[] {
  const last = window.members.length - 1;
  let chains: Brought[][] = [];
  const found: Outcome[] = [];
  const moments = [...new Set(group.map(({ at }) => `${at.time.ms} ${at.time.ticks} ${at.turn}`))];
  for (const moment of moments) {
    const now = group.filter(({ at }) => `${at.time.ms} ${at.time.ticks} ${at.turn}` === moment);
    const before = chains;
    const grown: Brought[][] = [];
    let isDone = false;
    for (let number = last; number >= 0 && !isDone; number -= 1) {
      for (const one of now.filter(({ item }) => item.members.includes(number))) {
        const open = before.filter((chain) => chain.length === number && chains.includes(chain));
        const latest = number === 0 ? [] : open.at(-1);
        if (latest === undefined) continue;
        chains = chains.filter((chain) => !open.includes(chain));
        const [first] = latest;
        if (first !== undefined && isLonger(window, first, one)) continue;
        const chain = [...latest, one];
        if (number === last) {
          found.push(outcome(one, { holds: true }, chain));
          isDone = true;
          break;
        }
        grown.push(chain);
      }
    }
    chains = isDone ? [] : [...chains, ...grown];
  }
  return found;
}

function outcome({ key, at }: Brought, { value }: Measure, within: readonly Brought[]): Outcome {
  const events = [...new Set(within.flatMap((one) => one.events))].sort(comparePlaces);
  return { key, at, events, ...(value === undefined ? {} : { value }) };
}

function isLonger({ timespan }: Window, first: Brought, last: Brought): boolean {
  return compareTimes(after(first.at.time, timespan), last.at.time) < 0;
}

function byMoment(a: Brought, b: Brought): number {
  const times = compareTimes(a.at.time, b.at.time);
  return times !== 0 ? times : a.at.turn === b.at.turn ? 0 : a.at.turn - b.at.turn;
}
