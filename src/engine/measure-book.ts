/**
 * What the working thread has said of its load, added up: totals for Prometheus, rates and the busiest rules for people.
 *
 *   status and LiveMeasures, every second ──add──▶ totals, a minute's history ──▶ readers
 *
 * Bounded: a minute of seconds, a total for each rule that has matched, the last commits.
 */
import type { Funnel } from '../detect/alert.ts';
import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import type { EndedRuns, LiveMeasures, QueueDepth, RuleFunnel } from './live-measures.ts';
import type { LiveCounters, SourceStatus } from './live-status.ts';

/** How far back rates look. */
const HISTORY_SECONDS = 60;
/** Rates as of now are those of so many seconds, so that they are neither stale nor nervous. */
const NOW_SECONDS = 5;
const MOST_COMMITS = 2_000;

interface Moment {
  /** Milliseconds of a clock that only goes forward. */
  readonly at: number;
  readonly events: number;
  readonly bySource: ReadonlyMap<string, number>;
}

export interface CommitSummary {
  readonly count: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

export class MeasureBook {
  private readonly moments: Moment[] = [];
  private readonly rules = new Map<string, Funnel>();
  private readonly runs = new Map<string, EndedRuns>();
  private recentCommits: number[] = [];
  private last: LiveMeasures | undefined;
  private lastAt = Number.NEGATIVE_INFINITY;

  /** @param at milliseconds of a clock that only goes forward */
  add(counters: LiveCounters, sources: readonly SourceStatus[], measures: LiveMeasures, at: number): void {
    this.last = measures;
    this.lastAt = at;
    this.moments.push({
      at,
      events: counters.events,
      bySource: new Map(sources.map(({ name, events }) => [name, events])),
    });
    while (this.moments.length > 2 && at - (this.moments[1] as Moment).at >= HISTORY_SECONDS * 1_000)
      this.moments.shift();
    for (const { id, funnel } of measures.rules) {
      this.rules.set(id, addFunnels(this.rules.get(id) ?? EMPTY_FUNNEL, funnel));
    }
    for (const { kind, state, count, funnel } of measures.runs) {
      const before = this.runs.get(`${kind} ${state}`) ?? { count: 0, funnel: EMPTY_FUNNEL };
      const sum = { kind, state, count: before.count + count, funnel: addFunnels(before.funnel, funnel) };
      this.runs.set(`${kind} ${state}`, sum);
    }
    this.recentCommits = [...this.recentCommits, ...measures.commits].slice(-MOST_COMMITS);
  }

  /** Milliseconds since the working thread was heard of; `Infinity` before the first time. */
  silence(at: number): number {
    return at - this.lastAt;
  }

  /** Of each rule that has matched since the start, the most matches first. */
  rulesByMatches(): readonly RuleFunnel[] {
    const rules = [...this.rules].map(([id, funnel]) => ({ id, funnel }));
    return rules.sort((a, b) => b.funnel.matched - a.funnel.matched || (a.id < b.id ? -1 : 1));
  }

  /** Runs over stored events that have ended since the start. */
  endedRuns(): readonly EndedRuns[] {
    return [...this.runs.values()];
  }

  get openGaps(): number {
    return this.last?.openGaps ?? 0;
  }

  /** Events a second: as of now, and over the last minute. */
  rate(source?: string): { readonly now: number; readonly minute: number } {
    const last = this.moments.at(-1);
    const recent = this.moments.findLast(({ at }) => last !== undefined && last.at - at >= NOW_SECONDS * 1_000);
    return { now: between(recent ?? this.moments[0], last, source), minute: between(this.moments[0], last, source) };
  }

  /** Events a second, for each of the last seconds, oldest first. */
  history(): readonly number[] {
    return this.moments.slice(1).map((moment, index) => Math.round(between(this.moments[index], moment)));
  }

  /** Of the last commits. */
  get commits(): CommitSummary {
    const sorted = this.recentCommits.toSorted((a, b) => a - b);
    const quantile = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 1_000;
    return { count: sorted.length, p50_ms: quantile(0.5), p99_ms: quantile(0.99) };
  }

  get queues(): readonly QueueDepth[] {
    return this.last?.queues ?? [];
  }

  get busy(): number {
    return this.last?.busy ?? 0;
  }

  get heapBytes(): number {
    return this.last?.heapBytes ?? 0;
  }

  get storingHeapBytes(): number {
    return this.last?.storingHeapBytes ?? 0;
  }
}

function between(from: Moment | undefined, to: Moment | undefined, source?: string): number {
  if (from === undefined || to === undefined || to.at <= from.at) return 0;
  const countIn = ({ events, bySource }: Moment) => (source === undefined ? events : (bySource.get(source) ?? 0));
  return Math.max(0, countIn(to) - countIn(from)) / ((to.at - from.at) / 1_000);
}
