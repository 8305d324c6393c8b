/** Predicates as random rules of tests have them. */
import { NO_SPAN } from '../diagnostic/span.ts';
import { matchAny, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';

export const contains = (name: string, text: string): Predicate =>
  matchAny(
    { name, type: 'keyword' },
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
    NO_SPAN,
  );

export const is = (name: string, text: string): Predicate =>
  matchAny({ name, type: 'keyword' }, { kind: 'equals', anyOf: [text], fold: 'unicode' }, NO_SPAN);

export const equals = (name: string, ...anyOf: readonly (number | string)[]): Predicate =>
  matchAny({ name, type: 'long' }, { kind: 'equals', anyOf, fold: 'none' }, NO_SPAN);
