import { expect, it } from 'vitest';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { and, exists, matchAny, not, or, type Predicate, wildcardPattern } from './node.ts';
import { SharedParts } from './shared-parts.ts';

const field = () => ({ name: 'process.name', type: 'keyword' }) as const;
const is = (text: string, start: number) =>
  matchAny(field(), { kind: 'equals', anyOf: [text], fold: 'unicode' }, { start, end: start + 1 });
const has = (text: string, start: number) =>
  matchAny(
    field(),
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
    { start, end: start + 1 },
  );

function withoutSpans(predicate: Predicate): unknown {
  return JSON.parse(JSON.stringify(predicate, (name, value: unknown) => (name === 'span' ? undefined : value)));
}

it('holds what is alike in predicates once, and says what they say but where it stands', () => {
  const span = { start: 3, end: 90 };
  const parts = new SharedParts();
  // The texts of the two come to the same number.
  const tests = [is('Aa', 1), is('BB', 2), has('Aa', 3), is('Aa', 4), has('Aa', 5)];
  const whole = or([and(tests, span), not(exists(field(), span), span)], span);
  const shared = parts.of(whole);
  expect(withoutSpans(shared)).toEqual(withoutSpans(whole));
  const { children } = (shared as Extract<Predicate, { kind: 'or' }>).children[0] as Extract<
    Predicate,
    { kind: 'and' }
  >;
  const clauses = children as readonly Extract<Predicate, { kind: 'match-any' }>[];
  expect(clauses.every((one) => one.field === clauses[0]?.field && one.span === NO_SPAN)).toBe(true);
  expect(clauses.map(({ test }) => clauses.findIndex((other) => other.test === test))).toEqual([0, 1, 2, 0, 2]);
});
