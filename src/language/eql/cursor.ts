/**
 * Where in a query the cursor stands: what completion and hover start from. It looks at tokens only, so it works on
 * queries that are not finished, which is when it is needed.
 */
import { KEYWORDS, type Token } from './token.ts';
import { tokenize } from './tokenize.ts';

/** A field or function name as written, with its parts: `process.pa`. */
export interface NameAt {
  readonly start: number;
  readonly end: number;
  /** Dotted, without quotes, up to the cursor and whole. */
  readonly before: string;
  readonly name: string;
}

/** The tokens up to a place; in a text that ends within a string or name that one is the last. */
export function tokensBefore(text: string, offset: number): readonly Token[] {
  return tokenize(text.slice(0, offset)).filter(({ kind }) => kind !== 'end');
}

/** The dotted name that the place touches. */
export function nameAt(text: string, offset: number): NameAt | undefined {
  const tokens = tokenize(text);
  const touched = tokens.findIndex((token) => token.start <= offset && offset <= token.end && isPart(token));
  if (touched === -1) return undefined;
  let first = touched;
  let last = touched;
  while (isPart(tokens[first - 1]) && !bothNames(tokens[first - 1], tokens[first])) first -= 1;
  while (isPart(tokens[last + 1]) && !bothNames(tokens[last], tokens[last + 1])) last += 1;
  const parts = tokens.slice(first, last + 1);
  const start = (parts[0] as Token).start;
  const name = parts.map((part) => part.text).join('');
  const before = parts
    .filter((part) => part.start < offset)
    .map((part) => (part.end <= offset || part.kind === 'quoted-name' ? part.text : text.slice(part.start, offset)))
    .join('');
  return { start, end: (parts.at(-1) as Token).end, before, name };
}

function isPart(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return (
    token.kind === 'name' ||
    token.kind === 'quoted-name' ||
    token.kind === 'tilde-name' ||
    (token.kind === 'keyword' && /^\w+$/.test(token.text) && KEYWORDS.has(token.text)) ||
    (token.kind === 'symbol' && token.text === '.')
  );
}

/** Two names with nothing between belong to two names, unless a dot joins them. */
function bothNames(a: Token | undefined, b: Token | undefined): boolean {
  return a?.text !== '.' && b?.text !== '.';
}
