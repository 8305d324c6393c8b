/**
 * What the store keeps of exceptions: the exceptions with who changed them when, value lists, and which exception removed
 * how many matches in which run. Part of the state store: one file, one writer.
 *
 * A value list may hold a million values, so its values are added, read and removed in slices that each take a moment;
 * a list is there with its first slice.
 */
import type { Alert, Funnel } from '../detect/alert.ts';
import type { Exception, ValueList, ValueListType } from '../detect/exception.ts';
import type { AlertSummary } from './alert-query.ts';

export interface ExceptionStore {
  /** In the order of their names. */
  all(): readonly Exception[];
  get(id: string): Exception | undefined;
  /** Keeps them all or none, new or changed; each change goes into its history. */
  save(exceptions: readonly Exception[], change: Signature): void;
  /** False when there is none of this id. Its history and what it removed stay. */
  remove(id: string, change: Signature): boolean;
  /** Oldest first, also of one that was removed. */
  history(id: string): readonly ExceptionChange[];
  /** What each exception has removed in all runs; one that never removed anything is left out. */
  removals(): ReadonlyMap<string, Removals>;
  /** The rule's last runs, newest first. */
  runs(ruleId: string, limit: number): readonly RunRecord[];
  /** Alerts with their documents, for trying an exception on: of one rule or of all, whatever their status, newest first. */
  alerts(rule: string | undefined, limit: number, after?: AlertPosition): readonly TriedAlert[];

  /** In the order of their names. */
  lists(): readonly ValueList[];
  list(id: string): ValueList | undefined;
  /** Makes a list, empty, or renames and describes one that is there; its type then stays as it is. */
  saveList(list: NewValueList, time: string): void;
  /** Adds values, each a whole value of the list's type. Undefined when there is no such list. */
  addValues(id: string, values: readonly string[], time: string): ValuesAdded | undefined;
  /** Takes values out; how many were there. Undefined when there is no such list. */
  removeValues(id: string, values: readonly string[], time: string): number | undefined;
  /** Up to `limit` values in the order of their bytes, those behind `after`. */
  values(id: string, limit: number, after?: string): readonly string[];
  /** False when there is no such list. It is gone at once; `sweep` frees the room of its values. */
  removeList(id: string): boolean;
  /** Frees a part of what removed lists held, a few milliseconds' worth; true while there is more. */
  sweep(): boolean;
}

/** Who changed something, and when (ISO 8601). */
export interface Signature {
  readonly by: string;
  readonly time: string;
}

export interface ExceptionChange extends Signature {
  readonly change: 'created' | 'changed' | 'removed';
  /** As it was from then on; of a removal, as it was until then. */
  readonly exception: Exception;
}

export interface Removals {
  readonly removed: number;
  /** Start of the last run in which it removed something, epoch milliseconds. */
  readonly lastSlot: number;
}

export interface RunRecord {
  /** Start of the run's slot, epoch milliseconds. */
  readonly slot: number;
  readonly funnel: Funnel;
  /** Exception id → matches that it removed; only those that removed any. */
  readonly byException: ReadonlyMap<string, number>;
}

/** Where an alert stands in the order of event times. */
export interface AlertPosition {
  /** Epoch milliseconds. */
  readonly timeMs: number;
  readonly seq: number;
}

export interface TriedAlert {
  readonly alert: Alert;
  readonly summary: AlertSummary;
  readonly position: AlertPosition;
}

export interface NewValueList {
  readonly id: string;
  readonly name: string;
  readonly type: ValueListType;
  readonly description?: string;
}

export interface ValuesAdded {
  readonly added: number;
  /** Were there already, or stood twice among those given. */
  readonly known: number;
}
