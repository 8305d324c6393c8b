/**
 * Tests of text that is folded already, so that a value is folded once however many rules ask.
 *
 * Means what `compileTest` means: a property test holds them together.
 */
import type { CaseFold, FieldType, Test } from '../plan/predicate/node.ts';
import { foldCase } from '../plan/predicate/scalar.ts';
import { compileWildcard } from '../plan/predicate/wildcard.ts';

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
    return {
      fold,
      passes: (text) => {
        for (const matches of patterns) if (matches(text)) return true;
        return false;
      },
    };
  }
  if (test.kind !== 'equals' || (type !== 'keyword' && type !== 'text' && type !== 'unknown')) return undefined;
  if (!test.anyOf.every((wanted) => typeof wanted === 'string')) return undefined;
  const { fold } = test;
  const texts = new Set((test.anyOf as readonly string[]).map((wanted) => foldCase(wanted, fold)));
  const [only] = texts;
  return texts.size === 1 ? { fold, passes: (text) => text === only } : { fold, passes: (text) => texts.has(text) };
}
