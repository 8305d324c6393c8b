/**
 * The lines of YAML whose indentation is lost: what each says by itself, and where it stands.
 *
 * Nothing is parsed that takes more than one line; a value's text is left to the YAML parser.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';

export interface PastedLine {
  /** Without blanks around it. */
  readonly text: string;
  /** Of `text`, in the source. */
  readonly span: Span;
  /** A list item, `- …`. */
  readonly isItem: boolean;
  readonly isBlank: boolean;
  readonly isComment: boolean;
  /** What stands before `:`, without quotes; absent where the line (or item) is no `key: value`. */
  readonly key?: string;
  /** What stands behind `:`. */
  readonly value: 'none' | 'block' | 'inline';
}

/** @param offset where `text` stands in the source */
export function pastedLines(text: string, offset = 0): readonly PastedLine[] {
  const lines: PastedLine[] = [];
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    lines.push(readLine(text.slice(start, end), start + offset));
    start = end + 1;
  }
  return lines;
}

function readLine(written: string, start: number): PastedLine {
  const text = written.replace(/^\ufeff/, '').trim();
  const at = start + (text === '' ? 0 : written.indexOf(text));
  const isItem = /^-(?:\s|$)/.test(text);
  const body = isItem ? text.slice(1).trim() : text;
  const isComment = body.startsWith('#');
  const { key, rest } = isComment ? { key: undefined, rest: '' } : splitKey(body);
  return {
    text,
    span: spanOf(at, at + text.length),
    isItem,
    isBlank: text === '',
    isComment: isComment && !isItem,
    ...(key === undefined ? {} : { key }),
    value: rest === '' || rest.startsWith('#') ? 'none' : /^[|>][-+\d]*(?:\s+#.*)?$/.test(rest) ? 'block' : 'inline',
  };
}

/** A key ends at the first colon that a blank or the line's end follows, as in YAML. */
function splitKey(body: string): { readonly key: string | undefined; readonly rest: string } {
  const none = { key: undefined, rest: body };
  const quote = /^["']/.exec(body)?.[0];
  if (quote !== undefined) {
    const close = body.indexOf(quote, 1);
    const after = close === -1 ? null : /^\s*:(?:\s|$)/.exec(body.slice(close + 1));
    if (after === null) return none;
    return { key: body.slice(1, close), rest: body.slice(close + 1 + after[0].length).trim() };
  }
  const colon = body.search(/:(?:\s|$)/);
  if (colon <= 0 || /^[[\]{},&*!|>%@`#]/.test(body) || /\s#/.test(body.slice(0, colon))) return none;
  return { key: body.slice(0, colon).trim(), rest: body.slice(colon + 1).trim() };
}
