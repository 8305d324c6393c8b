/**
 * Runs and gaps: what was looked at, when, and what came of it; and what was not.
 *
 * A rule over one event, or over several in order, runs live: its record is the funnel of each slot of its interval
 * (`run-grid.ts`). What is run over stored events has a record of its own: a rule's window on its interval, windows caught
 * up with after a downtime, what came too late to be decided live, a range that a person asked for, a gap that is filled.
 */
import type { Funnel } from './alert.ts';

export const RUN_KINDS = ['scheduled', 'catch-up', 'late', 'manual', 'fill'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** `partial`: it came to its end, and something is missing all the same; the warnings say what. */
export const RUN_STATES = ['running', 'succeeded', 'partial', 'failed', 'stopped'] as const;
export type RunState = (typeof RUN_STATES)[number];

export interface RunRecord {
  readonly id: number;
  readonly ruleId: string;
  readonly kind: RunKind;
  /** Event times, epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Epoch milliseconds. */
  readonly started: number;
  readonly ended?: number;
  readonly state: RunState;
  readonly funnel: Funnel;
  /** Stored events that were read, those before and after the range for warming up among them. */
  readonly events: number;
  /** Why it failed or was stopped. */
  readonly message?: string;
  readonly warnings: readonly RunWarning[];
  /** The request that it is part of. */
  readonly request?: number;
}

export interface RunWarning {
  readonly code: RunWarningCode;
  readonly message: string;
}

/** Each is told with its remedy in docs/runs.md, under its name. */
export const RUN_WARNINGS = [
  'run-capped',
  'run-past-retention',
  'run-memory',
  'run-undecided',
  'run-query',
  'run-rows',
] as const;
export type RunWarningCode = (typeof RUN_WARNINGS)[number];

/**
 * Why a range of time was not looked at by a rule, or not wholly:
 * `down` the service did not run for longer than is caught up with; `failed` the run failed again and again; `paused` and
 * `disabled` a person wanted it so; `late` events came too late to be put in order; `memory` what a sequence remembered
 * had to be given up; `changed` the rule's meaning changed, and what it remembered went with it.
 */
export const GAP_REASONS = ['down', 'failed', 'paused', 'disabled', 'late', 'memory', 'changed'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** `gone`: the events of that time are no longer stored. */
export const GAP_STATES = ['open', 'filled', 'gone'] as const;
export type GapState = (typeof GAP_STATES)[number];

export interface Gap {
  readonly id: number;
  readonly ruleId: string;
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
  readonly detected: number;
  readonly state: GapState;
  /** How often filling it was tried. */
  readonly tries: number;
  /** The run that filled it. */
  readonly run?: number;
}

/** A run that somebody asked for and that waits for its turn. */
export interface RunRequest {
  readonly id: number;
  /** Ids of rules; absent for all that run. */
  readonly rules?: readonly string[];
  readonly kind: Extract<RunKind, 'manual' | 'late' | 'fill'>;
  readonly from: number;
  readonly to: number;
  /** Creates also what the rule's cap cut off. */
  readonly uncapped: boolean;
  /** In words: who or what asked, and why. */
  readonly reason: string;
  readonly requested: number;
  /** The gap that it fills. */
  readonly gap?: number;
}
