/**
 * Where findings stand in a text that is shown.
 *
 * The service counts lines from 1 and columns in code points from 1; an editor counts UTF-16 units from 0.
 */
import type { Finding } from '../../../src/serve/api.ts';

/** A stretch of a text, half-open. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/**
 * The finding's place in the text. A point is widened to the word it stands at, so that there is something to see.
 * `undefined` where the whole text is meant.
 */
export function placeOf(finding: Finding, text: string): Place | undefined {
  // A file with a rule a line is shown as that line alone, wherever it stood.
  const onlyLine = !text.trimEnd().includes('\n');
  const at = ({ line, column }: { line: number; column: number }) => offsetAt(text, onlyLine ? 1 : line, column);
  const from = at(finding);
  const to = at(finding.end);
  if (to > from) return { from, to };
  if (from === 0 && finding.column === 1 && finding.line === 1) return undefined;
  const word = /^[\w.-]+|^[^\s]/.exec(text.slice(from, from + 200))?.[0] ?? '';
  return word === '' ? { from: Math.max(0, from - 1), to: from } : { from, to: from + word.length };
}

/**
 * A place of the rule's text in its query, which stands there from `queryOffset` on: as it is, or with every line
 * indented. `undefined` where the place is outside, or the text writes the query in another way (escaped, folded).
 */
export function placeInQuery(
  place: Place | undefined,
  text: string,
  query: string,
  queryOffset: number | undefined,
): Place | undefined {
  if (place === undefined || queryOffset === undefined) return undefined;
  const meaning = query.trimEnd();
  const lines = meaning.split('\n');
  const toQuery = (offset: number): number | undefined => {
    if (offset < queryOffset) return undefined;
    const index = text.slice(queryOffset, offset).split('\n').length - 1;
    const start = index === 0 ? queryOffset : text.lastIndexOf('\n', offset - 1) + 1;
    const end = text.indexOf('\n', start);
    const written = text.slice(start, end === -1 ? text.length : end);
    const meant = lines[index];
    if (meant === undefined || !written.trimStart().startsWith(meant.trim())) return undefined;
    const column = offset - start - (blanksBefore(written) - blanksBefore(meant));
    if (column > meant.length) return undefined;
    return lines.slice(0, index).join('\n').length + (index === 0 ? 0 : 1) + Math.max(0, column);
  };
  const from = toQuery(place.from);
  if (from === undefined) {
    // Behind the last word, where something is missing.
    const isAtEnd = place.from > queryOffset && text.slice(queryOffset, place.from) === query;
    return isAtEnd ? { from: meaning.length - 1, to: meaning.length } : undefined;
  }
  return { from, to: Math.max(toQuery(place.to) ?? meaning.length, from) };
}

function blanksBefore(line: string): number {
  return line.length - line.trimStart().length;
}

function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let skipped = 1; skipped < line; skipped += 1) {
    const end = text.indexOf('\n', start);
    if (end === -1) return text.length;
    start = end + 1;
  }
  let at = start;
  for (let passed = 1; passed < column && at < text.length && text[at] !== '\n'; passed += 1) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}
