/**
 * Exceptions and value lists over HTTP. Shapes only, as in `api.ts`.
 *
 *   GET    /api/exceptions?rule=ID       ExceptionSummary[]
 *   GET    /api/exceptions/:id           ExceptionSummary
 *   POST   /api/exceptions               ExceptionDraft → ExceptionSummary        422 with ExceptionCheck
 *   PUT    /api/exceptions/:id           ExceptionDraft → ExceptionSummary        422 with ExceptionCheck
 *   DELETE /api/exceptions/:id           { removed: true }
 *   POST   /api/exceptions/check         ExceptionDraft → ExceptionCheck
 *   POST   /api/exceptions/preview       ExceptionDraft → ExceptionEffect         what it would remove; read with a time limit
 *   GET    /api/exceptions/scenarios     ExceptionScenario[]                      shipped, off until chosen
 *   GET    /api/exceptions/export        Elastic's NDJSON (items and lists)
 *   POST   /api/exceptions/import        { text } → ImportReport
 *   GET    /api/lists                    ValueList[]
 *   POST   /api/lists                    { id, name, type, description? } → ValueList
 *   POST   /api/lists/:id/items          text/plain, one value a line → ListChange
 *   GET    /api/lists/:id/items          text/plain
 *   DELETE /api/lists/:id                { removed: true }                        409 where an exception uses it
 */
import type { Exception, ValueList } from '../detect/exception.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { AlertSummary } from '../store/alert-query.ts';

/** An exception as it is written; the service adds id, times and author where they are left out. */
export type ExceptionDraft = Pick<Exception, 'name' | 'rules' | 'condition' | 'reason'> &
  Partial<Omit<Exception, 'created' | 'updated'>>;

export interface ExceptionSummary {
  readonly exception: Exception;
  /** `active`, or why it does nothing now. */
  readonly state: 'active' | 'off' | 'expired' | 'outside its time window';
  /** Matches that it has removed, in all runs that are remembered. */
  readonly removed: number;
  /** Start of the last run in which it removed something. */
  readonly last_removed?: string;
  readonly check: ExceptionCheck;
}

export interface ExceptionCheck {
  /** With an error among them it is not kept. */
  readonly findings: readonly ExceptionFinding[];
  /** What it says, in a sentence. */
  readonly sentence: string;
}

export interface ExceptionFinding extends Diagnostic {
  /** The part that it is about: `name`, `condition.entries.2.value`, `expires`. */
  readonly at: string;
}

export interface ExceptionEffect {
  readonly check: ExceptionCheck;
  /** Stored alerts that would not be there. */
  readonly alerts: { readonly count: number; readonly examined: number; readonly shown: readonly AlertSummary[] };
  /** Stored events for which a rule it belongs to holds, and which it would remove. */
  readonly events: { readonly count: number; readonly examined: number; readonly matched: number };
  /** The reading stopped at its limit; what lies before this time was not looked at. */
  readonly stopped_at?: string;
}

export interface ExceptionScenario {
  readonly id: string;
  readonly title: string;
  /** Who does it, and how to tell it from an attack. */
  readonly description: string;
  /** A draft to choose or to fill in; `<…>` marks what has to be filled in. */
  readonly draft: ExceptionDraft;
  /** What has to be filled in before it can be turned on. */
  readonly needs: readonly { readonly at: string; readonly what: string }[];
}

export interface ImportReport {
  readonly exceptions: readonly { readonly id: string; readonly name: string; readonly check: ExceptionCheck }[];
  readonly lists: readonly ValueList[];
  /** Lines that were not read, and why. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

export interface ListChange {
  readonly list: ValueList;
  readonly added: number;
  readonly known: number;
  readonly refused: readonly { readonly line: number; readonly value: string; readonly message: string }[];
}

export type { Exception, ValueList };
