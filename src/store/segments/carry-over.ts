/**
 * The events of a data folder that an earlier Vedette wrote, `events.sqlite`, carried over into the store of today.
 *
 *   events.sqlite ──oldest first, in pages──▶ append ──all of them──▶ the file is deleted
 *
 * Appending knows identities, so that a crash in the middle only means to begin again.
 */
import { rmSync } from 'node:fs';
import type { EventStore } from '../event-store.ts';

const PAGE = 2_000;

/** @returns how many were there */
export async function carryOver(
  from: EventStore,
  to: Pick<EventStore, 'append' | 'prune'>,
  nowMs: number,
): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await from.query({ order: 'oldest', limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    await to.append(page.events);
    count += page.events.length;
    cursor = page.next;
    // Moved on as it comes: the log is held in memory.
    while (await to.prune(nowMs));
  } while (cursor !== undefined);
  return count;
}

export function removeSqlite(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}
