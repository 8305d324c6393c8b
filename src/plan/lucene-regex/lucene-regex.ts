/**
 * Lucene regular expressions over whole values, in time linear in the value.
 *
 *   pattern ──parse──▶ tree ──size check──▶ terms ──derivatives, on demand──▶ automaton ──▶ yes or no
 *
 * Front ends check a pattern with `parseLuceneRegex` and report what is wrong; `compileLuceneRegex` then cannot fail.
 */
import type { CaseFold } from '../predicate/node.ts';
import { alphabetOf } from './alphabet.ts';
import { Automaton } from './automaton.ts';
import { parseRegexTree, type RegexError } from './parse-regex.ts';
import type { Regex } from './regex-tree.ts';
import { Terms } from './term.ts';

/**
 * Positions a pattern may have once its counts are written out (`[0-9]{3}` has three). Lucene's default refuses
 * beyond 10,000 units of work; the longest in Elastic's rules has a few hundred.
 */
const MAX_POSITIONS = 5_000;

/** The tree of a pattern that `compileLuceneRegex` accepts, or what is wrong with it and where (UTF-16 offset). */
export function parseLuceneRegex(pattern: string): { readonly regex: Regex } | { readonly error: RegexError } {
  const parsed = parseRegexTree(pattern);
  if ('error' in parsed) return parsed;
  if (positions(parsed.tree) > MAX_POSITIONS) return { error: tooComplex('its repetitions are too large') };
  if (isExtended(parsed.tree) && !automatonOf(parsed.tree, 'none').explore()) {
    return { error: tooComplex('the combination of “&” and “~” needs too many states') };
  }
  return { regex: parsed.tree };
}

/**
 * A function that says whether a whole text matches. Only for patterns that `parseLuceneRegex` accepts.
 * @throws {Error} for any other pattern: that is a bug of the caller.
 */
export function compileLuceneRegex(pattern: string, fold: CaseFold): (text: string) => boolean {
  const parsed = parseRegexTree(pattern);
  if ('error' in parsed) throw new Error(`unchecked regular expression ${pattern}: ${parsed.error.message}`);
  const automaton = automatonOf(parsed.tree, fold);
  return (text) => automaton.matches(text);
}

function automatonOf(tree: Regex, fold: CaseFold): Automaton {
  const alphabet = alphabetOf(tree, fold);
  const terms = new Terms(alphabet, fold);
  return new Automaton(terms, alphabet, terms.fromTree(tree));
}

function tooComplex(why: string): RegexError {
  return { message: `the expression is too complex: ${why}`, offset: 0 };
}

function isExtended(node: Regex): boolean {
  switch (node.kind) {
    case 'intersection':
    case 'complement':
      return true;
    case 'concat':
    case 'union':
      return node.items.some(isExtended);
    case 'repeat':
      return isExtended(node.item);
    default:
      return false;
  }
}

function positions(node: Regex): number {
  switch (node.kind) {
    case 'text':
      return node.text.length;
    case 'concat':
    case 'union':
    case 'intersection':
      return node.items.reduce((sum, item) => sum + positions(item), 0);
    case 'complement':
      return positions(node.item);
    case 'repeat':
      return Math.max(1, positions(node.item)) * (node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max);
    default:
      return 1;
  }
}
