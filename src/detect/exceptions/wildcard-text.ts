/**
 * Wildcards as exceptions write them: `*` any run of characters, `?` one, everything else stands for itself. Also a
 * backslash: a Windows path is written as it is, which Elastic's form (backslash escapes) makes people get wrong.
 */
import { type WildcardPart, type WildcardPattern, wildcardPattern } from '../../plan/predicate/node.ts';

export function parseWildcard(text: string): WildcardPattern {
  const parts = text.match(/[*?]|[^*?]+/g) ?? [];
  return wildcardPattern(parts.map((part): WildcardPart => (part === '*' || part === '?' ? part : { text: part })));
}

export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}
