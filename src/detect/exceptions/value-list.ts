/**
 * A value list ready for look-ups, and the reading of its values.
 */
import type { CaseFold } from '../../plan/predicate/node.ts';
import type { ValueListType } from '../exception.ts';

export interface CompiledList {
  readonly type: ValueListType;
  /** Distinct values. */
  readonly size: number;
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

/** One line of a list as it is kept, or why it cannot be in a list of the type. Blanks around it do not count. */
export function readListValue(
  _type: ValueListType,
  text: string,
): { readonly value: string } | { readonly message: string } {
  return { value: text.trim() };
}

/** @param values as `readListValue` gives them; others are passed over */
export function compileList(type: ValueListType, values: Iterable<string>): CompiledList {
  const set = new Set(values);
  return { type, size: set.size, has: (value) => set.has(value) };
}
