/**
 * How long the loop itself did not run: a machine asleep, a process stopped, a disk that kept a commit waiting.
 *
 * What waits for quiet (a sequence, a record whose other lines have not come) takes "nothing came for ten seconds" to mean
 * that nothing happened. While the loop stood still nobody could have read what came, so that time must not count: the
 * lines that wait in the file are read first.
 *
 * A clock that is set back tells nothing of how long it was; how far it lies behind is told to whoever runs the machine.
 */

/** The loop looks ten times a second; a longer pause than this was none of the sources'. */
const LONGEST_STEP_MS = 1_000;
/** Clocks are put right by fractions of a second all the time. */
const LEAST_BEHIND_MS = 2_000;

export class LoopClock {
  private readonly now: () => number;
  private last: number;
  private latest: number;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.now = now;
    this.last = now();
    this.latest = this.last;
  }

  /**
   * A look at the clock: the milliseconds since the one before in which the loop stood still.
   * @param heldSince since when a commit holds up whoever reads, epoch milliseconds; the loop itself runs on meanwhile
   */
  look(heldSince?: number): number {
    const now = this.now();
    const isHeld = heldSince !== undefined && now - heldSince > LONGEST_STEP_MS;
    const passed = now - this.last;
    this.last = now;
    this.latest = Math.max(this.latest, now);
    return Math.max(0, isHeld ? passed : passed - LONGEST_STEP_MS);
  }

  /** As of the last look: how far the clock lies behind what it has shown before, in milliseconds; 0 where it does not. */
  get behind(): number {
    const behind = this.latest - this.last;
    return behind < LEAST_BEHIND_MS ? 0 : behind;
  }
}
