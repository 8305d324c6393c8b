/**
 * A value list ready for look-ups, and the reading of its values.
 *
 *   line ──readListValue──▶ value, kept in the store ──compileList──▶ set of the list's kind ──has──▶ yes or no
 *
 * Memory and speed are measured by `bench/value-lists.ts`.
 */
import type { CaseFold } from '../../plan/predicate/node.ts';
import { foldCase } from '../../plan/predicate/scalar.ts';
import type { ValueListType } from '../exception.ts';
import { type AddressRange, createAddressSet, parseRange } from './address-set.ts';
import { createTextSet, type TextSet } from './text-set.ts';
import { createWildcardSet, isUnanchored, MOST_UNANCHORED, type WildcardSet } from './wildcard-set.ts';

export interface CompiledList {
  readonly type: ValueListType;
  /** Values that were taken. */
  readonly size: number;
  /** Why some of the values are not in it, which are more than such a list takes; an exception over it is refused. */
  readonly overfull?: string;
  /** @param fold of texts and wildcards; addresses have no case */
  has(value: string, fold: CaseFold): boolean;
}

/** Values that a list holds at most. */
export const MOST_VALUES: Readonly<Record<ValueListType, number>> = {
  keyword: 5_000_000,
  text: 5_000_000,
  ip: 5_000_000,
  ip_range: 5_000_000,
  wildcard: 100_000,
};

/** UTF-16 units; longer values are what somebody pasted by mistake. */
const LONGEST_VALUE = 4_096;

/** One line of a list as it is kept, or why it cannot be in a list of the type. Blanks around it do not count. */
export function readListValue(
  type: ValueListType,
  text: string,
): { readonly value: string } | { readonly message: string } {
  const value = text.trim();
  if (value === '') return { message: 'The line is empty.' };
  if (value.length > LONGEST_VALUE) return { message: `It is longer than ${LONGEST_VALUE} characters.` };
  if (!value.isWellFormed()) return { message: 'It is no valid Unicode text.' };
  if (type === 'ip' || type === 'ip_range') {
    const range = parseRange(value);
    if (range === undefined) {
      const forms = type === 'ip' ? 'an address' : 'an address, a network (10.0.0.0/8) or a range (10.0.0.1-10.0.0.9)';
      return { message: `It is not ${forms}.` };
    }
    if (type === 'ip' && range.first !== range.last) {
      return { message: 'It is more than one address; a list of ranges (ip_range) takes it.' };
    }
  }
  if (type === 'wildcard' && /^[*?]+$/.test(value)) return { message: 'It matches every value.' };
  return { value };
}

/** @param values as `readListValue` gives them; others are passed over */
export function compileList(type: ValueListType, values: Iterable<string>): CompiledList {
  switch (type) {
    case 'keyword':
    case 'text':
      return compileTexts(type, values);
    case 'ip':
    case 'ip_range':
      return compileAddresses(type, values);
    case 'wildcard':
      return compileWildcards(values);
  }
}

function compileTexts(type: 'keyword' | 'text', values: Iterable<string>): CompiledList {
  const most = MOST_VALUES[type];
  let overfull = false;
  const bounded = function* () {
    let taken = 0;
    for (const value of values) {
      if (taken === most) {
        overfull = true;
        return;
      }
      taken += 1;
      yield value;
    }
  };
  const set = createTextSet(bounded());
  const folded = new Map<CaseFold, TextSet>();
  return {
    type,
    size: set.size,
    ...(overfull ? { overfull: tooMany(most) } : {}),
    has(value, fold) {
      if (fold === 'none') return set.has(value);
      let ready = folded.get(fold);
      if (ready === undefined) {
        ready = createTextSet(foldAll(set.texts(), fold));
        folded.set(fold, ready);
      }
      return ready.has(foldCase(value, fold));
    },
  };
}

function* foldAll(texts: Iterable<string>, fold: CaseFold): Iterable<string> {
  for (const text of texts) yield foldCase(text, fold);
}

function compileAddresses(type: 'ip' | 'ip_range', values: Iterable<string>): CompiledList {
  const most = MOST_VALUES[type];
  const ranges: AddressRange[] = [];
  let overfull = false;
  for (const value of values) {
    if (ranges.length === most) {
      overfull = true;
      break;
    }
    const range = parseRange(value);
    if (range !== undefined) ranges.push(range);
  }
  const { has } = createAddressSet(ranges);
  return { type, size: ranges.length, ...(overfull ? { overfull: tooMany(most) } : {}), has };
}

function compileWildcards(values: Iterable<string>): CompiledList {
  const most = MOST_VALUES.wildcard;
  const patterns: string[] = [];
  let unanchored = 0;
  let overfull: string | undefined;
  for (const value of new Set(values)) {
    if (isUnanchored(value)) unanchored += 1;
    if (patterns.length === most) overfull = tooMany(most);
    else if (unanchored > MOST_UNANCHORED) {
      overfull = `It has more than ${MOST_UNANCHORED.toLocaleString('en-US')} patterns with a wildcard at both ends`;
    }
    if (overfull !== undefined) break;
    patterns.push(value);
  }
  const sets = new Map<CaseFold, WildcardSet>();
  return {
    type: 'wildcard',
    size: patterns.length,
    ...(overfull === undefined ? {} : { overfull }),
    has(value, fold) {
      let ready = sets.get(fold);
      if (ready === undefined) {
        ready = createWildcardSet(patterns, fold);
        sets.set(fold, ready);
      }
      return ready.has(value);
    },
  };
}

function tooMany(most: number): string {
  return `It has more than ${most.toLocaleString('en-US')} values`;
}
