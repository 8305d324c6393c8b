/**
 * Samples as Elasticsearch's EQL finds them: events of the same keys, one for each step, in any order, none twice.
 *
 *   event ──key──▶ the first events of each step ──all steps have some──▶ choices of distinct events ─▶ match
 *
 * Asked of a range of events (no `window`), every key is decided at the end, and gives at most so many samples: those
 * whose events come first. That is Elasticsearch's answer; keys come in their order, null first.
 *
 * Live there is no end. With a `window` an event counts for that long; a sample is given as soon as it is complete, its
 * events are used up, and a key that has given its samples gives no more until the window after the first is over:
 * what a scheduled run over the window would say, said earlier.
 *
 * Cost: a key keeps no more events of a step than can matter, the number of steps times the samples asked for.
 */
import { compareTimes, type EventTime, parseTime } from '../event/time.ts';
import type { SamplePlan } from '../plan/plan.ts';
import type { FieldType, LiteralValue } from '../plan/predicate/node.ts';
import { compareLiteral, compareText } from '../plan/predicate/scalar.ts';
import {
  bytesOf,
  type Correlation,
  type CorrelationChanges,
  type CorrelationCounts,
  type KeyRow,
  type TakeMatch,
} from './correlation.ts';
import { distinctChoices } from './distinct-choices.ts';
import { type EventRow, fromEventRow, fromTimeRow, type TimeRow, toEventRow, toTimeRow } from './event-row.ts';
import { joinedKeysOf } from './join-key.ts';
import { type KeyEntry, KeyedState } from './keyed-state.ts';
import { after, type PlacedEvent } from './placed-event.ts';

interface SampleEntry extends KeyEntry {
  /** By step, the first ones first. */
  steps: PlacedEvent[][];
  /** When the samples given were; those that are over are left out. */
  given: EventTime[];
}

interface SampleRow {
  readonly key: string;
  readonly values: readonly LiteralValue[];
  readonly expires: TimeRow | null;
  readonly given: readonly TimeRow[];
  /** Each event once, and by step their places in this list. */
  readonly events: readonly EventRow[];
  readonly steps: readonly (readonly number[])[];
}

export interface SampleOptions {
  /** Samples given for one key at most; Elasticsearch's `max_samples_per_key`. Default 1. */
  readonly perKey?: number;
  /** How long an event counts, in milliseconds; absent to decide at the end. */
  readonly window?: number;
}

export class Sample implements Correlation {
  readonly counts: { -readonly [K in keyof CorrelationCounts]: number } = {
    begun: 0,
    matched: 0,
    tooLate: 0,
    until: 0,
    present: 0,
    dropped: 0,
  };
  private readonly plan: SamplePlan;
  private readonly perKey: number;
  private readonly window: number | undefined;
  private readonly kept: number;
  private readonly types: readonly FieldType[];
  private readonly found: TakeMatch;
  private readonly state = new KeyedState<SampleEntry>();

  constructor(plan: SamplePlan, found: TakeMatch, options: SampleOptions = {}) {
    this.plan = plan;
    this.perKey = options.perKey ?? 1;
    this.window = options.window;
    this.kept = plan.steps.length * this.perKey;
    this.types = (plan.steps[0]?.keys ?? []).map(({ value }) =>
      value.kind === 'field' ? value.field.type : 'unknown',
    );
    this.found = found;
  }

  get size() {
    return { keys: this.state.size, events: this.state.events, bytes: this.state.bytes };
  }

  take(placed: PlacedEvent, steps: readonly number[]): void {
    this.advance(placed.time);
    const touched = new Set<SampleEntry>();
    for (const step of steps) {
      for (const key of joinedKeysOf(this.plan.steps[step]?.keys ?? [], placed.event)) {
        const entry = this.state.get(key.text) ?? newEntry(key, this.plan.steps.length);
        if (!this.add(entry, step, placed)) continue;
        touched.add(entry);
        this.state.touch(entry, this.window === undefined ? undefined : after(placed.time, this.window));
      }
    }
    if (this.window === undefined) return;
    for (const entry of touched) this.giveSoon(entry, placed.time);
  }

  advance(time: EventTime): void {
    this.state.forget(time);
  }

  end(): void {
    if (this.window !== undefined) return;
    const inOrder = (a: SampleEntry, b: SampleEntry): number => compareKeys(a.key.values, b.key.values, this.types);
    for (const entry of [...this.state.values()].sort(inOrder)) {
      for (const events of distinctChoices(entry.steps, this.perKey)) this.give(entry, events);
    }
  }

  dropOldest(): void {
    const entry = this.state.oldest();
    if (entry === undefined) return;
    this.state.remove(entry);
    this.counts.dropped += 1;
  }

  get hasChanges(): boolean {
    return this.state.hasChanges;
  }

  changes(): CorrelationChanges {
    return this.state.changes(toRow);
  }

  writtenKeys(): readonly string[] {
    return this.state.writtenKeys();
  }

  restore(rows: readonly KeyRow[]): void {
    const entries = rows.map(({ state }) => fromRow(state));
    this.state.restore(entries);
    for (const entry of entries) {
      for (const placed of entry.steps.flat()) this.state.charge(entry, 1, bytesOf(placed));
    }
  }

  /** False where the event cannot matter. */
  private add(entry: SampleEntry, step: number, placed: PlacedEvent): boolean {
    this.prune(entry, placed.time);
    if (entry.given.length >= this.perKey && this.window !== undefined) return false;
    const events = entry.steps[step] as PlacedEvent[];
    if (events.length >= this.kept) return false;
    if (entry.events === 0) this.counts.begun += 1;
    events.push(placed);
    this.state.charge(entry, 1, bytesOf(placed));
    return true;
  }

  /** Lets go of what no longer counts. */
  private prune(entry: SampleEntry, now: EventTime): void {
    const { window } = this;
    if (window === undefined) return;
    const counts = (time: EventTime): boolean => compareTimes(after(time, window), now) >= 0;
    entry.given = entry.given.filter(counts);
    this.keep(entry, ({ time }) => counts(time));
  }

  private keep(entry: SampleEntry, isKept: (placed: PlacedEvent) => boolean): void {
    for (const events of entry.steps) {
      const gone = events.filter((placed) => !isKept(placed));
      if (gone.length === 0) continue;
      for (const placed of gone) this.state.charge(entry, -1, -bytesOf(placed));
      events.splice(0, Number.POSITIVE_INFINITY, ...events.filter(isKept));
    }
  }

  private giveSoon(entry: SampleEntry, now: EventTime): void {
    if (entry.steps.some((events) => events.length === 0)) return;
    const [events] = distinctChoices(entry.steps, 1);
    if (events === undefined) return;
    entry.given.push(now);
    const isSpent = entry.given.length >= this.perKey;
    this.keep(entry, (placed) => !isSpent && !events.includes(placed));
    this.give(entry, events);
  }

  private give({ key }: SampleEntry, events: readonly PlacedEvent[]): void {
    this.counts.matched += 1;
    this.found({
      key: key.values.map((value, at) => (this.types[at] === 'date' ? millisecondsOf(value) : value)),
      events,
    });
  }
}

/** Elasticsearch gives the times that samples are joined by as epoch milliseconds (those of sequences as text). */
function millisecondsOf(value: LiteralValue): LiteralValue {
  return typeof value === 'string' ? (parseTime(value)?.ms ?? value) : value;
}

function newEntry(key: KeyEntry['key'], steps: number): SampleEntry {
  return {
    key,
    steps: Array.from({ length: steps }, () => []),
    given: [],
    expires: undefined,
    events: 0,
    bytes: 0,
    written: false,
  };
}

function toRow(entry: SampleEntry): string {
  const events = [...new Set(entry.steps.flat())];
  const row: SampleRow = {
    key: entry.key.text,
    values: entry.key.values,
    expires: entry.expires === undefined ? null : toTimeRow(entry.expires),
    given: entry.given.map(toTimeRow),
    events: events.map(toEventRow),
    steps: entry.steps.map((step) => step.map((placed) => events.indexOf(placed))),
  };
  return JSON.stringify(row);
}

function fromRow(text: string): SampleEntry {
  const row = JSON.parse(text) as SampleRow;
  const events = row.events.map(fromEventRow);
  return {
    ...newEntry({ text: row.key, values: row.values }, row.steps.length),
    steps: row.steps.map((step) => step.map((at) => events[at] as PlacedEvent)),
    given: row.given.map(fromTimeRow),
    expires: row.expires === null ? undefined : fromTimeRow(row.expires),
  };
}

function compareKeys(a: readonly LiteralValue[], b: readonly LiteralValue[], types: readonly FieldType[]): number {
  for (const [at, value] of a.entries()) {
    const order = compareValues(value, b[at] ?? null, types[at] ?? 'unknown');
    if (order !== 0) return order;
  }
  return 0;
}

/** As the field's type orders them: addresses and versions by what they mean. */
function compareValues(a: LiteralValue, b: LiteralValue, type: FieldType): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  if (typeof a === 'boolean' || typeof b === 'boolean') return compareText(String(a), String(b));
  return compareLiteral(a, b, type) ?? compareText(String(a), String(b));
}
