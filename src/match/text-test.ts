/**
 * Tests of text that is folded already, so that a value is folded once however many rules ask.
 *
 * Means what `compileTest` means: a property test holds them together.
 */
import type { CaseFold, FieldType, Test, WildcardTest } from '../plan/predicate/node.ts';
import { foldCase } from '../plan/predicate/scalar.ts';
import { compileWildcard } from '../plan/predicate/wildcard.ts';
import { GramIndex } from './gram-index.ts';
import { isAscii, type Literal, literalsOfTest } from './literal.ts';

export interface TextTest {
  readonly fold: CaseFold;
  /** @param text folded so */
  readonly passes: (text: string) => boolean;
}

/** `undefined` for tests that look at more than text. */
export function compileTextTest(test: Test, type: FieldType): TextTest | undefined {
  if (test.kind === 'wildcard') {
    const { fold } = test;
    const patterns = test.anyOf.map(
      (pattern) =>
        compileWildcard(
          pattern.map((part) => (typeof part === 'string' ? part : { text: foldCase(part.text, fold) })),
          'none',
        ).matches,
    );
    const [only, second] = patterns;
    if (only !== undefined && second === undefined) return { fold, passes: only };
    if (fold !== 'none' && patterns.length >= MANY) return { fold, passes: anyOfMany(test, patterns) };
    return { fold, passes: (text) => passesAny(patterns, text) };
  }
  if (test.kind !== 'equals' || (type !== 'keyword' && type !== 'text' && type !== 'unknown')) return undefined;
  if (!test.anyOf.every((wanted) => typeof wanted === 'string')) return undefined;
  const { fold } = test;
  const texts = new Set((test.anyOf as readonly string[]).map((wanted) => foldCase(wanted, fold)));
  const [only] = texts;
  return texts.size === 1 ? { fold, passes: (text) => text === only } : { fold, passes: (text) => texts.has(text) };
}

type Matches = (text: string) => boolean;

/** From so many patterns on, looking for all their texts at once is cheaper than trying one after the other. */
const MANY = 12;

/** Tries only patterns whose longest text stands in the value; those that have none, always. */
function anyOfMany(test: WildcardTest, patterns: readonly Matches[]): Matches {
  const literals: Literal[] = [];
  const ofLiteral: Matches[] = [];
  const wholes = new Set<string>();
  const ofBeyond: Matches[] = [];
  const others: Matches[] = [];
  for (const [at, pattern] of test.anyOf.entries()) {
    const matches = patterns[at] as Matches;
    const [literal] = literalsOfTest({ ...test, anyOf: [pattern] }, 'unknown') ?? [];
    if (literal === undefined) others.push(matches);
    else if (literal.anchor === 'whole') wholes.add(literal.text);
    else if (literal.anchor === 'beyond') ofBeyond.push(matches);
    else {
      literals.push(literal);
      ofLiteral.push(matches);
    }
  }
  const index = new GramIndex(literals);
  const hits: number[] = [];
  return (text) => {
    if (wholes.has(text) || passesAny(others, text)) return true;
    if (ofBeyond.length > 0 && !isAscii(text) && passesAny(ofBeyond, text)) return true;
    hits.length = 0;
    index.search(text, hits);
    for (const hit of hits) if ((ofLiteral[hit] as Matches)(text)) return true;
    return false;
  };
}

function passesAny(patterns: readonly Matches[], text: string): boolean {
  for (const matches of patterns) if (matches(text)) return true;
  return false;
}
