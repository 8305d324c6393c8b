/**
 * Asking a text for a part of it: `contains`, `startswith`, `=~`, `has` and its family, `matches regex`.
 *
 * Without `_cs` they ignore case. `has` looks for whole terms. Source: recorded answers; see `predicate/term-test.ts`.
 */
import type { Json } from '../../../event/json.ts';
import type { TermTest } from '../../predicate/node.ts';
import { compileTerms } from '../../predicate/term-test.ts';
import type { Cell, ScalarType } from '../cell.ts';
import { bagOf } from '../cell-number.ts';
import { textOf } from '../cell-text.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import { regexOf } from '../text-regex.ts';
import { textAt, typeAt } from './arguments.ts';
import { itemsOf } from './comparison.ts';
import { ListedTerms, madeOfLists } from './listed-texts.ts';

type Test = (text: string, part: string) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
  has: terms('term'),
  hasprefix: terms('prefix'),
  hassuffix: terms('suffix'),
};

export const TEXT_MATCH_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  ...Object.fromEntries(
    Object.entries(TESTS).flatMap(([name, test]) => [
      [name, matching((text, part) => test(fold(text), fold(part)))],
      [`!${name}`, matching((text, part) => !test(fold(text), fold(part)))],
      [`${name}_cs`, matching(test)],
      [`!${name}_cs`, matching((text, part) => !test(text, part))],
    ]),
  ),
  '=~': matching((text, other) => fold(text) === fold(other)),
  '!~': matching((text, other) => fold(text) !== fold(other)),
  'matches regex': matching((text, pattern) => regexOf(pattern)?.test(text) ?? false),
  has_any: hasAny,
  '!has_any': (args, signature) => !hasAny(args, signature),
  has_all: (args, signature) => {
    const text = fold(textAt(args, signature, 0));
    return listedIn(args)?.all(text) ?? termsOf(args, signature).every((term) => has(text, term));
  },
  has_any_index: (args, signature) => {
    const terms = termsOf(args, signature);
    return BigInt(terms.findIndex((term) => has(fold(textAt(args, signature, 0)), term)));
  },
  // What `search "text"` asks of a column: a whole term; of a dynamic value, in any text within. Times are not searched.
  'search-has': (args, signature) => {
    const [cell = null] = args;
    const [type, term] = [typeAt(signature, 0), fold(textAt(args, signature, 1))];
    if (type === 'dynamic') return holdsTerm(cell as Json, term);
    return SEARCHED.includes(type) && cell !== null && has(fold(textOf(cell, type)), term);
  },
};

const SEARCHED: readonly ScalarType[] = ['string', 'int', 'long', 'guid'];

function hasAny(args: readonly Cell[], signature: Signature): boolean {
  const text = fold(textAt(args, signature, 0));
  return listedIn(args)?.any(text) ?? termsOf(args, signature).some((term) => has(text, term));
}

const listedTerms = madeOfLists(
  (list) =>
    new ListedTerms(
      list.map((item) => fold(textOf(item, 'dynamic'))),
      has,
    ),
);

/** Of a list that stands alone and came before. */
function listedIn(args: readonly Cell[]): ListedTerms | undefined {
  return args.length === 2 ? listedTerms(args[1]) : undefined;
}

function holdsTerm(value: Json, term: string): boolean {
  if (value === null) return false;
  if (Array.isArray(value)) return value.some((item) => holdsTerm(item, term));
  const bag = bagOf(value);
  if (bag !== null) {
    return Object.entries(bag).some(([name, item]) => has(fold(name), term) || holdsTerm(item, term));
  }
  return has(fold(textOf(value, 'dynamic')), term);
}

function has(text: string, term: string): boolean {
  return (TESTS.has as Test)(text, term);
}

function matching(test: Test): ScalarFunction {
  return (args, signature) => test(textAt(args, signature, 0), textAt(args, signature, 1));
}

function terms(bounds: TermTest['bounds']): Test {
  return (text, part) => compileTerms({ kind: 'term', bounds, anyOf: [part], fold: 'none' }).passes(text);
}

function termsOf(args: readonly Cell[], signature: Signature): string[] {
  return [...itemsOf(args, signature)].map(([item, type]) => fold(textOf(item, type)));
}

function fold(text: string): string {
  return text.toLowerCase();
}
