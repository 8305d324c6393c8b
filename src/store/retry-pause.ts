/**
 * How long what failed is left alone before it is tried again, by the clock of the machine.
 *
 * A clock that is set back must not make the pause longer: more of it than was agreed on means that it is over.
 */
export class RetryPause {
  private readonly now: () => number;
  private until = Number.NEGATIVE_INFINITY;
  private length = 0;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  begin(ms: number): void {
    this.until = this.now() + ms;
    this.length = ms;
  }

  get isOver(): boolean {
    const left = this.until - this.now();
    return left <= 0 || left > this.length;
  }
}
