/**
 * The reference evaluator of sequences: slow, plain, never optimised, over all events at once. The engine is compared
 * with it on random sequences and events.
 *
 * It goes stage by stage as Elasticsearch does, with whole lists of candidates, and looks for missing events at the end
 * by going through all events.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import type { SequencePlan, SequenceStep } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import type { CorrelationMatch } from './correlation.ts';
import { type JoinedKey, joinedKeysOf } from './join-key.ts';
import { comparePlaces, isLonger, type PlacedEvent } from './placed-event.ts';

interface Hit {
  readonly placed: PlacedEvent;
  readonly key: JoinedKey;
}

interface Run {
  readonly key: JoinedKey;
  /** One for each step so far; `undefined` for a missing event. */
  readonly events: readonly (PlacedEvent | undefined)[];
}

/** Every match, in the order of their last events. */
export function findSequences(plan: SequencePlan, events: readonly PlacedEvent[]): readonly CorrelationMatch[] {
  const ordered = [...events].sort(comparePlaces);
  const hits = plan.steps.map((step) => hitsOf(step, ordered));
  const until = plan.until === undefined ? [] : hitsOf(plan.until, ordered);
  let runs: readonly Run[] | undefined;
  for (const [number, step] of plan.steps.entries()) {
    if (step.missing) {
      runs = runs?.map((run) => ({ ...run, events: [...run.events, undefined] }));
    } else if (runs === undefined) {
      const before = Array<undefined>(number).fill(undefined);
      runs = (hits[number] ?? []).map(({ placed, key }) => ({ key, events: [...before, placed] }));
    } else {
      runs = advance(runs, hits[number] ?? [], until, plan.maxspan);
    }
  }
  return (runs ?? [])
    .filter((run) => isFreeOfMissing(plan, hits, run))
    .sort((a, b) => comparePlaces(lastOf(a.events), lastOf(b.events)))
    .map(({ key, events: found }) => ({ key: key.values, events: found }));
}

function hitsOf(step: SequenceStep, ordered: readonly PlacedEvent[]): readonly Hit[] {
  return ordered
    .filter(({ event }) => evaluate(step.predicate, event))
    .flatMap((placed) => joinedKeysOf(step.keys, placed.event).map((key) => ({ placed, key })));
}

/** Each hit takes the latest run before it, and what is older than that run is over. */
function advance(
  runs: readonly Run[],
  hits: readonly Hit[],
  until: readonly Hit[],
  maxspan: number | undefined,
): readonly Run[] {
  let open = [...runs];
  const advanced: Run[] = [];
  for (const { placed, key } of hits) {
    const before = open.filter((run) => run.key.text === key.text && comparePlaces(lastOf(run.events), placed) < 0);
    const latest = before.at(-1);
    if (latest === undefined) continue;
    open = open.filter((run) => !before.includes(run));
    if (isLonger(firstOf(latest.events).time, placed.time, maxspan)) continue;
    const isEnded = until.some(
      (hit) =>
        hit.key.text === key.text &&
        comparePlaces(hit.placed, lastOf(latest.events)) >= 0 &&
        comparePlaces(hit.placed, placed) < 0,
    );
    if (!isEnded) advanced.push({ key: latest.key, events: [...latest.events, placed] });
  }
  return advanced;
}

function isFreeOfMissing(plan: SequencePlan, hits: readonly (readonly Hit[])[], { key, events }: Run): boolean {
  const start = firstOf(events).time;
  const end = lastOf(events).time;
  let leading: EventTime | undefined;
  let trailing: EventTime | undefined;
  for (const [number, step] of plan.steps.entries()) {
    if (!step.missing) continue;
    const times = (hits[number] ?? []).filter((hit) => hit.key.text === key.text).map(({ placed }) => placed.time);
    const previous = events.slice(0, number).findLast((event) => event !== undefined);
    const next = events.slice(number).find((event) => event !== undefined);
    if (previous === undefined) {
      for (const time of times) {
        if (compareTimes(time, start) < 0 && (leading === undefined || compareTimes(time, leading) > 0)) leading = time;
      }
    } else if (next === undefined) {
      for (const time of times) {
        if (compareTimes(time, end) > 0 && (trailing === undefined || compareTimes(time, trailing) < 0))
          trailing = time;
      }
    } else if (times.some((time) => compareTimes(time, previous.time) > 0 && compareTimes(time, next.time) < 0)) {
      return false;
    }
  }
  const [first, last] = [plan.steps[0]?.missing === true, plan.steps.at(-1)?.missing === true];
  const from = first ? leading : start;
  const to = last ? trailing : end;
  return (!first && !last) || from === undefined || to === undefined || isLonger(from, to, plan.maxspan);
}

function firstOf(events: readonly (PlacedEvent | undefined)[]): PlacedEvent {
  return events.find((event) => event !== undefined) as PlacedEvent;
}

function lastOf(events: readonly (PlacedEvent | undefined)[]): PlacedEvent {
  return events.findLast((event) => event !== undefined) as PlacedEvent;
}
