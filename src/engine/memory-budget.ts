/**
 * One budget of memory for all that the service does beside taking events, divided among what does it.
 *
 *   memory.megabytes ──divideMemory──▶ hunts · runs · previews · look-ups · segments ──▶ limits of DuckDB and of threads' heaps
 *
 * Each share is a limit that is held, by DuckDB (which goes to the disk where it can) or by the thread's heap: what needs
 * more fails with words, and nothing else does. What taking events keeps has bounds of its own: docs/operate.md.
 */

/** In MiB. */
export interface MemoryBudget {
  /** Whole queries over stored events. */
  readonly hunts: number;
  /** Rules over stored events, in one thread: its heap, and DuckDB in it. */
  readonly runs: ThreadShare;
  /** What a rule would have done, in one thread. */
  readonly previews: ThreadShare;
  /** Pages of events, alerts' surroundings and guides' questions. */
  readonly lookups: number;
  /** Stored events that an exception would have removed. */
  readonly effects: number;
  /** Moving events out of the log, and making one segment of several. */
  readonly segments: number;
}

interface ThreadShare {
  readonly heap: number;
  readonly reading: number;
}

export const DEFAULT_MEMORY = 4_096;

/** @param megabytes of all; @param hunts instead of their share. In MiB. */
export function divideMemory(megabytes: number = DEFAULT_MEMORY, hunts?: number): MemoryBudget {
  const parts = (count: number): number => Math.floor((megabytes * count) / 32);
  return {
    hunts: hunts ?? parts(8),
    runs: { heap: parts(10), reading: parts(3) },
    previews: { heap: parts(4), reading: parts(1) },
    lookups: parts(3),
    effects: parts(1),
    segments: parts(2),
  };
}

/** The shares as a list, for whoever wants to see them: MiB by name. */
export function memoryShares(budget: MemoryBudget): Readonly<Record<keyof MemoryBudget, number>> {
  const { runs, previews, ...others } = budget;
  return { ...others, runs: runs.heap + runs.reading, previews: previews.heap + previews.reading };
}
