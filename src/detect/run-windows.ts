/**
 * Which windows a rule on schedule is due to run: pure, from how far it has come and what time it is.
 *
 *   covered ──┬─ slot ─┬─ slot ─┬─ … ─┬──▶ now
 *             run at its end, over what its look-back says; the oldest first
 *
 * A rule runs at the end of each slot of its interval (`run-grid.ts`), some seconds later than the others: events take
 * that long to arrive, and a thousand rules on one interval must not all begin at once. After a downtime the windows that
 * were missed are run one by one with their whole look-back, as Elastic does, but not four at most: all that lie within
 * `catchUp`. What lies before is a gap.
 */
import { slotOf } from './run-grid.ts';

export interface RunSchedule {
  /** Milliseconds, as `scheduleWindow` gives them. */
  readonly interval: number;
  readonly from: number;
  readonly to: number;
}

export interface DueWindow {
  /** The slot that it counts in: its start and its end, epoch milliseconds. */
  readonly slot: number;
  readonly end: number;
  /** Event times that it looks at, epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** When it became due. */
  readonly due: number;
}

export interface Due {
  /** Oldest first, `most` at most. */
  readonly windows: readonly DueWindow[];
  /** What lies too far back to be caught up with. */
  readonly gap?: { readonly from: number; readonly to: number };
}

/** Rules of one interval are spread over this much of it at most. */
const LONGEST_SPREAD_MS = 60_000;

/**
 * @param covered up to where its slots are done, epoch milliseconds
 * @param catchUp how far back missed windows are run one by one, in milliseconds
 */
export function dueWindows(
  schedule: RunSchedule,
  {
    covered,
    now,
    delay,
    catchUp,
    most,
  }: {
    readonly covered: number;
    readonly now: number;
    readonly delay: number;
    readonly catchUp: number;
    readonly most: number;
  },
): Due {
  const { interval, from, to } = schedule;
  const begun = slotOf(covered, interval);
  const earliest = Math.max(begun, slotOf(now - catchUp, interval));
  const windows: DueWindow[] = [];
  for (let slot = earliest; slot + interval + delay <= now && windows.length < most; slot += interval) {
    const end = slot + interval;
    windows.push({ slot, end, from: end - Math.max(from, interval), to: end - to, due: end + delay });
  }
  return { windows, ...(earliest > begun ? { gap: { from: begun, to: earliest } } : {}) };
}

/**
 * How long after the end of a slot a rule runs, in milliseconds: the lateness of events, and a place of its own among the
 * rules.
 */
export function delayOf(ruleId: string, interval: number, lateness: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < ruleId.length; at += 1) hash = Math.imul(hash ^ ruleId.charCodeAt(at), 0x01000193) >>> 0;
  return lateness + (hash % Math.max(1, Math.min(LONGEST_SPREAD_MS, Math.floor(interval / 2))));
}
