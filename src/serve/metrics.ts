/**
 * The figures of the service in Prometheus' text format.
 *
 *   SystemReport at the time of asking ──fill──▶ registry ◀──observe── commits and requests as they come
 *                                                   └──▶ GET /metrics
 *
 * A registry of its own, none of the library's globals, so that several servers can live in one process (tests).
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EndedRuns } from '../engine/live-measures.ts';
import { METRICS, type MetricName, type MetricSpec } from './metric-names.ts';
import type { RuleLoad, SystemReport } from './system-api.ts';

type Metric = Counter | Gauge | Histogram;
type Labels = Readonly<Record<string, string>>;

/** What is counted elsewhere and only read here. */
export interface MetricFacts {
  readonly report: SystemReport;
  /** Every rule that has matched. */
  readonly rules: readonly RuleLoad[];
  readonly runs: readonly EndedRuns[];
  readonly openGaps: number;
  readonly cpuSeconds: number;
  /** Quantile → seconds. */
  readonly servingLag: Readonly<Record<string, number>>;
  readonly livePages: number;
}

export class Metrics {
  private readonly registry = new Registry();
  private readonly metrics: ReadonlyMap<MetricName, Metric>;

  constructor() {
    const names = Object.keys(METRICS) as MetricName[];
    this.metrics = new Map(names.map((name) => [name, this.made(name, METRICS[name])]));
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** @param seconds of each commit */
  commits(seconds: readonly number[]): void {
    for (const each of seconds) this.histogram('vedette_commit_duration_seconds').observe(each);
  }

  /** @param route as it was declared, so that names do not grow with what is asked for */
  request(method: string, route: string, status: number, seconds: number): void {
    this.counter('vedette_http_requests_total').inc({ method, route, status: String(status) });
    this.histogram('vedette_http_request_duration_seconds').observe({ route }, seconds);
  }

  async text(facts: MetricFacts): Promise<string> {
    this.fill(facts);
    return await this.registry.metrics();
  }

  private fill({ report, rules, runs, openGaps, cpuSeconds, servingLag, livePages }: MetricFacts): void {
    const { status, sources, storage, memory, threads, readiness } = report;
    const { funnel, events, alerts } = status;
    this.set('vedette_info', [[{ version: status.version }, 1]]);
    this.set('vedette_start_time_seconds', Date.parse(status.started) / 1_000);
    this.set('vedette_ready', readiness.ready ? 1 : 0);
    this.set(
      'vedette_events_total',
      sources.map(({ name, events: read }) => [{ source: name }, read]),
    );
    this.set(
      'vedette_rejects_total',
      sources.map(({ name, rejected }) => [{ source: name }, rejected]),
    );
    this.set(
      'vedette_source_up',
      sources.map(({ name, state }) => [{ source: name }, state === 'running' ? 1 : 0]),
    );
    this.set(
      'vedette_source_lag_seconds',
      sources.flatMap(({ name, lag_ms }) => (lag_ms === undefined ? [] : [[{ source: name }, lag_ms / 1_000]])),
    );
    this.set(
      'vedette_source_last_event_time_seconds',
      sources.flatMap(({ name, last_event }) =>
        last_event === undefined ? [] : [[{ source: name }, Date.parse(last_event) / 1_000]],
      ),
    );
    this.set('vedette_events_unrouted_total', funnel.unrouted);
    this.set('vedette_events_late_total', funnel.late ?? 0);
    this.set('vedette_dropped_keys_total', funnel.dropped_keys ?? 0);
    this.set('vedette_clock_behind_seconds', (funnel.clock_behind_ms ?? 0) / 1_000);
    this.set(
      'vedette_matches_total',
      OUTCOMES.map((outcome) => [{ outcome }, funnel[outcome]]),
    );
    this.set(
      'vedette_rule_matches_total',
      rules.map(({ id, funnel: of }) => [{ rule: id }, of.matched]),
    );
    this.set(
      'vedette_rule_alerts_total',
      rules.map(({ id, funnel: of }) => [{ rule: id }, of.created]),
    );
    this.set(
      'vedette_runs_total',
      runs.map(({ kind, state, count }) => [{ kind, state }, count]),
    );
    this.set(
      'vedette_run_matches_total',
      OUTCOMES.map((outcome) => [{ outcome }, runs.reduce((sum, { funnel: of }) => sum + of[outcome], 0)]),
    );
    this.set('vedette_gaps', openGaps);
    this.set(
      'vedette_alerts',
      Object.entries(alerts).map(([name, count]) => [{ status: name }, count]),
    );
    this.set(
      'vedette_rules',
      Object.entries(status.rules).map(([state, count]) => [{ state }, count]),
    );
    this.set(
      'vedette_queue_depth',
      report.queues.map(({ name, depth }) => [{ queue: name }, depth]),
    );
    this.set(
      'vedette_queue_limit',
      report.queues.flatMap(({ name, limit }) => (limit === undefined ? [] : [[{ queue: name }, limit]])),
    );
    this.set('vedette_stored_events', events?.events ?? 0);
    this.set('vedette_stored_event_bytes', events?.bytes ?? 0);
    this.set(
      'vedette_stored_event_oldest_time_seconds',
      events?.oldest === undefined ? [] : [[{}, Date.parse(events.oldest) / 1_000]],
    );
    this.set('vedette_stored_events_pruned_total', events?.pruned ?? 0);
    this.set('vedette_stored_events_dropped_total', events?.dropped ?? 0);
    this.set('vedette_state_bytes', storage.state_bytes);
    this.set('vedette_disk_free_bytes', storage.free_bytes === undefined ? [] : [[{}, storage.free_bytes]]);
    this.set('vedette_resident_memory_bytes', memory.resident_bytes);
    this.set('vedette_heap_bytes', [
      [{ thread: 'serving' }, memory.serving_heap_bytes],
      [{ thread: 'working' }, memory.working_heap_bytes],
      [{ thread: 'storing' }, memory.storing_heap_bytes],
    ]);
    this.set(
      'vedette_memory_limit_bytes',
      memory.limits.map(({ of, bytes }) => [{ of }, bytes]),
    );
    this.set('vedette_cpu_seconds_total', cpuSeconds);
    this.set('vedette_working_thread_busy_ratio', threads.working_busy);
    this.set(
      'vedette_serving_thread_lag_seconds',
      Object.entries(servingLag).map(([quantile, seconds]) => [{ quantile }, seconds]),
    );
    this.set('vedette_live_pages', livePages);
  }

  /** What was there before is forgotten: sources and rules come and go. */
  private set(name: MetricName, values: number | readonly (readonly [Labels, number])[]): void {
    const metric = this.metrics.get(name) as Counter | Gauge;
    metric.reset();
    for (const [labels, value] of typeof values === 'number' ? [[{}, values] as const] : values) {
      if (metric instanceof Counter) metric.inc(labels, Math.max(0, value));
      else metric.set(labels, value);
    }
  }

  private counter(name: MetricName): Counter {
    return this.metrics.get(name) as Counter;
  }

  private histogram(name: MetricName): Histogram {
    return this.metrics.get(name) as Histogram;
  }

  private made(name: MetricName, { kind, labels = [], help, buckets }: MetricSpec): Metric {
    const common = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (kind === 'counter') return new Counter(common);
    if (kind === 'gauge') return new Gauge(common);
    return new Histogram({ ...common, ...(buckets === undefined ? {} : { buckets: [...buckets] }) });
  }
}

const OUTCOMES = ['excepted', 'suppressed', 'duplicate', 'capped', 'created'] as const;
