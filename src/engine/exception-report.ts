/**
 * What is said of exceptions and value lists to whoever asks: pages, commands, programs. Plain data.
 */
import type { Funnel } from '../detect/alert.ts';
import type { Exception, ValueList } from '../detect/exception.ts';
import type { ExceptionCheck } from '../detect/exceptions/draft.ts';
import type { ExceptionState } from '../detect/exceptions/state.ts';
import type { AlertSummary } from '../store/alert-query.ts';

export interface ExceptionSummary {
  readonly exception: Exception;
  /** `active`, or why it does nothing now. */
  readonly state: ExceptionState;
  /** Matches that it has removed, in all runs that are remembered. */
  readonly removed: number;
  /** Start of the last run in which it removed something. */
  readonly last_removed?: string;
  readonly check: ExceptionCheck;
}

/** One change of an exception: who, when, and how it was from then on (of a removal: until then). */
export interface ExceptionHistoryEntry {
  readonly change: 'created' | 'changed' | 'removed';
  readonly by: string;
  readonly time: string;
  readonly exception: Exception;
}

export interface EventInShort {
  readonly id: string;
  readonly time: string;
  /** What happened, in a sentence. */
  readonly sentence: string;
}

export interface ExceptionEffect {
  readonly check: ExceptionCheck;
  /** Stored alerts that would not be there. */
  readonly alerts: {
    readonly count: number;
    readonly examined: number;
    /** The newest of them. */
    readonly shown: readonly AlertSummary[];
    /** Ids of those that nobody has closed; of very many, the newest 1,000. */
    readonly undecided: readonly string[];
  };
  /** Stored events for which a rule it belongs to holds, and which it would remove. */
  readonly events: {
    readonly count: number;
    readonly examined: number;
    readonly matched: number;
    /** The newest of them. */
    readonly shown: readonly EventInShort[];
  };
  /** The reading stopped at its limit; what lies before this time was not looked at. */
  readonly stopped_at?: string;
}

export interface ImportReport {
  readonly exceptions: readonly { readonly id: string; readonly name: string; readonly check: ExceptionCheck }[];
  readonly lists: readonly ValueList[];
  /** Lines that were not read, and why; with `note`, what is to be known of one that was. */
  readonly problems: readonly { readonly line: number; readonly message: string; readonly note?: true }[];
}

export interface ListChange {
  readonly list: ValueList;
  readonly added: number;
  /** Were there already, or stood twice in what was sent. */
  readonly known: number;
  /** Taken out. */
  readonly removed: number;
  /** Of very many, the first. */
  readonly refused: readonly { readonly line: number; readonly value: string; readonly message: string }[];
  /** How many were refused in all. */
  readonly refused_in_all: number;
}

/** A run of a rule: what became of its matches, and which exception removed how many. */
export interface RuleRun {
  /** Start of the interval that the run was over. */
  readonly start: string;
  readonly funnel: Funnel;
  readonly removed_by: readonly { readonly id: string; readonly name: string; readonly removed: number }[];
}
