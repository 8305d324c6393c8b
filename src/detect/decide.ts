/**
 * From matches to alerts: the one decision that live runs, scans and tests share.
 *
 *   matched ─▶ known already? duplicate ─▶ over the run's cap? capped ─▶ created
 *
 * Pure: what is known and what the run has created so far come in, alerts and counters come out. The counters always
 * add up: matched = excepted + suppressed + duplicate + capped + created. Duplicates are told before the cap, as
 * Elastic does, so that a re-delivered event never uses up a place.
 */
import type { Event } from '../event/event.ts';
import type { Funnel } from './alert.ts';

/** A rule matched these events (one, until sequences come), already identified. */
export interface Match {
  readonly alertId: string;
  readonly events: readonly Event[];
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
}

export const EMPTY_FUNNEL: Funnel = Object.freeze({
  matched: 0,
  excepted: 0,
  suppressed: 0,
  duplicate: 0,
  capped: 0,
  created: 0,
});

export function decide(run: Run, matches: readonly Match[], isKnown: (alertId: string) => boolean): Decision {
  const created: Match[] = [];
  const fresh = new Set<string>();
  let duplicate = 0;
  let capped = 0;
  for (const match of matches) {
    if (fresh.has(match.alertId) || isKnown(match.alertId)) {
      duplicate += 1;
    } else if (run.created + created.length >= run.cap) {
      capped += 1;
    } else {
      fresh.add(match.alertId);
      created.push(match);
    }
  }
  return {
    created,
    funnel: { ...EMPTY_FUNNEL, matched: matches.length, duplicate, capped, created: created.length },
  };
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
