/**
 * Sequences as Elasticsearch's EQL finds them, one event at a time.
 *
 *   event, its steps from the last to the first ──▶ candidate of the stage before, for its key ──▶ next stage ─▶ match
 *                                                                                     (missing event at the end) ─▶ waits
 *
 * The steps that are no missing events are the *stages*. For each key and stage there is one candidate: the latest. That
 * is what Elasticsearch's matcher comes to, which keeps lists of candidates, but lets a hit take the latest one before
 * it and drop all that are older; so an event that begins a sequence replaces the beginning before it, and an event is
 * in at most one sequence at a stage. Steps are taken from the last to the first, so that no event follows itself.
 *
 * - The span counts from the first event to the last, both included: exactly `maxspan` is within it.
 * - `until` ends what waits for the next event of its key; it does not undo what the same event completes.
 * - A missing event is looked for by time alone, strictly between its neighbours, after candidates were chosen: one that
 *   is there discards the sequence and brings back no older candidate. Before the first event and after the last, the
 *   stretch free of it must be longer than the span: with both, from the last one before to the first one after.
 *
 * Sources: Elasticsearch's EQL documentation; its `SequenceMatcher`, `OrdinalGroup` and `TumblingWindow`, read for
 * behaviour; its conformance cases. What it does page by page and stage by stage comes out the same.
 *
 * Cost: an event costs one look-up for each of its steps and keys, however many candidates there are.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import type { SequencePlan, SequenceStep } from '../plan/plan.ts';
import type { Correlation, CorrelationChanges, CorrelationCounts, KeyRow, TakeMatch } from './correlation.ts';
import { Heap } from './heap.ts';
import { type JoinedKey, joinedKeysOf } from './join-key.ts';
import { KeyedState } from './keyed-state.ts';
import { after, isLonger, type PlacedEvent } from './placed-event.ts';
import {
  type Candidate,
  compareWaiting,
  costOf,
  lastOf,
  newSequenceEntry,
  type SequenceEntry,
  type Waiting,
} from './sequence-entry.ts';
import { fromSequenceRow, toSequenceRow } from './sequence-row.ts';
import { type Role, type SequenceShape, shapeOf } from './sequence-shape.ts';
import { NOBODY, type SequenceWatcher } from './sequence-watcher.ts';

export interface SequenceOptions {
  /** Longest span in milliseconds where the plan states none. */
  readonly span?: number;
  /** Told what becomes of every candidate. */
  readonly watcher?: SequenceWatcher;
}

export class Sequence implements Correlation {
  readonly counts: { -readonly [K in keyof CorrelationCounts]: number } = {
    begun: 0,
    matched: 0,
    tooLate: 0,
    until: 0,
    present: 0,
    dropped: 0,
  };
  private readonly plan: SequencePlan;
  private readonly shape: SequenceShape;
  private readonly span: number | undefined;
  private readonly found: TakeMatch;
  private readonly watcher: SequenceWatcher;
  private readonly state = new KeyedState<SequenceEntry>();
  private readonly deadlines = new Heap<Waiting>(compareWaiting);
  /** How many in the heap are decided already. */
  private stale = 0;

  constructor(plan: SequencePlan, found: TakeMatch, options: SequenceOptions = {}) {
    this.plan = plan;
    this.shape = shapeOf(plan);
    this.span = plan.maxspan ?? options.span;
    this.found = found;
    this.watcher = options.watcher ?? NOBODY;
  }

  get size() {
    return { keys: this.state.size, events: this.state.events, bytes: this.state.bytes };
  }

  take(placed: PlacedEvent, steps: readonly number[]): void {
    this.advance(placed.time);
    for (let at = steps.length - 1; at >= 0; at -= 1) {
      const number = steps[at] as number;
      const step = this.plan.steps[number];
      if (step !== undefined) this.takeStep(placed, step, this.shape.roles[number] as Role);
    }
    if (steps.at(-1) === this.plan.steps.length) this.endUntil(placed);
  }

  advance(time: EventTime): void {
    for (let next = this.deadlines.peek(); next !== undefined; next = this.deadlines.peek()) {
      const isOpen = next.candidate !== undefined;
      if (isOpen && (next.deadline === undefined || compareTimes(next.deadline, time) >= 0)) break;
      this.deadlines.pop();
      if (isOpen) this.accept(next);
      else this.stale -= 1;
    }
    this.state.forget(time);
  }

  end(): void {
    for (let next = this.deadlines.pop(); next !== undefined; next = this.deadlines.pop()) {
      if (next.candidate !== undefined) this.accept(next);
    }
    this.stale = 0;
  }

  dropOldest(): void {
    const entry = this.state.oldest();
    if (entry === undefined) return;
    for (const waiting of entry.waiting) this.decide(waiting);
    this.state.remove(entry);
    this.counts.dropped += 1;
  }

  get hasChanges(): boolean {
    return this.state.hasChanges;
  }

  changes(): CorrelationChanges {
    return this.state.changes(toSequenceRow);
  }

  writtenKeys(): readonly string[] {
    return this.state.writtenKeys();
  }

  restore(rows: readonly KeyRow[]): void {
    const entries = rows.map(({ state }) => fromSequenceRow(state));
    this.state.restore(entries);
    for (const entry of entries) {
      for (const candidate of entry.candidates) if (candidate !== undefined) this.charge(entry, candidate, 1);
      for (const waiting of entry.waiting) {
        if (waiting.candidate !== undefined) this.charge(entry, waiting.candidate, 1);
        this.deadlines.push(waiting);
      }
    }
  }

  private takeStep(placed: PlacedEvent, { keys }: SequenceStep, role: Role): void {
    for (const key of joinedKeysOf(keys, placed.event)) {
      if (role.kind === 'stage') {
        if (role.stage === 0) this.begin(key, placed);
        else this.proceed(key, role.stage, placed);
      } else if (role.kind === 'before') {
        this.seeBefore(key, placed);
      } else if (role.kind === 'between') {
        this.seeBetween(key, role.stage, placed);
      } else {
        this.seeAfter(key, placed);
      }
    }
  }

  private begin(key: JoinedKey, placed: PlacedEvent): void {
    this.counts.begun += 1;
    const known = this.state.get(key.text);
    const entry = known ?? newSequenceEntry(key, this.shape.stages);
    const seen = entry.leading;
    // One of the same time as the first event is not before it.
    const leading = seen !== undefined && compareTimes(seen.last, placed.time) >= 0 ? seen.before : seen?.last;
    const candidate: Candidate = { events: [placed], leading, missing: undefined, broken: false };
    this.watcher.began(key, candidate, known === undefined);
    this.place(entry, 0, candidate);
  }

  private proceed(key: JoinedKey, stage: number, placed: PlacedEvent): void {
    const entry = this.state.get(key.text);
    const candidate = entry?.candidates[stage - 1];
    if (entry === undefined || candidate === undefined) {
      this.watcher.unmet(key, stage, placed);
      return;
    }
    this.clear(entry, stage - 1);
    if (isLonger((candidate.events[0] as PlacedEvent).time, placed.time, this.span)) {
      this.counts.tooLate += 1;
      this.watcher.ended(key, candidate, 'too-late', placed);
      this.settle(entry);
      return;
    }
    if (candidate.missing !== undefined && compareTimes(candidate.missing, placed.time) < 0) candidate.broken = true;
    candidate.missing = undefined;
    candidate.events.push(placed);
    this.place(entry, stage, candidate);
  }

  /** Puts a candidate where its next event will look for it, in the place of an older one. */
  private place(entry: SequenceEntry, stage: number, candidate: Candidate): void {
    if (stage === this.shape.stages - 1) {
      this.complete(entry, candidate);
      return;
    }
    const older = this.clear(entry, stage);
    if (older !== undefined) this.watcher.ended(entry.key, older, 'replaced', lastOf(candidate));
    entry.candidates[stage] = candidate;
    this.charge(entry, candidate, 1);
    this.touch(entry, lastOf(candidate).time);
  }

  private complete(entry: SequenceEntry, candidate: Candidate): void {
    const { leading, trailing } = this.shape;
    const { time: end } = lastOf(candidate);
    const isPresent = leading && !trailing && candidate.leading !== undefined;
    if (candidate.broken || (isPresent && !isLonger(candidate.leading as EventTime, end, this.span))) {
      this.counts.present += 1;
      this.watcher.ended(entry.key, candidate, 'present');
      this.settle(entry);
      return;
    }
    const from = leading ? candidate.leading : (candidate.events[0] as PlacedEvent).time;
    const deadline = from === undefined || this.span === undefined ? undefined : after(from, this.span);
    const isDecided = from === undefined || (deadline !== undefined && compareTimes(deadline, end) <= 0);
    if (!trailing || isDecided) {
      this.settle(entry);
      this.give(entry.key, candidate);
      return;
    }
    const waiting: Waiting = { candidate, deadline, entry };
    entry.waiting.push(waiting);
    this.deadlines.push(waiting);
    this.charge(entry, candidate, 1);
    this.touch(entry, end);
  }

  private accept(waiting: Waiting): void {
    const { entry, candidate } = waiting;
    waiting.candidate = undefined;
    if (candidate === undefined) return;
    this.charge(entry, candidate, -1);
    entry.decided += 1;
    if (entry.decided * 2 > entry.waiting.length) {
      entry.waiting = entry.waiting.filter((one) => one.candidate !== undefined);
      entry.decided = 0;
    }
    this.state.mark(entry);
    this.settle(entry);
    this.give(entry.key, candidate);
  }

  /** Decides against one that waits; it stays in the heap until its turn comes, or too many of its kind are there. */
  private decide(waiting: Waiting): void {
    const { entry, candidate } = waiting;
    if (candidate === undefined) return;
    this.charge(entry, candidate, -1);
    waiting.candidate = undefined;
    this.stale += 1;
    if (this.stale * 2 <= this.deadlines.size) return;
    this.deadlines.retain((one) => one.candidate !== undefined);
    this.stale = 0;
  }

  private give(key: JoinedKey, candidate: Candidate): void {
    const { events } = candidate;
    this.counts.matched += 1;
    this.watcher.ended(key, candidate, 'matched');
    const { roles } = this.shape;
    this.found({
      key: key.values,
      events: roles.map((role) => (role.kind === 'stage' ? events[role.stage] : undefined)),
    });
  }

  private seeBefore(key: JoinedKey, placed: PlacedEvent): void {
    const { time } = placed;
    this.watcher.unwanted(key, placed);
    const entry = this.state.get(key.text) ?? newSequenceEntry(key, this.shape.stages);
    const { leading } = entry;
    if (leading === undefined || compareTimes(leading.last, time) < 0) {
      entry.leading = { last: time, before: leading?.last };
    }
    this.touch(entry, time);
  }

  private seeBetween(key: JoinedKey, stage: number, placed: PlacedEvent): void {
    const { time } = placed;
    this.watcher.unwanted(key, placed);
    const entry = this.state.get(key.text);
    const candidate = entry?.candidates[stage];
    if (entry === undefined || candidate === undefined || candidate.missing !== undefined) return;
    if (compareTimes(lastOf(candidate).time, time) >= 0) return;
    candidate.missing = time;
    this.state.mark(entry);
  }

  private seeAfter(key: JoinedKey, placed: PlacedEvent): void {
    const { time } = placed;
    const entry = this.state.get(key.text);
    if (entry === undefined || entry.waiting.length === 0) return;
    let ended = 0;
    for (const waiting of entry.waiting) {
      if (waiting.candidate === undefined) {
        entry.decided -= 1;
      } else {
        if (compareTimes(lastOf(waiting.candidate).time, time) >= 0) break;
        this.counts.present += 1;
        this.watcher.ended(key, waiting.candidate, 'present', placed);
        this.decide(waiting);
      }
      ended += 1;
    }
    if (ended === 0) return;
    entry.waiting.splice(0, ended);
    this.state.mark(entry);
    this.settle(entry);
  }

  private endUntil(placed: PlacedEvent): void {
    for (const key of joinedKeysOf(this.plan.until?.keys ?? [], placed.event)) {
      const entry = this.state.get(key.text);
      if (entry === undefined) continue;
      for (const [stage, candidate] of entry.candidates.entries()) {
        if (candidate === undefined) continue;
        this.counts.until += 1;
        this.watcher.ended(key, candidate, 'until', placed);
        this.clear(entry, stage);
      }
      this.settle(entry);
    }
  }

  private clear(entry: SequenceEntry, stage: number): Candidate | undefined {
    const candidate = entry.candidates[stage];
    if (candidate === undefined) return undefined;
    entry.candidates[stage] = undefined;
    this.charge(entry, candidate, -1);
    this.state.mark(entry);
    return candidate;
  }

  private touch(entry: SequenceEntry, now: EventTime): void {
    this.state.touch(entry, this.span === undefined ? undefined : after(now, this.span));
  }

  /** Forgets the key when nothing is left of it. */
  private settle(entry: SequenceEntry): void {
    if (entry.leading !== undefined || entry.waiting.length > entry.decided) return;
    if (entry.candidates.every((candidate) => candidate === undefined)) this.state.remove(entry);
  }

  private charge(entry: SequenceEntry, candidate: Candidate, sign: 1 | -1): void {
    this.state.charge(entry, sign * candidate.events.length, sign * costOf(candidate));
  }
}
