/**
 * In which slices of time a page is looked for: the first holds a few pages of rows if they are spread evenly, each
 * further one is a multiple as long, and the last takes the rest.
 */
import type { EventFilter } from '../event-store.ts';
import type { Segment } from './manifest.ts';
import type { PlaceBounds } from './segment-sql.ts';

/** How many times a page the first slice holds, where every row counts and where a value is asked for. */
const ROWS = 2;
const ROWS_SELECTIVE = 64;
const GROWTH = 8;
/** After so many the rest is one. */
const MOST_SLICES = 4;

/** Event times, epoch milliseconds, `from` inclusive, `to` exclusive. */
export interface TimeSlice {
  readonly from: number;
  readonly to: number;
}

/** Whether the rows are fewer than those of their time. */
export function isSelective({ where, category, arrivedAfter, ingestedFrom }: EventFilter): boolean {
  const isValueAsked = category !== undefined || Object.keys(where ?? {}).length > 0;
  return isValueAsked || arrivedAfter !== undefined || ingestedFrom !== undefined;
}

/** @param segments those that can hold such rows; @returns slices that adjoin and cover them, in the order */
export function* slicesOf(
  segments: readonly Pick<Segment, 'rows' | 'minMs' | 'maxMs'>[],
  filter: EventFilter,
  { after, before }: PlaceBounds,
  order: 'newest' | 'oldest',
  limit: number,
): Generator<TimeSlice> {
  if (segments.length === 0) return;
  const first = Math.max(
    Math.min(...segments.map(({ minMs }) => minMs)),
    filter.from ?? -Infinity,
    after?.timeMs ?? -Infinity,
  );
  const last = Math.min(
    Math.max(...segments.map(({ maxMs }) => maxMs)),
    filter.to ?? Infinity,
    before?.timeMs ?? Infinity,
  );
  const [start, end] = [Math.floor(first), Math.floor(last) + 1];
  const rows = segments.reduce((sum, segment) => sum + rowsWithin(segment, start, end), 0);
  const wanted = limit * (isSelective(filter) ? ROWS_SELECTIVE : ROWS);
  let width = Math.max(1, Math.ceil(((end - start) * wanted) / Math.max(1, rows)));
  let done = 0;
  for (let slice = 1; done < end - start; slice += 1) {
    const next = slice === MOST_SLICES ? end - start : Math.min(end - start, done + width);
    yield order === 'oldest' ? { from: start + done, to: start + next } : { from: end - next, to: end - done };
    done = next;
    width *= GROWTH;
  }
}

/** As many as there are if they are spread evenly. */
function rowsWithin(
  { rows, minMs, maxMs }: Pick<Segment, 'rows' | 'minMs' | 'maxMs'>,
  start: number,
  end: number,
): number {
  const span = maxMs - minMs + 1;
  return (rows * Math.max(0, Math.min(end, maxMs + 1) - Math.max(start, minMs))) / span;
}
