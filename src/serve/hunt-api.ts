/**
 * A hunt over the stored events, in any of the languages. Shapes only, as in `api.ts`. Times are ISO 8601.
 *
 *   POST /api/hunt     HuntAsk → HuntAnswer; 422 with HuntAnswer where the query has an error
 */
import type { HuntLanguage } from '../engine/hunt-query.ts';
import type { Histogram } from '../store/alert-query.ts';
import type { QueryFinding } from './language-api.ts';
import type { EventDetail } from './triage-api.ts';

export interface HuntAsk {
  readonly language: HuntLanguage;
  /** Of Sigma a rule, or its `detection` and `logsource`. */
  readonly text: string;
  /** Inclusive. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
  /** Events, or groups of events, that are handed over; default 100, at most 500. */
  readonly limit?: number;
}

export interface HuntAnswer {
  /** What is wrong with the query, at offsets of it; with an error among them nothing was read. */
  readonly findings: readonly QueryFinding[];
  /** `groups`: sequences or samples. */
  readonly kind: 'events' | 'groups';
  /** Newest first; oldest first where the query has pipes. */
  readonly events: readonly HuntedEvent[];
  /** The latest first. */
  readonly groups: readonly HuntedGroup[];
  /** What the query computes or chooses of each event: names in `row`. */
  readonly columns: readonly string[];
  /** All that were found in what was read. */
  readonly found: number;
  /** Stored events looked at. */
  readonly read: number;
  /** How long it took, milliseconds. */
  readonly ms: number;
  /**
   * The time was up when the hunt had come to this time: from the newest event back; for groups and behind pipes from the
   * oldest on.
   */
  readonly stopped_at?: string;
  /** Join keys that were given up for want of memory: sequences may be missing. */
  readonly dropped?: number;
  /** How what was found lies in time; absent where nothing is stored of the time asked for. */
  readonly histogram?: Histogram;
}

export interface HuntedEvent extends EventDetail {
  readonly row?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface HuntedGroup {
  readonly key: readonly (string | number | boolean | null)[];
  /** One for each step; null for an event that had to be missing. */
  readonly events: readonly (EventDetail | null)[];
}

export type { HuntLanguage };
