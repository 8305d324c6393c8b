import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent, arbitraryPredicate } from '../../test/arbitrary.ts';
import { runs } from '../../test/effort.ts';
import type { Event } from '../event/event.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { compileMatcher, type MatcherRule } from './matcher.ts';
import { findWitnesses, witnessKey } from './witness.ts';

const readsAll = () => true;
const readsA = (streams: readonly string[]) => streams.length === 0 || streams.includes('logs-a');

function matched(rules: readonly MatcherRule[], event: Event): number[] {
  const found: number[] = [];
  compileMatcher(rules).match(event, (rule) => found.push(rule));
  return found;
}

describe('matcher', () => {
  it('finds what the reference evaluator finds, on random rules and events', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(arbitraryPredicate, fc.boolean()), { maxLength: 12 }),
        fc.array(arbitraryEvent, { minLength: 1, maxLength: 6 }),
        (predicates, events) => {
          const rules = predicates.map(([predicate, all]) => ({ predicate, reads: all ? readsAll : readsA }));
          const matcher = compileMatcher(rules);
          for (const event of events) {
            const found: number[] = [];
            matcher.match(event, (rule) => found.push(rule));
            const expected = rules.flatMap((rule, index) =>
              rule.reads(event.dataStreams) && evaluate(rule.predicate, event) ? [index] : [],
            );
            expect(found).toEqual(expected);
          }
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('never loses a match to a witness', () => {
    fc.assert(
      fc.property(arbitraryPredicate, arbitraryEvent, (predicate, event) => {
        const witnesses = findWitnesses(predicate);
        if (witnesses === undefined || !evaluate(predicate, event)) return;
        const shown = witnesses.some(({ field, text }) =>
          event.values(field).some((value) => witnessKey(value) === text),
        );
        expect(shown).toBe(true);
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('asks each rule whether it reads the event’s data streams', () => {
    fc.assert(
      fc.property(arbitraryPredicate, arbitraryEvent, (predicate, event) => {
        expect(matched([{ predicate, reads: () => false }], event)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
