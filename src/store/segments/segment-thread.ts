/**
 * Making segments in a thread of its own, which is begun for the first and ended when there was nothing to do for a while:
 * DuckDB's memory is given back.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { DuckLimits } from './duck.ts';
import type { Segment } from './manifest.ts';
import type { SegmentJob } from './segment-job.ts';

export interface SegmentThreadSettings {
  readonly dataFolder: string;
  readonly limits: DuckLimits;
}

export type SegmentRequest = { readonly job: Omit<SegmentJob, 'dataFolder'> } | 'end';
export type SegmentAnswer = { readonly segment: Segment | undefined } | { readonly failure: string };

/** No segment could be made; what it was to be made of is as it was. */
export class SegmentFailure extends Error {}

const IDLE_MS = 30_000;

export class SegmentThread {
  private readonly settings: SegmentThreadSettings;
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(settings: SegmentThreadSettings) {
    this.settings = settings;
  }

  /** One at a time. @throws {SegmentFailure} in DuckDB's words, or when the thread ended. */
  async make(job: Omit<SegmentJob, 'dataFolder'>): Promise<Segment | undefined> {
    clearTimeout(this.idle);
    this.worker ??= this.begin();
    const { worker } = this;
    worker.ref();
    const answer = await this.ask(worker, job);
    worker.unref();
    this.idle = setTimeout(() => void this.end(), IDLE_MS);
    this.idle.unref();
    if ('failure' in answer) throw new SegmentFailure(answer.failure);
    return answer.segment;
  }

  private ask(worker: Worker, job: Omit<SegmentJob, 'dataFolder'>): Promise<SegmentAnswer> {
    return new Promise((resolve) => {
      const gone = (why: string): void => {
        if (this.worker === worker) this.worker = undefined;
        resolve({ failure: why });
      };
      const failed = (error: Error): void => gone(error.message);
      const exited = (): void => gone('the thread that makes segments ended');
      worker.once('error', failed);
      worker.once('exit', exited);
      worker.once('message', (answer: SegmentAnswer) => {
        worker.off('error', failed);
        worker.off('exit', exited);
        resolve(answer);
      });
      worker.postMessage({ job } satisfies SegmentRequest);
    });
  }

  async end(): Promise<void> {
    clearTimeout(this.idle);
    const { worker } = this;
    this.worker = undefined;
    if (worker === undefined) return;
    const exit = once(worker, 'exit');
    worker.ref();
    worker.postMessage('end' satisfies SegmentRequest);
    await exit;
  }

  private begin(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './segment-worker.ts' : './segment-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.settings });
    worker.unref();
    return worker;
  }
}
