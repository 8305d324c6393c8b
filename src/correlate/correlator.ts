/**
 * Many correlations over one stream of events that come out of order.
 *
 *   event + the steps it passes ──late? counted──▶ held, in order ──watermark──▶ each correlation ──▶ matches
 *                                                         └─ changes(): rows ─▶ store ─▶ restore() ─┘
 *
 * Only events that pass a step are held. How far they are put in order is the caller's choice: live, up to the
 * watermark (`watermark.ts`); over files, as many as the memory for them allows, and the rest at the end. Either way
 * the order is the same strict one, so what is found is the same wherever no event was late.
 *
 * Invariants: memory is bounded by `limits`, and what is given up for it is counted; the rows hold all that is needed to
 * go on: held events, what each correlation remembers, and the clock. A correlation whose plan has changed starts anew,
 * because its rows stand under the hash of its plan.
 */
import type { Event } from '../event/event.ts';
import type { Scalar } from '../event/field-path.ts';
import { compareTimes, type EventTime } from '../event/time.ts';
import type { CorrelationPlan, WindowPlan } from '../plan/plan.ts';
import {
  bytesOf,
  type Correlation,
  type CorrelationCounts,
  type CorrelationMatch,
  type CorrelationSize,
  type KeyRow,
} from './correlation.ts';
import { type EventRow, fromEventRow, fromTimeRow, type TimeRow, toEventRow, toTimeRow } from './event-row.ts';
import { Heap } from './heap.ts';
import { comparePlaces, type PlacedEvent } from './placed-event.ts';
import { Sample } from './sample.ts';
import { Sequence } from './sequence.ts';
import type { SequenceWatcher } from './sequence-watcher.ts';
import { Watermark } from './watermark.ts';
import { WindowCorrelation } from './window-correlation.ts';
import type { WindowWatcher } from './window-watcher.ts';

export interface CorrelatedPlan {
  /** Names the plan as it is: rows under another name are none of its. */
  readonly name: string;
  readonly plan: CorrelationPlan | WindowPlan;
  /** How far back it remembers where the plan does not say, in milliseconds; absent for as long as memory allows. */
  readonly span?: number;
  /** Of a sequence: told what becomes of what it begins. */
  readonly watcher?: SequenceWatcher;
  /** Of windows: told what they hold. */
  readonly windowWatcher?: WindowWatcher;
}

/** An event passes steps of a plan; both are numbers, the steps rising. */
export interface StepHit {
  readonly plan: number;
  readonly steps: readonly number[];
}

export interface CorrelatorLimits {
  /** Events held to be put in order. */
  readonly heldEvents: number;
  readonly heldBytes: number;
  /** Events remembered by all correlations together. */
  readonly events: number;
  readonly bytes: number;
}

export interface CorrelatorOptions {
  readonly plans: readonly CorrelatedPlan[];
  /** @param plan its name */
  readonly found: (plan: string, match: CorrelationMatch) => void;
  /** Milliseconds that an event may come late; absent to hold events until the limits or the end ask for them. */
  readonly lateness?: number;
  /** The field that decides between events of one time. */
  readonly tiebreaker?: string;
  /** The time that an event is put in order by; its own by default. */
  readonly timeOf?: (event: Event) => EventTime;
  /** Samples given for one key at most. Default 1. */
  readonly samplesPerKey?: number;
  readonly limits?: Partial<CorrelatorLimits>;
}

export interface CorrelatorStatus {
  readonly held: number;
  /** Events that came too late to be put in their place. */
  readonly late: number;
  /** Events put in order before they had to be, for want of memory. */
  readonly forced: number;
  /** By the name of the plan. */
  readonly plans: readonly (CorrelationCounts & CorrelationSize & { readonly name: string })[];
}

/** What is remembered, as a row: of a plan (or of the correlator itself), under a key. */
export interface CorrelationRow {
  readonly plan: string;
  readonly key: string;
  readonly state: string;
}

export type CorrelationRowKey = Omit<CorrelationRow, 'state'>;

export interface RowChanges {
  readonly changed: readonly CorrelationRow[];
  readonly removed: readonly CorrelationRowKey[];
}

/** Times of the first and the last event, epoch milliseconds. */
export interface LateSpan {
  readonly from: number;
  readonly to: number;
}

interface Held {
  readonly placed: PlacedEvent;
  readonly hits: readonly StepHit[];
}

interface ClockRow {
  readonly watermark: TimeRow | null;
  readonly arrivals: number;
}

/** The rows that belong to no plan. */
const OWN = '';
const CLOCK = 'clock';
const HELD = 'held:';

/** How full memory is left when something had to be given up. */
const ROOM = 0.9;

const LIMITS: CorrelatorLimits = { heldEvents: 200_000, heldBytes: 256 << 20, events: 500_000, bytes: 512 << 20 };

export class Correlator {
  private readonly options: CorrelatorOptions;
  private readonly limits: CorrelatorLimits;
  private plans: readonly CorrelatedPlan[] = [];
  private correlations: readonly Correlation[] = [];
  private readonly watermark: Watermark;
  private readonly held = new Heap<Held>((a, b) => comparePlaces(a.placed, b.placed));
  private heldBytes = 0;
  private last: PlacedEvent | undefined;
  private arrivals = 0;
  private late = 0;
  private lateSpans = new Map<string, LateSpan>();
  private forced = 0;
  /** Events held that have no row yet, and rows of events no longer held. */
  private readonly unwritten = new Map<number, PlacedEvent>();
  private readonly released = new Set<number>();
  private readonly goneRows: CorrelationRowKey[] = [];
  /** What all correlations take up. */
  private events = 0;
  private bytes = 0;

  constructor(options: CorrelatorOptions) {
    this.options = options;
    this.limits = { ...LIMITS, ...options.limits };
    this.watermark = new Watermark(options.lateness ?? 0);
    this.replace(options.plans);
  }

  get status(): CorrelatorStatus {
    const plans = this.correlations.map(({ counts, size }, at) => ({
      ...counts,
      ...size,
      name: this.plans[at]?.name ?? '',
    }));
    return { held: this.held.size, late: this.late, forced: this.forced, plans };
  }

  /** Whether `changes` would give any. */
  get hasChanges(): boolean {
    if (this.unwritten.size + this.released.size + this.goneRows.length > 0) return true;
    return this.correlations.some((correlation) => correlation.hasChanges);
  }

  /** Goes on with other plans; those of the same name keep what they remember. Held events that pass a step stay. */
  replace(plans: readonly CorrelatedPlan[], hitsOf: (event: Event) => readonly StepHit[] = () => []): void {
    const before = new Map(this.plans.map(({ name }, at) => [name, this.correlations[at] as Correlation]));
    this.correlations = plans.map((plan) => {
      const kept = before.get(plan.name);
      before.delete(plan.name);
      return kept ?? this.open(plan);
    });
    for (const [plan, correlation] of before) {
      for (const key of correlation.writtenKeys()) this.goneRows.push({ plan, key });
    }
    this.plans = plans;
    this.measure();
    this.rematch(hitsOf);
  }

  /**
   * Takes an event with the steps that it passes, in the order of arrival.
   * @param now by the clock; counts only where there is a lateness.
   */
  observe(event: Event, hits: readonly StepHit[], now: number): void {
    if (this.options.lateness !== undefined) this.watermark.see(sourceOf(event), event.time, now);
    if (hits.length === 0) return;
    this.arrivals += 1;
    const time = this.options.timeOf?.(event) ?? event.time;
    const placed = { event, time, tiebreaker: this.tiebreakerOf(event), arrival: this.arrivals };
    if (this.isLate(placed)) {
      this.late += 1;
      for (const { plan } of hits) this.missed(this.plans[plan]?.name ?? '', time.ms);
      return;
    }
    event.keep();
    this.hold({ placed, hits });
    this.unwritten.set(placed.arrival, placed);
    while (this.held.size > this.limits.heldEvents || this.heldBytes > this.limits.heldBytes) {
      this.forced += 1;
      this.release();
    }
  }

  /** By the name of the plan: between which times (epoch milliseconds) events came too late since this was last asked. */
  takeLate(): ReadonlyMap<string, LateSpan> {
    const spans = this.lateSpans;
    this.lateSpans = new Map();
    return spans;
  }

  private missed(plan: string, ms: number): void {
    const known = this.lateSpans.get(plan) ?? { from: ms, to: ms };
    this.lateSpans.set(plan, { from: Math.min(known.from, ms), to: Math.max(known.to, ms) });
  }

  /** So many milliseconds of the clock passed in which nobody read events. */
  standStill(ms: number): void {
    this.watermark.standStill(ms);
  }

  /** Decides what can be decided by now. */
  advance(now: number): void {
    if (this.options.lateness === undefined) return;
    const time = this.watermark.advance(now);
    if (time === undefined) return;
    this.releaseBefore(time);
    for (const correlation of this.correlations) correlation.advance(time);
    this.measure();
  }

  /** No event comes any more: everything is decided. */
  end(): void {
    while (this.held.size > 0) this.release();
    for (const correlation of this.correlations) correlation.end();
  }

  /** What has changed since the last time this was asked; nothing is forgotten by asking. */
  changes(): RowChanges {
    const changed: CorrelationRow[] = [];
    const removed: CorrelationRowKey[] = this.goneRows.splice(0);
    for (const [at, correlation] of this.correlations.entries()) {
      const plan = this.plans[at]?.name ?? '';
      const rows = correlation.changes();
      for (const row of rows.changed) changed.push({ plan, ...row });
      for (const key of rows.removed) removed.push({ plan, key });
    }
    for (const [arrival, placed] of this.unwritten) {
      changed.push({ plan: OWN, key: `${HELD}${arrival}`, state: JSON.stringify(toEventRow(placed)) });
    }
    for (const arrival of this.released) removed.push({ plan: OWN, key: `${HELD}${arrival}` });
    this.unwritten.clear();
    this.released.clear();
    // An older clock does no harm where nothing else has changed: the same is decided again.
    if (changed.length + removed.length > 0) {
      changed.push({ plan: OWN, key: CLOCK, state: JSON.stringify(this.clockRow()) });
    }
    return { changed, removed };
  }

  /**
   * Takes over rows that were written, before the first event. Rows of plans that are not there any more are reported as
   * removed by the next `changes`.
   * @param hitsOf the steps that an event passes
   */
  restore(rows: Iterable<CorrelationRow>, hitsOf: (event: Event) => readonly StepHit[]): void {
    const byPlan = new Map<string, KeyRow[]>(this.plans.map(({ name }) => [name, []]));
    for (const { plan, key, state } of rows) {
      const known = plan === OWN ? undefined : byPlan.get(plan);
      if (known !== undefined) known.push({ key, state });
      else if (plan !== OWN) this.goneRows.push({ plan, key });
      else if (key === CLOCK) this.restoreClock(state);
      else this.restoreHeld(key, fromEventRow(JSON.parse(state) as EventRow), hitsOf);
    }
    for (const [at, { name }] of this.plans.entries()) this.correlations[at]?.restore(byPlan.get(name) ?? []);
    this.measure();
  }

  private open({ name, plan, span, watcher, windowWatcher }: CorrelatedPlan): Correlation {
    const found = (match: CorrelationMatch): void => this.options.found(name, match);
    if (plan.kind === 'sequence') {
      const options = {
        ...(span === undefined ? {} : { span }),
        ...(watcher === undefined ? {} : { watcher }),
      };
      return new Sequence(plan, found, options);
    }
    if (plan.kind === 'window') return new WindowCorrelation(plan, found, windowWatcher);
    const perKey = this.options.samplesPerKey ?? 1;
    return new Sample(plan, found, span === undefined ? { perKey } : { perKey, window: span });
  }

  private restoreClock(state: string): void {
    const { watermark, arrivals } = JSON.parse(state) as ClockRow;
    if (watermark !== null) this.watermark.reach(fromTimeRow(watermark));
    this.arrivals = Math.max(this.arrivals, arrivals);
  }

  private restoreHeld(key: string, placed: PlacedEvent, hitsOf: (event: Event) => readonly StepHit[]): void {
    const hits = hitsOf(placed.event);
    if (hits.length === 0) this.goneRows.push({ plan: OWN, key });
    else this.hold({ placed, hits });
  }

  private clockRow(): ClockRow {
    const { time } = this.watermark;
    return { watermark: time === undefined ? null : toTimeRow(time), arrivals: this.arrivals };
  }

  private rematch(hitsOf: (event: Event) => readonly StepHit[]): void {
    const held = [...this.held.all()];
    this.held.retain(() => false);
    this.heldBytes = 0;
    for (const { placed } of held) {
      const hits = hitsOf(placed.event);
      if (hits.length > 0) this.hold({ placed, hits });
      else this.letGo(placed);
    }
  }

  private hold(held: Held): void {
    this.held.push(held);
    this.heldBytes += bytesOf(held.placed);
  }

  private isLate(placed: PlacedEvent): boolean {
    const { time } = this.watermark;
    if (this.last !== undefined && comparePlaces(placed, this.last) < 0) return true;
    return time !== undefined && isBefore(placed.time, time);
  }

  private releaseBefore(time: EventTime): void {
    for (let next = this.held.peek(); next !== undefined && isBefore(next.placed.time, time); next = this.held.peek()) {
      this.release();
    }
  }

  /** Hands the first of the held events to the correlations. */
  private release(): void {
    const held = this.held.pop();
    if (held === undefined) return;
    const { placed, hits } = held;
    this.heldBytes -= bytesOf(placed);
    this.letGo(placed);
    this.last = placed;
    this.watermark.reach(placed.time);
    for (const { plan, steps } of hits) {
      const correlation = this.correlations[plan];
      if (correlation === undefined) continue;
      const before = correlation.size;
      correlation.take(placed, steps);
      const after = correlation.size;
      this.events += after.events - before.events;
      this.bytes += after.bytes - before.bytes;
    }
    if (this.events > this.limits.events || this.bytes > this.limits.bytes) this.shrink();
  }

  private letGo({ arrival }: PlacedEvent): void {
    if (!this.unwritten.delete(arrival)) this.released.add(arrival);
  }

  /** What remembers most gives up its oldest, for some room: a noisy rule pays for itself. */
  private shrink(): void {
    const { events, bytes } = this.limits;
    while (this.events > events * ROOM || this.bytes > bytes * ROOM) {
      const [largest] = [...this.correlations].sort((a, b) => b.size.bytes - a.size.bytes);
      const before = largest?.size.bytes ?? 0;
      if (largest === undefined || before === 0) return;
      while (largest.size.bytes > before * ROOM) largest.dropOldest();
      this.measure();
    }
  }

  private measure(): void {
    const sizes = this.correlations.map(({ size }) => size);
    this.events = sizes.reduce((sum, size) => sum + size.events, 0);
    this.bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  }

  private tiebreakerOf(event: Event): Scalar | null {
    const { tiebreaker } = this.options;
    return tiebreaker === undefined ? null : (event.values(tiebreaker)[0] ?? null);
  }
}

function isBefore(a: EventTime, b: EventTime): boolean {
  return compareTimes(a, b) < 0;
}

/** The log and the host that writes to it. */
function sourceOf(event: Event): string {
  return `${event.origin?.path ?? ''}\n${event.text('host.name') ?? ''}`;
}
