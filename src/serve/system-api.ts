/**
 * The shape of `GET /api/system`: what whoever runs the service wants to see at a glance. Rates are of the last seconds,
 * everything else counts since the service started. Types only, so that the pages may import it.
 */
import type { Funnel } from '../detect/alert.ts';
import type { QueueDepth } from '../engine/live-measures.ts';
import type { SourceStatus } from '../engine/live-status.ts';
import type { CommitSummary } from '../engine/measure-book.ts';
import type { Status } from './api.ts';

export interface SystemReport {
  readonly status: Status;
  /** When it was made, ISO 8601. */
  readonly time: string;
  readonly readiness: Readiness;
  readonly rate: EventRate;
  /** Events a second of each of the last seconds, oldest first; at most 60. */
  readonly history: readonly number[];
  readonly sources: readonly SourceLoad[];
  /** Rules that have matched, the most matches first; at most 50. */
  readonly rules: readonly RuleLoad[];
  readonly queues: readonly QueueDepth[];
  /** Of the last commits. */
  readonly commits: CommitSummary;
  readonly storage: StorageUse;
  readonly memory: MemoryUse;
  readonly threads: ThreadLoad;
}

/** Whether the service does its work, as `GET /ready` says it. */
export interface Readiness {
  readonly ready: boolean;
  /** Why not, in words. */
  readonly reasons: readonly string[];
  /** What is wrong beside that and keeps nothing else from working. */
  readonly notes: readonly string[];
}

/** Events a second. */
export interface EventRate {
  readonly now: number;
  readonly minute: number;
}

export interface SourceLoad extends SourceStatus {
  readonly rate: EventRate;
}

export interface RuleLoad {
  readonly id: string;
  /** The id where the rule is gone. */
  readonly name: string;
  readonly funnel: Funnel;
}

export interface StorageUse {
  /** Of state and what SQLite has beside it. */
  readonly state_bytes: number;
  /** Of all that is stored of events. */
  readonly event_bytes: number;
  /** Left on the disk. */
  readonly free_bytes?: number;
}

export interface MemoryUse {
  /** Of the whole process. */
  readonly resident_bytes: number;
  /** Of the objects of each thread. */
  readonly serving_heap_bytes: number;
  readonly working_heap_bytes: number;
  readonly storing_heap_bytes: number;
  /** What work beside taking events may take at most, by what it is for. */
  readonly limits: readonly { readonly of: string; readonly bytes: number }[];
}

export interface ThreadLoad {
  /** Share of the last second in which the working thread was busy, 0 to 1. */
  readonly working_busy: number;
  /** How long the serving thread kept a request waiting: of the last minute, 99 in 100 were quicker. */
  readonly serving_lag_p99_ms: number;
}
