/**
 * The right-hand side of `:`, `like` and `regex` as tests of the plan.
 *
 * Wildcards are `*` (any run of characters) and `?` (one character), and nothing escapes them: Elasticsearch's
 * `StringUtils.toLikePattern` takes the backslash for an ordinary character, which is what makes `"C:\\*"` a pattern
 * for everything below `C:\`. Without wildcards a pattern is compared whole. `:`, `like~` and `regex~` fold A to Z only
 * (Lucene's case-insensitive automata).
 */
import { parseLuceneRegex } from '../../plan/lucene-regex/lucene-regex.ts';
import type { RegexError } from '../../plan/lucene-regex/parse-regex.ts';
import { networkOf } from '../../plan/predicate/cidr.ts';
import {
  type CaseFold,
  type LiteralValue,
  type Test,
  type WildcardPattern,
  wildcardPattern,
} from '../../plan/predicate/node.ts';
import type { EqlLiteral, EqlMatch } from './ast.ts';

/** Several tests where exact values and wildcards are mixed; none where every pattern is null. */
export function patternTests(node: EqlMatch, insensitive: CaseFold): readonly Test[] {
  const fold: CaseFold = node.operator === 'like' || node.operator === 'regex' ? 'none' : insensitive;
  const values = node.patterns.flatMap((pattern) => (pattern.type === 'null' ? [] : [pattern.value]));
  if (values.length === 0) return [];
  if (node.operator === 'regex' || node.operator === 'regex~') {
    return [{ kind: 'regex', syntax: 'lucene', anyOf: values.map(String), fold: fold === 'none' ? 'none' : 'ascii' }];
  }
  const exact: LiteralValue[] = [];
  const wild: WildcardPattern[] = [];
  for (const value of values) {
    const text = node.operator === ':' ? value : String(value);
    if (typeof text === 'string' && /[*?]/.test(text)) wild.push(wildcardParts(text));
    else exact.push(text);
  }
  const tests: Test[] = [];
  if (exact.length > 0) tests.push({ kind: 'equals', anyOf: exact, fold });
  if (wild.length > 0) tests.push({ kind: 'wildcard', anyOf: wild, fold });
  return tests;
}

/** What is wrong with a pattern of `regex`; patterns of the other operators are never wrong. */
export function regexError(node: EqlMatch, pattern: EqlLiteral): RegexError | undefined {
  if (node.operator !== 'regex' && node.operator !== 'regex~') return undefined;
  const parsed = parseLuceneRegex(String(pattern.value));
  return 'error' in parsed ? parsed.error : undefined;
}

/** What a function that is true or false tests of its first argument, the others being these constants. */
export function functionTest(name: string, [text = '', ...others]: readonly string[], insensitive: boolean): Test {
  const fold: CaseFold = insensitive ? 'ascii' : 'none';
  const part = { text };
  switch (name) {
    case 'startsWith':
      return { kind: 'wildcard', anyOf: [wildcardPattern([part, '*'])], fold };
    case 'endsWith':
      return { kind: 'wildcard', anyOf: [wildcardPattern(['*', part])], fold };
    case 'stringContains':
      return { kind: 'wildcard', anyOf: [wildcardPattern(['*', part, '*'])], fold };
    case 'cidrMatch':
      return { kind: 'cidr', anyOf: [text, ...others].map((network) => networkOf(network) ?? network) };
    default:
      throw new Error(`The function ${name} has no test of a field.`);
  }
}

function wildcardParts(text: string): WildcardPattern {
  const parts = text.split(/([*?])/).map((part) => (part === '*' || part === '?' ? part : { text: part }));
  return wildcardPattern(parts);
}
