/** What `write-events.ts` stores, and how it is kept. */
import { newEvent } from '../../src/store/event.fixture.ts';
import type { NewEvent } from '../../src/store/event-store.ts';

export const KEPT = { limits: { keepMs: 100_000 * 24 * 3_600_000, maxBytes: 1024 ** 3 } };
export const BATCH = 4;

export function batchOf(batch: number): NewEvent[] {
  return Array.from({ length: BATCH }, (_, n) =>
    newEvent(`${batch}-${n}`, { timeMs: 1_790_000_000_000 + ((batch * 7 + n) % 11) * 1_000, host: `h${n}` }),
  );
}
