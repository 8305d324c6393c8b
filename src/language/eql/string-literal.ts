/**
 * String literals: where one ends and what it says, or what is wrong with it.
 *
 * Elasticsearch knows `"…"` with the escapes \\ \" \' \n \r \t \b \f and \u{2 to 8 hex digits}, and `"""…"""` as it
 * stands; neither goes over a line end (`EqlBase.g4`, `AbstractBuilder.unquoteString`). The older `'…'`, `?"…"` and
 * `?'…'` are refused by name, as is `\uXXXX`, which Elasticsearch does not read.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { spanOf } from '../../diagnostic/span.ts';

export type StringLiteral =
  | { readonly end: number; readonly value: string }
  | { readonly end: number; readonly problem: Diagnostic };

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
]);

const LAST_CODE_POINT = 0x10ffff;

/** Whether a string literal, in an old form or a present one, begins at `start`. */
export function beginsString(text: string, start: number): boolean {
  const first = text.charAt(start);
  const second = text.charAt(start + 1);
  return first === '"' || first === "'" || (first === '?' && (second === '"' || second === "'"));
}

export function readString(text: string, start: number): StringLiteral {
  const first = text.charAt(start);
  if (first === '?')
    return refused(text, start, start + 1, `?${text.charAt(start + 1)}`, 'write """…""" for a raw string');
  if (first === "'") return refused(text, start, start, "'", 'write "…"');
  return text.startsWith('"""', start) ? readRaw(text, start) : readEscaped(text, start);
}

/** Up to two quotes before the closing three belong to the string: `"""say "hi""""` ends in a quote. */
function readRaw(text: string, start: number): StringLiteral {
  const close = text.indexOf('"""', start + 3);
  if (close === -1 || /[\r\n]/.test(text.slice(start, close))) {
    return problem(start, endOfLine(text, start), 'The raw string is not closed on its line.', 'close it with """');
  }
  let end = close + 3;
  while (end < close + 5 && text.charAt(end) === '"') end += 1;
  return { end, value: text.slice(start + 3, end - 3) };
}

function readEscaped(text: string, start: number): StringLiteral {
  let value = '';
  let from = start + 1;
  for (let at = from; at < text.length; ) {
    const character = text.charAt(at);
    if (character === '\n' || character === '\r') break;
    if (character === '"') return { end: at + 1, value: value + text.slice(from, at) };
    if (character !== '\\') {
      at += 1;
      continue;
    }
    const escaped = readEscape(text, at);
    if ('problem' in escaped) return escaped;
    value += text.slice(from, at) + escaped.value;
    at = escaped.end;
    from = at;
  }
  return problem(
    start,
    endOfLine(text, start),
    'The string is not closed on its line.',
    'close it with "; a backslash before the closing quote is written \\\\',
  );
}

function readEscape(text: string, at: number): StringLiteral {
  const letter = text.charAt(at + 1);
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { end: at + 2, value: simple };
  if (letter === 'u') return readCodePoint(text, at);
  const shown = letter === '' || letter === '\n' || letter === '\r' ? '\\' : `\\${letter}`;
  return problem(
    at,
    at + shown.length,
    `“${shown}” is no escape in a string.`,
    'write \\\\ for a backslash, or a """raw string"""',
  );
}

function readCodePoint(text: string, at: number): StringLiteral {
  const braced = /^\{([0-9A-Fa-f]*)\}/.exec(text.slice(at + 2, at + 40));
  if (braced === null) {
    const plain = /^[0-9A-Fa-f]{4}/.exec(text.slice(at + 2, at + 6))?.[0];
    const hint =
      plain === undefined ? 'write the code point as \\u{1F600}, or \\\\ for a backslash' : `write \\u{${plain}}`;
    return problem(at, at + 2 + (plain?.length ?? 0), 'A code point is written with braces in EQL.', hint);
  }
  const digits = braced[1] as string;
  const end = at + 2 + braced[0].length;
  const point = Number.parseInt(digits, 16);
  if (digits.length < 2 || digits.length > 8) {
    return problem(at, end, 'A code point has two to eight hexadecimal digits.', 'write it as \\u{1F600}');
  }
  if (point > LAST_CODE_POINT || (point >= 0xd800 && point <= 0xdfff)) {
    return problem(
      at,
      end,
      `There is no character with the code point ${digits}.`,
      'the last one is 10FFFF, and D800 to DFFF are none',
    );
  }
  return { end, value: String.fromCodePoint(point) };
}

function refused(text: string, start: number, quoteAt: number, form: string, hint: string): StringLiteral {
  const close = text.indexOf(text.charAt(quoteAt), quoteAt + 1);
  const lineEnd = endOfLine(text, start);
  const end = close === -1 || close >= lineEnd ? lineEnd : close + 1;
  return problem(start, end, `EQL has no strings that begin with ${form}.`, hint);
}

function endOfLine(text: string, start: number): number {
  const found = text.slice(start).search(/[\r\n]/);
  return found === -1 ? text.length : start + found;
}

function problem(start: number, end: number, message: string, hint: string): StringLiteral {
  return { end, problem: diagnose('eql-string', 'error', message, spanOf(start, end), hint) };
}
