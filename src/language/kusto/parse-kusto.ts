/**
 * Kusto text to a syntax tree, by Microsoft's parser in a thread of its own, which all schemas share: it takes seconds
 * and 200 MB to load, a schema milliseconds.
 *
 *   parse(text) ──queue──▶ thread (started when first asked) ──tree──▶ frozen here
 *
 * One text at a time. A text that takes too long, a crash, or a caller that gives up ends the thread; the next text
 * starts another. A text that takes long while others wait is put behind them, and begun anew. An idle thread is ended,
 * because it holds 200 MB, and never keeps the process alive. Whatever goes wrong is a value.
 */
import { Worker } from 'node:worker_threads';
import type { BoundQuery, Insertion } from './adapt-bound.ts';
import type { ParsedKusto } from './adapter.ts';
import type { KustoReply, KustoRequest, KustoWord } from './kusto-messages.ts';
import type { KustoSchema } from './schema.ts';

export type KustoFailure =
  | { readonly failure: 'too-deep' | 'too-large' | 'too-slow' }
  /** The parser cannot be loaded, or broke. */
  | { readonly failure: 'unavailable' | 'broken'; readonly message: string };

export interface ParserLimits {
  /**
   * Milliseconds for one text, of the thread's processor time where Node tells that; Sentinel's queries take 15, the worst
   * of them 200. On a machine with much else to do they take many times as long.
   */
  readonly text: number;
  /** Milliseconds of the same after which a text lets those pass that wait; they wait for another thread to load, too. */
  readonly patience: number;
  /** Milliseconds to load: 2 s measured, 10 s beside other work. */
  readonly load: number;
  /** Milliseconds without a text after which the thread is ended. */
  readonly idle: number;
}

export const PARSER_LIMITS: ParserLimits = { text: 10_000, patience: 2_000, load: 120_000, idle: 60_000 };

/** A text may take so many times as long as it computes. */
const MOST_WAITS = 12;
/** Milliseconds between looks at how long a text has computed. */
const LOOK_MS = 500;
/** A text is put behind others so many times: others may come for ever. */
const MOST_STEPS_ASIDE = 2;
/** The parser itself takes 200 MB; a text that needs more than this is hostile. */
const MEMORY_MB = 1_024;
/** Left-nested chains of some thousand links are recursion in the parser. */
const STACK_MB = 16;

type Understood = ParsedKusto | BoundQuery | KustoWord;

/** Whose own names have changed so often has schemas of names that are gone. */
const MOST_SCHEMAS = 8;

interface Waiting {
  readonly schema: KustoSchema;
  readonly text: string;
  readonly over: KustoRequest['over'];
  readonly offset?: number;
  readonly insertions: readonly Insertion[];
  readonly settle: (result: Understood | KustoFailure) => void;
  abandoned: boolean;
  /** How often it was put behind others. */
  aside: number;
}

type Asked = Omit<Waiting, 'settle' | 'abandoned' | 'aside'>;

export class KustoThread {
  private readonly limits: ParserLimits;
  /** Those that the thread knows, by their numbers, the one that was asked about last at the end. */
  private readonly schemas = new Map<KustoSchema, number>();
  private readonly queue: Waiting[] = [];
  private current: Waiting | undefined;
  private worker: Worker | undefined;
  private ready = false;
  private texts = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(limits: ParserLimits = PARSER_LIMITS) {
    this.limits = limits;
  }

  /** @throws the signal's reason when the caller gives up; nothing else. */
  ask(asked: Asked, signal?: AbortSignal): Promise<Understood | KustoFailure> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const giveUp = () => {
        waiting.abandoned = true;
        reject(signal?.reason);
        if (this.current === waiting) this.stop();
      };
      const waiting: Waiting = {
        ...asked,
        abandoned: false,
        aside: 0,
        settle: (result) => {
          signal?.removeEventListener('abort', giveUp);
          resolve(result);
        },
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.queue.push(waiting);
      this.next();
    });
  }

  /** Whether the thread runs. */
  get running(): boolean {
    return this.worker !== undefined;
  }

  /** Ends the thread; texts that wait start another. */
  stop(): void {
    clearTimeout(this.timer);
    const worker = this.worker;
    this.worker = undefined;
    this.ready = false;
    this.current = undefined;
    this.schemas.clear();
    worker?.removeAllListeners();
    // A thread that is being ended may still report an error; without a listener that would end the process.
    worker?.on('error', () => {});
    void worker?.terminate();
    this.next();
  }

  private next(): void {
    if (this.current !== undefined) return;
    do this.current = this.queue.shift();
    while (this.current?.abandoned === true);
    clearTimeout(this.timer);
    if (this.current === undefined) {
      this.rest();
      return;
    }
    this.worker ??= this.start();
    this.worker.ref();
    if (this.ready) this.send(this.worker, this.current);
    else this.limit(this.limits.load, { failure: 'unavailable', message: 'it did not load in time' });
  }

  private rest(): void {
    if (this.worker === undefined) return;
    this.worker.unref();
    this.timer = setTimeout(() => this.stop(), this.limits.idle).unref();
  }

  private start(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './kusto-worker.ts' : './kusto-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      // What Node was started with may not suit a file (`--input-type` with `--eval`).
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, stackSizeMb: STACK_MB },
    });
    worker.on('message', (reply: KustoReply) => this.hear(worker, reply));
    const failure = () => (this.ready ? 'broken' : 'unavailable');
    worker.on('error', (error) => {
      const isFull = this.ready && (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.fail(isFull ? { failure: 'too-large' } : { failure: failure(), message: error.message });
    });
    worker.on('exit', () => this.fail({ failure: failure(), message: 'its thread ended' }));
    return worker;
  }

  private send(worker: Worker, { schema, text, over, offset, insertions }: Waiting): void {
    this.texts += 1;
    const id = this.texts;
    const request: KustoRequest = {
      id,
      ...this.tell(schema, id),
      text,
      over,
      insertions,
      ...(offset === undefined ? {} : { offset }),
    };
    worker.postMessage(request);
    this.limitText(worker, id);
  }

  /** Names the schema to the thread: by its number where it knows it, otherwise in the place of the one that waited longest. */
  private tell(schema: KustoSchema, number: number): Pick<KustoRequest, 'about' | 'schema' | 'forget'> {
    const known = this.schemas.get(schema);
    this.schemas.delete(schema);
    this.schemas.set(schema, known ?? number);
    if (known !== undefined) return { about: known };
    const [oldest] = this.schemas;
    if (oldest === undefined || this.schemas.size <= MOST_SCHEMAS) return { about: number, schema };
    this.schemas.delete(oldest[0]);
    return { about: number, schema, forget: oldest[1] };
  }

  private hear(worker: Worker, reply: KustoReply): void {
    if (reply.kind === 'ready') {
      this.ready = true;
      clearTimeout(this.timer);
      if (this.current !== undefined) this.send(worker, this.current);
      return;
    }
    if (reply.id !== this.texts) return;
    const waiting = this.current;
    this.current = undefined;
    clearTimeout(this.timer);
    waiting?.settle(resultOf(reply));
    this.next();
  }

  private fail(failure: KustoFailure): void {
    const waiting = this.current;
    this.stop();
    waiting?.settle(failure);
  }

  /** Ends the thread when the text has computed for too long, or for long while others wait. */
  private limitText(worker: Worker, id: number): void {
    const { text: ms, patience } = this.limits;
    const began = { computed: computedMs(worker), at: performance.now() };
    const look = async (): Promise<void> => {
      const [before, now] = [await began.computed, await computedMs(worker)];
      if (this.worker !== worker || this.texts !== id || this.current === undefined) return;
      const passed = performance.now() - began.at;
      const computed = before === undefined || now === undefined ? passed : now - before;
      if (computed >= ms || passed >= ms * MOST_WAITS) this.fail({ failure: 'too-slow' });
      else if (computed >= patience && this.current.aside < MOST_STEPS_ASIDE && this.othersWait) this.putAside();
      else this.timer = setTimeout(() => void look(), Math.min(ms, LOOK_MS));
    };
    this.timer = setTimeout(() => void look(), Math.min(ms, LOOK_MS));
  }

  private get othersWait(): boolean {
    return this.queue.some(({ abandoned }) => !abandoned);
  }

  private putAside(): void {
    const { current } = this;
    if (current === undefined) return;
    current.aside += 1;
    this.queue.push(current);
    this.stop();
  }

  private limit(ms: number, failure: KustoFailure): void {
    this.timer = setTimeout(() => this.fail(failure), ms);
  }
}

/** The one of this process; it ends by itself when nobody asks. */
export const KUSTO_THREAD = new KustoThread();

/** Understands texts by what one schema names. */
export class KustoParser {
  private readonly schema: KustoSchema;
  private readonly thread: KustoThread;

  constructor(schema: KustoSchema, thread = KUSTO_THREAD) {
    this.schema = schema;
    this.thread = thread;
  }

  /** @throws the signal's reason when the caller gives up; nothing else. */
  parse(text: string, signal?: AbortSignal): Promise<ParsedKusto | KustoFailure> {
    const asked = { schema: this.schema, text, over: 'event', insertions: [] } as const;
    return this.thread.ask(asked, signal) as Promise<ParsedKusto | KustoFailure>;
  }

  /** The same for a query over tables. */
  bind(text: string, insertions: readonly Insertion[], signal?: AbortSignal): Promise<BoundQuery | KustoFailure> {
    const asked = { schema: this.schema, text, over: 'tables', insertions } as const;
    return this.thread.ask(asked, signal) as Promise<BoundQuery | KustoFailure>;
  }

  /** What the word at a UTF-16 offset of a query over tables is. */
  word(text: string, offset: number): Promise<KustoWord | KustoFailure> {
    const asked = { schema: this.schema, text, over: 'word', offset, insertions: [] } as const;
    return this.thread.ask(asked) as Promise<KustoWord | KustoFailure>;
  }
}

/** Nothing where the thread has ended, or an early Node 24 does not tell. */
async function computedMs(worker: Worker): Promise<number | undefined> {
  const { cpuUsage }: Partial<Pick<Worker, 'cpuUsage'>> = worker;
  const usage = await cpuUsage?.call(worker).catch(() => undefined);
  return usage === undefined ? undefined : (usage.user + usage.system) / 1_000;
}

function resultOf(reply: Exclude<KustoReply, { kind: 'ready' }>): Understood | KustoFailure {
  switch (reply.kind) {
    case 'parsed':
      return freezeDeeply(reply.parsed);
    case 'bound':
      return reply.bound;
    case 'word':
      return reply.word;
    case 'too-deep':
    case 'too-large':
      return { failure: reply.kind };
    case 'failed':
      return { failure: 'broken', message: reply.message };
  }
}

function freezeDeeply<T extends object>(value: T): T {
  for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) freezeDeeply(child);
  return Object.freeze(value);
}
