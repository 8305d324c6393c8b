/**
 * What the serving thread and the thread that ingests, matches and writes say to each other.
 */

import type { AlertNote, StepDone } from '../detect/triage.ts';
import type { OverlayChanges } from '../rule/overlay.ts';
import type { EventLimits } from '../store/event-limits.ts';
import type { AlertStatusChange } from '../store/state-store.ts';
import type { Delivered, Delivery } from './delivery.ts';
import type { ExceptionStoreChange } from './exception-change.ts';
import type { LiveMeasures } from './live-measures.ts';
import type { EventsStatus, LiveCounters, SourceStatus } from './live-status.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { RunAsked } from './runs/live-runs.ts';
import type { SchedulerStatus } from './runs/run-scheduler.ts';
import type { LogSettings } from './service-log.ts';
import type { SourceProfile, SourceSummary } from './source-profile.ts';

export interface LiveSettings {
  readonly dataFolder: string;
  /** Rule files and folders; absent for the bundled rules. */
  readonly rules?: readonly string[];
  /** How often git repositories of rules are asked for what is new, in milliseconds. */
  readonly rulesEveryMs?: number;
  /** Processing pipelines for Sigma rules, beside those in `pipelines/` of the data folder. */
  readonly pipelines?: readonly string[];
  /** Files of values of placeholders in Sigma rules, beside `placeholders.yml` of the data folder. */
  readonly placeholders?: readonly string[];
  /** Play the sample capture. */
  readonly sample: boolean;
  /** Watch this machine's process starts. */
  readonly watch: boolean;
  /** Log files to follow from their beginning. */
  readonly follow?: readonly string[];
  /** Lines a second that each source may send over HTTP; absent for any number. */
  readonly ingestRate?: number;
  /** This machine's audit log, where it is not in the usual place. */
  readonly auditLog?: string;
  /** The longest pause within an incident, at most 24 hours; remembered. */
  readonly incidentGapMs?: number;
  /** Whether matches are counted on an alert also after it was closed. Default false. */
  readonly suppressionOutlivesClosing?: boolean;
  /** How long and how many events are kept; absent for seven days and 1 GiB. */
  readonly eventLimits?: EventLimits;
  /** Whether Linux executions also count as an endpoint agent's. Default true. */
  readonly standsInForEndpoint?: boolean;
  /** How much later than its time an event may come, for sequences; absent for 10 s. */
  readonly latenessMs?: number;
  /** What everything beside taking events may take; absent for the default. */
  readonly memory?: MemoryBudget;
  readonly log?: LogSettings;
}

/** A request that is answered, under the number it came with. */
export type LiveCall =
  | { readonly kind: 'set-status'; readonly call: number; readonly alert: string; readonly change: AlertStatusChange }
  | {
      readonly kind: 'add-note';
      readonly call: number;
      readonly alert: string;
      readonly note: Omit<AlertNote, 'id'>;
    }
  | {
      readonly kind: 'set-step';
      readonly call: number;
      readonly alert: string;
      readonly step: string;
      /** Absent to take it back. */
      readonly done?: Omit<StepDone, 'step'>;
    }
  | { readonly kind: 'remove-sample'; readonly call: number }
  /** A text that was checked, with the ids of its rules, and who adds it. */
  | {
      readonly kind: 'add-rule';
      readonly call: number;
      readonly ids: readonly string[];
      readonly text: string;
      readonly by?: string;
    }
  | { readonly kind: 'remove-rule'; readonly call: number; readonly id: string }
  /** Changes values of a rule here, apart from its text. */
  | {
      readonly kind: 'overlay-rule';
      readonly call: number;
      readonly id: string;
      readonly changes: OverlayChanges;
      readonly by?: string;
    }
  /** Fetches repositories of rules, and reads all files of rules again. */
  | { readonly kind: 'reload-rules'; readonly call: number }
  | { readonly kind: 'change-exceptions'; readonly call: number; readonly change: ExceptionStoreChange }
  | { readonly kind: 'deliver'; readonly call: number; readonly delivery: Delivery }
  /** Rules over stored events of a time; kept before it is answered, run when it is its turn. */
  | { readonly kind: 'request-run'; readonly call: number; readonly asked: RunAsked }
  | { readonly kind: 'cancel-run'; readonly call: number; readonly request: number }
  | { readonly kind: 'fill-gap'; readonly call: number; readonly gap: number; readonly reason: string }
  | { readonly kind: 'pause-rule'; readonly call: number; readonly id: string; readonly paused: boolean }
  | { readonly kind: 'source-summaries'; readonly call: number }
  | { readonly kind: 'source-profile'; readonly call: number; readonly name: string };

/** What each request is answered with. */
export interface LiveAnswers {
  /** False when there is no such alert. */
  readonly 'set-status': boolean;
  /** False when there is no such alert. */
  readonly 'add-note': boolean;
  /** False when there is no such alert. */
  readonly 'set-step': boolean;
  /** How many alerts went. */
  readonly 'remove-sample': number;
  readonly 'add-rule': true;
  /** False where no rule of this id was added. */
  readonly 'remove-rule': boolean;
  /** Why nothing was changed, where that is so. */
  readonly 'overlay-rule': { readonly problem?: string };
  readonly 'reload-rules': true;
  /** How many exceptions, lists or values; see `carryOut` in exception-change.ts. */
  readonly 'change-exceptions': number;
  readonly deliver: Delivered;
  /** The request's number. */
  readonly 'request-run': number;
  /** False where no such request waits or is under way. */
  readonly 'cancel-run': boolean;
  /** False where there is no such gap that is open. */
  readonly 'fill-gap': boolean;
  readonly 'pause-rule': true;
  readonly 'source-summaries': readonly SourceSummary[];
  readonly 'source-profile': SourceProfile | undefined;
}

export type LiveAnswer = LiveAnswers[LiveCall['kind']];

export type LiveRequest = LiveCall | { readonly kind: 'stop' };

export type LiveMessage =
  /** The store is open and migrated: the serving thread may open its own reader. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly call: number; readonly value: LiveAnswer }
  | { readonly kind: 'refused'; readonly call: number; readonly message: string; readonly hint?: string }
  | { readonly kind: 'created'; readonly ids: readonly string[] }
  /** Files of rules have changed, and what runs follows them. */
  | { readonly kind: 'rules' }
  | {
      readonly kind: 'status';
      readonly sources: readonly SourceStatus[];
      readonly counters: LiveCounters;
      readonly events: EventsStatus;
      readonly runs: SchedulerStatus;
      readonly measures: LiveMeasures;
    }
  /** The thread cannot go on; it ends after this. */
  | { readonly kind: 'failed'; readonly code?: string; readonly message: string; readonly hint?: string };
