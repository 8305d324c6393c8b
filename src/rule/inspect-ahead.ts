/**
 * Threads that read and compile Sigma rules ahead of who asks for what came of them.
 *
 *   texts ──in chunks, each taken by one thread──▶ threads ──as a cache keeps them──▶ what the cache knows, in order
 *
 * What comes of a text is the same there: it follows from the text and from values of placeholders, which the threads are
 * given. Where anything else has a say (filters, pipelines, queries in Kusto, correlations), texts are left to who asks;
 * so is what a thread had when it failed.
 *
 * Who asks compiles nothing meanwhile: what is compiled lives as long as its rules, and a heap of thousands of plans is
 * collected again and again while it grows. The threads' are gone with them, and their bytes are what is kept for the next time.
 */
import module from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { setRunsBeforeBestCode } from './best-code.ts';
import type { KnownFile, KnownInspections } from './inspection-cache.ts';
import { decodeInspections } from './inspection-file.ts';

/** A thread takes as long to start as reading two hundred texts does. */
const WORTH_THREADS = 600;
const THREADS = 2;
/** One at the end of another thread's work is what all wait for: some 20 ms. */
const CHUNK = 16;
/**
 * Nearly all that a thread makes is gone at once, and what stays is some 20 MB however many texts there are: a heap that may grow
 * is collected late (280 instead of 230 MB for all Sigma rules, a tenth less processor time). A thread that one text takes more of
 * ends, and leaves that text to who asks.
 */
const HEAP = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 40 } as const;
/**
 * How often V8 sees a function run before it makes the best code of it: each thread has its own made, by threads that take
 * turns with it on two processors, and for so few runs that is more than they save (3.3 instead of 3.8 s of processor time for
 * all Sigma rules).
 */
const RUNS_BEFORE_BEST_CODE = 20_000;

export interface RuleText {
  /** As findings name it. */
  readonly file: string;
  readonly text: string;
}

/** What a thread is started with. */
export interface AheadTask {
  readonly files: readonly string[];
  /** The texts one after the other in UTF-8, in memory that threads share. */
  readonly texts: Uint8Array;
  /** Where each ends. */
  readonly ends: Int32Array;
  readonly chunk: number;
  /** How many chunks were taken, from the first on. */
  readonly taken: Int32Array;
  readonly placeholders?: Placeholders;
  /** Where compiled code is kept. */
  readonly compiled?: string;
}

export interface AheadDone {
  readonly chunk: number;
  /** As `encodeInspections` writes them. */
  readonly index: Uint8Array;
  readonly bodies: Uint8Array<ArrayBuffer>;
}

export class InspectAhead {
  private readonly workers: readonly Worker[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly done = new Map<number, ReadonlyMap<string, KnownFile>>();
  private readonly outlines = new Map<string, Predicate>();
  private wake = () => {};
  private running = THREADS;
  /** Whether what is not done is left to who asks. */
  private isGivenUp = false;

  /** @param texts each file once */
  constructor(texts: readonly RuleText[], placeholders?: Placeholders) {
    this.places = new Map(texts.map(({ file }, at) => [file, Math.floor(at / CHUNK)]));
    const folder = module.getCompileCacheDir();
    const task: AheadTask = {
      files: texts.map(({ file }) => file),
      ...sharedTexts(texts),
      chunk: CHUNK,
      taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
      ...(placeholders === undefined ? {} : { placeholders }),
      ...(folder === undefined ? {} : { compiled: dirname(folder) }),
    };
    // Where the program was told how large the young half of a heap may be, V8 holds threads to that and not to their limits.
    setFlagsFromString('--max-semi-space-size=0');
    setRunsBeforeBestCode(RUNS_BEFORE_BEST_CODE);
    this.workers = Array.from({ length: THREADS }, () => this.start(task));
  }

  private start(workerData: AheadTask): Worker {
    const file = import.meta.url.endsWith('.ts') ? './inspect-ahead-worker.ts' : './inspect-ahead-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData,
      resourceLimits: HEAP,
    });
    worker.on('message', ({ chunk, index, bodies }: AheadDone) => {
      const behind = bufferOf(bodies);
      const read = (start: number, length: number) => behind.subarray(start, start + length);
      this.done.set(chunk, decodeInspections(bufferOf(index), read, this.outlines));
      this.wake();
    });
    worker.on('error', () => this.giveUp());
    worker.on('exit', (code) => {
      this.running -= 1;
      // Its messages have come before. What nobody has made when all have ended is made by nobody.
      if (code !== 0 || this.running === 0) this.giveUp();
    });
    return worker;
  }

  private giveUp(): void {
    this.isGivenUp = true;
    this.wake();
  }

  /** What a thread has made of a file; `undefined` where that is left to who asks. */
  async of(file: string): Promise<KnownInspections | undefined> {
    const chunk = this.places.get(file);
    if (chunk === undefined) return undefined;
    while (!this.done.has(chunk) && !this.isGivenUp) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.done.get(chunk)?.get(file)?.known;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
    setRunsBeforeBestCode();
  }
}

/** Absent where the rules among the texts are too few to be worth threads, or there is nowhere to run them. */
export function inspectAhead(
  texts: readonly RuleText[],
  placeholders: Placeholders | undefined,
): InspectAhead | undefined {
  if (availableParallelism() < THREADS) return undefined;
  const own = texts.filter(isPlainSigma);
  return own.length < WORTH_THREADS ? undefined : new InspectAhead(own, placeholders);
}

function sharedTexts(texts: readonly RuleText[]): Pick<AheadTask, 'texts' | 'ends'> {
  const ends = new Int32Array(new SharedArrayBuffer(texts.length * Int32Array.BYTES_PER_ELEMENT));
  let end = 0;
  for (const [at, { text }] of texts.entries()) {
    end += Buffer.byteLength(text);
    ends[at] = end;
  }
  const shared = Buffer.from(new SharedArrayBuffer(end));
  for (const [at, { text }] of texts.entries()) shared.write(text, ends[at - 1] ?? 0);
  return { texts: shared, ends };
}

/** Messages give plain arrays. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** By a look: no other form is read so, and correlations and filters have no detection. */
function isPlainSigma({ file, text }: RuleText): boolean {
  return /\.ya?ml$/i.test(file) && /^detection[ \t]*:/m.test(text);
}
