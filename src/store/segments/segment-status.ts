/** How much is stored, in all parts together. */
import { statSync } from 'node:fs';
import type { EventStoreStatus } from '../event-store.ts';
import type { Manifest } from './manifest.ts';

interface Counted {
  readonly rows: number;
  readonly bytes: number;
  /** Event times, epoch milliseconds; infinite where there are no rows. */
  readonly minMs: number;
  readonly maxMs: number;
}

export function statusOf(
  manifest: Manifest,
  parts: readonly Counted[],
): Omit<EventStoreStatus, 'pruned' | 'arrival' | 'problem'> {
  const filled = parts.filter(({ rows }) => rows > 0);
  const oldest = Math.min(...filled.map(({ minMs }) => minMs));
  const newest = Math.max(...filled.map(({ maxMs }) => maxMs));
  const damaged = manifest.damaged().length;
  return {
    events: filled.reduce((sum, { rows }) => sum + rows, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, manifestBytes(manifest.path)),
    ...(filled.length === 0 ? {} : { oldest, newest }),
    ...(damaged === 0 ? {} : { damaged }),
  };
}

function manifestBytes(path: string): number {
  const sizes = ['', '-wal'].map((end) => statSync(path + end, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
