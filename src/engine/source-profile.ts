/**
 * What a live source brings, as the page of sources shows it. Plain data: it crosses threads and HTTP.
 */
import type { JsonObject } from '../event/json.ts';
import type { Counts } from './bounded-count.ts';
import type { EventCounts } from './event-tally.ts';
import type { FieldReport } from './field-report.ts';
import type { SourceStatus } from './live-status.ts';
import type { RejectSummary } from './scan-summary.ts';

export interface SourceSummary extends SourceStatus {
  readonly formats: Counts;
  /** Different hosts, as far as counted each. */
  readonly hosts: number;
  readonly rate: SourceRate;
}

/** Events by when they came in, whatever their own time is. */
export interface SourceRate {
  readonly last_minute: number;
  readonly last_quarter_hour: number;
}

/** Counted since the service started. */
export interface SourceProfile extends SourceSummary {
  readonly counts: EventCounts;
  readonly rejects: RejectSummary;
  /** Of a sample of so many events: all where few come, ten a second in a rush. */
  readonly fields: FieldReport & { readonly sampled: number };
  /** The last ones, newest first. */
  readonly recent: readonly RecentEvent[];
}

export interface RecentEvent {
  /** Unique in the source since the service started, rising. */
  readonly number: number;
  readonly time: string;
  readonly format: string;
  readonly kind: string;
  /** UTF-8 with replacement characters. */
  readonly raw: string;
  /** Only the beginning of `raw` is there, and no document. */
  readonly is_cut: boolean;
  /** In ECS. */
  readonly document?: JsonObject;
}
