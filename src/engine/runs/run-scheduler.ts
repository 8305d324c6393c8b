/**
 * What is run over stored events, and when: one job at a time, the most urgent first.
 *
 *   tick ──▶ windows that are due ▶ runs that people asked for ▶ gaps to be filled ──▶ RunThread ──batches──▶ commit
 *                                                                                        └─▶ record, with the last commit
 *
 * Invariants: a job's alerts are committed before its record says that it has ended, and alert ids make running a range
 * again harmless; a window that fails is tried again, later and later, and becomes a gap rather than being left out; what
 * waits stands in the store and outlives a restart.
 */
import { EMPTY_FUNNEL } from '../../detect/decide.ts';
import { slotOf } from '../../detect/run-grid.ts';
import type { Gap, RunKind, RunRequest, RunState } from '../../detect/run-record.ts';
import { type DueWindow, delayOf, dueWindows } from '../../detect/run-windows.ts';
import { readsAlerts } from '../../rule/alert-index.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import { RetryPause } from '../../store/retry-pause.ts';
import type { FinishedRun } from '../../store/run-store.ts';
import type { RunCounters, StateStore } from '../../store/state-store.ts';
import type { LiveLog } from '../live-loop.ts';
import type { RuleFunnel } from '../live-measures.ts';
import { waitOf } from './run-over-store.ts';
import type { RunJob } from './run-protocol.ts';
import type { RuleResult, RunBatch, RunResult } from './run-range.ts';
import type { JobHandlers } from './run-thread.ts';

export interface RunSchedulerOptions {
  readonly store: Pick<StateStore, 'runLog' | 'commit'>;
  readonly thread: { run(job: RunJob, handlers: JobHandlers): Promise<RunResult>; end(): void };
  readonly now: () => number;
  /** How late events may come, in milliseconds: a range is run when it is that old. */
  readonly lateness: number;
  /** Whether gaps are filled without being asked, where that can be done. Default true. */
  readonly fillsGaps?: boolean;
  /** The oldest stored event's time, epoch milliseconds, as far as known. */
  readonly oldest: () => number | undefined;
  readonly onCreated: (ids: readonly string[]) => void;
  /** Told of each run that ended, with what it found of each rule. */
  readonly onEnded?: (kind: RunKind, state: RunState, found: readonly RuleFunnel[]) => void;
  readonly log?: LiveLog;
}

/** A job under way, for the status page. */
export interface RunUnderWay {
  readonly kind: RunKind;
  readonly rules: number;
  readonly from: number;
  readonly to: number;
  readonly started: number;
  readonly events: number;
  /** Event time that it has come to. */
  readonly at: number;
  readonly request?: number;
}

export interface SchedulerStatus {
  readonly underway?: RunUnderWay;
  /** Requests that wait. */
  readonly waiting: number;
  readonly openGaps: number;
}

interface Job {
  readonly kind: RunKind;
  readonly rules: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly uncapped: boolean;
  readonly limitMs?: number;
  readonly request?: RunRequest;
  readonly gap?: Gap;
  /** Of a rule on schedule. */
  readonly window?: DueWindow;
}

interface Failures {
  /** Of the window that is due. */
  readonly tries: number;
  readonly pause: RetryPause;
}

/** Longest time for a job that nobody asked for. */
const LIMIT_MS = 10 * 60_000;
/** How often filling a gap is tried without being asked. */
const MOST_TRIES = 3;
/** Late events come in bursts: their gap is filled when it was quiet for so long. */
const SETTLED_MS = 30_000;
/** Where they do not end, or a sequence may still go on, what is there by then is looked at, and the rest later. */
const LONGEST_BURST_MS = 2 * 60_000;
const RETRY_MS = 60_000;
/** How often a window of a rule on schedule is tried before it becomes a gap. */
const MOST_FAILURES = 5;
/** How far back windows missed in a downtime are run one by one, in milliseconds. */
const CATCH_UP_MS = 24 * 3_600_000;
/** Gaps looked at in one tick. */
const MOST_GAPS = 200;
/** What people wanted left out is not filled without being asked. */
const BY_CHOICE: ReadonlySet<Gap['reason']> = new Set(['paused', 'disabled']);

export class RunScheduler {
  private readonly options: RunSchedulerOptions;
  private rules: ReadonlyMap<string, LoadedRule> = new Map();
  private rulesRevision = 0;
  private exceptionsRevision = 0;
  private current: { readonly job: Job; readonly ending: AbortController; status: RunUnderWay } | undefined;
  private running: Promise<void> = Promise.resolve();
  /** After a run that could not even be recorded. */
  private readonly pause: RetryPause;
  /** By rule. */
  private readonly failures = new Map<string, Failures>();
  private isStopped = false;

  constructor(options: RunSchedulerOptions) {
    this.options = options;
    this.pause = new RetryPause(options.now);
    options.store.runLog.stopInterrupted(options.now());
  }

  /** Goes on with these rules. */
  replaceRules(rules: readonly LoadedRule[]): void {
    this.rules = new Map(rules.map((rule) => [rule.document.id, rule]));
    this.rulesRevision += 1;
  }

  exceptionsChanged(): void {
    this.exceptionsRevision += 1;
  }

  /** Begins the most urgent job, where none is under way. */
  tick(): void {
    if (this.isStopped || this.current !== undefined || !this.pause.isOver) return;
    const job = this.next();
    if (job !== undefined) this.begin(job);
  }

  /** False where no such request waits or is under way. */
  cancel(request: number): boolean {
    const { current } = this;
    if (current?.job.request?.id === request) {
      current.ending.abort(new Error('Stopped by hand.'));
      return true;
    }
    return this.options.store.runLog.removeRequest(request);
  }

  status(): SchedulerStatus {
    const { runLog } = this.options.store;
    return {
      ...(this.current === undefined ? {} : { underway: this.current.status }),
      waiting: runLog.requests().length,
      openGaps: runLog.gaps({ state: 'open', limit: MOST_GAPS }).length,
    };
  }

  /** Ends the job under way; it is run again after the next start. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.current?.ending.abort(new Error('The service ended while it ran.'));
    await this.running;
    this.options.thread.end();
  }

  /** Kept when the job under way has ended; for tests. */
  get settled(): Promise<void> {
    return this.running;
  }

  private next(): Job | undefined {
    return this.nextWindow() ?? this.nextRequest() ?? this.nextGap();
  }

  /** Of the rules on schedule, the window that has been due for longest; of those that failed only where no other is due. */
  private nextWindow(): Job | undefined {
    let first: { readonly rule: LoadedRule; readonly window: DueWindow; readonly failed: number } | undefined;
    for (const [id, rule] of this.rules) {
      if (!runsOnSchedule(rule)) continue;
      const failures = this.failures.get(id);
      if (failures?.pause.isOver === false) continue;
      const window = this.dueWindow(rule);
      if (window === undefined) continue;
      const failed = failures === undefined ? 0 : 1;
      const isSooner =
        first === undefined || failed < first.failed || (failed === first.failed && window.due < first.window.due);
      if (isSooner) first = { rule, window, failed };
    }
    if (first === undefined) return undefined;
    const { rule, window } = first;
    const { interval } = scheduleWindow(rule.document.schedule);
    const kind = this.options.now() - window.due < interval ? 'scheduled' : 'catch-up';
    const { from, to } = window;
    return { kind, rules: [rule.document.id], from, to, uncapped: false, limitMs: LIMIT_MS, window };
  }

  private dueWindow({ document: { id, schedule } }: LoadedRule): DueWindow | undefined {
    const { now, lateness, store, log } = this.options;
    const window = scheduleWindow(schedule);
    const covered = store.runLog.covered(id);
    if (covered === undefined) {
      store.runLog.setCovered(id, slotOf(now(), window.interval));
      return undefined;
    }
    const delay = delayOf(id, window.interval, lateness);
    if (covered > now()) {
      // The clock was set back: what comes from now on lies in slots that are done, and they are run once more.
      log?.warn({ rule: id, covered, now: now() }, 'the clock was set back: slots that are done are run once more');
      store.runLog.setCovered(id, slotOf(now(), window.interval));
      return undefined;
    }
    const due = dueWindows(window, { covered, now: now(), delay, catchUp: CATCH_UP_MS, most: 1 });
    if (due.gap !== undefined) this.pass(id, due.gap, 'down');
    return due.windows[0];
  }

  private pass(
    ruleId: string,
    { from, to }: { readonly from: number; readonly to: number },
    reason: Gap['reason'],
  ): void {
    const { store, now } = this.options;
    store.runLog.addGap({ ruleId, from, to, reason, detected: now() });
    store.runLog.setCovered(ruleId, to);
  }

  /**
   * A window that failed is tried again, later each time, and then stands as a gap. One job runs at a time: a query that
   * ran until its time was up waits at least as long as it took, so that it leaves most of the time to other rules.
   */
  private failed(ruleId: string, { slot, end }: DueWindow, tookMs: number): void {
    const tries = (this.failures.get(ruleId)?.tries ?? 0) + 1;
    const pause = new RetryPause(this.options.now);
    const isGivenUp = tries >= MOST_FAILURES;
    pause.begin(Math.max(isGivenUp ? 0 : RETRY_MS, tookMs) * 2 ** (tries - 1));
    this.failures.set(ruleId, { tries: isGivenUp ? 0 : tries, pause });
    if (isGivenUp) this.pass(ruleId, { from: slot, to: end }, 'failed');
  }

  private nextRequest(): Job | undefined {
    const now = this.options.now();
    for (const request of this.options.store.runLog.requests()) {
      const rules = (request.rules ?? [...this.rules.keys()]).filter((id) => this.rules.has(id));
      const { kind, from, uncapped } = request;
      const gap = request.gap === undefined ? undefined : this.options.store.runLog.gap(request.gap);
      const to = Math.min(request.to, now);
      if (rules.length > 0 && from < to) {
        return { kind, rules, from, to, uncapped, request, ...(gap === undefined ? {} : { gap }) };
      }
      this.options.store.runLog.removeRequest(request.id);
    }
    return undefined;
  }

  private nextGap(): Job | undefined {
    if (this.options.fillsGaps === false) return undefined;
    const now = this.options.now();
    const { runLog } = this.options.store;
    const oldest = this.options.oldest();
    for (const gap of [...runLog.gaps({ state: 'open', limit: MOST_GAPS })].reverse()) {
      const age = Math.abs(now - gap.detected);
      // What has just come late may be older than all that was stored when that was looked at.
      if (age >= SETTLED_MS && oldest !== undefined && gap.to <= oldest) {
        runLog.setGap(gap.id, { state: 'gone' });
        continue;
      }
      const rule = this.rules.get(gap.ruleId);
      if (rule === undefined || BY_CHOICE.has(gap.reason) || gap.tries >= MOST_TRIES) continue;
      const decidable = now - this.options.lateness - waitOf(rule);
      if (age >= SETTLED_MS && gap.to <= decidable) return fillJob(gap);
      if (age >= LONGEST_BURST_MS && gap.from < decidable) return fillJob({ ...gap, to: decidable });
    }
    return undefined;
  }

  private begin(job: Job): void {
    const { now, store } = this.options;
    const started = now();
    const request = job.request === undefined ? {} : { request: job.request.id };
    const ids = new Map(
      job.rules.map((ruleId) => {
        const run = { ruleId, kind: job.kind, from: job.from, to: job.to, started, ...request };
        return [ruleId, store.runLog.begin(run)];
      }),
    );
    const ending = new AbortController();
    const { kind, from, to } = job;
    const status = { kind, rules: job.rules.length, from, to, started, events: 0, at: from, ...request };
    this.current = { job, ending, status };
    this.running = this.carryOut(job, ids, ending.signal).catch((error: unknown) => {
      this.options.log?.warn({ err: error }, 'a run could not be recorded');
      this.pause.begin(RETRY_MS);
      this.current = undefined;
    });
  }

  private async carryOut(job: Job, ids: ReadonlyMap<string, number>, signal: AbortSignal): Promise<void> {
    const { store, thread, now, onCreated } = this.options;
    const { rules, from, to, uncapped } = job;
    const { rulesRevision, exceptionsRevision } = this;
    const started = now();
    if (job.gap !== undefined) store.runLog.setGap(job.gap.id, { tried: true });
    const take = ({ alerts, runs, suppressed }: RunBatch) => {
      store.commit({ alerts, positions: [], runs: runs.map(createdOnly), suppressed });
      if (alerts.length > 0) onCreated(alerts.map(({ alert }) => alert.id));
    };
    const onProgress = ({ events, at }: { readonly events: number; readonly at: number }) => {
      if (this.current !== undefined) this.current.status = { ...this.current.status, events, at };
    };
    const limit = job.limitMs === undefined ? {} : { limitMs: job.limitMs };
    try {
      const slot = job.window === undefined ? {} : { slot: job.window.slot };
      const asked = { rules, from, to, uncapped, rulesRevision, exceptionsRevision, ...slot };
      const result = await thread.run(asked, { take, onProgress, signal, ...limit });
      const isFilled = job.gap !== undefined && !this.isUndecided(job.gap.ruleId, result);
      const filled = isFilled && job.gap !== undefined ? { gap: job.gap.id } : {};
      const covered = job.window === undefined ? {} : { covered: job.window.end };
      const ended = [...ids].map(([rule, id]) => ({ rule, ...finishedRun(id, result, rule, now()) }));
      this.finish(ended.map(({ rule: _, ...run }) => ({ ...run, ...filled, ...covered })));
      for (const { rule, state, funnel } of ended) this.options.onEnded?.(job.kind, state, [{ id: rule, funnel }]);
      for (const rule of rules) this.failures.delete(rule);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const state = signal.aborted ? 'stopped' : 'failed';
      const end = { ended: now(), state, message, funnel: EMPTY_FUNNEL, events: 0, warnings: [] } as const;
      this.finish([...ids.values()].map((id) => ({ id, ...end })));
      const nothing = [...ids.keys()].map((id) => ({ id, funnel: EMPTY_FUNNEL }));
      this.options.onEnded?.(job.kind, state, nothing);
      if (state === 'failed' && job.window !== undefined) this.failed(rules[0] as string, job.window, now() - started);
      if (state === 'failed')
        this.options.log?.warn(
          { kind: job.kind, from, to, rules: rules.length, rule: rules[0], message },
          'a run failed',
        );
    }
    // One that the service's end cut short is run again.
    if (job.request !== undefined && !this.isStopped) store.runLog.removeRequest(job.request.id);
    this.current = undefined;
  }

  /** What a rule on schedule could not decide yet, its next window looks at. */
  private isUndecided(id: string, { byRule }: RunResult): boolean {
    const { warnings = [] } = byRule.get(id) ?? {};
    return this.rules.get(id)?.tally === undefined && warnings.some(({ code }) => code === 'run-undecided');
  }

  private finish(finished: readonly FinishedRun[]): void {
    this.options.store.commit({ alerts: [], positions: [], runs: [], finished });
  }
}

/** A rule that does not alert on each of its events, or that runs over alerts: neither can be decided as events come. */
export function runsOnSchedule({ tally, document }: LoadedRule): boolean {
  return tally !== undefined || readsAlerts(document);
}

/** A gap that somebody wants filled, or that is filled without being asked. */
function fillJob(gap: Gap): Job {
  const { ruleId, from, to } = gap;
  return {
    kind: gap.reason === 'late' ? 'late' : 'fill',
    rules: [ruleId],
    from,
    to,
    uncapped: false,
    limitMs: LIMIT_MS,
    gap,
  };
}

/**
 * What a run over stored events adds to the slots that live rules count in: the alerts that they now have more. Its whole
 * funnel stands in its own record.
 */
function createdOnly({ ruleId, slot, funnel: { created } }: RunCounters): RunCounters {
  return { ruleId, slot, funnel: { ...EMPTY_FUNNEL, matched: created, created } };
}

function finishedRun(id: number, { events, byRule }: RunResult, rule: string, ended: number): FinishedRun {
  const { funnel, warnings, memory }: RuleResult = byRule.get(rule) ?? { funnel: EMPTY_FUNNEL, warnings: [] };
  const state = warnings.length === 0 ? 'succeeded' : 'partial';
  return { id, ended, state, funnel, events, warnings, ...(memory === undefined ? {} : { memory }) };
}
