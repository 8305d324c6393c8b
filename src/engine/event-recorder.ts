/**
 * Live events on their way into the event store.
 *
 *   event ──add──▶ waiting, written out ──flush, before the read position moves──▶ store.append
 *
 * Invariants: an event is in the store before the position behind it is committed, so a crash loses none; it is there
 * once, since the store knows its identity. A store that fails never stops detection: what it did not take waits, up to
 * a bound, and is offered again; beyond the bound the oldest are dropped and counted. A damaged file is set aside and a
 * new one begun. What changes the store goes one after the other, in the order in which it was asked for.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Event } from '../event/event.ts';
import type { EventStoreStatus, EventWriter } from '../store/event-store.ts';
import type { OpenedWriter } from '../store/event-thread.ts';
import { isDamage } from '../store/open-event-store.ts';
import { RetryPause } from '../store/retry-pause.ts';
import { TextEvent } from '../store/text-event.ts';
import type { EventsStatus } from './live-status.ts';
import { writtenEvent } from './written-event.ts';

/** Written-out events that wait at most, in UTF-16 units; about as many bytes. */
const MOST_WAITING = 64 * 1024 * 1024;
/** From here on a batch is appended without waiting for the commit. */
const BATCH_SIZE = 8 * 1024 * 1024;
/** A store that failed (a full disk) is left alone for so long. */
const RETRY_MS = 5_000;
const PAGE = 1_000;

export interface EventRecorderOptions {
  /** Opens the store; where it is known to be damaged, a new one. */
  readonly open: (isDamaged: boolean) => Promise<OpenedWriter>;
  /** Older events are not stored: they would be pruned at once. Milliseconds. */
  readonly keepMs: number;
  readonly now: () => number;
  readonly warn: (fields: object, message: string) => void;
  readonly mostWaiting?: number;
  /** `arrival` of the last event whose alerts were committed before the start; NaN where nobody knows. */
  readonly acknowledged?: number;
}

export class EventRecorder {
  private readonly options: EventRecorderOptions;
  private readonly mostWaiting: number;
  private waiting: TextEvent[] = [];
  private size = 0;
  private dropped = 0;
  private store: EventWriter | undefined;
  private isPruning = false;
  private isClosed = false;
  private readonly pause: RetryPause;
  private problem: string | undefined;
  private setAside: string | undefined;
  private missing = 0;
  private isCompared = false;
  /** Stored before the start, while what was found in them was not committed. */
  private readonly unfinished = new Set<string>();
  private reached: number | undefined;
  private heap = 0;
  /** The end of what was asked for so far. */
  private last: Promise<unknown>;

  constructor(options: EventRecorderOptions) {
    this.options = options;
    this.mostWaiting = options.mostWaiting ?? MOST_WAITING;
    this.pause = new RetryPause(options.now);
    this.last = this.attempt(async () => {});
  }

  get hasWaiting(): boolean {
    return this.waiting.length > 0 && this.pause.isOver;
  }

  /** After whatever enriches the event. */
  add(event: Event, sample: boolean): void {
    if (event.time.ms < this.options.now() - this.options.keepMs) return;
    const written = writtenEvent(event, sample);
    if (written === undefined) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(new TextEvent(written));
    this.size += written.json.length;
    if (this.size >= BATCH_SIZE) void this.flush();
  }

  /**
   * Offers the store what waits. Never rejects.
   * @returns whether everything added before is stored for good
   */
  flush(): Promise<boolean> {
    return this.inTurn(() => this.flushNow());
  }

  /** `arrival` of the last event that was stored by the last `flush`; absent before the first. */
  get arrival(): number | undefined {
    return this.reached;
  }

  /** Memory of the objects of the thread that writes, as of the last `status`; 0 where nobody says. */
  get heapBytes(): number {
    return this.heap;
  }

  /**
   * Which of these identities are stored already, and rules have looked at them. Never rejects: where the store cannot tell,
   * none is.
   */
  async stored(identities: readonly string[]): Promise<ReadonlySet<string>> {
    const { store } = this;
    if (store === undefined) return new Set();
    try {
      const known = await store.known(identities);
      return this.unfinished.size === 0 ? known : new Set([...known].filter((id) => !this.unfinished.has(id)));
    } catch (error) {
      this.options.warn({ err: error }, 'looking up stored events failed');
      return new Set();
    }
  }

  /** Removes what is too old or too much, in short steps with whatever else waits in between. Never rejects. */
  async pruneAll(): Promise<void> {
    if (this.isPruning) return;
    this.isPruning = true;
    await this.last;
    while (await this.pruneStep()) await breathe();
    this.isPruning = false;
  }

  /** Removes the sample's events; gives how many. Never rejects. */
  removeSample(): Promise<number> {
    return this.inTurn(async () => {
      this.keepWaiting(this.waiting.filter(({ sample }) => !sample));
      let removed = 0;
      await this.attempt(async (store) => {
        removed = await store.removeSample();
      });
      return removed;
    });
  }

  /** Never rejects. */
  async status(): Promise<EventsStatus> {
    let stored: EventStoreStatus = { events: 0, bytes: 0, pruned: 0, arrival: 0 };
    try {
      stored = (await this.store?.status()) ?? stored;
    } catch (error) {
      this.failed(error);
    }
    const { dropped, missing, setAside } = this;
    const { arrival: _, problem: later, heapBytes = 0, ...counts } = stored;
    this.heap = heapBytes;
    const problem = this.problem ?? later;
    return {
      ...counts,
      waiting: this.waiting.length,
      dropped,
      ...(problem === undefined ? {} : { problem }),
      ...(missing === 0 ? {} : { missing }),
      ...(setAside === undefined ? {} : { set_aside: setAside }),
    };
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.flush();
    this.isClosed = true;
    try {
      await this.store?.close();
    } catch (error) {
      this.options.warn({ err: error }, 'closing the events failed');
    }
    this.store = undefined;
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.last.then(action);
    this.last = done;
    return done;
  }

  private async flushNow(): Promise<boolean> {
    if (this.waiting.length === 0) {
      this.reached = this.store?.lastArrival;
      return true;
    }
    if (!this.hasWaiting) return false;
    const batch = this.waiting;
    this.keepWaiting([]);
    const isStored = await this.attempt((store) => store.append(batch));
    if (isStored) {
      this.reached = this.store?.lastArrival;
      return true;
    }
    this.keepWaiting([...batch, ...this.waiting]);
    this.dropOldest();
    return false;
  }

  private keepWaiting(waiting: TextEvent[]): void {
    this.waiting = waiting;
    this.size = waiting.reduce((sum, { json }) => sum + json.length, 0);
  }

  private async pruneStep(): Promise<boolean> {
    if (this.isClosed || this.store === undefined || !this.pause.isOver) return false;
    let more = false;
    await this.attempt(async (store) => {
      more = await store.prune(this.options.now());
    });
    return more;
  }

  /** Whether it succeeded. After damage once more, with a new file. */
  private async attempt(action: (store: EventWriter) => Promise<void>): Promise<boolean> {
    for (const isSecond of [false, true]) {
      try {
        this.store ??= await this.opened(isSecond);
        await action(this.store);
        if (this.waiting.length === 0) this.problem = undefined;
        return true;
      } catch (error) {
        if (this.isClosed) return false;
        if (isSecond || !isDamage(error)) {
          this.failed(error);
          return false;
        }
        await this.forgetStore();
      }
    }
    return false;
  }

  private async opened(isDamaged: boolean): Promise<EventWriter> {
    const { store, setAside } = await this.options.open(isDamaged);
    if (setAside !== undefined) {
      this.setAside = setAside;
      this.options.warn({ file: setAside }, 'the stored events were damaged: they are set aside, new ones are begun');
    }
    if (!this.isCompared) await this.compare(store);
    return store;
  }

  /** With what was acknowledged before the start. */
  private async compare(store: EventWriter): Promise<void> {
    this.isCompared = true;
    const { acknowledged = Number.NaN, warn } = this.options;
    // A folder that was restored without its events has none at all.
    if (store.lastArrival > 0 && store.lastArrival < acknowledged) {
      this.missing = acknowledged - store.lastArrival;
      warn({ missing: this.missing }, 'events that were acknowledged are missing: the log was cut off');
    }
    if (!(store.lastArrival > acknowledged)) return;
    const asked = { arrivedAfter: acknowledged, order: 'oldest', limit: PAGE } as const;
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await store.query(cursor === '' ? asked : { ...asked, cursor });
      for (const { id } of page.events) this.unfinished.add(id);
      cursor = page.next;
    }
  }

  private async forgetStore(): Promise<void> {
    const { store } = this;
    this.store = undefined;
    try {
      await store?.close();
    } catch {
      // What cannot be closed is forgotten.
    }
  }

  private failed(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
    this.pause.begin(RETRY_MS);
    this.options.warn({ err: error, waiting: this.waiting.length }, 'storing events failed');
  }

  private dropOldest(): void {
    let first = 0;
    while (this.size > this.mostWaiting && first < this.waiting.length) {
      this.size -= (this.waiting[first]?.json ?? '').length;
      first += 1;
    }
    this.waiting = this.waiting.slice(first);
    this.dropped += first;
  }
}
