/**
 * Whole terms in a text: Kusto's `has`, `hasprefix` and `hassuffix`.
 *
 * A boundary is a place in the text that does not lie between two letters or digits (of any script; `_` is neither).
 * So a text that begins or ends with punctuation is bounded there by itself: `"v1.2.3" has "2.3"`, but not
 * `"1_2_3" has "2.3"`. Source: recorded answers of the Kusto engine.
 */
import type { TermTest } from './node.ts';
import { foldCase } from './scalar.ts';
import type { ValueTest } from './value-test.ts';

export function compileTerms({ anyOf, bounds, fold }: TermTest): ValueTest {
  const terms = anyOf.map((term) => foldCase(term, fold));
  return {
    passes: (value) => {
      const text = foldCase(String(value), fold);
      return terms.some((term) => findTerm(text, term, bounds) !== -1);
    },
    ranges: (value) => {
      const text = foldCase(String(value), fold);
      for (const term of terms) {
        const at = findTerm(text, term, bounds);
        if (at !== -1) return [[at, at + term.length]];
      }
      return [];
    },
  };
}

function findTerm(text: string, term: string, bounds: TermTest['bounds']): number {
  for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + 1)) {
    const begins = bounds === 'suffix' || isBoundary(text, at);
    if (begins && (bounds === 'prefix' || isBoundary(text, at + term.length))) return at;
    if (term === '') return 0;
  }
  return -1;
}

function isBoundary(text: string, at: number): boolean {
  return !(isLetterOrDigit(characterBefore(text, at)) && isLetterOrDigit(text.slice(at, at + 2)));
}

/** Whether the text begins with a letter or digit. */
function isLetterOrDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  if (code < 0x80) {
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a);
  }
  return /^[\p{L}\p{N}]/u.test(text);
}

/** The code point that ends at `at`. */
function characterBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit < 0xe000 ? text.slice(Math.max(0, at - 2), at) : text.slice(Math.max(0, at - 1), at);
}
