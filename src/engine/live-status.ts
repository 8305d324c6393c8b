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
  /** Events that came too late for sequences and samples; absent before the first status. */
  readonly late?: number;
  /** Join keys that sequences and samples gave up for want of memory. */
  readonly dropped_keys?: number;
  /** How far the machine's clock lies behind what it has shown since the start: it was set back. 0 where it was not. */
  readonly clock_behind_ms?: number;
}

/** The recent events that are kept. */
export interface EventsStatus {
  readonly events: number;
  readonly bytes: number;
  /** Event times, epoch milliseconds; absent where none are stored. */
  readonly oldest?: number;
  readonly newest?: number;
  /** How many went because of age or size since the service started. */
  readonly pruned: number;
  /** Not stored yet, because storing failed; they are offered again. */
  readonly waiting: number;
  /** Never stored: too many waited. */
  readonly dropped: number;
  /** Why storing fails, in words. */
  readonly problem?: string;
  /** Events that were acknowledged and that the log did not hold any more at the start; absent for none. */
  readonly missing?: number;
  /** Where a damaged file was moved to. */
  readonly set_aside?: string;
  /** Segments that could not be read and were moved aside, in all. */
  readonly damaged?: number;
}

export interface SourceStatus {
  readonly name: string;
  /** `audit-log`, `procfs`, `sample`, `file`, `folder`, `stdin`, `http`, `bulk`. */
  readonly kind: string;
  readonly state: 'running' | 'finished' | 'failed' | 'waiting';
  readonly events: number;
  readonly rejected: number;
  readonly last_event?: string;
  /** How much later than its own time the last event came in, in milliseconds; negative where its clock is ahead. */
  readonly lag_ms?: number;
  /** What a reader should know: misses short-lived processes; no permission; the line to type. */
  readonly note?: string;
}
