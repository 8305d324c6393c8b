/**
 * What was there before the windows of new-terms rules, kept from one run on schedule to the next: reading days of events
 * every few minutes would be most of the work.
 *
 *   first run: history read whole ─▶ finder ─▶ run ─▶ kept ─▶ next run: what lies between, and what came late, is learnt
 *
 * A history is taken out while a run uses it and comes back when what that found was committed: a run that fails has
 * consumed what it saw, so the next one reads anew. Another meaning of the rule, other exceptions, and a window that is
 * not later than the last one begin anew too.
 */
import type { ExceptionSet } from '../../detect/exceptions/exception-set.ts';
import type { NewTerms } from '../../plan/tally.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import type { EventFilter, EventStore } from '../../store/event-store.ts';
import type { TallyWindow } from './tally-finder.ts';
import type { NewTermsFinder } from './tally-new-terms.ts';

export interface History {
  readonly finder: NewTermsFinder;
  /** The number of the last event that had come when it was read. */
  readonly arrival: number;
}

interface Kept extends History {
  readonly meaning: string;
  readonly exceptions: ExceptionSet;
  readonly slot: number;
  readonly to: number;
}

/** Reads events for the rule into a finder’s history; gives how many were read. */
export type Learn = (finder: NewTermsFinder, filter: EventFilter) => Promise<number>;

export class TermHistories {
  private readonly kept = new Map<string, Kept>();

  /** A finder that knows what was there before the window. */
  async take(
    rule: LoadedRule & { readonly tally: NewTerms },
    { slot, end, from }: TallyWindow,
    means: {
      readonly exceptions: ExceptionSet;
      readonly events: Pick<EventStore, 'status'>;
      readonly open: () => NewTermsFinder;
      readonly learn: Learn;
    },
  ): Promise<History & { readonly read: number }> {
    const { id } = rule.document;
    const kept = this.kept.get(id);
    this.kept.delete(id);
    const { arrival } = await means.events.status();
    const start = end - rule.tally.historyMs;
    const goesOn = kept?.meaning === meaningOf(rule) && kept.exceptions === means.exceptions && kept.slot < slot;
    if (kept === undefined || !goesOn) {
      const finder = means.open();
      return { finder, arrival, read: start < from ? await means.learn(finder, { from: start, to: from }) : 0 };
    }
    const { finder } = kept;
    const known = Math.min(kept.to, from);
    let read = known < from ? await means.learn(finder, { from: known, to: from }) : 0;
    if (start < known) read += await means.learn(finder, { from: start, to: known, arrivedAfter: kept.arrival });
    return { finder, arrival, read };
  }

  /** After everything that was found is committed. */
  put(rule: LoadedRule, { finder, arrival }: History, { slot, to }: TallyWindow, exceptions: ExceptionSet): void {
    this.kept.set(rule.document.id, { finder, arrival, slot, to, exceptions, meaning: meaningOf(rule) });
  }
}

function meaningOf({ plan, tally, document }: LoadedRule): string {
  const { indexPatterns, schedule } = document;
  return JSON.stringify([plan, tally, indexPatterns, schedule], (name, value: unknown) =>
    name === 'span' ? undefined : value,
  );
}
