import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent, arbitraryPredicate } from '../../test/arbitrary.ts';
import { runs } from '../../test/effort.ts';
import { constant } from '../plan/predicate/node.ts';
import { LayeredMatcher } from './layered-matcher.ts';
import { compileMatcher, type Matcher, type MatcherRule } from './matcher.ts';

const reads = () => true;

function found(matcher: Matcher, event: Parameters<Matcher['match']>[0]): number[] {
  const rules: number[] = [];
  matcher.match(event, (rule) => rules.push(rule));
  return rules;
}

describe('LayeredMatcher', () => {
  it('finds what a matcher of the same rules made anew finds, in order, however they came to be these', () => {
    const rule = arbitraryPredicate.map((predicate): MatcherRule => ({ predicate, reads }));
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 24 }),
        // Each time some are there and some not, and from a place on they stand first.
        fc.array(fc.tuple(fc.array(fc.nat(3), { minLength: 24, maxLength: 24 }), fc.nat(24)), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.array(arbitraryEvent, { minLength: 1, maxLength: 3 }),
        (all, times, events) => {
          let matcher: LayeredMatcher | undefined;
          for (const [present, turn] of times) {
            const some = all.filter((_, at) => present[at] !== 0);
            const rules = [...some.slice(turn), ...some.slice(0, turn)];
            matcher = new LayeredMatcher(rules, matcher);
            const anew = compileMatcher(rules);
            for (const event of events) expect(found(matcher, event)).toEqual(found(anew, event));
          }
        },
      ),
      { numRuns: runs(120) },
    );
  });

  it('compiles a few rules where one of ten thousand changes', () => {
    const rules = Array.from(
      { length: 10_000 },
      (): MatcherRule => ({ predicate: constant(true, { start: 0, end: 0 }), reads }),
    );
    let compiled = 0;
    const compile = (some: readonly MatcherRule[]) => {
      compiled += some.length;
      return compileMatcher(some);
    };
    let matcher = new LayeredMatcher(rules, undefined, compile);
    expect(compiled).toBe(10_000);
    // Of more changes some merge larger layers: a rule is compiled again for each layer that it goes through.
    const CHANGES = 100;
    let most = 0;
    compiled = 0;
    for (let change = 0; change < CHANGES; change += 1) {
      const before = compiled;
      rules[(change * 7919) % rules.length] = { predicate: constant(true, { start: 0, end: 0 }), reads };
      matcher = new LayeredMatcher(rules, matcher, compile);
      most = Math.max(most, compiled - before);
    }
    expect(compiled).toBeLessThan(CHANGES * 20);
    expect(most).toBeLessThan(600);
    expect(found(matcher, { dataStreams: [], sort: () => undefined } as never)).toHaveLength(10_000);
  });

  it('compiles nothing where rules go or change places, and what is left where half have gone', () => {
    const rules = Array.from(
      { length: 100 },
      (): MatcherRule => ({ predicate: constant(true, { start: 0, end: 0 }), reads }),
    );
    let compiled = 0;
    const compile = (some: readonly MatcherRule[]) => {
      compiled += some.length;
      return compileMatcher(some);
    };
    const all = new LayeredMatcher(rules, undefined, compile);
    compiled = 0;
    const fewer = new LayeredMatcher(rules.slice(0, 60).reverse(), all, compile);
    expect(compiled).toBe(0);
    new LayeredMatcher(rules.slice(0, 40), fewer, compile);
    expect(compiled).toBe(40);
  });
});
