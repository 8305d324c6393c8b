/**
 * Text → tokens, in one pass. What is no token becomes an `error` token that carries its diagnostic and ends the list,
 * so that the parser reports whichever problem comes first.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { spanOf } from '../../diagnostic/span.ts';
import { beginsString, readString } from './string-literal.ts';
import { FOREIGN_SYMBOLS, KEYWORDS, SYMBOLS, type Token, type TokenKind } from './token.ts';

const NAME = /[A-Za-z_@][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?/y;
const BLANK = /[ \t\r\n]+/y;
const ANY_SYMBOL = new RegExp(
  [...SYMBOLS, ...FOREIGN_SYMBOLS.keys()]
    .sort((a, b) => b.length - a.length)
    .map((symbol) => symbol.replace(/[^=]/g, '\\$&'))
    .join('|'),
  'y',
);
const LINE_COMMENT = /\/\/[^\r\n]*/y;
const COMMENT_EDGE = /\/\*|\*\//g;

/** The last token is of kind `end` or `error`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  // Once a comment turned out not to nest, none does: two passes over the text at most.
  let commentsNest = true;

  const push = (kind: TokenKind, end: number, value = text.slice(at, end)) => {
    tokens.push({ kind, start: at, end, text: value });
    at = end;
  };
  const fail = (problem: Diagnostic) => {
    tokens.push({ kind: 'error', start: problem.span.start, end: problem.span.end, text: '', problem });
    return tokens;
  };

  for (;;) {
    at += lengthAt(BLANK, text, at);
    if (at >= text.length) break;
    if (text.startsWith('//', at)) {
      at += lengthAt(LINE_COMMENT, text, at);
      continue;
    }
    if (text.startsWith('/*', at)) {
      const end: number | undefined = commentsNest ? endOfNestedComment(text, at) : undefined;
      const closed = end ?? text.indexOf('*/', at + 2) + 2;
      if (closed === 1) {
        return fail(
          diagnose('eql-syntax', 'error', 'The comment is not closed.', spanOf(at, at + 2), 'close it with */'),
        );
      }
      commentsNest &&= end !== undefined;
      at = closed;
      continue;
    }
    if (beginsString(text, at)) {
      const string = readString(text, at);
      if ('problem' in string) return fail(string.problem);
      push('string', string.end, string.value);
      continue;
    }
    if (text.charAt(at) === '`') {
      const quoted = readQuotedName(text, at);
      if ('problem' in quoted) return fail(quoted.problem);
      push('quoted-name', quoted.end, quoted.name);
      continue;
    }
    const number = lengthAt(NUMBER, text, at);
    if (number > 0) {
      const digits = text.slice(at, at + number);
      push(/^\d+$/.test(digits) ? 'integer' : 'decimal', at + number);
      continue;
    }
    const name = lengthAt(NAME, text, at);
    if (name > 0) {
      const withTilde = text.slice(at, at + name + 1);
      if (!withTilde.endsWith('~')) push(KEYWORDS.has(withTilde.slice(0, name)) ? 'keyword' : 'name', at + name);
      else if (KEYWORDS.has(withTilde)) push('keyword', at + name + 1);
      else push('tilde-name', at + name + 1, withTilde.slice(0, name));
      continue;
    }
    const symbol = at + lengthAt(ANY_SYMBOL, text, at);
    if (symbol === at) return fail(unknownCharacter(text, at));
    push(FOREIGN_SYMBOLS.has(text.slice(at, symbol)) ? 'foreign' : 'symbol', symbol);
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length, text: '' });
  return tokens;
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Comments nest where they balance; one that does not ends at the first close (`/* C:\*.exe *​/`), as in the grammar. */
function endOfNestedComment(text: string, start: number): number | undefined {
  let depth = 0;
  COMMENT_EDGE.lastIndex = start;
  for (let edge = COMMENT_EDGE.exec(text); edge !== null; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
  return undefined;
}

function readQuotedName(
  text: string,
  start: number,
): { readonly end: number; readonly name: string } | { readonly problem: Diagnostic } {
  let at = start + 1;
  for (;;) {
    const close = text.indexOf('`', at);
    if (close === -1) {
      const span = spanOf(start, Math.min(text.length, start + 1));
      return { problem: diagnose('eql-syntax', 'error', 'The quoted name is not closed.', span, 'close it with `') };
    }
    if (text.charAt(close + 1) !== '`') {
      return { end: close + 1, name: text.slice(start + 1, close).replaceAll('``', '`') };
    }
    at = close + 2;
  }
}

function unknownCharacter(text: string, at: number): Diagnostic {
  const character = String.fromCodePoint(text.codePointAt(at) as number);
  const quotes = '“”„‘’«»';
  const hint = quotes.includes(character)
    ? 'write a straight quote: "…"'
    : 'names with other characters than letters, digits, _ and @ are quoted: `my-field`';
  return diagnose(
    'eql-syntax',
    'error',
    `EQL has no use for “${character}” here.`,
    spanOf(at, at + character.length),
    hint,
  );
}
