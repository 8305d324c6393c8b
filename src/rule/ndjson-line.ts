/**
 * Lines of NDJSON as Elastic exports them: one whole object a line, read within bounds.
 */
import { isJsonObject, type JsonObject, parseJson } from '../event/json.ts';

export interface Line {
  readonly text: string;
  /** Where it starts in the text, in UTF-16 units. */
  readonly start: number;
  /** From 1. */
  readonly number: number;
}

/** Elastic's rules nest seven deep. */
const DEEPEST = 32;

/** The object of a line, or what is wrong with it (without a full stop) and where in the line. */
export function parseJsonLine(
  text: string,
): { readonly value: JsonObject } | { readonly problem: string; readonly at: number } {
  try {
    const value = parseJson(text);
    if (!isJsonObject(value)) throw new SyntaxError('no object');
    if (nestsDeeper(value, DEEPEST)) throw new SyntaxError(`nested deeper than ${DEEPEST} levels`);
    return { value };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const at = Math.min(Number(/position (\d+)/.exec(what)?.[1] ?? 0), text.length);
    const problem = what.replace(/,? ?"[\s\S]*" is not valid JSON$/, '').replace(/ in JSON at position \d+.*$/s, '');
    return { problem, at };
  }
}

/** The lines of a text that hold anything, without their ends; a byte order mark at the beginning is passed over. */
export function* linesOf(text: string): Iterable<Line> {
  let number = 1;
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length; number += 1) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end).replace(/\r$/, '');
    if (line.trim() !== '') yield { text: line, start, number };
    start = end + 1;
  }
}

/** Walks without recursion: the depth is what is not known yet. */
function nestsDeeper(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
