/**
 * A second thread that reads and compiles Sigma rules from the last one on, while the first does from the first one on.
 *
 *   texts ──in chunks, each taken by one of the two──▶ thread ──as a cache keeps them──▶ what the cache knows
 *
 * What comes of a text is the same there: it follows from the text and from values of placeholders, which the thread is
 * given. Where anything else has a say (filters, pipelines, queries in Kusto, correlations), texts are left to the first
 * thread; so is what the thread had when it failed.
 */
import module from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { KnownFile, KnownInspections } from './inspection-cache.ts';
import { decodeInspections } from './inspection-file.ts';

/** A thread takes as long to start as reading two hundred texts does. */
const WORTH_A_THREAD = 600;
/** One at the end of the other's work is what the first thread may wait for: some 20 ms. */
const CHUNK = 16;
/** Nearly all that it makes is gone at once; its memory goes with it. */
const YOUNG_MB = 48;

export interface RuleText {
  /** As findings name it. */
  readonly file: string;
  readonly text: string;
}

/** What the thread is started with. */
export interface AheadTask {
  readonly texts: readonly RuleText[];
  readonly chunk: number;
  /** By chunk, 1 as soon as somebody has taken it. */
  readonly taken: Int32Array;
  readonly placeholders?: Placeholders;
  /** Where compiled code is kept. */
  readonly compiled?: string;
}

export interface AheadDone {
  readonly chunk: number;
  /** As `encodeInspections` writes them. */
  readonly index: Uint8Array;
  readonly bodies: Uint8Array;
}

export class InspectAhead {
  private readonly worker: Worker;
  private readonly taken: Int32Array;
  private readonly places: ReadonlyMap<string, number>;
  private readonly mine = new Set<number>();
  private readonly done = new Map<number, ReadonlyMap<string, KnownFile>>();
  private readonly outlines = new Map<string, Predicate>();
  private wake = () => {};
  private hasFailed = false;

  /** @param texts each file once */
  constructor(texts: readonly RuleText[], placeholders?: Placeholders) {
    this.places = new Map(texts.map(({ file }, at) => [file, Math.floor(at / CHUNK)]));
    this.taken = new Int32Array(new SharedArrayBuffer(4 * Math.ceil(texts.length / CHUNK)));
    const file = import.meta.url.endsWith('.ts') ? './inspect-ahead-worker.ts' : './inspect-ahead-worker.js';
    const folder = module.getCompileCacheDir();
    const task: AheadTask = {
      texts,
      chunk: CHUNK,
      taken: this.taken,
      ...(placeholders === undefined ? {} : { placeholders }),
      ...(folder === undefined ? {} : { compiled: dirname(folder) }),
    };
    this.worker = new Worker(new URL(file, import.meta.url), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.worker.on('message', ({ chunk, index, bodies }: AheadDone) => {
      const behind = bufferOf(bodies);
      const read = (start: number, length: number) => behind.subarray(start, start + length);
      this.done.set(chunk, decodeInspections(bufferOf(index), read, this.outlines));
      this.wake();
    });
    const fail = () => {
      this.hasFailed = true;
      this.wake();
    };
    this.worker.on('error', fail);
    this.worker.on('exit', fail);
  }

  /** What the thread has made of a file; `undefined` where that is left to who asks. To be asked from the first to the last. */
  async of(file: string): Promise<KnownInspections | undefined> {
    const chunk = this.places.get(file);
    if (chunk === undefined || this.mine.has(chunk)) return undefined;
    if (Atomics.compareExchange(this.taken, chunk, 0, 1) === 0) {
      this.mine.add(chunk);
      return undefined;
    }
    while (!this.done.has(chunk) && !this.hasFailed) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.done.get(chunk)?.get(file)?.known;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Absent where the rules among the texts are too few to be worth a thread, or there is nowhere to run one. */
export function inspectAhead(
  texts: readonly RuleText[],
  placeholders: Placeholders | undefined,
): InspectAhead | undefined {
  if (availableParallelism() < 2) return undefined;
  const own = texts.filter(isPlainSigma);
  return own.length < WORTH_A_THREAD ? undefined : new InspectAhead(own, placeholders);
}

/** Messages give plain arrays. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** By a look: no other form is read so, and correlations and filters have no detection. */
function isPlainSigma({ file, text }: RuleText): boolean {
  return /\.ya?ml$/i.test(file) && /^detection[ \t]*:/m.test(text);
}
