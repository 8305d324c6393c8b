/**
 * Jobs over stored events in a thread of their own: bounded in memory and time, ended to be cancelled, and begun anew for
 * the next job.
 */
import type { Worker } from 'node:worker_threads';
import { readingThread } from '../../store/segments/duck-guard.ts';
import { divideMemory } from '../memory-budget.ts';
import type { RunJob, RunThreadMessage, RunThreadRequest, RunThreadSettings } from './run-protocol.ts';
import type { RunBatch, RunResult } from './run-range.ts';

export interface JobHandlers {
  /** Commits what was found. */
  readonly take: (batch: RunBatch) => void;
  readonly onProgress?: (progress: { readonly events: number; readonly at: number }) => void;
  /** Milliseconds for the whole job; absent for as long as it takes. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

export class RunThread {
  private readonly settings: RunThreadSettings;
  private worker: Worker | undefined;

  constructor(settings: RunThreadSettings) {
    this.settings = settings;
  }

  /** One at a time. @throws {Error} in words: what failed, that it took too long, or the signal's reason */
  async run(job: RunJob, handlers: JobHandlers): Promise<RunResult> {
    handlers.signal?.throwIfAborted();
    const worker = this.started();
    let clock: NodeJS.Timeout | undefined;
    const ending = new AbortController();
    try {
      return await new Promise<RunResult>((resolve, reject) => {
        const fail = (error: Error) => {
          this.end();
          reject(error);
        };
        const { limitMs, signal } = handlers;
        if (limitMs !== undefined) {
          const seconds = Math.round(limitMs / 1_000).toLocaleString('en-US');
          clock = setTimeout(() => fail(new Error(`It took longer than ${seconds} seconds.`)), limitMs);
        }
        const once = { once: true, signal: ending.signal } as const;
        signal?.addEventListener('abort', () => fail(signal.reason as Error), once);
        worker.removeAllListeners();
        worker.on('error', (error) => fail(new Error(`The thread failed: ${error.message}`)));
        worker.on('exit', () => fail(new Error('The thread ended.')));
        worker.on('message', (message: RunThreadMessage) => {
          if (message.kind === 'done') resolve(message.result);
          else if (message.kind === 'failed') reject(new Error(message.message));
          else this.hear(message, handlers, fail);
        });
        this.post({ kind: 'job', job });
      });
    } finally {
      clearTimeout(clock);
      ending.abort();
    }
  }

  /** Ends the thread, and with it the job under way. */
  end(): void {
    const { worker } = this;
    this.worker = undefined;
    worker?.removeAllListeners();
    void worker?.terminate();
  }

  private hear(
    message: Extract<RunThreadMessage, { kind: 'progress' | 'batch' }>,
    { take, onProgress }: JobHandlers,
    fail: (error: Error) => void,
  ): void {
    if (message.kind === 'progress') {
      onProgress?.(message);
      return;
    }
    try {
      take(message.batch);
      this.post({ kind: 'taken' });
    } catch (error) {
      fail(error as Error);
    }
  }

  private post(request: RunThreadRequest): void {
    this.worker?.postMessage(request);
  }

  private started(): Worker {
    if (this.worker === undefined) {
      const file = import.meta.url.endsWith('.ts') ? './run-worker.ts' : './run-worker.js';
      this.worker = readingThread(new URL(file, import.meta.url), {
        workerData: this.settings,
        resourceLimits: { maxOldGenerationSizeMb: (this.settings.memory ?? divideMemory()).runs.heap },
      });
    }
    return this.worker;
  }
}
