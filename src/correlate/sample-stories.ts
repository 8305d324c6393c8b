/**
 * Follows what each key of a sample has of its steps.
 */
import type { SamplePlan } from '../plan/plan.ts';
import { distinctChoices } from './distinct-choices.ts';
import { type JoinedKey, joinedKeysOf } from './join-key.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';
import { compareStories, MOST_STORIES, type Stories, type Story } from './story.ts';

interface Following {
  readonly key: JoinedKey;
  /** By step the latest events, as many as there are steps. */
  readonly steps: readonly PlacedEvent[][];
  begun: number;
  matched: number;
  /** Of the last match. */
  match: readonly (PlacedEvent | undefined)[] | undefined;
}

export class SampleStories {
  private readonly plan: SamplePlan;
  private readonly byKey = new Map<string, Following>();
  private forgotten = 0;

  constructor(plan: SamplePlan) {
    this.plan = plan;
  }

  /** @param steps that the event passes */
  saw(placed: PlacedEvent, steps: readonly number[]): void {
    for (const step of steps) {
      for (const key of joinedKeysOf(this.plan.steps[step]?.keys ?? [], placed.event)) {
        const following = this.follow(key);
        following.begun += 1;
        const events = following.steps[step] as PlacedEvent[];
        events.push(placed);
        if (events.length > this.plan.steps.length) events.shift();
      }
    }
  }

  /** Events in which the same keys matched. */
  matched(events: readonly (PlacedEvent | undefined)[]): void {
    const first = events.find((placed) => placed !== undefined);
    if (first === undefined) return;
    const shared = events.map(
      (placed, step) =>
        new Set(joinedKeysOf(this.plan.steps[step]?.keys ?? [], (placed ?? first).event).map(({ text }) => text)),
    );
    for (const text of shared[0] ?? []) {
      const following = this.byKey.get(text);
      if (following === undefined || !shared.every((texts) => texts.has(text))) continue;
      following.matched += 1;
      following.match = events;
    }
  }

  stories(): Stories {
    const nearest = [...this.byKey.values()].map((following) => this.tell(following)).sort(compareStories);
    return { nearest, keys: nearest.length + this.forgotten };
  }

  private follow(key: JoinedKey): Following {
    const known = this.byKey.get(key.text);
    if (known !== undefined) return known;
    if (this.byKey.size >= MOST_STORIES) this.forgetFarther();
    const steps = this.plan.steps.map((): PlacedEvent[] => []);
    const made: Following = { key, steps, begun: 0, matched: 0, match: undefined };
    this.byKey.set(key.text, made);
    return made;
  }

  private forgetFarther(): void {
    const far = ({ steps, matched }: Following) =>
      matched > 0 ? Number.NEGATIVE_INFINITY : -steps.filter((events) => events.length > 0).length;
    const ordered = [...this.byKey.values()].sort((a, b) => far(a) - far(b));
    for (const { key } of ordered.slice(MOST_STORIES / 2)) {
      this.byKey.delete(key.text);
      this.forgotten += 1;
    }
  }

  private tell({ key, steps, begun, matched, match }: Following): Story {
    const counts = { key: key.values, text: key.text, begun, matched };
    if (match !== undefined) return { ...counts, events: match, end: 'matched' };
    const latest = steps.map((seen) => [...seen].reverse());
    const next = latest.findIndex((seen) => seen.length === 0);
    if (next !== -1) return { ...counts, events: latest.map(([event]) => event), end: 'waiting', next };
    const [events] = distinctChoices(latest, 1);
    if (events === undefined) return { ...counts, events: latest.map(([event]) => event), end: 'same-event' };
    // What is complete and did not match never counted at one time.
    const last = [...events].sort(comparePlaces).at(-1);
    return { ...counts, events, end: 'too-late', ...(last === undefined ? {} : { by: last }) };
  }
}
