/**
 * A test of one scalar value, made ready once: whether a value passes, and which part of it the test named.
 */
import type { Scalar } from '../../event/field-path.ts';
import { compileLuceneRegex } from '../lucene-regex/lucene-regex.ts';
import type { FieldType, Test } from './node.ts';
import { equalsLiteral, foldCase, satisfiesOrder } from './scalar.ts';
import { compileWildcard, type Ranges } from './wildcard.ts';

export interface ValueTest {
  readonly passes: (value: Scalar) => boolean;
  /** The parts of a passing value that the test named; the whole value where it names all of it. */
  readonly ranges: (value: Scalar) => Ranges;
}

export function compileTest(test: Test, type: FieldType): ValueTest {
  switch (test.kind) {
    case 'equals':
      return { passes: equalsAny(test, type), ranges: wholeValue };
    case 'order':
      return { passes: (value) => satisfiesOrder(value, test, type), ranges: wholeValue };
    case 'wildcard': {
      const patterns = test.anyOf.map((pattern) => compileWildcard(pattern, test.fold));
      return {
        passes: (value) => patterns.some((pattern) => pattern.matches(String(value))),
        ranges: (value) => firstDefined(patterns, (pattern) => pattern.find(String(value))) ?? [],
      };
    }
    case 'regex': {
      const expressions = test.anyOf.map((source) => compileLuceneRegex(source, test.fold));
      return { passes: (value) => expressions.some((matches) => matches(String(value))), ranges: wholeValue };
    }
  }
}

/** Text against a list is the common case, so it is looked up; everything else is compared one by one. */
function equalsAny(test: Extract<Test, { kind: 'equals' }>, type: FieldType): (value: Scalar) => boolean {
  const oneByOne = (value: Scalar) => test.anyOf.some((wanted) => equalsLiteral(value, wanted, test.fold, type));
  const byText = type === 'keyword' || type === 'text' || type === 'unknown';
  if (!byText || !test.anyOf.every((wanted) => typeof wanted === 'string')) return oneByOne;
  const texts = new Set(test.anyOf.map((wanted) => foldCase(wanted as string, test.fold)));
  return (value) => texts.has(foldCase(String(value), test.fold));
}

function wholeValue(value: Scalar): Ranges {
  return [[0, String(value).length]];
}

function firstDefined<T, R>(items: readonly T[], give: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = give(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
