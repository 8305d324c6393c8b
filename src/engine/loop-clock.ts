/**
 * How long the loop itself did not run: a machine asleep, a process stopped, a disk that kept a commit waiting.
 *
 * What waits for quiet (a sequence, a record whose other lines have not come) takes "nothing came for ten seconds" to mean
 * that nothing happened. While the loop stood still nobody could have read what came, so that time must not count: the
 * lines that wait in the file are read first.
 */

/** The loop looks ten times a second; a longer pause than this was none of the sources'. */
const LONGEST_STEP_MS = 1_000;

export class LoopClock {
  private readonly now: () => number;
  private last: number;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.now = now;
    this.last = now();
  }

  /**
   * A look at the clock: the milliseconds since the one before in which the loop stood still.
   * @param heldSince since when a commit holds up whoever reads, epoch milliseconds; the loop itself runs on meanwhile
   */
  look(heldSince?: number): number {
    const now = this.now();
    const isHeld = heldSince !== undefined && now - heldSince > LONGEST_STEP_MS;
    const lost = isHeld ? now - this.last : Math.max(0, now - this.last - LONGEST_STEP_MS);
    this.last = now;
    return lost;
  }
}
