/**
 * A text operator over a term: one test for each of the column's fields, with the missing text made explicit.
 *
 * In Kusto a missing text is "", so `contains ""` is true of it and `!= "x"` too. A test of a field is false where the
 * field is missing; so a test that "" passes also holds where there is none.
 *
 * `tolower(Column) == "abc"` is a test of the column that ignores case, if the text is in lower case; otherwise it can
 * never hold. (Letters whose upper and lower case are not one to one, like ß, count as Unicode's lower case has it.)
 */
import type { Span } from '../../diagnostic/span.ts';
import { matchAny, matchValue, type Predicate, type Test, wildcardPattern } from '../../plan/predicate/node.ts';
import { compileTest } from '../../plan/predicate/value-test.ts';
import { unicodeClasses } from '../../plan/relation/unicode-classes.ts';
import type { TextRelation } from './ast.ts';
import { hasValue, type Term, toValue } from './term.ts';
import { always, anyOf, type Condition, negation, twoValued } from './truth.ts';

/** The test of `text RELATION any of these`. A regular expression must have been checked. */
export function textTest(relation: TextRelation, texts: readonly string[], caseSensitive: boolean): Test {
  const fold = caseSensitive ? 'none' : 'unicode';
  switch (relation) {
    case 'equals':
      return { kind: 'equals', anyOf: texts, fold };
    case 'contains':
      return { kind: 'wildcard', anyOf: texts.map((text) => wildcardPattern(['*', { text }, '*'])), fold };
    case 'startswith':
      return { kind: 'wildcard', anyOf: texts.map((text) => wildcardPattern([{ text }, '*'])), fold };
    case 'endswith':
      return { kind: 'wildcard', anyOf: texts.map((text) => wildcardPattern(['*', { text }])), fold };
    case 'has':
      return { kind: 'term', bounds: 'term', anyOf: texts, fold };
    case 'hasprefix':
      return { kind: 'term', bounds: 'prefix', anyOf: texts, fold };
    case 'hassuffix':
      return { kind: 'term', bounds: 'suffix', anyOf: texts, fold };
    case 'regex': {
      const flags = { ignoreCase: false, multiline: false, dotAll: false };
      return { kind: 'regex', syntax: 're2', anyOf: texts.map(unicodeClasses), flags };
    }
  }
}

/** `term RELATION any of these texts`; `undefined` where the term is no text. */
export function matchText(
  term: Term,
  relation: TextRelation,
  texts: readonly string[],
  caseSensitive: boolean,
  span: Span,
): Condition | undefined {
  if (term.type !== 'string') return undefined;
  if (term.kind === 'constant') {
    const { passes } = compileTest(textTest(relation, texts, caseSensitive), 'keyword');
    return always(passes(String(term.value)), span);
  }
  if (term.kind === 'fields') {
    const { letters } = term;
    if (letters === undefined || (!caseSensitive && relation !== 'regex')) {
      return twoValued(matchFields(term, textTest(relation, texts, caseSensitive), span), span, 2 * term.fields.length);
    }
    if (relation !== 'regex') {
      const possible = texts.filter((text) => text === (letters === 'lower' ? text.toLowerCase() : text.toUpperCase()));
      if (possible.length === 0) return always(false, span);
      return twoValued(matchFields(term, textTest(relation, possible, false), span), span, 2 * term.fields.length);
    }
  }
  const made = toValue(term, span);
  if (made === undefined) return undefined;
  return twoValued(matchValue(made.value, textTest(relation, texts, caseSensitive), span), span, made.size + 1);
}

/** The text is an address in one of these networks; `undefined` where the term is no text. */
export function matchNetworks(term: Term, networks: readonly string[], span: Span): Condition | undefined {
  const test: Test = { kind: 'cidr', anyOf: networks };
  if (term.type !== 'string') return undefined;
  if (term.kind === 'constant') return always(compileTest(test, 'keyword').passes(String(term.value)), span);
  if (term.kind === 'fields') return twoValued(matchFields(term, test, span), span, 2 * term.fields.length);
  const made = toValue(term, span);
  return made && twoValued(matchValue(made.value, test, span), span, made.size + 1);
}

function matchFields(term: Extract<Term, { kind: 'fields' }>, test: Test, span: Span): Predicate {
  const matches = term.fields.map((field) => matchAny(field, test, span));
  if (compileTest(test, 'keyword').passes('')) matches.push(negation(hasValue(term, span), span));
  return anyOf(matches, span);
}
