/** Which segments go, and which become one. */
import type { Segment } from './manifest.ts';

/** A segment becomes no larger: its documents are sorted in memory, and it is written again as a whole. */
const MOST_ROWS = 262_144;
const MOST_DOCUMENT_BYTES = 192 * 1024 * 1024;
/** So many of a size become one, so that a row is written again three or four times in all. */
const TOGETHER = 6;

/**
 * The first to go where there is too much. An event's time says nothing where it lies after its arrival: such events go
 * with those they came with.
 */
export function oldestOf(segments: readonly Segment[]): Segment | undefined {
  const ageOf = ({ maxMs, lastIngestedMs }: Segment): number => Math.min(maxMs, lastIngestedMs);
  return segments.reduce<Segment | undefined>(
    (oldest, one) => (oldest === undefined || ageOf(one) < ageOf(oldest) ? one : oldest),
    undefined,
  );
}

/** Neighbours in time, of about the same size, that fit into one; none where there are too few. */
export function compactable(segments: readonly Segment[]): readonly Segment[] {
  const bySize = new Map<number, Segment[]>();
  for (const segment of [...segments].sort((a, b) => a.minMs - b.minMs)) {
    if (segment.rows > MOST_ROWS / 2 || segment.documentBytes > MOST_DOCUMENT_BYTES / 2) continue;
    const size = Math.floor(Math.log2(segment.rows) / 2);
    const others = bySize.get(size);
    if (others === undefined) bySize.set(size, [segment]);
    else others.push(segment);
  }
  for (const [, alike] of [...bySize].sort(([a], [b]) => a - b)) {
    if (alike.length < TOGETHER) continue;
    const fitting = firstFitting(alike);
    if (fitting.length > 1) return fitting;
  }
  return [];
}

function firstFitting(segments: readonly Segment[]): readonly Segment[] {
  let [rows, bytes] = [0, 0];
  const fitting: Segment[] = [];
  for (const segment of segments) {
    rows += segment.rows;
    bytes += segment.documentBytes;
    if (rows > MOST_ROWS || bytes > MOST_DOCUMENT_BYTES) break;
    fitting.push(segment);
  }
  return fitting;
}
