/**
 * Work on exceptions in a thread of its own, a thread for each job: it may take seconds, and is ended when nobody waits
 * for it any more.
 *
 *   readListInThread: pieces ──(asked for one by one)──▶ exception-worker ──▶ slices of sorted values
 *   findEffectInThread: exception, rules ──▶ exception-worker ──reads beside the writer──▶ ExceptionEffect
 */
import type { Worker } from 'node:worker_threads';
import type { ValueListType } from '../detect/exception.ts';
import { readingThread } from '../store/segments/duck-guard.ts';
import type { EffectJob, FoundEffect } from './exception-effect.ts';
import { type ListText, ListTooLarge, type ReadList } from './list-reader.ts';

export type ExceptionJob =
  | ({ readonly kind: 'effect' } & EffectJob)
  | { readonly kind: 'list'; readonly type: ValueListType };

/** A piece of a list's text; `undefined` at its end. */
export type ListPiece = Uint8Array | undefined;

export type ExceptionAnswer =
  | { readonly kind: 'effect'; readonly effect: FoundEffect }
  | { readonly kind: 'more' }
  | { readonly kind: 'list'; readonly about: Omit<ReadList, 'slices'> }
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly hint?: string };

/** Beyond the job's own limit of time: for the thread to start and the lists to be read. */
const PATIENCE_MS = 20_000;

/** @throws {Error} in words, when it cannot be found out */
export async function findEffectInThread(job: EffectJob, signal?: AbortSignal): Promise<FoundEffect> {
  const answers = new Answers({ kind: 'effect', ...job }, job.limitMs + PATIENCE_MS, signal);
  try {
    const answer = await answers.next();
    if (answer.kind === 'effect') return answer.effect;
    throw new Error(`answered with ${answer.kind}`);
  } finally {
    answers.end();
  }
}

/** @throws {ListTooLarge} */
export async function readListInThread(type: ValueListType, text: ListText): Promise<ReadList> {
  const answers = new Answers({ kind: 'list', type }, Number.POSITIVE_INFINITY);
  try {
    const pieces = Symbol.asyncIterator in text ? text[Symbol.asyncIterator]() : text[Symbol.iterator]();
    for (;;) {
      const answer = await answers.next();
      if (answer.kind === 'list') return { ...answer.about, slices: slicesOf(answers) };
      const { value, done } = await pieces.next();
      answers.send(done === true ? undefined : value);
    }
  } catch (error) {
    answers.end();
    throw error;
  }
}

async function* slicesOf(answers: Answers): AsyncIterable<readonly string[]> {
  try {
    for (;;) {
      const answer = await answers.next();
      if (answer.kind !== 'values') return;
      yield answer.values;
    }
  } finally {
    answers.end();
  }
}

/** What a thread says, one after the other. */
class Answers {
  private readonly worker: Worker;
  private readonly heard: ExceptionAnswer[] = [];
  private readonly clock: NodeJS.Timeout | undefined;
  private wake: (() => void) | undefined;
  private failure: Error | undefined;

  constructor(job: ExceptionJob, limitMs: number, signal?: AbortSignal) {
    const file = import.meta.url.endsWith('.ts') ? './exception-worker.ts' : './exception-worker.js';
    this.worker = readingThread(new URL(file, import.meta.url), { workerData: job });
    this.worker.unref();
    this.worker.on('message', (answer: ExceptionAnswer) => {
      this.heard.push(answer);
      this.wake?.();
    });
    this.worker.on('error', (error) => this.fail(error));
    if (Number.isFinite(limitMs)) this.clock = setTimeout(() => this.fail(new Error('It took too long.')), limitMs);
    signal?.addEventListener('abort', () => this.fail(signal.reason as Error), { once: true });
  }

  send(piece: ListPiece): void {
    this.worker.postMessage(piece);
  }

  async next(): Promise<ExceptionAnswer> {
    while (this.heard.length === 0) {
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const answer = this.heard.shift() as ExceptionAnswer;
    if (answer.kind !== 'failed') return answer;
    throw answer.name === 'ListTooLarge' ? new ListTooLarge(answer.message, answer.hint) : new Error(answer.message);
  }

  end(): void {
    clearTimeout(this.clock);
    void this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure = error;
    this.wake?.();
  }
}
