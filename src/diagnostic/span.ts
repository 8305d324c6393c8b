/**
 * Where something stands in a text.
 *
 * A span is a half-open range of UTF-16 code units, the unit of `String.prototype.slice`, so that a parser can cut
 * without counting. People are shown lines and columns, both from 1; a column counts code points, as editors do.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Of a place that speaks of another text (a correlation names a rule): where it stands there. */
  readonly origin?: Span;
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
  const starts = lineStarts(text);
  let line = 0;
  for (let over = starts.length; over - line > 1; ) {
    const middle = (line + over) >>> 1;
    if ((starts[middle] as number) <= end) line = middle;
    else over = middle;
  }
  return { line: line + 1, column: 1 + codePoints(text.slice(starts[line], end)) };
}

function codePoints(text: string): number {
  if (!/[\ud800-\udbff]/.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * Of the text that was asked for last: places in one file are asked for one after another, and an export of ten thousand
 * rules would otherwise be read from its start for each.
 */
let last: { readonly text: string; readonly starts: readonly number[] } | undefined;

function lineStarts(text: string): readonly number[] {
  if (last?.text === text) return last.starts;
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  last = { text, starts };
  return starts;
}
