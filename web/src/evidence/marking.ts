/**
 * Which parts of a command line made the rule true.
 *
 *   evidence of process.command_line ────────────────────────────┐
 *   evidence of process.args, found by walking the line in order ├─▶ ranges, merged and in order
 *   evidence of process.name, .executable, in the first word ────┘
 *
 * Ranges are half-open, in UTF-16 units of the text they mark, sorted, and never touch one another.
 */
import type { Alert, JsonObject } from '../../../src/serve/api.ts';
import { textOf, textsOf } from './field-of.ts';

export type Range = readonly [start: number, end: number];
export type Evidence = Alert['evidence'];

/** Sorts and joins ranges, cuts them to a text of `length`, and drops the empty ones. */
export function mergeRanges(ranges: Iterable<Range>, length: number): readonly Range[] {
  const sorted = [...ranges]
    .map(([start, end]): Range => [Math.max(0, start), Math.min(length, end)])
    .filter(([start, end]) => start < end)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** What the evidence marks in a value of a field. */
export function rangesIn(evidence: Evidence, field: string, value: string): readonly Range[] {
  const matched = evidence.fields[field]?.filter((candidate) => candidate.value === value) ?? [];
  return mergeRanges(
    matched.flatMap((candidate) => candidate.ranges),
    value.length,
  );
}

/** What the evidence marks in an event's command line, from whichever process field it comes. */
export function markCommandLine(event: JsonObject, evidence: Evidence): readonly Range[] {
  const line = textOf(event, 'process.command_line');
  if (line === undefined) return [];
  const found: Range[] = [...rangesIn(evidence, 'process.command_line', line)];
  const args = locateArguments(line, textsOf(event, 'process.args'));
  for (const { value, at } of args) {
    found.push(...shift(rangesIn(evidence, 'process.args', value), at));
  }
  const first = args.find(({ at }) => at === 0)?.value ?? /^\S*/.exec(line)?.[0] ?? '';
  found.push(...programRanges(event, evidence, first));
  return mergeRanges(found, line.length);
}

// The name need not be what was typed (`python3` is a link to `python3.11`); what both share in the same place is marked.
function programRanges(event: JsonObject, evidence: Evidence, typed: string): readonly Range[] {
  const base = typed.lastIndexOf('/') + 1;
  const places = [
    ['process.name', base],
    ['process.executable', 0],
  ] as const;
  return places.flatMap(([field, at]) => {
    const value = textOf(event, field) ?? '';
    const ranges = rangesIn(evidence, field, value);
    return shift(
      ranges.filter(([start, end]) => typed.slice(at + start, at + end) === value.slice(start, end)),
      at,
    );
  });
}

// Arguments stand in the line in order, so each is looked for after the one before; one that quoting has changed is
// passed over. It must stand alone as a word, or `m` would be found in `-m`.
function locateArguments(line: string, args: readonly string[]): { value: string; at: number }[] {
  const located: { value: string; at: number }[] = [];
  let from = 0;
  for (const value of args) {
    if (value === '') continue;
    for (let at = line.indexOf(value, from); at !== -1; at = line.indexOf(value, at + 1)) {
      if (!isBoundary(line[at - 1]) || !isBoundary(line[at + value.length])) continue;
      located.push({ value, at });
      from = at + value.length;
      break;
    }
  }
  return located;
}

function isBoundary(character: string | undefined): boolean {
  return character === undefined || /[\s"']/.test(character);
}

function shift(ranges: readonly Range[], by: number): Range[] {
  return ranges.map(([start, end]) => [start + by, end + by]);
}
