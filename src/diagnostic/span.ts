/**
 * Where something stands in a text.
 *
 * A span is a half-open range of UTF-16 code units, the unit of `String.prototype.slice`, so that a parser can cut
 * without counting. People are shown lines and columns, both from 1; a column counts code points, as editors do.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in code points. */
  readonly column: number;
}

export const NO_SPAN: Span = Object.freeze({ start: 0, end: 0 });

export function spanOf(start: number, end: number): Span {
  return Object.freeze({ start, end });
}

/** Line and column of an offset in a text; an offset past the end is the position after the last character. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(Math.max(offset, 0), text.length);
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  let column = 1;
  for (const _ of text.slice(lineStart, end)) column += 1;
  return { line, column };
}
