import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { anyEvents, anySequencePlan, eventsOf, sequencePlan, stepsPassed } from './correlation.fixture.ts';
import type { CorrelationMatch } from './correlation.ts';
import type { PlacedEvent } from './placed-event.ts';
import { Sequence } from './sequence.ts';
import { SequenceStories } from './sequence-stories.ts';

function follow(plan: ReturnType<typeof sequencePlan>, events: readonly PlacedEvent[]) {
  const found: CorrelationMatch[] = [];
  const watcher = new SequenceStories(plan);
  const sequence = new Sequence(plan, (match) => found.push(match), { watcher });
  for (const placed of events) sequence.take(placed, stepsPassed(plan, placed));
  sequence.end();
  return { found, ...watcher.stories() };
}

/** `x: A@1 - waiting for 2 (by B@9)`, the nearest first. */
function told(plan: string, events: string): readonly string[] {
  return follow(sequencePlan(plan), eventsOf(events)).nearest.map(({ key, events: seen, end, by, next }) => {
    const names = seen.map((placed) => placed?.event.text('name') ?? '-').join(' ');
    const broken = by === undefined ? '' : ` by ${by.event.text('name')}`;
    return `${key.join()}: ${names} ${end}${next === undefined ? '' : ` ${next + 1}`}${broken}`;
  });
}

describe('how far a sequence came', () => {
  test.each([
    ['A B', 'A@1 B@2', [': A@1 B@2 matched']],
    ['A B', 'A@1', [': A@1 - waiting 2']],
    ['A B', 'B@1 A@2', [': A@2 - out-of-order 2 by B@1']],
    ['A B', 'B@1', [': - - out-of-order 1 by B@1']],
    ['A B maxspan 5', 'A@1 B@7', [': A@1 - too-late 2 by B@7']],
    ['A B C maxspan 5', 'A@1 B@3 C@7', [': A@1 B@3 - too-late 3 by C@7']],
    ['A B until U', 'A@1 U@2 B@3', [': A@1 - until 2 by U@2']],
    ['A !M B maxspan 9', 'A@1 M@2 B@3', [': A@1 - B@3 present by M@2']],
    ['!M A B maxspan 9', 'M@1 A@2 B@3', [': - A@2 B@3 present by M@1']],
    ['A B !M maxspan 9', 'A@1 B@2 M@3', [': A@1 B@2 - present by M@3']],
    ['A B !M maxspan 9', 'A@1 B@2 M@20', [': A@1 B@2 - matched']],
    ['A B C', 'A@1 B@2 A@3 B@4', [': A@3 B@4 - waiting 3']],
    [
      'A B C by k',
      'A@1:x A@1:y B@2:y C@3:z',
      ['y: A@1:y B@2:y - waiting 3', 'x: A@1:x - - waiting 2', 'z: - - - out-of-order 1 by C@3:z'],
    ],
    ['A B by k', 'A@1:x B@2:y A@3:y B@4:y', ['y: A@3:y B@4:y matched', 'x: A@1:x - waiting 2']],
  ])('%s in %s', (plan, events, expected) => {
    expect(told(plan, events)).toEqual(expected);
  });

  it('tells a match of a key exactly where the engine found one, and as many', () => {
    fc.assert(
      fc.property(anySequencePlan, anyEvents, (plan, events) => {
        const { found, nearest } = follow(plan, events);
        const counts = new Map<string, number>();
        for (const { key } of found) counts.set(key.join(), (counts.get(key.join()) ?? 0) + 1);
        const toldOf = nearest.filter(({ matched }) => matched > 0);
        expect(new Map(toldOf.map(({ key, matched }) => [key.join(), matched]))).toEqual(counts);
        for (const { end, matched } of nearest) expect(end === 'matched').toBe(matched > 0);
      }),
    );
  });

  it('changes nothing of what the engine finds', () => {
    fc.assert(
      fc.property(anySequencePlan, anyEvents, (plan, events) => {
        const plain: CorrelationMatch[] = [];
        const sequence = new Sequence(plan, (match) => plain.push(match));
        for (const placed of events) sequence.take(placed, stepsPassed(plan, placed));
        sequence.end();
        expect(follow(plan, events).found).toEqual(plain);
      }),
    );
  });

  it('remembers no more keys than it may, and keeps those that came furthest', () => {
    const events = eventsOf(
      `A@0:best B@0:best ${Array.from({ length: 25_000 }, (_, at) => `A@${at}:k${at}`).join(' ')}`,
    );
    const { nearest, keys } = follow(sequencePlan('A B C by k'), events);
    expect(nearest.length).toBeLessThanOrEqual(10_000);
    expect(keys).toBe(25_001);
    expect(nearest[0]?.key).toEqual(['best']);
  });
});
