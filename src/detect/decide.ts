/**
 * From matches to alerts: the one decision that live runs, scans and tests share.
 *
 *   matched ─▶ excepted? ─▶ known already? duplicate ─▶ alike to an alert? suppressed ─▶ over the run's cap? capped ─▶ created
 *
 * Pure: what is known and what the run has created so far come in, alerts and counters come out. The counters always
 * add up: matched = excepted + suppressed + duplicate + capped + created. Exceptions come first, as in Elastic, where
 * they are part of the search: an excepted match is no duplicate and uses up no place. Duplicates are told before the
 * cap, as Elastic does, so that a re-delivered event never uses up a place either; what is suppressed uses up none.
 */
import type { Event } from '../event/event.ts';
import type { LiteralValue } from '../plan/predicate/node.ts';
import type { Funnel } from './alert.ts';
import type { GroupedMatch, SuppressionBook, SuppressionGroup } from './suppression.ts';
import type { Tallied } from './tallied.ts';

/** A rule matched these events, already identified: one, or those of a sequence or a sample in order. */
export interface Match {
  readonly alertId: string;
  readonly events: readonly Event[];
  /** Of several events. */
  readonly joined?: Joined;
  /** Of a rule that does not alert on each of its events. */
  readonly tallied?: Tallied;
  /** Of events of the sample capture. */
  readonly sample?: boolean;
  /** What it is suppressed by; none where it alerts by itself. */
  readonly group?: SuppressionGroup;
}

export interface Joined {
  /** The values that its events have in common, in the order of the keys. */
  readonly keys: readonly LiteralValue[];
  /** One for each step of the rule; `undefined` for an event that was to be missing. Of a window its events. */
  readonly steps: readonly (Event | undefined)[];
  /** Of a window: the number of the step that each of the events passed. */
  readonly passed?: readonly number[];
  /** Of a window: the count, sum, average or percentile, where one was measured. */
  readonly value?: number;
}

export interface Run {
  /** How many alerts the run may create in all; `Infinity` for no cap. */
  readonly cap: number;
  /** How many it has created before these matches. */
  readonly created: number;
}

export interface Decision {
  /** In the order of the matches; these become alerts. */
  readonly created: readonly Match[];
  readonly funnel: Funnel;
  /** Exception id → matches that it removed; their sum is the funnel's `excepted`. */
  readonly byException: ReadonlyMap<string, number>;
}

/** What deciding needs to know of the world, a match at a time. */
export interface Knowledge {
  isKnown(alertId: string): boolean;
  /** The id of the exception that removes the match, `undefined` where none does. */
  exceptedBy?(match: Match): string | undefined;
  /** Of a rule that suppresses alerts; is told what is created. */
  readonly suppression?: Pick<SuppressionBook, 'suppress' | 'created'>;
}

export const EMPTY_FUNNEL: Funnel = Object.freeze({
  matched: 0,
  excepted: 0,
  suppressed: 0,
  duplicate: 0,
  capped: 0,
  created: 0,
});

export function decide(run: Run, matches: readonly Match[], knowledge: Knowledge): Decision {
  const created: Match[] = [];
  const fresh = new Set<string>();
  const byException = new Map<string, number>();
  let excepted = 0;
  let suppressed = 0;
  let duplicate = 0;
  let capped = 0;
  for (const match of matches) {
    const exception = knowledge.exceptedBy?.(match);
    if (exception !== undefined) {
      excepted += 1;
      byException.set(exception, (byException.get(exception) ?? 0) + 1);
      continue;
    }
    if (fresh.has(match.alertId) || knowledge.isKnown(match.alertId)) {
      duplicate += 1;
      continue;
    }
    const grouped = groupedOf(match);
    const outcome = grouped === undefined ? undefined : knowledge.suppression?.suppress(grouped);
    if (outcome === 'duplicate') duplicate += 1;
    else if (outcome === 'suppressed') suppressed += 1;
    else if (run.created + created.length >= run.cap) capped += 1;
    else {
      fresh.add(match.alertId);
      created.push(match);
      if (grouped !== undefined) knowledge.suppression?.created(grouped);
    }
  }
  return {
    created,
    funnel: { matched: matches.length, excepted, suppressed, duplicate, capped, created: created.length },
    byException,
  };
}

function groupedOf({ alertId, group, events, tallied }: Match): GroupedMatch | undefined {
  if (group === undefined) return undefined;
  const grouped = { alertId, group, time: (events.at(-1) as Event).time.ms };
  return tallied?.kind === 'rows' ? { ...grouped, runEnd: Date.parse(tallied.result.window.up_to) } : grouped;
}

export function addFunnels(a: Funnel, b: Funnel): Funnel {
  return {
    matched: a.matched + b.matched,
    excepted: a.excepted + b.excepted,
    suppressed: a.suppressed + b.suppressed,
    duplicate: a.duplicate + b.duplicate,
    capped: a.capped + b.capped,
    created: a.created + b.created,
  };
}
