/**
 * Searching stored events in a thread of their own, so that the thread that asks is never held up.
 *
 *   ask ──QueryRequest──▶ query-worker ──reads──▶ events.sqlite
 *    ▲◀──QueryMessage─────────┘    └─silent beyond a question's time: ended, and begun anew
 *
 * Invariants: every question is answered, refused or cancelled; at most so many wait; a question that makes the thread
 * hang is refused, and the others are asked again, once.
 */
import { readingThread } from '../store/segments/duck-guard.ts';
import { type AskOptions, type EventSearch, SearchError } from './event-search.ts';
import type { QueryAnswers, QueryCall, QueryMessage, QueryRequest, QuerySettings } from './query-protocol.ts';
import { LONGEST_SEARCH_MS } from './store-search.ts';
import type { TableSearch } from './tables/table-search.ts';

/** A look-up takes milliseconds, many at once a second or two. */
const PATIENCE_MS = 10_000;
const MOST_WAITING = 200;

export function startQueryThread(settings: QuerySettings, patienceMs: number = PATIENCE_MS): EventSearch & TableSearch {
  return new QueryThread(() => readingThread(workerFile(), { workerData: settings }), patienceMs);
}

function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './query-worker.ts' : './query-worker.js', import.meta.url);
}

interface Waiting {
  readonly ask: QueryCall;
  readonly clock: NodeJS.Timeout;
  readonly settle: (message: QueryMessage) => void;
  readonly fail: (error: unknown) => void;
  isSecondTry: boolean;
}

/** What is needed of a worker. */
export interface QueryPort {
  on(event: 'message', hear: (message: QueryMessage) => void): unknown;
  on(event: 'error', hear: (error: Error) => void): unknown;
  postMessage(request: QueryRequest): void;
  terminate(): Promise<number>;
  unref(): void;
}

export class QueryThread implements EventSearch, TableSearch {
  private readonly begin: () => QueryPort;
  private readonly patienceMs: number;
  private readonly waiting = new Map<number, Waiting>();
  private worker: QueryPort | undefined;
  private calls = 0;
  private isClosed = false;

  constructor(begin: () => QueryPort, patienceMs: number) {
    this.begin = begin;
    this.patienceMs = patienceMs;
  }

  query(query: Parameters<EventSearch['query']>[0], options?: AskOptions) {
    return this.ask({ kind: 'query', query }, options);
  }

  count(query: Parameters<EventSearch['count']>[0], upTo?: number, options?: AskOptions) {
    return this.ask({ kind: 'count', query, upTo }, options);
  }

  hostsWith(field: Parameters<EventSearch['hostsWith']>[0], value: string, options?: AskOptions) {
    return this.ask({ kind: 'hosts-with', field, value }, options);
  }

  event(id: string, options?: AskOptions) {
    return this.ask({ kind: 'event', id }, options);
  }

  status(options?: AskOptions) {
    return this.ask({ kind: 'status' }, options);
  }

  search(...[query, condition, options = {}]: Parameters<EventSearch['search']>) {
    const { signal: _, ...plain } = options;
    const deadlineMs = Math.min(plain.deadlineMs ?? 0, LONGEST_SEARCH_MS);
    return this.ask({ kind: 'search', query, condition, options: plain }, options, deadlineMs);
  }

  hunt(...[filter, hunted, options = {}]: Parameters<EventSearch['hunt']>) {
    const { signal: _, ...plain } = options;
    const deadlineMs = Math.min(plain.deadlineMs ?? LONGEST_SEARCH_MS, LONGEST_SEARCH_MS);
    return this.ask({ kind: 'hunt', filter, hunted, options: plain }, options, deadlineMs);
  }

  answer(...[plan, asked, options]: Parameters<TableSearch['answer']>) {
    return this.ask({ kind: 'table', plan, asked }, options, asked.limits.seconds * 1_000);
  }

  pluginColumns(...[plugin, asked, options]: Parameters<TableSearch['pluginColumns']>) {
    return this.ask({ kind: 'plugin-columns', plugin, asked }, options, asked.limits.seconds * 1_000);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const call of [...this.waiting.keys()]) this.fail(call, closed());
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private ask<K extends QueryCall['kind']>(
    ask: Extract<QueryCall, { kind: K }>,
    { signal }: AskOptions = {},
    workMs = 0,
  ): Promise<QueryAnswers[K]> {
    this.calls += 1;
    const call = this.calls;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.isClosed) throw closed();
      if (this.waiting.size >= MOST_WAITING) {
        throw new SearchError('Too many questions to the stored events wait already.', 'Ask again in a moment.');
      }
      const abort = () => {
        this.post({ call, cancel: true });
        this.fail(call, signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const done = () => signal?.removeEventListener('abort', abort);
      this.waiting.set(call, {
        ask,
        clock: setTimeout(() => this.overdue(call), this.patienceMs + workMs),
        settle: (message) => {
          done();
          if ('value' in message) resolve(message.value as QueryAnswers[K]);
          else reject(new SearchError(message.refused.message, message.refused.hint));
        },
        fail: (error) => {
          done();
          reject(error);
        },
        isSecondTry: false,
      });
      this.post({ call, ask });
    });
  }

  private post(request: QueryRequest): void {
    this.worker ??= this.started();
    this.worker.postMessage(request);
  }

  private started(): QueryPort {
    const worker = this.begin();
    worker.unref();
    worker.on('message', (message: QueryMessage) => {
      const one = this.take(message.call);
      one?.settle(message);
    });
    // What ends it is the last question it was given, as far as anyone can tell; one more try shows.
    worker.on('error', () => this.restart(worker));
    return worker;
  }

  private overdue(call: number): void {
    const hint = 'Ask for a shorter time, or for one host.';
    this.fail(call, new SearchError('The stored events did not answer in time.', hint));
    if (this.worker !== undefined) this.restart(this.worker);
  }

  private restart(worker: QueryPort): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    void worker.terminate();
    for (const [call, one] of [...this.waiting]) {
      if (one.isSecondTry) {
        this.fail(call, new SearchError('The stored events could not be read.', 'The service’s log says more.'));
      } else {
        one.isSecondTry = true;
        this.post({ call, ask: one.ask });
      }
    }
  }

  private take(call: number): Waiting | undefined {
    const one = this.waiting.get(call);
    this.waiting.delete(call);
    clearTimeout(one?.clock);
    return one;
  }

  private fail(call: number, error: unknown): void {
    this.take(call)?.fail(error);
  }
}

function closed(): SearchError {
  return new SearchError('The service is ending.');
}
