/**
 * Small languages for cases, and random plans and events.
 *
 *   events      `A@1 B@2:x C@3:x,y`   tag, time in milliseconds, values of the key
 *   sequence    `A !M B until U maxspan 5 by k`   (`by ?k`: an optional key)
 */
import fc from 'fast-check';
import { NO_SPAN } from '../diagnostic/span.ts';
import { documentSource, Event } from '../event/event.ts';
import type { CorrelationPlan, JoinKey, SequencePlan, SequenceStep, WindowPlan } from '../plan/plan.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { fieldValue, matchAny, PLAN_VERSION } from '../plan/predicate/node.ts';
import { type CorrelationMatch, stepPredicates } from './correlation.ts';
import type { PlacedEvent } from './placed-event.ts';
import { Sequence } from './sequence.ts';

export function eventsOf(text: string): readonly PlacedEvent[] {
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, arrival) => {
      const [, tags = '', ms = '', keys] = /^([A-Z]+)@(-?\d+)(?::(.*))?$/.exec(word) ?? [];
      return placedEvent([...tags], Number(ms), keys === undefined ? [] : keys.split(','), arrival);
    });
}

export function placedEvent(
  tags: readonly string[],
  ms: number,
  keys: readonly string[],
  arrival: number,
): PlacedEvent {
  const time = { ms, ticks: 0 };
  const name = `${tags.join('')}@${ms}${keys.length === 0 ? '' : `:${keys.join(',')}`}`;
  const document = { tags: [...tags], ...(keys.length === 0 ? {} : { k: [...keys] }), name };
  const event = new Event({
    time,
    source: documentSource(document),
    raw: new TextEncoder().encode(`${arrival} ${name}`),
    format: 'test',
    dataStreams: [],
  });
  return { event, time, tiebreaker: null, arrival };
}

export function sequencePlan(text: string): SequencePlan {
  const [, steps = '', until, maxspan, keys] =
    /^(.*?)(?: until (\S+))?(?: maxspan (\d+))?(?: by (\S+))?$/.exec(text.trim()) ?? [];
  const joined = keys === undefined ? [] : keys.split(',').map(joinKey);
  return {
    kind: 'sequence',
    version: PLAN_VERSION,
    steps: steps.split(/\s+/).map((word) => sequenceStep(word, joined)),
    ...(maxspan === undefined ? {} : { maxspan: Number(maxspan) }),
    ...(until === undefined ? {} : { until: sequenceStep(until, joined) }),
    pipes: [],
  };
}

/** `*` passes every event. */
export function sequenceStep(word: string, keys: readonly JoinKey[]): SequenceStep {
  const missing = word.startsWith('!');
  const tag = missing ? word.slice(1) : word;
  const field = { name: 'tags', type: 'keyword' as const };
  const test =
    tag === '*'
      ? ({ kind: 'wildcard', anyOf: [['*']], fold: 'none' } as const)
      : ({ kind: 'equals', anyOf: [tag], fold: 'none' } as const);
  return { predicate: matchAny(field, test, NO_SPAN), keys, missing, span: NO_SPAN };
}

export function joinKey(text: string): JoinKey {
  const optional = text.startsWith('?');
  const name = optional ? text.slice(1) : text;
  return { value: fieldValue({ name, type: 'keyword' }, NO_SPAN), optional, span: NO_SPAN };
}

export function stepsPassed(plan: CorrelationPlan | WindowPlan, { event }: PlacedEvent): readonly number[] {
  return stepPredicates(plan).flatMap((predicate, step) => (evaluate(predicate, event) ? [step] : []));
}

/** What the engine finds in events that come in order. */
export function runSequence(plan: SequencePlan, events: readonly PlacedEvent[]): readonly CorrelationMatch[] {
  const found: CorrelationMatch[] = [];
  const sequence = new Sequence(plan, (match) => found.push(match));
  for (const placed of events) sequence.take(placed, stepsPassed(plan, placed));
  sequence.end();
  return found;
}

/** `A@1 - B@3`, in no order. */
export function shown(matches: readonly CorrelationMatch[]): readonly string[] {
  return matches.map(({ events }) => events.map((placed) => placed?.event.text('name') ?? '-').join(' ')).sort();
}

/**
 * Equal events are told apart by their bytes, which number them. Their arrivals would not do: the count begins anew after
 * a stop at which nothing was remembered.
 */
export function told(matches: readonly CorrelationMatch[]): readonly string[] {
  const number = (placed: PlacedEvent | undefined) =>
    placed === undefined ? '-' : new TextDecoder().decode(placed.event.raw);
  return matches.map(({ key, events }) => `${key.join()} ${events.map(number).join(' ')}`).sort();
}

const TAGS = ['A', 'B', 'C', 'M'] as const;

const anyStep = fc.record({ missing: fc.boolean(), tag: fc.constantFrom(...TAGS, '*') });

export const anySequencePlan: fc.Arbitrary<SequencePlan> = fc
  .record({
    steps: fc.array(anyStep, { minLength: 1, maxLength: 5 }).filter((steps) => steps.some(({ missing }) => !missing)),
    until: fc.option(fc.constantFrom(...TAGS), { nil: undefined }),
    maxspan: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    key: fc.constantFrom(undefined, 'k', '?k'),
  })
  .map(({ steps, until, maxspan, key }) => {
    const words = steps.map(({ missing, tag }) => `${missing ? '!' : ''}${tag}`);
    const span = maxspan ?? (steps.some(({ missing }) => missing) ? 6 : undefined);
    return sequencePlan(
      `${words.join(' ')}${until === undefined ? '' : ` until ${until}`}${span === undefined ? '' : ` maxspan ${span}`}${key === undefined ? '' : ` by ${key}`}`,
    );
  });

/** In order; times repeat. */
export const anyEvents: fc.Arbitrary<readonly PlacedEvent[]> = fc
  .array(
    fc.record({
      tags: fc.subarray([...TAGS], { minLength: 1, maxLength: 2 }),
      gap: fc.nat({ max: 3 }),
      keys: fc.subarray(['x', 'y']),
    }),
    { maxLength: 25 },
  )
  .map((items) => {
    let ms = 0;
    return items.map(({ tags, gap, keys }, arrival) => {
      ms += gap;
      return placedEvent(tags, ms, keys, arrival);
    });
  });
