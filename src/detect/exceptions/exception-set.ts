/**
 * Exceptions made ready: which of them, if any, removes a match.
 *
 *   exceptions ──check──▶ those without an error ──compile──▶ in order of creation
 *   match ──the rule's and all rules' exceptions──▶ not expired, within a window ──▶ condition ──▶ the first that holds
 *
 * **Event time decides** about expiry and time windows, not the clock: an exception says that something is harmless when
 * it happens then. So a scan of last month's logs, a backtest and a late event give what live gave, and running again
 * changes nothing.
 *
 * An exception with an error is not applied and told of (`refused`), so that nothing is removed by what the engine
 * understood otherwise than its author. Removing is by the condition alone: order decides only under which of several
 * exceptions a match is counted.
 */
import type { Event } from '../../event/event.ts';
import { parseTime } from '../../event/time.ts';
import { type Clauses, compilePredicate, createClauses } from '../../match/compile.ts';
import type { Exception } from '../exception.ts';
import { checkException } from './check.ts';
import { compileEntry, type Holds } from './compile-entry.ts';
import type { ExceptionFinding } from './draft.ts';
import { withParsedFields } from './parsed-fields.ts';
import { compileWindow } from './time-window.ts';
import type { CompiledList } from './value-list.ts';

/** The events of a match, one for each step of the rule; `undefined` for an event that had to be missing. */
export type MatchedEvents = readonly (Event | undefined)[];

export interface ExceptionSet {
  /** How many are applied: those that are on and have no error. */
  readonly size: number;
  /** Exceptions that are on and not applied, with the errors that keep them from it. */
  readonly refused: readonly { readonly exception: Exception; readonly findings: readonly ExceptionFinding[] }[];
  /** The first exception, by time of creation and then by id, that holds for a match. */
  exceptedBy(ruleId: string, events: MatchedEvents): Exception | undefined;
  /** Every exception that holds for it. */
  allExceptedBy(ruleId: string, events: MatchedEvents): readonly Exception[];
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

interface Ready {
  readonly exception: Exception;
  readonly holds: (views: MatchedEvents) => boolean;
}

/** Never throws for what an exception holds. Asynchronous, because Kusto is compiled in another thread. */
export async function compileExceptions(
  exceptions: readonly Exception[],
  { lists }: CompileContext,
): Promise<ExceptionSet> {
  const clauses = createClauses();
  const ready: Ready[] = [];
  const refused: { exception: Exception; findings: readonly ExceptionFinding[] }[] = [];
  const inOrder = exceptions.filter(({ enabled }) => enabled).sort(byCreation);
  for (const exception of inOrder) {
    const { findings } = await checkException(exception, { lists, now: 0 });
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) refused.push({ exception, findings: errors });
    else ready.push({ exception, holds: await compileOne(exception, lists, clauses) });
  }
  return new CompiledSet(ready, refused);
}

class CompiledSet implements ExceptionSet {
  readonly size: number;
  readonly refused: ExceptionSet['refused'];
  private readonly ready: readonly Ready[];
  /** Made when a match of the rule comes first. */
  private readonly byRule = new Map<string, readonly Ready[]>();

  constructor(ready: readonly Ready[], refused: ExceptionSet['refused']) {
    this.size = ready.length;
    this.refused = refused;
    this.ready = ready;
  }

  exceptedBy(ruleId: string, events: MatchedEvents): Exception | undefined {
    const { views, exceptions } = this.prepare(ruleId, events);
    return exceptions.find(({ holds }) => holds(views))?.exception;
  }

  allExceptedBy(ruleId: string, events: MatchedEvents): readonly Exception[] {
    const { views, exceptions } = this.prepare(ruleId, events);
    return exceptions.filter(({ holds }) => holds(views)).map(({ exception }) => exception);
  }

  private prepare(ruleId: string, events: MatchedEvents) {
    let exceptions = this.byRule.get(ruleId);
    if (exceptions === undefined) {
      exceptions = this.ready.filter(
        ({ exception: { rules } }) => rules === 'all' || (rules as readonly string[]).includes(ruleId),
      );
      if (this.byRule.size >= RULES_KEPT) this.byRule.clear();
      this.byRule.set(ruleId, exceptions);
    }
    if (exceptions.length === 0) return { views: [], exceptions };
    return { views: events.map((event) => event && withParsedFields(event)), exceptions };
  }
}

const RULES_KEPT = 10_000;

async function compileOne(
  exception: Exception,
  lists: ReadonlyMap<string, CompiledList>,
  clauses: Clauses,
): Promise<Ready['holds']> {
  const { step } = exception;
  const end = exception.expires === undefined ? undefined : parseTime(exception.expires)?.ms;
  const windows = exception.windows?.map(compileWindow);
  const condition = await compileCondition(exception, lists, clauses);
  const holds: Holds = (event) => {
    const { ms } = event.time;
    if (end !== undefined && ms >= end) return false;
    if (windows !== undefined && !windows.some((within) => within(ms))) return false;
    return condition(event);
  };
  if (step === undefined) return (views) => views.some((view) => view !== undefined && once(view, clauses, holds));
  return (views) => {
    const view = views[step - 1];
    return view !== undefined && once(view, clauses, holds);
  };
}

/** Shared clauses remember their answer for one event. */
function once(event: Event, clauses: Clauses, holds: Holds): boolean {
  clauses.next();
  return holds(event);
}

async function compileCondition(
  { condition }: Exception,
  lists: ReadonlyMap<string, CompiledList>,
  clauses: Clauses,
): Promise<Holds> {
  if (condition.kind === 'entries') {
    const tests = condition.entries.map((entry) => compileEntry(entry, lists, clauses));
    return (event) => tests.every((test) => test(event));
  }
  // All rule languages, for exceptions that are written in one.
  const { compileQuery } = await import('./compile-query.ts');
  const { predicate, diagnostics } = await compileQuery(condition);
  if (predicate === undefined)
    throw new Error(`checked, and yet: ${diagnostics.find(({ severity }) => severity === 'error')?.message}`);
  return compilePredicate(predicate, clauses);
}

function byCreation(a: Exception, b: Exception): number {
  return compare(a.created, b.created) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
