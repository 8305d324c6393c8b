/**
 * What a correlation remembers, by join key, in the order in which keys were last touched.
 *
 *   touch ──▶ [oldest … newest] ──forget──▶ gone
 *      └───────── changes() ─────────────┴──▶ rows to write, rows to remove
 *
 * Time goes forward and what a key remembers is good for a fixed span, so the key touched longest ago is the first to
 * end: forgetting looks at the oldest only. Keys that came and went between two writings are never written.
 */
import { createHash } from 'node:crypto';
import { compareTimes, type EventTime } from '../event/time.ts';
import type { CorrelationChanges } from './correlation.ts';
import type { JoinedKey } from './join-key.ts';

export interface KeyEntry {
  readonly key: JoinedKey;
  /** Nothing that is remembered here counts after this time; absent for ever. */
  expires: EventTime | undefined;
  /** Events held, and about how many bytes they take. */
  events: number;
  bytes: number;
  /** Whether there is a row of it. */
  written: boolean;
}

const LONGEST_ROW_KEY = 200;

export class KeyedState<E extends KeyEntry> {
  events = 0;
  bytes = 0;
  private readonly entries = new Map<string, E>();
  private readonly changed = new Set<string>();
  private readonly removed = new Set<string>();

  get size(): number {
    return this.entries.size;
  }

  get(text: string): E | undefined {
    return this.entries.get(text);
  }

  values(): IterableIterator<E> {
    return this.entries.values();
  }

  /** Makes the entry the newest, or adds it. */
  touch(entry: E, expires: EventTime | undefined): void {
    const { text } = entry.key;
    entry.expires = expires;
    if (!this.entries.delete(text)) {
      this.events += entry.events;
      this.bytes += entry.bytes;
    }
    this.entries.set(text, entry);
    this.mark(entry);
  }

  /** The entry has changed without becoming newer. */
  mark(entry: E): void {
    this.changed.add(entry.key.text);
  }

  /** Counts events that an entry takes up (or, negative, lets go). */
  charge(entry: E, events: number, bytes: number): void {
    entry.events += events;
    entry.bytes += bytes;
    if (this.entries.get(entry.key.text) !== entry) return;
    this.events += events;
    this.bytes += bytes;
  }

  /** Takes entries over that were written before, the oldest first. */
  restore(entries: readonly E[]): void {
    for (const entry of [...entries].sort(byEnd)) {
      this.touch(entry, entry.expires);
      this.changed.delete(entry.key.text);
      entry.written = true;
    }
  }

  remove(entry: E): void {
    const { text } = entry.key;
    if (!this.entries.delete(text)) return;
    this.events -= entry.events;
    this.bytes -= entry.bytes;
    this.changed.delete(text);
    if (entry.written) this.removed.add(text);
  }

  /** Removes what ended before `time`; gives how many keys that were. */
  forget(time: EventTime): number {
    let forgotten = 0;
    for (const entry of this.entries.values()) {
      if (entry.expires === undefined || compareTimes(entry.expires, time) >= 0) break;
      this.remove(entry);
      forgotten += 1;
    }
    return forgotten;
  }

  oldest(): E | undefined {
    return this.entries.values().next().value;
  }

  /** The keys of the rows that there are. */
  writtenKeys(): readonly string[] {
    const written = [...this.entries.values()].filter((entry) => entry.written).map(({ key }) => key.text);
    return [...new Set([...written, ...this.removed])].map(rowKeyOf);
  }

  get hasChanges(): boolean {
    return this.changed.size + this.removed.size > 0;
  }

  /** What has changed since the last time this was asked. */
  changes(toState: (entry: E) => string): CorrelationChanges {
    const changed = [...this.changed].map((text) => this.entries.get(text) as E);
    // A key that ended and began again has a row, which will be written over.
    const removed = [...this.removed].filter((text) => !this.entries.has(text)).map(rowKeyOf);
    for (const entry of changed) entry.written = true;
    this.changed.clear();
    this.removed.clear();
    return { changed: changed.map((entry) => ({ key: rowKeyOf(entry.key.text), state: toState(entry) })), removed };
  }
}

/** A key may be as long as a command line; that of a row is not. */
function rowKeyOf(text: string): string {
  return text.length <= LONGEST_ROW_KEY ? text : createHash('sha256').update(text).digest('hex');
}

function byEnd(a: KeyEntry, b: KeyEntry): number {
  if (a.expires === undefined || b.expires === undefined) {
    return Number(a.expires === undefined) - Number(b.expires === undefined);
  }
  return compareTimes(a.expires, b.expires);
}
