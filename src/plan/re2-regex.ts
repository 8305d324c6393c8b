/**
 * Regular expressions in RE2's syntax, searched for anywhere in a text, in time linear in the text.
 *
 *   pattern ──checkRe2──▶ nothing, or what is wrong and where ──▶ plan ──compileRe2──▶ yes or no, and the place
 *
 * RE2 has no look-around and no back-references, which is what makes linear time possible.
 */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import type { Re2Flags } from './predicate/node.ts';

export interface RegexFault {
  /** What is wrong, as the end of a sentence. */
  readonly message: string;
  /** UTF-16 offset into the pattern. */
  readonly offset: number;
}

export interface CompiledRe2 {
  readonly matches: (text: string) => boolean;
  /** Where the leftmost match stands, `undefined` where there is none. */
  readonly find: (text: string) => readonly [readonly [number, number]] | undefined;
}

/** The longest in SigmaHQ's rules has 217. */
const LONGEST = 10_000;

/** Counts are written out when an expression is compiled: at this sum that takes 0.2 s. */
const MOST_REPETITIONS = 5_000;

/** What keeps a pattern from being compiled, `undefined` where nothing does. */
export function checkRe2(pattern: string): RegexFault | undefined {
  if (pattern.length > LONGEST) return { message: `it is longer than ${LONGEST} characters`, offset: LONGEST };
  const repetitions = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].reduce(
    (sum, [, least, most]) => sum + Number(most === undefined || most === '' ? least : most),
    0,
  );
  if (repetitions > MOST_REPETITIONS) return { message: 'its repetitions are too large', offset: 0 };
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    if (!(error instanceof RE2JSSyntaxException)) return { message: error.message, offset: 0 };
    const part: unknown = error.getPattern();
    const description = String(error.getDescription());
    if (typeof part !== 'string') return { message: description, offset: 0 };
    const shown = part.length > 40 ? `${part.slice(0, 40)}…` : part;
    return { message: `${description}: ${shown}`, offset: Math.max(0, pattern.indexOf(part)) };
  }
}

/**
 * Only for patterns in which `checkRe2` finds nothing wrong.
 * @throws {Error} for any other pattern: that is a bug of the caller.
 */
export function compileRe2(pattern: string, { ignoreCase, multiline, dotAll }: Re2Flags): CompiledRe2 {
  const flags =
    (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (multiline ? RE2JS.MULTILINE : 0) | (dotAll ? RE2JS.DOTALL : 0);
  // Compiled when a value comes to it: most are behind conditions that hardly an event meets.
  let made: RE2JS | undefined;
  const expression = () => {
    made ??= RE2JS.compile(pattern, flags);
    return made;
  };
  return {
    matches: (text) => expression().test(text),
    find: (text) => {
      const matcher = expression().matcher(text);
      return matcher.find() ? [[matcher.start(), matcher.end()]] : undefined;
    },
  };
}
