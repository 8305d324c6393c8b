/** Runs, funnels and gaps in words. */
import type { GapSummary, RunSummary, Slot } from '../../../src/serve/run-api.ts';
import { counted, grouped } from '../words/counts.ts';

export type Funnel = RunSummary['funnel'];

export const KIND_WORD: Readonly<Record<RunSummary['kind'], string>> = {
  scheduled: 'On its interval',
  'catch-up': 'Catching up',
  late: 'For late events',
  manual: 'Asked for',
  fill: 'Filling a gap',
};

/** When there are such runs. */
export const KIND_MEANS: Readonly<Record<RunSummary['kind'], string>> = {
  scheduled: 'Rules that count, compare with the past or look into lists run at the end of each interval.',
  'catch-up': 'A window that was missed while the service was down.',
  late: 'Events came later than sequences wait for, so the time around them was looked at again.',
  manual: 'Somebody asked for this time, or sent events of the past.',
  fill: 'A time that the rule had not looked at.',
};

export const STATE_WORD: Readonly<Record<RunSummary['state'], string>> = {
  running: 'Running',
  succeeded: 'Done',
  partial: 'Not whole',
  failed: 'Failed',
  stopped: 'Stopped',
};

interface Explained {
  /** What is the matter. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
}

export const WARNINGS: Readonly<Record<RunSummary['warnings'][number]['code'], Explained>> = {
  'run-capped': {
    why: 'The rule matched more often than it may alert in one interval.',
    remedy: 'Look at what it matches and make an exception, raise its max_signals, or create the rest.',
  },
  'run-past-retention': {
    why: 'The time begins before the oldest stored event.',
    remedy: 'Keep events for longer (event-days, event-space), or scan the logs with vedette scan.',
  },
  'run-memory': {
    why: 'So much had to be remembered at once that some of it was given up.',
    remedy: 'Run a shorter time, or give the rule’s sequence more or narrower keys.',
  },
  'run-undecided': {
    why: 'The time ends so near to now that the rule cannot decide its end yet: it waits for events, or counts in a window that goes on.',
    remedy: 'Run it again later.',
  },
  'run-query': {
    why: 'The query of a rule over tables could not be run beside other rules.',
    remedy: 'Run the rule alone, or its query as a hunt, to see more.',
  },
  'run-rows': {
    why: 'The query of a rule over tables gives more rows than are looked at.',
    remedy: 'Let it count or filter, so that each row that is left is worth an alert.',
  },
};

export const GAP_REASONS: Readonly<Record<GapSummary['reason'], Explained>> = {
  down: {
    why: 'the service did not run for longer than is caught up with',
    remedy: 'It is filled by itself from what came in since.',
  },
  failed: { why: 'the run failed again and again', remedy: 'See the failed run below for why; then fill it.' },
  paused: { why: 'the rule was paused', remedy: 'It is filled only when asked.' },
  disabled: { why: 'the rule was turned off', remedy: 'It is filled only when asked.' },
  late: { why: 'events came too late to be put in order', remedy: 'It is filled by itself.' },
  memory: {
    why: 'what a sequence remembered had to be given up',
    remedy: 'It is filled by itself; narrower keys keep it from coming back.',
  },
  changed: {
    why: 'the rule’s meaning changed while it remembered something',
    remedy: 'It is filled by itself.',
  },
};

/** `7 matched: 2 excepted, 5 created`; what is none is left out. */
export function funnelWords(funnel: Funnel): string {
  const { matched, created } = funnel;
  if (matched === 0) return 'nothing matched';
  const parts = (['excepted', 'suppressed', 'duplicate', 'capped'] as const)
    .filter((part) => funnel[part] > 0)
    .map((part) => `${grouped(funnel[part])} ${part}`);
  return `${grouped(matched)} matched: ${[...parts, created > 0 ? '' : 'none created'].filter(Boolean).join(', ')}`;
}

/** The time that a run came to, 0 to 1 of what it has to read. */
export function progressOf({
  from,
  to,
  at,
}: {
  readonly from: string;
  readonly to: string;
  readonly at: string;
}): number {
  const [begin, end, now] = [Date.parse(from), Date.parse(to), Date.parse(at)];
  if (!(end > begin)) return 0;
  return Math.min(1, Math.max(0, (now - begin) / (end - begin)));
}

/** A rule whose cap cut something off, over all the slots in which it did. */
export interface Flood {
  readonly rule: Slot['rule'];
  readonly slots: number;
  /** Matches that made no alert. */
  readonly capped: number;
  /** From the first of the slots to the end of the last. */
  readonly from: string;
  readonly to: string;
}

/** The most flooding rule first. */
export function floodsOf(slots: readonly Slot[]): readonly Flood[] {
  const floods = new Map<string, Flood>();
  for (const { rule, from, to, funnel } of slots) {
    if (funnel.capped === 0) continue;
    const known = floods.get(rule.id);
    floods.set(rule.id, {
      rule,
      slots: (known?.slots ?? 0) + 1,
      capped: (known?.capped ?? 0) + funnel.capped,
      from: known === undefined || from < known.from ? from : known.from,
      to: known === undefined || to > known.to ? to : known.to,
    });
  }
  return [...floods.values()].sort((a, b) => b.capped - a.capped);
}

/** The page's sentence: what is not as it should be comes first. */
export function runsHeadline(gaps: number | undefined, floods: number, underway: boolean): string {
  const parts = [
    gaps !== undefined && gaps > 0 && `${counted(gaps, 'range')} of time ${gaps === 1 ? 'was' : 'were'} not looked at`,
    floods > 0 && `${counted(floods, 'rule')} ${floods === 1 ? 'floods' : 'flood'}`,
  ].filter((part) => part !== false);
  if (parts.length > 0) return parts.join(', ');
  if (underway) return 'A run is under way';
  return gaps === undefined ? 'Runs' : 'Every rule has looked at everything';
}

/** Gaps of one rule together, in the order of the first. */
export function gapsByRule(gaps: readonly GapSummary[]): readonly (readonly GapSummary[])[] {
  return [...Map.groupBy(gaps, ({ rule }) => rule.id).values()];
}
