/**
 * How the live loop is doing, as the status page shows it. Plain data: it crosses threads and HTTP.
 */
import type { Funnel } from '../detect/alert.ts';

export interface LiveCounters extends Funnel {
  readonly events: number;
  /** Events of no known data stream; every rule reads them. */
  readonly unrouted: number;
  /** Lines that could not be read. */
  readonly rejected: number;
}

export interface SourceStatus {
  readonly name: string;
  /** `audit-log`, `procfs`, `sample`, `file`. */
  readonly kind: string;
  readonly state: 'running' | 'finished' | 'failed' | 'waiting';
  readonly events: number;
  readonly rejected: number;
  readonly last_event?: string;
  /** What a reader should know: misses short-lived processes; no permission; the line to type. */
  readonly note?: string;
}
