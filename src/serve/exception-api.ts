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
import type {
  ExceptionCheck,
  ExceptionDraft,
  ExceptionFinding,
  ExceptionScenario,
} from '../detect/exceptions/draft.ts';
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

export interface ExceptionEffect {
  readonly check: ExceptionCheck;
  /** Stored alerts that would not be there. */
  readonly alerts: { readonly count: number; readonly examined: number; readonly shown: readonly AlertSummary[] };
  /** Stored events for which a rule it belongs to holds, and which it would remove. */
  readonly events: { readonly count: number; readonly examined: number; readonly matched: number };
  /** The reading stopped at its limit; what lies before this time was not looked at. */
  readonly stopped_at?: string;
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

export type { Exception, ExceptionCheck, ExceptionDraft, ExceptionFinding, ExceptionScenario, ValueList };
