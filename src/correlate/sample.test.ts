import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { SamplePlan } from '../plan/plan.ts';
import { fieldValue } from '../plan/predicate/node.ts';
import { anyEvents, eventsOf, sequencePlan, shown, stepsPassed, told } from './correlation.fixture.ts';
import type { CorrelationMatch } from './correlation.ts';
import { distinctChoices } from './distinct-choices.ts';
import type { PlacedEvent } from './placed-event.ts';
import { Sample, type SampleOptions } from './sample.ts';

function samplePlan(text: string): SamplePlan {
  const { version, steps, pipes } = sequencePlan(text);
  return { kind: 'sample', version, steps, pipes };
}

function run(plan: SamplePlan, events: readonly PlacedEvent[], options: SampleOptions = {}): CorrelationMatch[] {
  const found: CorrelationMatch[] = [];
  const sample = new Sample(plan, (match) => found.push(match), options);
  for (const placed of events) sample.take(placed, stepsPassed(plan, placed));
  sample.end();
  return found;
}

const find = (plan: string, events: string, options: SampleOptions = {}): readonly string[] =>
  shown(run(samplePlan(plan), eventsOf(events), options));

describe('a sample over a range', () => {
  it.each([
    ['A B by k', 'B@1:x A@2:x', ['A@2:x B@1:x']],
    ['A B by k', 'B@1:x A@2:y', []],
    ['A B by k', 'A@1 B@2', []],
    ['A B by ?k', 'A@1 B@2', ['A@1 B@2']],
    ['A B by k', 'A@1:x A@2:x B@3:x B@4:x', ['A@1:x B@3:x']],
    // No event twice, and a choice that leaves the next step without one is not made.
    ['A B by k', 'AB@1:x', []],
    ['A B by k', 'AB@1:x A@2:x', ['A@2:x AB@1:x']],
    ['A * * by k', 'A@1:x B@2:x C@3:x', ['A@1:x B@2:x C@3:x']],
  ])('%s over %s', (plan, events, expected) => {
    expect(find(plan, events)).toEqual(expected);
  });

  it('gives several of a key where asked to, the first events first', () => {
    const events = 'A@1:x A@2:x B@3:x B@4:x A@5:y B@6:y';
    expect(find('A B by k', events, { perKey: 3 })).toEqual([
      'A@1:x B@3:x',
      'A@1:x B@4:x',
      'A@2:x B@3:x',
      'A@5:y B@6:y',
    ]);
  });

  it('gives keys in their order, null first', () => {
    const found = run(samplePlan('A B by ?k'), eventsOf('A@1:y B@1:y A@1:x B@1:x A@1 B@1'));
    expect(found.map(({ key }) => key)).toEqual([[null], ['x'], ['y']]);
  });

  it.each([
    ['ip', ['10.0.0.10', '9.0.0.1', '10.0.0.9'], ['9.0.0.1', '10.0.0.9', '10.0.0.10']],
    ['version', ['1.10.0', '1.9.0', '1.9.0-rc.1'], ['1.9.0-rc.1', '1.9.0', '1.10.0']],
    ['keyword', ['10', '9', 'a'], ['10', '9', 'a']],
  ] as const)('gives keys of type %s in their order', (type, values, expected) => {
    const plan = samplePlan('A B by k');
    const steps = plan.steps.map((step) => ({
      ...step,
      keys: [{ value: fieldValue({ name: 'k', type }, NO_SPAN), optional: false, span: NO_SPAN }],
    }));
    const found = run({ ...plan, steps }, eventsOf(values.map((value) => `A@1:${value} B@2:${value}`).join(' ')));
    expect(found.map(({ key }) => key[0])).toEqual(expected);
  });
});

describe('a sample live', () => {
  it('is given when it is complete, of events that still count, and once in a window', () => {
    expect(find('A B by k', 'A@1:x B@5:x', { window: 5 })).toEqual(['A@1:x B@5:x']);
    expect(find('A B by k', 'A@1:x B@7:x', { window: 5 })).toEqual([]);
    expect(find('A B by k', 'A@1:x B@2:x A@3:x B@4:x', { window: 5 })).toEqual(['A@1:x B@2:x']);
    expect(find('A B by k', 'A@1:x B@2:x A@8:x B@9:x', { window: 5 })).toEqual(['A@1:x B@2:x', 'A@8:x B@9:x']);
    expect(find('A B by k', 'A@1:x B@2:x A@3:x B@4:x', { window: 5, perKey: 2 })).toEqual([
      'A@1:x B@2:x',
      'A@3:x B@4:x',
    ]);
  });

  it('goes on from its rows as if it had never stopped', () => {
    const plan = samplePlan('A B * by ?k');
    fc.assert(
      fc.property(anyEvents, fc.array(fc.nat({ max: 24 })), fc.constantFrom(undefined, 4), (events, stops, window) => {
        const options = window === undefined ? {} : { window };
        const found: CorrelationMatch[] = [];
        const rows = new Map<string, string>();
        let sample = new Sample(plan, (match) => found.push(match), options);
        for (const [at, placed] of events.entries()) {
          sample.take(placed, stepsPassed(plan, placed));
          if (!stops.includes(at)) continue;
          const { changed, removed } = sample.changes();
          for (const key of removed) expect(rows.delete(key)).toBe(true);
          for (const { key, state } of changed) rows.set(key, state);
          const { size } = sample;
          sample = new Sample(plan, (match) => found.push(match), options);
          sample.restore([...rows].map(([key, state]) => ({ key, state })));
          expect(sample.size).toEqual(size);
        }
        sample.end();
        expect(told(found)).toEqual(told(run(plan, events, options)));
      }),
      { numRuns: runs(150) },
    );
  });
});

describe('choosing distinct items', () => {
  it('finds what plain backtracking finds, in its order', () => {
    const lists = fc.array(fc.uniqueArray(fc.nat({ max: 4 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 5 }), (given, most) => {
        const all = given.reduce<number[][]>(
          (chosen, list) =>
            chosen.flatMap((one) => list.filter((item) => !one.includes(item)).map((item) => [...one, item])),
          [[]],
        );
        expect(distinctChoices(given, most)).toEqual(all.slice(0, most));
      }),
    );
  });

  it('does not go through every order of too few items', () => {
    const list = Array.from({ length: 29 }, (_, at) => at);
    expect(distinctChoices(Array(30).fill(list), 1)).toEqual([]);
  });
});
