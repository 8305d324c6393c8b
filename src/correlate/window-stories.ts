/**
 * Follows what windows hold, and tells of each group how near it came to what the window asks.
 *
 *   WindowGatherer ──gathered──▶ by window and group: the nearest holding, all that ever came ──stories()──▶ WindowStory[]
 *
 * Memory: of a group a few events, those that came last of each member, and what was measured; of groups so many.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import type { LiteralValue } from '../plan/predicate/node.ts';
import { type Bounds, decidedAtEnd, type Presence, type Window, type WindowTest } from '../plan/window.ts';
import type { JoinedKey } from './join-key.ts';
import { MOST_STORIES } from './story.ts';
import type { WindowItem } from './window-entry.ts';
import { isPresent, type Measure, membersOf, within } from './window-measure.ts';
import type { WindowWatcher } from './window-watcher.ts';

export type WindowEnd =
  | 'matched'
  /** What is lacking did not come. */
  | 'waiting'
  /** All of it came, but further apart than the span. */
  | 'too-late'
  /** The next member came, but not after those before it, or a later one and not the first. */
  | 'out-of-order'
  /** The window was over, and what it held is other than asked. */
  | 'unmet';

export interface WindowStory {
  readonly key: readonly LiteralValue[];
  /** As `JoinedKey.text`. */
  readonly text: string;
  readonly end: WindowEnd;
  /** Of the window that came nearest: the last of what it held, or the latest of each member. */
  readonly items: readonly WindowItem[];
  /** All that it held. */
  readonly held: number;
  readonly from?: EventTime;
  readonly to?: EventTime;
  readonly value?: number;
  /** Where members are asked for: those that it had, and those that it would have needed. */
  readonly had: readonly number[];
  readonly lacking: readonly number[];
  /** Those of them that came at another time, with what came last. */
  readonly elsewhere: ReadonlyMap<number, WindowItem>;
  /** All that ever came for the group, and what it would be measured as together, where that is known. */
  readonly brought: number;
  readonly together?: number;
  readonly matched: number;
}

export interface WindowStoryList {
  /** Matches first, then what came nearest to one, the latest first. */
  readonly nearest: readonly WindowStory[];
  /** How many groups there were; those that were forgotten for want of memory and came again count again. */
  readonly keys: number;
}

interface Holding {
  readonly items: readonly WindowItem[];
  readonly held: number;
  readonly from?: EventTime;
  readonly to?: EventTime;
  readonly value?: number;
  readonly had: ReadonlySet<number>;
  /** 0 for a match. */
  readonly distance: number;
}

interface Following {
  readonly key: JoinedKey;
  nearest: Holding | undefined;
  readonly latest: Map<number, WindowItem>;
  brought: number;
  /** Different values, until they are too many. */
  values: Set<string | number> | undefined;
  sum: number;
  matched: number;
}

interface Followed {
  readonly byKey: Map<string, Following>;
  forgotten: number;
}

/** Items told of a window that counts. */
const MOST_TOLD = 5;
const MOST_VALUES = 1_000;

export class WindowStories implements WindowWatcher {
  private readonly windows = new Map<Window, Followed>();

  gathered(
    window: Window,
    key: JoinedKey,
    brought: readonly WindowItem[],
    items: readonly WindowItem[],
    measured?: Measure,
  ): void {
    const following = this.follow(window, key);
    for (const item of brought) bring(following, item);
    if (measured === undefined) return;
    if (measured.holds) following.matched += 1;
    const holding = holdingOf(window, items, measured);
    const { nearest } = following;
    if (nearest === undefined || holding.distance < nearest.distance || isLaterAsNear(holding, nearest)) {
      following.nearest = holding;
    }
  }

  stories(window: Window): WindowStoryList {
    const { byKey, forgotten } = this.windows.get(window) ?? { byKey: new Map<string, Following>(), forgotten: 0 };
    const told = [...byKey.values()]
      .map((following) => ({ story: tell(window, following), distance: following.nearest?.distance ?? Infinity }))
      .sort((a, b) => a.distance - b.distance || compareLast(b.story, a.story));
    return { nearest: told.map(({ story }) => story), keys: told.length + forgotten };
  }

  private follow(window: Window, key: JoinedKey): Following {
    const followed = this.windows.get(window) ?? { byKey: new Map<string, Following>(), forgotten: 0 };
    this.windows.set(window, followed);
    const known = followed.byKey.get(key.text);
    if (known !== undefined) return known;
    if (followed.byKey.size >= MOST_STORIES) forgetFarther(followed);
    const made: Following = {
      key,
      nearest: undefined,
      latest: new Map(),
      brought: 0,
      values: new Set(),
      sum: 0,
      matched: 0,
    };
    followed.byKey.set(key.text, made);
    return made;
  }
}

function forgetFarther(followed: Followed): void {
  const far = ({ nearest }: Following): number => nearest?.distance ?? Infinity;
  const ordered = [...followed.byKey.values()].sort((a, b) => far(a) - far(b));
  for (const { key } of ordered.slice(MOST_STORIES / 2)) {
    followed.byKey.delete(key.text);
    followed.forgotten += 1;
  }
}

function bring(following: Following, item: WindowItem): void {
  following.brought += 1;
  for (const member of item.members) following.latest.set(member, item);
  for (const value of item.values) {
    if (typeof value === 'number') following.sum += value;
    else following.values?.add(value);
  }
  if ((following.values?.size ?? 0) > MOST_VALUES) following.values = undefined;
}

function holdingOf({ members, test }: Window, items: readonly WindowItem[], { holds, value }: Measure): Holding {
  const [first, last] = [items[0], items.at(-1)];
  const had = hadOf(test, items);
  return {
    items: test.kind === 'in-order' ? items : countsMembers(test) ? latestOfEach(items) : items.slice(-MOST_TOLD),
    held: items.length,
    ...(first === undefined || last === undefined ? {} : { from: first.time, to: last.time }),
    ...(value === undefined ? {} : { value }),
    had,
    distance: holds ? 0 : Math.max(Number.MIN_VALUE, distanceOf(test, members.length, had, items.length, value)),
  };
}

function hadOf(test: WindowTest, items: readonly WindowItem[]): ReadonlySet<number> {
  if (test.kind === 'in-order') return new Set(items.keys());
  return countsMembers(test) ? membersOf(items) : new Set();
}

function countsMembers({ kind }: WindowTest): boolean {
  return kind === 'member-count' || kind === 'presence' || kind === 'in-order';
}

/** In the order in which they came. */
function latestOfEach(items: readonly WindowItem[]): readonly WindowItem[] {
  const latest = new Map<number, WindowItem>();
  for (const item of items) for (const member of item.members) latest.set(member, item);
  const kept = new Set(latest.values());
  return items.filter((item) => kept.has(item));
}

function distanceOf(
  test: WindowTest,
  members: number,
  had: ReadonlySet<number>,
  held: number,
  value: number | undefined,
): number {
  switch (test.kind) {
    case 'in-order':
      return members - held;
    case 'presence':
      return lackingIn(test.condition, had);
    default:
      return value === undefined ? Infinity : outside(test.bounds, value);
  }
}

/** How far a number lies outside of what is asked. */
function outside(bounds: Bounds, value: number): number {
  return bounds.reduce((sum, bound) => {
    if (within([bound], value).holds) return sum;
    return sum + Math.max(1, Math.abs(value - bound.value));
  }, 0);
}

function lackingIn(condition: Presence, had: ReadonlySet<number>): number {
  switch (condition.kind) {
    case 'member':
      return had.has(condition.member) ? 0 : 1;
    case 'not':
      return isPresent(condition, had) ? 0 : 1;
    case 'and':
      return condition.children.reduce((sum, child) => sum + lackingIn(child, had), 0);
    case 'or':
      return Math.min(...condition.children.map((child) => lackingIn(child, had)));
  }
}

function isLaterAsNear(a: Holding, b: Holding): boolean {
  return a.distance === b.distance && a.to !== undefined && (b.to === undefined || compareTimes(a.to, b.to) > 0);
}

function compareLast(a: WindowStory, b: WindowStory): number {
  if (a.to === undefined || b.to === undefined) return Number(a.to !== undefined) - Number(b.to !== undefined);
  return compareTimes(a.to, b.to);
}

function tell(window: Window, following: Following): WindowStory {
  const { key, nearest, latest, brought, matched } = following;
  const had = [...(nearest?.had ?? [])].sort((a, b) => a - b);
  const lacking = matched > 0 ? [] : lackingMembers(window, had, nearest?.held ?? 0);
  const elsewhere = new Map(
    lacking.flatMap((member) => {
      const item = latest.get(member);
      return item === undefined ? [] : [[member, item] as const];
    }),
  );
  const together = togetherOf(window.test, following);
  const { items = [], held = 0, from, to, value } = nearest ?? {};
  return {
    key: key.values,
    text: key.text,
    end: matched > 0 ? 'matched' : endOf(window, { lacking, elsewhere, to, together }),
    items,
    held,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(value === undefined ? {} : { value }),
    had,
    lacking,
    elsewhere,
    brought,
    ...(together?.value === undefined ? {} : { together: together.value }),
    matched,
  };
}

/** Which of the members would have to come, too. */
function lackingMembers({ members, test }: Window, had: readonly number[], held: number): readonly number[] {
  const numbers = [...members.keys()];
  switch (test.kind) {
    case 'in-order':
      return numbers.slice(held, held + 1);
    case 'member-count':
      return numbers.filter((member) => !had.includes(member));
    case 'presence':
      return numbers.filter(
        (member) =>
          !had.includes(member) &&
          lackingIn(test.condition, new Set([...had, member])) < lackingIn(test.condition, new Set(had)),
      );
    default:
      return [];
  }
}

function endOf(
  { test }: Window,
  {
    lacking,
    elsewhere,
    to,
    together,
  }: Pick<WindowStory, 'lacking' | 'elsewhere'> & {
    readonly to: EventTime | undefined;
    readonly together: Measure | undefined;
  },
): WindowEnd {
  if (decidedAtEnd(test)) return 'unmet';
  if (test.kind === 'in-order') {
    if (to === undefined) return 'out-of-order';
    const [next] = lacking;
    const came = next === undefined ? undefined : elsewhere.get(next);
    if (came === undefined) return 'waiting';
    return compareTimes(came.time, to) > 0 ? 'too-late' : 'out-of-order';
  }
  if (lacking.length > 0) return lacking.every((member) => elsewhere.has(member)) ? 'too-late' : 'waiting';
  return together?.holds === true ? 'too-late' : 'waiting';
}

/** What all that ever came would be measured as, if the span were long enough. */
function togetherOf(test: WindowTest, { brought, values, sum }: Following): Measure | undefined {
  switch (test.kind) {
    case 'event-count':
      return within(test.bounds, brought);
    case 'value-count':
      return values === undefined ? undefined : within(test.bounds, values.size);
    case 'value-sum':
      return within(test.bounds, sum);
    default:
      return undefined;
  }
}
