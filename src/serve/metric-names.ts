/**
 * Every metric, once: its name, its kind, its labels and what it tells. `metrics.ts` fills them, docs/operate.md lists
 * them. Units are seconds and bytes; a counter’s name ends in `_total`.
 */
export interface MetricSpec {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels?: readonly string[];
  readonly help: string;
  /** Of a histogram: the upper bounds, in seconds. */
  readonly buckets?: readonly number[];
}

export const METRICS = {
  vedette_info: { kind: 'gauge', labels: ['version'], help: 'Always 1; the version is its label.' },
  vedette_start_time_seconds: { kind: 'gauge', help: 'When the service started, seconds since 1970.' },
  vedette_ready: { kind: 'gauge', help: '1 where GET /ready answers 200, else 0.' },
  vedette_events_total: { kind: 'counter', labels: ['source'], help: 'Events read.' },
  vedette_rejects_total: { kind: 'counter', labels: ['source'], help: 'Lines that could not be read.' },
  vedette_source_up: {
    kind: 'gauge',
    labels: ['source'],
    help: '1 while the source is read, 0 where it failed or ended.',
  },
  vedette_source_lag_seconds: {
    kind: 'gauge',
    labels: ['source'],
    help: 'How much later than its own time the last event came.',
  },
  vedette_source_last_event_time_seconds: {
    kind: 'gauge',
    labels: ['source'],
    help: 'The last event’s own time, seconds since 1970.',
  },
  vedette_events_unrouted_total: { kind: 'counter', help: 'Events of no known data stream; every rule reads them.' },
  vedette_events_late_total: { kind: 'counter', help: 'Events too late to be put in order for sequences.' },
  vedette_dropped_keys_total: { kind: 'counter', help: 'Join keys that sequences gave up for want of memory.' },
  vedette_clock_behind_seconds: { kind: 'gauge', help: 'How far the clock was set back, until it has caught up.' },
  vedette_matches_total: {
    kind: 'counter',
    labels: ['outcome'],
    help: 'The funnel of what is decided live: matches by what became of them (excepted, suppressed, duplicate, capped, created).',
  },
  vedette_rule_matches_total: { kind: 'counter', labels: ['rule'], help: 'Matches of a rule, by its id.' },
  vedette_rule_alerts_total: { kind: 'counter', labels: ['rule'], help: 'Alerts that a rule created, by its id.' },
  vedette_runs_total: {
    kind: 'counter',
    labels: ['kind', 'state'],
    help: 'Runs of a rule over stored events that ended, by why they were and how they ended (succeeded, partial, failed, stopped).',
  },
  vedette_run_matches_total: {
    kind: 'counter',
    labels: ['outcome'],
    help: 'The funnel of those runs, without what was known before.',
  },
  vedette_gaps: {
    kind: 'gauge',
    help: 'Ranges of time that a rule has not looked at and that are not filled; 200 at most.',
  },
  vedette_alerts: { kind: 'gauge', labels: ['status'], help: 'Alerts that are kept, by status.' },
  vedette_rules: { kind: 'gauge', labels: ['state'], help: 'Rules: enabled, or failed to load.' },
  vedette_commit_duration_seconds: {
    kind: 'histogram',
    help: 'How long it took to make a batch durable, its events included.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  vedette_queue_depth: {
    kind: 'gauge',
    labels: ['queue'],
    help: 'What waits: to be put in order, decided, stored, taken in (requests and their bytes), or run.',
  },
  vedette_queue_limit: { kind: 'gauge', labels: ['queue'], help: 'Where such a queue is full, where it has a limit.' },
  vedette_stored_events: { kind: 'gauge', help: 'Events in the event store.' },
  vedette_stored_event_bytes: { kind: 'gauge', help: 'What they take on the disk.' },
  vedette_stored_event_oldest_time_seconds: { kind: 'gauge', help: 'The oldest one’s time, seconds since 1970.' },
  vedette_stored_events_pruned_total: { kind: 'counter', help: 'Events that went because of age or size.' },
  vedette_stored_events_dropped_total: { kind: 'counter', help: 'Events that were never stored: too many waited.' },
  vedette_state_bytes: { kind: 'gauge', help: 'What alerts and state take on the disk.' },
  vedette_disk_free_bytes: { kind: 'gauge', help: 'Space left where the data folder lies.' },
  vedette_resident_memory_bytes: { kind: 'gauge', help: 'Memory of the whole process.' },
  vedette_memory_limit_bytes: {
    kind: 'gauge',
    labels: ['of'],
    help: 'What work beside taking events may take of memory, by what it is for (hunts, runs, previews, lookups, effects, segments).',
  },
  vedette_heap_bytes: {
    kind: 'gauge',
    labels: ['thread'],
    help: 'Memory of a thread’s objects (serving, working, storing).',
  },
  vedette_cpu_seconds_total: { kind: 'counter', help: 'Processor time of the whole process.' },
  vedette_working_thread_busy_ratio: {
    kind: 'gauge',
    help: 'Share of the last second in which the working thread was busy.',
  },
  vedette_serving_thread_lag_seconds: {
    kind: 'gauge',
    labels: ['quantile'],
    help: 'How long the serving thread kept work waiting over the last minute, by quantile (0.5, 0.99, 1).',
  },
  vedette_live_pages: { kind: 'gauge', help: 'Open pages that follow the live updates.' },
  vedette_http_requests_total: { kind: 'counter', labels: ['method', 'route', 'status'], help: 'Requests answered.' },
  vedette_http_request_duration_seconds: {
    kind: 'histogram',
    labels: ['route'],
    help: 'How long answering took.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricName = keyof typeof METRICS;
