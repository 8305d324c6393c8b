/**
 * Follows a host's pid counter, seen only through the pids of new processes.
 *
 * The kernel gives pids in rising order and starts again from a low one at its maximum. So a pid that is new and far
 * below the last one means that the counter wrapped, or that an old process (started before the first event, or a fork
 * that never ran a program) is seen for the first time. One such pid alone decides nothing: the counter counts as
 * wrapped when the next new pid is low, too.
 *
 * A position is `wraps * SPAN + pid`, ever rising.
 */
const SPAN = 2 ** 23; // above the largest pid_max, 2^22
/** A pid this much below the last is no neighbour that was seen a little late (one of several processors). */
const LATE = 256;

export class PidCounter {
  private wraps = 0;
  private last = 0;
  /** A low pid that waits for a second one. */
  private low: number | undefined;

  /** A process with this pid is new. */
  saw(pid: number): void {
    if (pid >= this.last - LATE) {
      this.last = Math.max(this.last, pid);
      this.low = undefined;
    } else if (this.low !== undefined && pid >= this.low - LATE) {
      this.wraps += 1;
      this.last = Math.max(this.low, pid);
      this.low = undefined;
    } else {
      this.low = pid;
    }
  }

  get position(): number {
    return this.wraps * SPAN + this.last;
  }

  /** Whether the counter has been at this pid again since it stood at `born`, so that it may be another process's. */
  hasPassed(pid: number, born: number): boolean {
    return this.position >= (Math.floor(born / SPAN) + 1) * SPAN + pid;
  }
}
