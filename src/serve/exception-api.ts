/**
 * Exceptions and value lists over HTTP. Shapes only, as in `api.ts`.
 *
 *   GET    /api/exceptions?rule=ID       ExceptionSummary[]
 *   GET    /api/exceptions/:id           ExceptionSummary
 *   GET    /api/exceptions/:id/history   ExceptionHistoryEntry[]                  oldest first, also of one that was removed
 *   POST   /api/exceptions               ExceptionDraft → ExceptionSummary        422 with ExceptionCheck
 *   PUT    /api/exceptions/:id           ExceptionDraft → ExceptionSummary        422 with ExceptionCheck
 *   DELETE /api/exceptions/:id           { removed: true }
 *   POST   /api/exceptions/check         ExceptionDraft → ExceptionCheck
 *   POST   /api/exceptions/preview       ExceptionDraft → ExceptionEffect         what it would remove; read with a time limit
 *   POST   /api/exceptions/windows       { windows: TimeWindow[] } → WindowForecast[]   when each comes next
 *   GET    /api/fields                   KnownField[]                             those of ECS, and of parsed arguments
 *   GET    /api/exceptions/scenarios     ExceptionScenario[]                      shipped, off until chosen
 *   GET    /api/exceptions/export        Elastic's NDJSON; `form=vedette` for Vedette's own, which leaves nothing out
 *   POST   /api/exceptions/import        { text, rules? } → ImportReport          what has errors is not kept
 *   GET    /api/alerts/:id/exceptions    ExceptionDraft[]                         filled in, narrowest first; each removes the alert
 *   GET    /api/rules/:id/runs?limit     RuleRun[]                                newest first, with what each exception removed
 *   GET    /api/lists                    ValueList[]
 *   POST   /api/lists                    { id, name, type, description? } → ValueList
 *   POST   /api/lists/:id/items          one value a line → ListChange            text/plain from the pages, octet-stream else
 *   DELETE /api/lists/:id/items          one value a line → ListChange            takes them out
 *   GET    /api/lists/:id/items          text/plain
 *   DELETE /api/lists/:id                { removed: true }                        409 where an exception uses it
 *
 * Whatever changes an exception takes `by` in the address: who does it; without it, the user that runs the service.
 */
import type { Exception, ExceptionEntry, TimeWindow, ValueList, ValueListType } from '../detect/exception.ts';
import type {
  ExceptionCheck,
  ExceptionDraft,
  ExceptionFinding,
  ExceptionScenario,
} from '../detect/exceptions/draft.ts';
import type {
  ExceptionEffect,
  ExceptionHistoryEntry,
  ExceptionSummary,
  ImportReport,
  ListChange,
  RuleRun,
} from '../engine/exception-report.ts';

/** A field that an exception can ask for. */
export interface KnownField {
  readonly name: string;
  /** As `FieldTypeName` of ECS. */
  readonly type: string;
  /** What it holds, of a field that no document has. */
  readonly about?: string;
  /** Must not stand alone: to be offered only where `ExceptionCheck.narrowed`. */
  readonly beside?: true;
}

export interface WindowForecast {
  /** Empty for a window with a fault, which the check of the exception tells of. */
  readonly words: string;
  /** Now is within it. */
  readonly open: boolean;
  /** ISO 8601: the next times at which it begins. */
  readonly next: readonly string[];
}

export interface NewList {
  readonly id: string;
  readonly name: string;
  readonly type: ValueListType;
  readonly description?: string;
}

export interface ImportText {
  /** Elastic's NDJSON, or Vedette's own form in YAML or JSON. */
  readonly text: string;
  /** For exceptions whose list no rule refers to. */
  readonly rules?: Exception['rules'];
}

export type {
  Exception,
  ExceptionCheck,
  ExceptionDraft,
  ExceptionEffect,
  ExceptionEntry,
  ExceptionFinding,
  ExceptionHistoryEntry,
  ExceptionScenario,
  ExceptionSummary,
  ImportReport,
  ListChange,
  RuleRun,
  TimeWindow,
  ValueList,
  ValueListType,
};
