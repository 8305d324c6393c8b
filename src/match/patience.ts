/**
 * Whether to go on learning of lines what may never come again.
 *
 * To learn costs about as much as a dozen lines that need not be read save, so that it is done as long as what is asked is
 * often known already. What is unknown and not learned, since it came for the first time, costs nothing.
 */

/** Times that something was known for each time more. */
const KNOWN_FOR_ONE = 3;
/** The share of a trial that has to be known. */
const LEAST_KNOWN = 0.4;
/** Times that something is learned whatever is known, and questions after which it is decided whether it is any use. */
const ORDINARY = { first: 64, trial: 512 };
/** For tests: both come to pass within few lines. */
const HASTY: typeof ORDINARY = { first: 4, trial: 16 };

export class Patience {
  /** Whether what is asked hardly ever was known. */
  isLost = false;
  private known = 0;
  private unknown = 0;
  private left = ORDINARY.first * KNOWN_FOR_ONE;
  private trial = ORDINARY.trial;

  constructor(isHasty = false) {
    if (!isHasty) return;
    this.left = HASTY.first * KNOWN_FOR_ONE;
    this.trial = HASTY.trial;
  }

  told(isKnown: boolean): void {
    if (isKnown) {
      this.known += 1;
      this.left += 1;
    } else {
      this.unknown += 1;
    }
    const asked = this.known + this.unknown;
    if (asked < this.trial) return;
    if (this.known < asked * LEAST_KNOWN) this.isLost = true;
    this.known = 0;
    this.unknown = 0;
  }

  /** Something was learned, or could not be. */
  learned(): void {
    this.left -= KNOWN_FOR_ONE;
  }

  get isLeft(): boolean {
    return this.left >= 0;
  }
}
