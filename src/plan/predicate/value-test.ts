/**
 * A test of one scalar value, made ready once: whether a value passes, and which part of it the test named.
 */
import type { Scalar } from '../../event/field-path.ts';
import { compileLuceneRegex } from '../lucene-regex/lucene-regex.ts';
import { compileRe2 } from '../re2-regex.ts';
import { compileCidr } from './cidr.ts';
import type { FieldType, LuceneRegexTest, Re2RegexTest, Test } from './node.ts';
import { compilePhrases } from './phrase-test.ts';
import { equalsLiteral, foldCase, satisfiesOrder } from './scalar.ts';
import { compileTerms } from './term-test.ts';
import { compileTimePart } from './time-part.ts';
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
    case 'term':
      return compileTerms(test);
    case 'phrase':
      return compilePhrases(test);
    case 'regex':
      return test.syntax === 'lucene' ? luceneTest(test) : re2Test(test);
    case 'cidr': {
      const networks = test.anyOf.map(compileCidr);
      return { passes: (value) => networks.some((holds) => holds(String(value))), ranges: wholeValue };
    }
    case 'time-part':
      return { passes: compileTimePart(test), ranges: wholeValue };
  }
}

function luceneTest({ anyOf, fold }: LuceneRegexTest): ValueTest {
  const expressions = anyOf.map((source) => compileLuceneRegex(source, fold));
  return { passes: (value) => expressions.some((matches) => matches(String(value))), ranges: wholeValue };
}

function re2Test({ anyOf, flags }: Re2RegexTest): ValueTest {
  const expressions = anyOf.map((source) => compileRe2(source, flags));
  return {
    passes: (value) => expressions.some(({ matches }) => matches(String(value))),
    ranges: (value) => firstDefined(expressions, ({ find }) => find(String(value))) ?? [],
  };
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
