/**
 * The service looked at as a whole: one report for the page, `vedette top` and Prometheus, made when somebody asks.
 *
 *   Status, MeasureBook, the disk, this thread ──▶ SystemReport ──▶ GET /api/system, /ready, /metrics
 */
import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { QueueDepth } from '../engine/live-measures.ts';
import type { MeasureBook } from '../engine/measure-book.ts';
import type { Status } from './api.ts';
import type { MetricFacts } from './metrics.ts';
import { readinessOf } from './readiness.ts';
import type { Readiness, RuleLoad, SystemReport } from './system-api.ts';

const MEBIBYTE = 1024 * 1024;
const MOST_RULES = 50;
/** How often the serving thread's clock is looked at, in milliseconds; this much of what it tells is the waiting itself. */
const LAG_STEP_MS = 20;
const LAG_WINDOW_MS = 30_000;
const STATE_FILES = ['state.sqlite', 'state.sqlite-wal', 'state.sqlite-shm'];

export interface MonitorOptions {
  readonly status: () => Status;
  readonly measures: MeasureBook;
  readonly ruleName: (id: string) => string | undefined;
  /** What waits for this thread's own helpers. */
  readonly queues?: () => readonly QueueDepth[];
  readonly dataFolder: string;
  /** What work beside taking events may take, in MiB, by what it is for. */
  readonly memory?: Readonly<Record<string, number>>;
}

export class SystemMonitor {
  private readonly options: MonitorOptions;
  private readonly lag = new LagWatch();
  private isEnding = false;

  constructor(options: MonitorOptions) {
    this.options = options;
  }

  report(): SystemReport {
    const { status: statusOf, measures, queues, dataFolder, memory } = this.options;
    const status = statusOf();
    const { rss, heapUsed } = process.memoryUsage();
    const free = freeBytes(dataFolder);
    const limits = Object.entries(memory ?? {}).map(([of, megabytes]) => ({ of, bytes: megabytes * MEBIBYTE }));
    return {
      status,
      time: new Date().toISOString(),
      readiness: this.readiness(status),
      rate: measures.rate(),
      history: measures.history(),
      sources: status.sources.map((source) => ({ ...source, rate: measures.rate(source.name) })),
      rules: this.rules(MOST_RULES),
      queues: [...measures.queues, ...(queues?.() ?? [])],
      commits: measures.commits,
      storage: {
        state_bytes: STATE_FILES.reduce((sum, file) => sum + sizeOf(join(dataFolder, file)), 0),
        event_bytes: status.events?.bytes ?? 0,
        ...(free === undefined ? {} : { free_bytes: free }),
      },
      memory: {
        resident_bytes: rss,
        serving_heap_bytes: heapUsed,
        working_heap_bytes: measures.heapBytes,
        storing_heap_bytes: measures.storingHeapBytes,
        limits,
      },
      threads: { working_busy: measures.busy, serving_lag_p99_ms: (this.lag.quantiles()['0.99'] ?? 0) * 1_000 },
    };
  }

  readiness(status = this.options.status()): Readiness {
    const silenceMs = this.options.measures.silence(performance.now());
    return readinessOf({ status, silenceMs, isEnding: this.isEnding });
  }

  metricFacts(livePages: number): MetricFacts {
    const { user, system } = process.cpuUsage();
    return {
      report: this.report(),
      rules: this.rules(Number.POSITIVE_INFINITY),
      runs: this.options.measures.endedRuns(),
      openGaps: this.options.measures.openGaps,
      cpuSeconds: (user + system) / 1e6,
      servingLag: this.lag.quantiles(),
      livePages,
    };
  }

  /** From now on the service is not ready: whoever sends requests here sends them elsewhere. */
  ending(): void {
    this.isEnding = true;
  }

  close(): void {
    this.lag.close();
  }

  private rules(most: number): readonly RuleLoad[] {
    const { measures, ruleName } = this.options;
    return measures
      .rulesByMatches()
      .slice(0, most)
      .map(({ id, funnel }) => ({ id, name: ruleName(id) ?? id, funnel }));
  }
}

/** How long this thread keeps work waiting, over the last half to whole minute. */
class LagWatch {
  private readonly histogram = monitorEventLoopDelay({ resolution: LAG_STEP_MS });
  private readonly clock: NodeJS.Timeout;
  private before: Readonly<Record<string, number>> = {};

  constructor() {
    this.histogram.enable();
    this.clock = setInterval(() => {
      this.before = this.current();
      this.histogram.reset();
    }, LAG_WINDOW_MS).unref();
  }

  quantiles(): Readonly<Record<string, number>> {
    const now = this.current();
    return Object.fromEntries(
      Object.entries(now).map(([quantile, seconds]) => [quantile, Math.max(seconds, this.before[quantile] ?? 0)]),
    );
  }

  close(): void {
    clearInterval(this.clock);
    this.histogram.disable();
  }

  private current(): Readonly<Record<string, number>> {
    const seconds = (percentile: number) =>
      this.histogram.count === 0 ? 0 : Math.max(0, this.histogram.percentile(percentile) / 1e9 - LAG_STEP_MS / 1_000);
    return { '0.5': seconds(50), '0.99': seconds(99), '1': seconds(100) };
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
