/** What emitters ask of a window's test. */
import type { Bounds, Presence, WindowTest } from '../plan/window.ts';

/** The least count that meets bounds from below alone (`>=`, `>`): at least 1, since a group is known by its events. */
export function leastCount(bounds: Bounds): number {
  const least = bounds.map(({ operator, value }) => (operator === '>' ? Math.floor(value) + 1 : Math.ceil(value)));
  return Math.max(1, ...least);
}

/** The test in words for a message: `event_count`. */
export function nameOfTest(test: WindowTest): string {
  switch (test.kind) {
    case 'event-count':
      return 'event_count';
    case 'value-count':
      return 'value_count';
    case 'value-sum':
      return 'value_sum';
    case 'value-average':
      return 'value_avg';
    case 'value-percentile':
      return test.percentile === 50 ? 'value_median' : 'value_percentile';
    case 'in-order':
      return 'temporal_ordered';
    case 'member-count':
    case 'presence':
      return 'temporal';
  }
}

/** A condition on which members were there, in a language with and, or, not. */
export function presenceText(
  condition: Presence,
  words: { readonly and: string; readonly or: string; readonly not: (text: string) => string },
  member: (number: number) => string,
): string {
  switch (condition.kind) {
    case 'member':
      return member(condition.member);
    case 'not':
      return words.not(presenceText(condition.child, words, member));
    case 'and':
    case 'or': {
      const parts = condition.children.map((child) => presenceText(child, words, member));
      return `(${parts.join(` ${words[condition.kind]} `)})`;
    }
  }
}
