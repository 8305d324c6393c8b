/**
 * Exceptions made ready: which of them, if any, removes a match.
 */
import type { Event } from '../../event/event.ts';
import type { Exception } from '../exception.ts';
import type { ExceptionFinding } from './draft.ts';
import type { CompiledList } from './value-list.ts';

export interface ExceptionSet {
  /** How many are applied: those that are on and have no error. */
  readonly size: number;
  /** Exceptions that are on and not applied, with the errors that keep them from it. */
  readonly refused: readonly { readonly exception: Exception; readonly findings: readonly ExceptionFinding[] }[];
  /** The first exception, by time of creation, that holds for a match; the events in the order of the match. */
  exceptedBy(ruleId: string, events: readonly Event[]): Exception | undefined;
  /** Every exception that holds for it. */
  allExceptedBy(ruleId: string, events: readonly Event[]): readonly Exception[];
}

export interface CompileContext {
  /** Value lists by id, compiled. */
  readonly lists: ReadonlyMap<string, CompiledList>;
}

export const NO_EXCEPTIONS: ExceptionSet = {
  size: 0,
  refused: [],
  exceptedBy: () => undefined,
  allExceptedBy: () => [],
};

/** Never throws for what an exception holds. */
export async function compileExceptions(
  _exceptions: readonly Exception[],
  _context: CompileContext,
): Promise<ExceptionSet> {
  return NO_EXCEPTIONS;
}
