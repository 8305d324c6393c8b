/**
 * Microseconds of processor time that this thread has taken.
 *
 * Linux adds to a running thread's account at its ticks, every 4 ms on many machines: a pass of 15 ms would be told as 12 or as 16.
 * A thread that has waited, however briefly, has its account made up.
 */
export function threadTime(): number {
  Atomics.wait(NEVER_WOKEN, 0, 0, WAITS_MS);
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
/** Long enough that the thread is put to sleep at all. */
const WAITS_MS = 0.05;
