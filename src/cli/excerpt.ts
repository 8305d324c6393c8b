/**
 * The line of a text that a finding is about, with marks under the place:
 *
 *     14 │ risk_score = 80
 *        │              ^^
 *
 * A long line is cut to a window around the place; a place over several lines is marked on its first.
 */
import type { Position } from '../diagnostic/span.ts';
import { printable } from './terminal.ts';

export interface Excerpt {
  readonly gutter: string;
  /** Safe to print, tabs as one space, so that the marks stand where they belong. */
  readonly source: string;
  /** Spaces and `^`, as wide as what they mark. */
  readonly marks: string;
}

/** Code points shown of a line, and how many of them before the place. */
const WINDOW = 96;
const BEFORE = 40;

/** `undefined` where the line is empty, so that there is nothing to mark. */
export function excerpt(text: string, start: Position, end: Position): Excerpt | undefined {
  const line = [...lineOf(text, start.line)];
  if (line.length === 0) return undefined;
  const from = start.column - 1;
  const to = Math.max(from + 1, end.line === start.line ? end.column - 1 : line.length);
  const first = from <= WINDOW - 16 && line.length <= WINDOW ? 0 : Math.max(0, from - BEFORE);
  const last = Math.min(line.length, first + WINDOW);
  const shown = (a: number, b: number): string => printable(line.slice(a, b).join('').replaceAll('\t', ' '));
  const head = `${first > 0 ? '…' : ''}${shown(first, from)}`;
  const marked = shown(from, Math.min(to, last));
  const source = `${head}${marked}${shown(Math.min(to, last), last)}${last < line.length ? '…' : ''}`;
  return {
    gutter: String(start.line),
    source,
    marks: ' '.repeat(columns(head)) + '^'.repeat(Math.max(1, columns(marked))),
  };
}

function lineOf(text: string, number: number): string {
  let start = 0;
  for (let line = 1; line < number; line += 1) {
    const next = text.indexOf('\n', start);
    if (next === -1) return '';
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
}

/** Columns a terminal gives a text: two for wide characters (East Asian, emoji), none for marks that combine. */
function columns(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60\p{Emoji_Presentation}]/u;
