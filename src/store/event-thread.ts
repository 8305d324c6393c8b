/**
 * Events written in a thread of their own, so that the one that takes them in only reads and matches.
 *
 *   append ──documents as text──▶ event-worker ──▶ SegmentEventStore ──on the disk──▶ answered
 *                                      └─ended──▶ what waits fails; the next call begins another
 *
 * Invariants: calls are carried out in the order in which they were made, and each is answered or fails. What fails may have
 * been done: an event that is appended again is known by its identity.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  type EventAnswers,
  type EventCall,
  type EventMessage,
  type EventRequest,
  type EventThreadSettings,
  parcelOf,
  type Refused,
} from './event-protocol.ts';
import type { EventPage, EventQuery, EventStoreStatus, EventWriter, NewEvent } from './event-store.ts';
import { StoreError } from './store-error.ts';

interface Waiting {
  readonly settle: (message: EventMessage) => void;
  readonly fail: (error: Error) => void;
}

export interface OpenedWriter {
  readonly store: EventWriter;
  /** Where a damaged file was moved to before a new one was begun. */
  readonly setAside?: string;
}

/** Opens the events of a data folder to write them. @throws {StoreError} as `openSegments`. */
export async function openEventThread(settings: EventThreadSettings): Promise<OpenedWriter> {
  const store = new EventThread(settings);
  try {
    const setAside = await store.open();
    return { store, ...(setAside === undefined ? {} : { setAside }) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

export class EventThread implements EventWriter {
  private readonly settings: EventThreadSettings;
  private readonly start: () => Worker;
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | undefined;
  private calls = 0;
  private arrival = 0;

  constructor(settings: EventThreadSettings, start = startWorker) {
    this.settings = settings;
    this.start = start;
  }

  get lastArrival(): number {
    return this.arrival;
  }

  open(): Promise<string | undefined> {
    return this.ask({ kind: 'open', ...this.settings }, this.begin());
  }

  append(events: readonly NewEvent[]): Promise<void> {
    return this.ask({ kind: 'append', events: parcelOf(events) });
  }

  known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.ask({ kind: 'known', ids });
  }

  query(query: EventQuery): Promise<EventPage> {
    return this.ask({ kind: 'query', query });
  }

  status(): Promise<EventStoreStatus> {
    return this.ask({ kind: 'status' });
  }

  prune(nowMs: number): Promise<boolean> {
    return this.ask({ kind: 'prune', nowMs });
  }

  removeSample(): Promise<number> {
    return this.ask({ kind: 'remove-sample' });
  }

  async close(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) return;
    const ended = once(worker, 'exit');
    try {
      await this.ask({ kind: 'close' }, worker);
    } finally {
      this.worker = undefined;
      worker.ref();
      await ended;
    }
  }

  private ask<K extends EventCall['kind']>(
    ask: Extract<EventCall, { kind: K }>,
    worker = this.worker ?? this.beginAgain(),
  ): Promise<EventAnswers[K]> {
    this.calls += 1;
    const call = this.calls;
    return new Promise((resolve, reject) => {
      worker.postMessage({ call, ask } satisfies EventRequest);
      worker.ref();
      this.waiting.set(call, {
        settle: (message) => {
          this.arrival = message.arrival;
          if ('value' in message) resolve(message.value as EventAnswers[K]);
          else reject(errorFrom(message.refused));
        },
        fail: reject,
      });
    });
  }

  /** What was damaged has been set aside by then, or will be found to be. */
  private beginAgain(): Worker {
    const worker = this.begin();
    // Where it fails, what is asked of the thread next fails for the same reason.
    this.ask({ kind: 'open', ...this.settings, isDamaged: false }, worker).catch(() => {});
    return worker;
  }

  private begin(): Worker {
    const worker = this.start();
    this.worker = worker;
    worker.on('message', (message: EventMessage) => {
      this.take(message.call)?.settle(message);
      if (this.waiting.size === 0) worker.unref();
    });
    worker.on('error', (error: Error) => this.ended(worker, error.message));
    worker.on('exit', () => this.ended(worker, 'it stopped'));
    return worker;
  }

  private ended(worker: Worker, why: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const call of [...this.waiting.keys()]) this.take(call)?.fail(gone(why));
  }

  private take(call: number): Waiting | undefined {
    const one = this.waiting.get(call);
    this.waiting.delete(call);
    return one;
  }
}

export function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './event-worker.ts' : './event-worker.js';
  return new Worker(new URL(file, import.meta.url), { name: 'storing' });
}

function errorFrom({ message, code, hint }: Refused): Error {
  return code === undefined ? new Error(message) : new StoreError(code, message, hint);
}

function gone(why: string): StoreError {
  return new StoreError(
    'store-failed',
    `The thread that writes events ended: ${why}.`,
    'It begins again by itself; what it has not written is offered to it again.',
  );
}
