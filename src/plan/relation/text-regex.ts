/**
 * Kusto's regular expressions over a text: where they match, and what their groups hold. Linear in the text.
 */
import { RE2JS } from 're2js';
import { checkRe2 } from '../re2-regex.ts';
import { unicodeClasses } from './unicode-classes.ts';

export interface RegexMatch {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** The whole match first; '' for a group that took no part. */
  readonly groups: readonly string[];
  /** What the group of that name holds. */
  readonly named: (name: string) => string;
}

export interface TextRegex {
  readonly groupCount: number;
  readonly test: (text: string) => boolean;
  /** From left to right, without overlaps. */
  readonly matches: (text: string) => Generator<RegexMatch>;
}

const COMPILED = new Map<string, TextRegex | undefined>();
const MOST_COMPILED = 500;

/**
 * `undefined` for a pattern that is none, or is too large.
 * @param flags `i`, `s`, `m`, `U` as RE2 has them
 */
export function regexOf(pattern: string, flags = ''): TextRegex | undefined {
  const key = `${flags}/${pattern}`;
  if (COMPILED.has(key)) return COMPILED.get(key);
  if (COMPILED.size >= MOST_COMPILED) COMPILED.clear();
  const made = compile(pattern, flags);
  COMPILED.set(key, made);
  return made;
}

/** The pattern as RE2 understands it; `undefined` where there is none. */
export function re2Source(
  pattern: string,
  flags = '',
): { readonly source: string; readonly groupCount: number } | undefined {
  const groupCount = regexOf(pattern, flags)?.groupCount;
  return groupCount === undefined ? undefined : { source: sourceOf(pattern, flags), groupCount };
}

function sourceOf(pattern: string, flags: string): string {
  return `${flags === '' ? '' : `(?${flags})`}${unicodeClasses(pattern)}`;
}

function compile(pattern: string, flags: string): TextRegex | undefined {
  const source = sourceOf(pattern, flags);
  if (checkRe2(pattern) !== undefined || checkRe2(source) !== undefined) return undefined;
  const expression = RE2JS.compile(source);
  return {
    groupCount: expression.groupCount(),
    test: (text) => expression.test(text),
    *matches(text) {
      const matcher = expression.matcher(text);
      let last = -1;
      while (matcher.find()) {
        // As RE2 and Rust's engine have it: where a match ends there is no empty one.
        if (matcher.start() === matcher.end() && matcher.start() === last) continue;
        last = matcher.end();
        const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, at) => matcher.group(at) ?? '');
        yield { start: matcher.start(), end: matcher.end(), groups, named: (name) => matcher.group(name) ?? '' };
      }
    },
  };
}
