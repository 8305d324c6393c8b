/**
 * Text → tokens, in one pass, after the lexical part of Kibana's grammar (`kuery/grammar.peggy`). What is no token
 * becomes an `error` token that carries its diagnostic and ends the list.
 *
 * Escapes: `\t \r \n \uXXXX` everywhere; `\\ \"` in quotes, where any other backslash stands for itself; outside quotes
 * a backslash before a special character or before `and`, `or`, `not` takes its meaning away, and nothing else may
 * follow it. We read `\not` as the word, which Kibana's grammar means and does not do (it sees `\n` first), and words
 * that end in `not` (`cannot open`) as words, which it refuses.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { spanOf } from '../../diagnostic/span.ts';
import type { WildcardPart } from '../../plan/predicate/node.ts';
import type { Token, TokenKind } from './token.ts';

const BLANK = /[ \t\r\n\u00a0]+/y;
const SYMBOL = /<=|>=|[(){}:<>]/y;
const PLAIN = /[^ \t\r\n\u00a0\\():<>"*{}]+/y;
const ESCAPED =
  /\\(?:u([0-9a-fA-F]{4})|([aA][nN][dD]|[oO][rR]|[nN][oO][tT])(?=[ \t\r\n\u00a0():<>"{}]|$)|([trn])|([\\():<>"*{}]))/y;
const IN_STRING = /[^"\\]+/y;
const ESCAPED_IN_STRING = /\\(?:u([0-9a-fA-F]{4})|([trn])|(["\\]))/y;
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);
const CONTROL: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };

/** The last token is of kind `end` or `error`. */
export function tokenizeKuery(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const push = (kind: TokenKind, start: number, end: number, meant: string, parts: readonly WildcardPart[] = []) => {
    tokens.push({ kind, start, end, text: meant, parts });
  };
  for (let at = 0; ; ) {
    at += matchAt(BLANK, text, at)?.[0].length ?? 0;
    if (at >= text.length) break;
    const symbol = matchAt(SYMBOL, text, at)?.[0];
    if (symbol !== undefined) {
      push('symbol', at, at + symbol.length, symbol);
      at += symbol.length;
      continue;
    }
    const read = text.charAt(at) === '"' ? readString(text, at) : readWord(text, at);
    if ('problem' in read) {
      const { problem } = read;
      tokens.push({ kind: 'error', start: problem.span.start, end: problem.span.end, text: '', parts: [], problem });
      return tokens;
    }
    const word = text.slice(at, read.end).toLowerCase();
    if (KEYWORDS.has(word)) push('keyword', at, read.end, word);
    else push(text.charAt(at) === '"' ? 'string' : 'word', at, read.end, read.meant, read.parts);
    at = read.end;
  }
  push('end', text.length, text.length, '');
  return tokens;
}

type Read =
  | { readonly end: number; readonly meant: string; readonly parts: readonly WildcardPart[] }
  | { readonly problem: Diagnostic };

function readWord(text: string, start: number): Read {
  const parts: WildcardPart[] = [];
  const pieces: string[] = [];
  const closePiece = () => {
    if (pieces.length > 0) parts.push({ text: pieces.join('') });
    pieces.length = 0;
  };
  let at = start;
  for (;;) {
    const plain = matchAt(PLAIN, text, at)?.[0];
    if (plain !== undefined) {
      pieces.push(plain);
      at += plain.length;
    } else if (text.charAt(at) === '*') {
      closePiece();
      parts.push('*');
      at += 1;
    } else if (text.charAt(at) === '\\') {
      const escaped = matchAt(ESCAPED, text, at);
      if (escaped === null) return { problem: wrongEscape(text, at) };
      const [all, code, keyword, control, special] = escaped;
      pieces.push(code === undefined ? (keyword ?? controlOf(control) ?? (special as string)) : ofCode(code));
      at += all.length;
    } else break;
  }
  closePiece();
  return { end: at, meant: parts.map((part) => (typeof part === 'object' ? part.text : part)).join(''), parts };
}

function readString(text: string, start: number): Read {
  const pieces: string[] = [];
  let at = start + 1;
  for (;;) {
    const plain = matchAt(IN_STRING, text, at)?.[0];
    if (plain !== undefined) {
      pieces.push(plain);
      at += plain.length;
    } else if (text.charAt(at) === '\\') {
      const [all = '\\', code, control, same] = matchAt(ESCAPED_IN_STRING, text, at) ?? [];
      pieces.push(code === undefined ? (controlOf(control) ?? same ?? '\\') : ofCode(code));
      at += all.length;
    } else if (text.charAt(at) === '"') break;
    else {
      const hint = 'close it with "; a quote within is written \\"';
      return {
        problem: diagnose('kuery-syntax', 'error', 'The quote is not closed.', spanOf(start, start + 1), hint),
      };
    }
  }
  const meant = pieces.join('');
  return { end: at + 1, meant, parts: meant === '' ? [] : [{ text: meant }] };
}

function wrongEscape(text: string, at: number): Diagnostic {
  const next = text.codePointAt(at + 1);
  const end = at + 1 + (next === undefined ? 0 : String.fromCodePoint(next).length);
  const message = `“${text.slice(at, end)}” stands for nothing: a backslash goes before one of \\ ( ) : < > " * { }.`;
  return diagnose('kuery-escape', 'error', message, spanOf(at, end), 'write \\\\ for a backslash');
}

function controlOf(letter: string | undefined): string | undefined {
  return letter === undefined ? undefined : CONTROL[letter];
}

function ofCode(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
