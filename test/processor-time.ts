/**
 * How long something computes, for tests that hostile input comes to an end soon. Not by the clock: beside other work a
 * machine may stall for seconds.
 */

/** Milliseconds of processor time that bounded work may take: far above what it needs, far below what a square costs. */
export const BOUNDED_MS = 5_000;

/** Milliseconds that this thread computes. */
export function processorMs(work: () => void): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000;
}
