import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import {
  anyEvents,
  anySequencePlan,
  eventsOf,
  runSequence,
  sequencePlan,
  shown,
  stepsPassed,
  told,
} from './correlation.fixture.ts';
import type { CorrelationMatch, KeyRow } from './correlation.ts';
import { findSequences } from './reference.ts';
import { Sequence } from './sequence.ts';

const find = (plan: string, events: string): readonly string[] =>
  shown(runSequence(sequencePlan(plan), eventsOf(events)));

describe('a sequence', () => {
  it.each([
    ['A B', 'A@1 B@2', ['A@1 B@2']],
    ['A B', 'B@1 A@2', []],
    // A beginning replaces the one before it; what a match took is gone.
    ['A B', 'A@1 A@2 B@3 B@4', ['A@2 B@3']],
    ['A B C', 'A@1 B@2 A@3 C@4', ['A@1 B@2 C@4']],
    ['A B C', 'A@1 B@2 A@3 B@4 C@5', ['A@3 B@4 C@5']],
    // An event passes several steps, but never follows itself.
    ['* * *', 'A@1 B@2 C@3 A@4', ['A@1 B@2 C@3', 'B@2 C@3 A@4']],
    ['A A', 'A@1 A@1', ['A@1 A@1']],
    ['A A A', 'A@1 A@2 A@3 A@4', ['A@1 A@2 A@3', 'A@2 A@3 A@4']],
    // Exactly the span is within it.
    ['A B maxspan 5', 'A@1 B@6', ['A@1 B@6']],
    ['A B maxspan 5', 'A@1 B@7', []],
    ['A B C maxspan 5', 'A@1 B@4 C@7', []],
    ['A B by k', 'A@1:x A@2:y B@3:x', ['A@1:x B@3:x']],
    ['A B by k', 'A@1 B@2', []],
    ['A B by ?k', 'A@1 B@2 B@3:x', ['A@1 B@2']],
    // A field of several values joins by each.
    ['A B by k', 'A@1:x,y B@2:y B@3:x', ['A@1:x,y B@2:y', 'A@1:x,y B@3:x']],
    ['A B by k', 'A@1:x,x B@2:x,x', ['A@1:x,x B@2:x,x']],
    ['A B until C', 'A@1 C@2 B@3 A@4 B@5', ['A@4 B@5']],
    ['A B until C by k', 'A@1:x C@2:y B@3:x', ['A@1:x B@3:x']],
    // `until` ends what the same event begins, and not what it completes.
    ['A B until C', 'AC@1 B@2', []],
    ['A B until C', 'A@1 BC@2', ['A@1 BC@2']],
  ])('%s over %s', (plan, events, expected) => {
    expect(find(plan, events)).toEqual(expected);
  });
});

describe('a missing event', () => {
  it.each([
    ['A !M B maxspan 9', 'A@1 B@3', ['A@1 - B@3']],
    ['A !M B maxspan 9', 'A@1 M@2 B@3', []],
    // At the time of a neighbour is not between them.
    ['A !M B maxspan 9', 'A@1 M@1 B@3', ['A@1 - B@3']],
    ['A !M B maxspan 9', 'A@1 M@3 B@3', ['A@1 - B@3']],
    // What it discards brings back nothing older.
    ['A !M B maxspan 9', 'A@1 A@2 M@3 B@4 B@5', []],
    ['A !M B maxspan 9 by k', 'A@1:x M@2:y B@3:x', ['A@1:x - B@3:x']],
    ['!M A maxspan 5', 'M@1 A@6', []],
    ['!M A maxspan 5', 'M@1 A@7', ['- A@7']],
    ['!M A maxspan 5', 'M@1 A@1', ['- A@1']],
    ['A !M maxspan 5', 'A@1 M@6', []],
    ['A !M maxspan 5', 'A@1 M@7', ['A@1 -']],
    ['A !M maxspan 5', 'A@1', ['A@1 -']],
    ['A B !M maxspan 5', 'A@1 B@4 M@6', []],
    ['A B !M maxspan 5', 'A@1 B@4 M@7', ['A@1 B@4 -']],
    // Before and after: a stretch longer than the span, from the last one before to the first one after.
    ['!M A !M maxspan 5', 'M@1 A@3 M@6', []],
    ['!M A !M maxspan 5', 'M@1 A@3 M@7', ['- A@3 -']],
    ['!M A !M maxspan 5', 'A@3 M@4', ['- A@3 -']],
  ])('%s over %s', (plan, events, expected) => {
    expect(find(plan, events)).toEqual(expected);
  });

  it('is decided when its time has passed, not before', () => {
    const plan = sequencePlan('A !M maxspan 5');
    const found: CorrelationMatch[] = [];
    const sequence = new Sequence(plan, (match) => found.push(match));
    for (const placed of eventsOf('A@1')) sequence.take(placed, stepsPassed(plan, placed));
    sequence.advance({ ms: 6, ticks: 0 });
    expect(found).toEqual([]);
    sequence.advance({ ms: 6, ticks: 1 });
    expect(shown(found)).toEqual(['A@1 -']);
    expect(sequence.size).toEqual({ keys: 0, events: 0, bytes: 0 });
  });
});

describe('the engine', () => {
  it('finds what the reference finds', () => {
    fc.assert(
      fc.property(anySequencePlan, anyEvents, (plan, events) => {
        expect(told(runSequence(plan, events))).toEqual(told(findSequences(plan, events)));
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('goes on from its rows as if it had never stopped', () => {
    fc.assert(
      fc.property(anySequencePlan, anyEvents, fc.array(fc.nat({ max: 24 })), (plan, events, stops) => {
        const found: CorrelationMatch[] = [];
        const rows = new Map<string, string>();
        let sequence = new Sequence(plan, (match) => found.push(match));
        for (const [at, placed] of events.entries()) {
          sequence.take(placed, stepsPassed(plan, placed));
          if (!stops.includes(at)) continue;
          const { changed, removed } = sequence.changes();
          for (const key of removed) expect(rows.delete(key)).toBe(true);
          for (const { key, state } of changed) rows.set(key, state);
          const { size } = sequence;
          sequence = new Sequence(plan, (match) => found.push(match));
          sequence.restore([...rows].map(([key, state]): KeyRow => ({ key, state })));
          expect({ ...sequence.size, bytes: 0 }).toEqual({ ...size, bytes: 0 });
        }
        sequence.end();
        expect(told(found)).toEqual(told(runSequence(plan, events)));
      }),
      { numRuns: runs(500) },
    );
  });

  it('forgets what is too old, so that rows and memory stay bounded by the span', () => {
    const plan = sequencePlan('A B !M maxspan 5 by k');
    const sequence = new Sequence(plan, () => {});
    for (let ms = 0; ms < 2_000; ms += 1) {
      for (const placed of eventsOf(`A@${ms}:k${ms} B@${ms}:k${ms}`)) sequence.take(placed, stepsPassed(plan, placed));
    }
    expect(sequence.size.keys).toBeLessThanOrEqual(6);
    sequence.advance({ ms: 3_000, ticks: 0 });
    expect(sequence.size).toEqual({ keys: 0, events: 0, bytes: 0 });
    expect(sequence.changes()).toEqual({ changed: [], removed: [] });
  });

  it('gives up the oldest key where it is told to', () => {
    const plan = sequencePlan('A B by k');
    const found: CorrelationMatch[] = [];
    const sequence = new Sequence(plan, (match) => found.push(match));
    const take = (text: string) => {
      for (const placed of eventsOf(text)) sequence.take(placed, stepsPassed(plan, placed));
    };
    take('A@1:x A@2:y A@3:x');
    sequence.dropOldest();
    take('B@4:x B@5:y');
    expect(shown(found)).toEqual(['A@3:x B@4:x']);
    expect(sequence.counts).toMatchObject({ begun: 3, matched: 1, dropped: 1 });
  });
});
