/**
 * How hard the working thread works, for whoever runs the service. Plain data: it crosses threads.
 *
 *   LiveLoop ──committed──▶ LiveMeter ──take, every second──▶ LiveMeasures ──▶ MeasureBook of the serving thread
 *
 * Invariant: what is taken is what came since the last time, so nothing grows, however many rules there are.
 */
import { performance } from 'node:perf_hooks';
import type { Funnel } from '../detect/alert.ts';
import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import type { RunKind, RunState } from '../detect/run-record.ts';
import type { RunCounters } from '../store/state-store.ts';

/** What waits between two that work. */
export interface QueueDepth {
  readonly name: string;
  readonly depth: number;
  /** Where it is full. */
  readonly limit?: number;
}

/** Since the measures before. */
export interface LiveMeasures {
  /** How long each commit took, in seconds; of very many, the last ones. */
  readonly commits: readonly number[];
  /** What was decided of each rule that matched. */
  readonly rules: readonly RuleFunnel[];
  /** Runs over stored events that ended. */
  readonly runs: readonly EndedRuns[];
  /** Ranges of time that rules have not looked at, now. */
  readonly openGaps: number;
  readonly queues: readonly QueueDepth[];
  /** Share of the time in which the thread was busy, 0 to 1. */
  readonly busy: number;
  /** Memory of the thread's own objects, and of those of the one that stores events. */
  readonly heapBytes: number;
  readonly storingHeapBytes: number;
}

export interface RuleFunnel {
  readonly id: string;
  readonly funnel: Funnel;
}

/** Runs of one kind that ended in one way. */
export interface EndedRuns {
  readonly kind: RunKind;
  readonly state: RunState;
  readonly count: number;
  /** What they found that was not known before. */
  readonly funnel: Funnel;
}

/** A second has ten commits; catching up on a large log has more. */
const MOST_COMMITS = 1_000;

export class LiveMeter {
  private commits: number[] = [];
  private rules = new Map<string, Funnel>();
  private runs = new Map<string, EndedRuns>();
  private utilization = performance.eventLoopUtilization();

  committed(seconds: number, runs: readonly RunCounters[]): void {
    if (this.commits.length >= MOST_COMMITS) this.commits.shift();
    this.commits.push(seconds);
    for (const { ruleId, funnel } of runs) {
      this.rules.set(ruleId, addFunnels(this.rules.get(ruleId) ?? EMPTY_FUNNEL, funnel));
    }
  }

  /** Windows of runs overlap: what one finds again is not counted. */
  ran(kind: RunKind, state: RunState, found: readonly RuleFunnel[]): void {
    for (const { id, funnel: whole } of found) {
      const funnel = { ...whole, matched: whole.matched - whole.duplicate, duplicate: 0 };
      const key = `${kind} ${state}`;
      const { count, funnel: before } = this.runs.get(key) ?? { count: 0, funnel: EMPTY_FUNNEL };
      this.runs.set(key, { kind, state, count: count + 1, funnel: addFunnels(before, funnel) });
      if (funnel.matched > 0) this.rules.set(id, addFunnels(this.rules.get(id) ?? EMPTY_FUNNEL, funnel));
    }
  }

  take(queues: readonly QueueDepth[], openGaps: number, storingHeapBytes: number): LiveMeasures {
    const before = this.utilization;
    this.utilization = performance.eventLoopUtilization();
    const measures: LiveMeasures = {
      commits: this.commits,
      rules: [...this.rules].map(([id, funnel]) => ({ id, funnel })),
      runs: [...this.runs.values()],
      openGaps,
      queues,
      busy: performance.eventLoopUtilization(this.utilization, before).utilization,
      heapBytes: process.memoryUsage().heapUsed,
      storingHeapBytes,
    };
    this.commits = [];
    this.rules = new Map();
    this.runs = new Map();
    return measures;
  }
}
