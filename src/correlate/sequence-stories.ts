/**
 * Follows every sequence that is begun, and tells of each key what came furthest.
 *
 *   Sequence ──began, ended, unmet, unwanted──▶ by key: open candidates, the furthest so far ──stories()──▶ Story[]
 *
 * Memory: of a key its open candidates (fewer than stages), one attempt, an event a stage and some that had to be
 * missing; of keys so many.
 */
import { compareTimes } from '../event/time.ts';
import type { SequencePlan } from '../plan/plan.ts';
import type { JoinedKey } from './join-key.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';
import { type Candidate, lastOf } from './sequence-entry.ts';
import { type SequenceShape, shapeOf } from './sequence-shape.ts';
import type { SequenceEnd, SequenceWatcher } from './sequence-watcher.ts';
import { compareStories, MOST_STORIES, type Stories, type Story, type StoryEnd } from './story.ts';

interface Attempt {
  readonly events: readonly PlacedEvent[];
  readonly end: StoryEnd;
  readonly by?: PlacedEvent;
}

interface Following {
  readonly key: JoinedKey;
  readonly open: Set<Candidate>;
  furthest: Attempt | undefined;
  begun: number;
  matched: number;
  /** By stage: the latest event that found no candidate. */
  readonly unmet: (PlacedEvent | undefined)[];
  /** The latest that had to be missing. */
  unwanted: PlacedEvent[];
}

const MOST_UNWANTED = 16;

export class SequenceStories implements SequenceWatcher {
  private readonly shape: SequenceShape;
  /** Step of each stage. */
  private readonly stepOf: readonly number[];
  private readonly byKey = new Map<string, Following>();
  private forgotten = 0;

  constructor(plan: SequencePlan) {
    this.shape = shapeOf(plan);
    this.stepOf = this.shape.roles.flatMap((role, step) => (role.kind === 'stage' ? [step] : []));
  }

  began(key: JoinedKey, candidate: Candidate, isAlone: boolean): void {
    const following = this.follow(key);
    if (isAlone) this.giveUp(following);
    following.begun += 1;
    following.open.add(candidate);
  }

  ended(key: JoinedKey, candidate: Candidate, end: SequenceEnd, by?: PlacedEvent): void {
    const following = this.follow(key);
    following.open.delete(candidate);
    if (end === 'matched') following.matched += 1;
    const cause = by ?? (end === 'present' ? this.intruder(following, candidate) : undefined);
    take(following, { events: candidate.events, end, ...(cause === undefined ? {} : { by: cause }) });
  }

  unmet(key: JoinedKey, stage: number, placed: PlacedEvent): void {
    this.follow(key).unmet[stage] = placed;
  }

  unwanted(key: JoinedKey, placed: PlacedEvent): void {
    const following = this.byKey.get(key.text);
    if (following === undefined && !this.shape.leading) return;
    const { unwanted } = following ?? this.follow(key);
    unwanted.push(placed);
    if (unwanted.length > MOST_UNWANTED) unwanted.shift();
  }

  stories(): Stories {
    const told = [...this.byKey.values()].flatMap((following) => {
      this.giveUp(following);
      const story = this.tell(following);
      return story === undefined ? [] : [story];
    });
    return { nearest: told.sort(compareStories), keys: told.length + this.forgotten };
  }

  private follow(key: JoinedKey): Following {
    const known = this.byKey.get(key.text);
    if (known !== undefined) return known;
    if (this.byKey.size >= MOST_STORIES) this.forgetFarther();
    const made: Following = {
      key,
      open: new Set(),
      furthest: undefined,
      begun: 0,
      matched: 0,
      unmet: [],
      unwanted: [],
    };
    this.byKey.set(key.text, made);
    return made;
  }

  private forgetFarther(): void {
    const far = ({ open, furthest, matched }: Following): number =>
      matched > 0
        ? Number.NEGATIVE_INFINITY
        : -Math.max(furthest?.events.length ?? 0, ...[...open].map(({ events }) => events.length));
    const ordered = [...this.byKey.values()].sort((a, b) => far(a) - far(b));
    for (const { key } of ordered.slice(MOST_STORIES / 2)) {
      this.byKey.delete(key.text);
      this.forgotten += 1;
    }
  }

  /** What is still open was waiting, up to its end or for ever. */
  private giveUp(following: Following): void {
    for (const candidate of following.open) take(following, { events: candidate.events, end: 'waiting' });
    following.open.clear();
  }

  private tell({ key, furthest, begun, matched, unmet }: Following): Story | undefined {
    const counts = { key: key.values, text: key.text, begun, matched };
    const { roles } = this.shape;
    if (furthest === undefined) {
      const by = unmet.find((placed) => placed !== undefined);
      if (by === undefined) return undefined;
      return { ...counts, events: roles.map(() => undefined), end: 'out-of-order', by, next: this.stepOf[0] ?? 0 };
    }
    const events = roles.map((role) => (role.kind === 'stage' ? furthest.events[role.stage] : undefined));
    const stage = furthest.events.length;
    const next = this.stepOf[stage];
    const story = { ...counts, events, ...(next === undefined ? {} : { next }) };
    const late = furthest.end === 'waiting' ? unmet[stage] : undefined;
    if (late === undefined) {
      return { ...story, end: furthest.end, ...(furthest.by === undefined ? {} : { by: furthest.by }) };
    }
    const isBefore = comparePlaces(late, furthest.events.at(-1) as PlacedEvent) < 0;
    return { ...story, end: isBefore ? 'out-of-order' : 'too-late', by: late };
  }

  /** The event that was there and had to be missing: before the first, or strictly between two. */
  private intruder({ unwanted }: Following, candidate: Candidate): PlacedEvent | undefined {
    const [first] = candidate.events;
    const last = lastOf(candidate);
    const between = unwanted.find(
      ({ time }) =>
        candidate.events.some((placed) => compareTimes(placed.time, time) < 0) && compareTimes(time, last.time) < 0,
    );
    return candidate.broken
      ? between
      : unwanted.findLast(({ time }) => first !== undefined && compareTimes(time, first.time) < 0);
  }
}

/** Matches count most, then how many events, then which came later. */
function take(following: Following, attempt: Attempt): void {
  const rank = ({ events, end }: Attempt): number => (end === 'matched' ? Number.POSITIVE_INFINITY : events.length);
  const { furthest } = following;
  if (furthest === undefined || rank(attempt) >= rank(furthest)) following.furthest = attempt;
}
