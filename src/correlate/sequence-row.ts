/**
 * What a sequence remembers for one key, as JSON and back.
 */
import type { EventTime } from '../event/time.ts';
import type { LiteralValue } from '../plan/predicate/node.ts';
import { type EventRow, fromEventRow, fromTimeRow, type TimeRow, toEventRow, toTimeRow } from './event-row.ts';
import type { Candidate, SequenceEntry } from './sequence-entry.ts';
import { newSequenceEntry } from './sequence-entry.ts';

interface SequenceRow {
  readonly key: string;
  readonly values: readonly LiteralValue[];
  readonly expires: TimeRow | null;
  readonly candidates: readonly (CandidateRow | null)[];
  readonly leading: readonly [last: TimeRow, before: TimeRow | null] | null;
  readonly waiting: readonly (readonly [deadline: TimeRow | null, candidate: CandidateRow])[];
}

interface CandidateRow {
  readonly events: readonly EventRow[];
  readonly leading: TimeRow | null;
  readonly missing: TimeRow | null;
  readonly broken: boolean;
}

export function toSequenceRow(entry: SequenceEntry): string {
  const { leading } = entry;
  const row: SequenceRow = {
    key: entry.key.text,
    values: entry.key.values,
    expires: timeOrNull(entry.expires),
    candidates: entry.candidates.map((candidate) => (candidate === undefined ? null : toCandidateRow(candidate))),
    leading: leading === undefined ? null : [toTimeRow(leading.last), timeOrNull(leading.before)],
    waiting: entry.waiting.flatMap(({ deadline, candidate }) =>
      candidate === undefined ? [] : [[timeOrNull(deadline), toCandidateRow(candidate)] as const],
    ),
  };
  return JSON.stringify(row);
}

/** @throws {SyntaxError} where the text is none of `toSequenceRow`. */
export function fromSequenceRow(text: string): SequenceEntry {
  const row = JSON.parse(text) as SequenceRow;
  const entry = newSequenceEntry({ text: row.key, values: row.values }, row.candidates.length + 1);
  entry.expires = timeOrUndefined(row.expires);
  for (const [stage, candidate] of row.candidates.entries()) {
    if (candidate !== null) entry.candidates[stage] = fromCandidateRow(candidate);
  }
  if (row.leading !== null) {
    entry.leading = { last: fromTimeRow(row.leading[0]), before: timeOrUndefined(row.leading[1]) };
  }
  for (const [deadline, candidate] of row.waiting) {
    entry.waiting.push({ deadline: timeOrUndefined(deadline), candidate: fromCandidateRow(candidate), entry });
  }
  return entry;
}

function toCandidateRow({ events, leading, missing, broken }: Candidate): CandidateRow {
  return { events: events.map(toEventRow), leading: timeOrNull(leading), missing: timeOrNull(missing), broken };
}

function fromCandidateRow({ events, leading, missing, broken }: CandidateRow): Candidate {
  return {
    events: events.map(fromEventRow),
    leading: timeOrUndefined(leading),
    missing: timeOrUndefined(missing),
    broken,
  };
}

function timeOrNull(time: EventTime | undefined): TimeRow | null {
  return time === undefined ? null : toTimeRow(time);
}

function timeOrUndefined(row: TimeRow | null): EventTime | undefined {
  return row === null ? undefined : fromTimeRow(row);
}
