/**
 * Runs over stored events beside the live loop: what the loop could not decide becomes gaps, and the scheduler fills them.
 *
 *   live loop ──too late, given up──commit──▶ gaps ─┐
 *   rules that changed ─────────────────────▶ gaps ─┤
 *   people: manual runs, gaps to fill ───────────────┴─▶ RunScheduler ──▶ RunThread
 */
import type { Gap, RunRequest } from '../../detect/run-record.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import type { NewGap, NewRequest } from '../../store/run-store.ts';
import type { Detector } from '../detector.ts';
import { reachOf } from './run-over-store.ts';
import type { RunThreadSettings } from './run-protocol.ts';
import { RunScheduler, type RunSchedulerOptions, runsOnSchedule, type SchedulerStatus } from './run-scheduler.ts';
import { RunThread } from './run-thread.ts';

export interface LiveRunsOptions extends Omit<RunSchedulerOptions, 'thread'> {
  readonly settings: RunThreadSettings;
  readonly detector: Pick<Detector, 'takeLate' | 'correlation' | 'correlating'>;
  /** Names of plans that sequences and samples remembered something of at the last commit. */
  readonly remembered: Iterable<string>;
}

/** A run that is asked for. */
export type RunAsked = Pick<NewRequest, 'from' | 'to' | 'reason'> & {
  /** Ids; absent for all rules. */
  readonly rules?: readonly string[];
  readonly uncapped?: boolean;
};

const TICK_MS = 1_000;

export class LiveRuns {
  private readonly options: LiveRunsOptions;
  private readonly scheduler: RunScheduler;
  private readonly clock: NodeJS.Timeout;
  private rules: ReadonlyMap<string, LoadedRule> = new Map();
  /** By rule, the name of its plan, which changes with its meaning. */
  private plans: ReadonlyMap<string, string>;
  /** By plan, how often something was given up. */
  private readonly dropped = new Map<string, number>();

  constructor(options: LiveRunsOptions) {
    this.options = options;
    const thread = new RunThread(options.settings);
    this.scheduler = new RunScheduler({ ...options, thread });
    this.plans = new Map([...options.remembered].map((name) => [name.slice(0, name.lastIndexOf(' ')), name]));
    this.clock = setInterval(() => this.tick(), TICK_MS);
  }

  /** After the detector has them. */
  replaceRules(rules: readonly LoadedRule[]): void {
    this.rules = new Map(rules.map((rule) => [rule.document.id, rule]));
    this.scheduler.replaceRules(rules);
    const plans = this.options.detector.correlating;
    for (const [id, name] of plans) {
      const before = this.plans.get(id);
      if (before !== undefined && before !== name) this.changed(id);
    }
    this.plans = plans;
  }

  exceptionsChanged(): void {
    this.scheduler.exceptionsChanged();
  }

  /** Kept before it is answered; gives the request's number. */
  request({ rules, from, to, uncapped, reason }: RunAsked): number {
    const { store, now } = this.options;
    const asked = { kind: 'manual', from, to, uncapped: uncapped ?? false, reason, requested: now() } as const;
    return store.runLog.request(rules === undefined ? asked : { ...asked, rules });
  }

  /** False where there is no such gap, or nothing in it to fill. */
  fill(id: number, reason: string): boolean {
    const { store, now } = this.options;
    const gap = store.runLog.gap(id);
    if (gap === undefined || gap.state !== 'open') return false;
    const { ruleId, from, to } = gap;
    const fill: NewRequest = {
      kind: 'fill',
      rules: [ruleId],
      from,
      to,
      uncapped: false,
      reason,
      requested: now(),
      gap: id,
    };
    store.runLog.request(fill);
    return true;
  }

  /** False where no such request waits or is under way. */
  cancel(request: RunRequest['id']): boolean {
    return this.scheduler.cancel(request);
  }

  /** A rule did not run for a while because a person wanted it so. */
  wasOff(ruleId: string, since: number, reason: Extract<Gap['reason'], 'paused' | 'disabled'>): void {
    const { store, now } = this.options;
    if (since < now()) store.runLog.addGap({ ruleId, from: since, to: now(), reason, detected: now() });
    const rule = this.rules.get(ruleId);
    if (rule !== undefined && runsOnSchedule(rule)) store.runLog.setCovered(ruleId, now());
  }

  /** What live rules could not look at since this was last asked. */
  takeGaps(): readonly NewGap[] {
    const { detector, now } = this.options;
    const gaps = [...detector.takeLate()].map(([id, { from, to }]) => this.missed(id, from, to, 'late'));
    for (const { name, dropped } of detector.correlation.plans) {
      const before = this.dropped.get(name) ?? 0;
      if (dropped === before) continue;
      this.dropped.set(name, dropped);
      if (dropped > before) gaps.push(this.missed(name.slice(0, name.lastIndexOf(' ')), now(), now(), 'memory'));
    }
    return gaps.filter((gap) => gap !== undefined);
  }

  status(): SchedulerStatus {
    return this.scheduler.status();
  }

  async stop(): Promise<void> {
    clearInterval(this.clock);
    await this.scheduler.stop();
  }

  private changed(ruleId: string): void {
    const now = this.options.now();
    const gap = this.missed(ruleId, now, now, 'changed');
    if (gap !== undefined) this.options.store.runLog.addGap(gap);
  }

  private tick(): void {
    try {
      this.scheduler.tick();
    } catch (error) {
      this.options.log?.warn({ err: error }, 'looking for runs that are due failed');
    }
  }

  /** What ends up to its reach before or after that time may be missing. */
  private missed(ruleId: string, from: number, to: number, reason: Gap['reason']): NewGap | undefined {
    const rule = this.rules.get(ruleId);
    if (rule === undefined) return undefined;
    const reach = reachOf(rule);
    const begin = reason === 'late' ? from : from - reach;
    return { ruleId, from: begin, to: to + reach + 1, reason, detected: this.options.now() };
  }
}
