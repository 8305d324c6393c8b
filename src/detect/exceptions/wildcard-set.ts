/**
 * Many wildcard patterns as one set.
 *
 *   pattern ──literal text before its first wildcard, or after its last──▶ filed under it
 *   value ──its beginnings and ends of the lengths that occur──▶ a few patterns ──each in full──▶ yes or no
 *
 * A pattern is filed under the one of the two texts that fewer patterns share (`C:\Users\*\agent.exe` under its end).
 * Patterns with a wildcard at both ends are tried one by one, which is why a list takes `MOST_UNANCHORED` of them.
 * Soundness: a pattern matches only values that begin with the one text and end with the other.
 */
import type { CaseFold } from '../../plan/predicate/node.ts';
import { foldCase } from '../../plan/predicate/scalar.ts';
import { type CompiledWildcard, compileWildcard } from '../../plan/predicate/wildcard.ts';
import { hasWildcard, parseWildcard } from './wildcard-text.ts';

/** Patterns with a wildcard at both ends: at 1,000 a value that none matches takes 0.1 ms. */
export const MOST_UNANCHORED = 1_000;

export interface WildcardSet {
  has(value: string): boolean;
}

export function isUnanchored(pattern: string): boolean {
  return /^[*?]/.test(pattern) && /[*?]$/.test(pattern);
}

export function createWildcardSet(patterns: Iterable<string>, fold: CaseFold): WildcardSet {
  const texts = [...patterns];
  const exact = new Set<string>();
  const unanchored: CompiledWildcard[] = [];
  const [starts, ends] = [new Affixes(fold), new Affixes(fold)];
  const anchored = texts.filter((text) => hasWildcard(text) && !isUnanchored(text));
  const counts = new Map<string, number>();
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const text of anchored) {
    const { start, end } = affixesOf(text, fold);
    count(`^${start}`);
    count(`$${end}`);
  }
  for (const text of texts) {
    if (!hasWildcard(text)) {
      exact.add(foldCase(text, fold));
      continue;
    }
    if (isUnanchored(text)) {
      unanchored.push(compileWildcard(parseWildcard(text), fold));
      continue;
    }
    const { start, end } = affixesOf(text, fold);
    const shared = (key: string, affix: string) => (affix === '' ? Number.POSITIVE_INFINITY : (counts.get(key) ?? 0));
    if (shared(`^${start}`, start) <= shared(`$${end}`, end)) starts.file(start, text);
    else ends.file(end, text);
  }
  return {
    has(value) {
      const folded = foldCase(value, fold);
      return (
        exact.has(folded) ||
        starts.some(value, (length) => folded.slice(0, length)) ||
        ends.some(value, (length) => folded.slice(Math.max(0, folded.length - length))) ||
        unanchored.some((pattern) => pattern.matches(value))
      );
    },
  };
}

/** Patterns by a literal text that they begin, or end, with; compiled when a value has that text first. */
class Affixes {
  private readonly fold: CaseFold;
  private readonly byText = new Map<string, { readonly patterns: string[]; compiled?: readonly CompiledWildcard[] }>();
  private readonly lengths = new Set<number>();

  constructor(fold: CaseFold) {
    this.fold = fold;
  }

  file(text: string, pattern: string): void {
    const filed = this.byText.get(text);
    if (filed === undefined) this.byText.set(text, { patterns: [pattern] });
    else filed.patterns.push(pattern);
    this.lengths.add(text.length);
  }

  some(value: string, affix: (length: number) => string): boolean {
    for (const length of this.lengths) {
      const filed = this.byText.get(affix(length));
      if (filed === undefined) continue;
      filed.compiled ??= filed.patterns.map((pattern) => compileWildcard(parseWildcard(pattern), this.fold));
      if (filed.compiled.some((pattern) => pattern.matches(value))) return true;
    }
    return false;
  }
}

function affixesOf(text: string, fold: CaseFold): { readonly start: string; readonly end: string } {
  return { start: foldCase(/^[^*?]*/.exec(text)?.[0] ?? '', fold), end: foldCase(lastLiteral(text), fold) };
}

function lastLiteral(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('*'), text.lastIndexOf('?')) + 1);
}
