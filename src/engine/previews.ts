/**
 * Previews: a rule's text over stored events, for a page, before the rule is kept or changed: what it would alert on, or what
 * it would cost beside the rules that run.
 *
 *   text ──compiled──▶ rules ──waits its turn──▶ preview-worker (a thread with limits of time and memory) ──▶ report
 *
 * One runs at a time, so that pages which ask again and again do not take the machine from what is live. A result is
 * kept until others have come after it.
 */

import type { Worker } from 'node:worker_threads';
import type { CompileOptions } from '../rule/compile.ts';
import type { Finding } from '../rule/finding.ts';
import { inspectWhole, type LoadedRule } from '../rule/inspect.ts';
import { readingThread } from '../store/segments/duck-guard.ts';
import { divideMemory, type MemoryBudget } from './memory-budget.ts';
import type { RuleBookSettings } from './rule-book.ts';
import type { BacktestReport } from './runs/backtest.ts';
import type { StoredRuleCost } from './stored-rule-cost.ts';

export interface PreviewAsked {
  readonly text: string;
  /** What is wanted of it; absent for the alerts. */
  readonly what?: PreviewWanted;
  /** Event times, epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

export type PreviewWanted = 'alerts' | 'cost';

export interface PreviewBegun {
  /** Its number; absent where the text holds no rule that runs. */
  readonly preview?: number;
  /** Mistakes in the text. */
  readonly findings: readonly Finding[];
}

export type PreviewState =
  | { readonly state: 'waiting' }
  /** Stored events read, and the event time (epoch milliseconds) that it has come to. */
  | { readonly state: 'running'; readonly events: number; readonly at: number }
  | { readonly state: 'done'; readonly report: BacktestReport }
  /** Where the cost was wanted. */
  | { readonly state: 'measured'; readonly cost: StoredRuleCost }
  | { readonly state: 'failed'; readonly message: string };

export interface PreviewJob {
  readonly what: PreviewWanted;
  readonly settings: RuleBookSettings;
  /** Of memory for reading events. */
  readonly megabytes: number;
  readonly rules: readonly LoadedRule[];
  readonly from: number;
  readonly to: number;
}

export type PreviewMessage =
  | { readonly kind: 'progress'; readonly events: number; readonly at: number }
  | { readonly kind: 'done'; readonly report: BacktestReport }
  | { readonly kind: 'measured'; readonly cost: StoredRuleCost }
  | { readonly kind: 'failed'; readonly message: string };

interface Preview {
  readonly job: PreviewJob;
  state: PreviewState;
}

export interface PreviewLimits {
  readonly timeMs: number;
  readonly memory: MemoryBudget['previews'];
}

const TIME_MS = 120_000;
const MOST_WAITING = 4;
const MOST_KEPT = 8;
const MOST_RULES = 20;

export class Previews {
  private readonly settings: RuleBookSettings;
  private readonly limits: PreviewLimits;
  private readonly previews = new Map<number, Preview>();
  private current: { readonly id: number; readonly worker: Worker; readonly clock: NodeJS.Timeout } | undefined;
  private last = 0;

  /** @param settings where events lie, and which rules run */
  constructor(
    { dataFolder, rules, pipelines, placeholders }: RuleBookSettings,
    { timeMs = TIME_MS, memory = divideMemory().previews }: Partial<PreviewLimits> = {},
  ) {
    this.settings = {
      dataFolder,
      ...(rules && { rules }),
      ...(pipelines && { pipelines }),
      ...(placeholders && { placeholders }),
    };
    this.limits = { timeMs, memory };
  }

  /** @returns `undefined` where too many wait already */
  async start(
    { text, from, to, what = 'alerts' }: PreviewAsked,
    options: CompileOptions,
  ): Promise<PreviewBegun | undefined> {
    const inspections = await inspectWhole(text, '-', options);
    const findings = inspections.flatMap((one) => one.findings).filter(({ severity }) => severity === 'error');
    const rules = inspections.flatMap(({ rule }) => (rule === undefined ? [] : [rule])).slice(0, MOST_RULES);
    if (rules.length === 0) return { findings };
    const waiting = [...this.previews.values()].filter(({ state }) => state.state === 'waiting');
    if (waiting.length >= MOST_WAITING) return undefined;
    this.last += 1;
    this.previews.set(this.last, {
      job: { what, settings: this.settings, megabytes: this.limits.memory.reading, rules, from, to },
      state: { state: 'waiting' },
    });
    this.forgetOld();
    this.next();
    return { preview: this.last, findings };
  }

  state(id: number): PreviewState | undefined {
    return this.previews.get(id)?.state;
  }

  /** Ends it, and forgets its result. False where there is none. */
  cancel(id: number): boolean {
    const isThere = this.previews.delete(id);
    if (this.current?.id === id) this.end();
    return isThere;
  }

  close(): void {
    this.previews.clear();
    this.end();
  }

  private next(): void {
    if (this.current !== undefined) return;
    const next = [...this.previews].find(([, { state }]) => state.state === 'waiting');
    if (next === undefined) return;
    const [id, preview] = next;
    const file = import.meta.url.endsWith('.ts') ? './preview-worker.ts' : './preview-worker.js';
    const worker = readingThread(new URL(file, import.meta.url), {
      workerData: preview.job,
      resourceLimits: { maxOldGenerationSizeMb: this.limits.memory.heap },
    });
    worker.unref();
    preview.state = { state: 'running', events: 0, at: preview.job.from };
    const settle = (state: PreviewState) => {
      if (this.current?.worker !== worker) return;
      preview.state = state;
      this.end();
    };
    const fail = (message: string) => settle({ state: 'failed', message });
    const seconds = (this.limits.timeMs / 1_000).toLocaleString('en-US');
    const late = `It took longer than ${seconds} seconds. Choose a shorter time.`;
    const clock = setTimeout(() => fail(late), this.limits.timeMs);
    this.current = { id, worker, clock };
    worker.on('error', ({ message }) => fail(`The thread failed: ${message}`));
    worker.on('exit', () => fail('The thread ended.'));
    worker.on('message', (message: PreviewMessage) => {
      if (message.kind === 'done') settle({ state: 'done', report: message.report });
      else if (message.kind === 'measured') settle({ state: 'measured', cost: message.cost });
      else if (message.kind === 'failed') fail(message.message);
      else preview.state = { state: 'running', events: message.events, at: message.at };
    });
  }

  private end(): void {
    const { current } = this;
    this.current = undefined;
    if (current === undefined) return;
    clearTimeout(current.clock);
    void current.worker.terminate();
    this.next();
  }

  private forgetOld(): void {
    for (const [id, { state }] of this.previews) {
      if (this.previews.size <= MOST_KEPT) return;
      if (state.state !== 'waiting' && state.state !== 'running') this.previews.delete(id);
    }
  }
}
