/**
 * A limit on the rate of what comes: tokens are refilled with time and taken for what is let in.
 *
 * Whatever comes is let in whole while the bucket is not empty, and may put it into debt; so one large request is never
 * refused for its size alone, and the mean rate holds all the same.
 */

/** A bucket holds so many seconds' worth. */
const BURST_SECONDS = 10;

export class TokenBucket {
  private readonly rate: number;
  private tokens: number;
  private at: number;

  /**
   * @param rate tokens a second; `Infinity` for no limit
   * @param now epoch milliseconds
   */
  constructor(rate: number, now: number) {
    this.rate = rate;
    this.tokens = rate * BURST_SECONDS;
    this.at = now;
  }

  /** Takes tokens. Where there are none: the seconds until there are, and nothing is taken. */
  take(count: number, now: number): number {
    if (this.rate === Number.POSITIVE_INFINITY) return 0;
    const passed = Math.max(0, now - this.at) / 1_000;
    this.at = now;
    this.tokens = Math.min(this.rate * BURST_SECONDS, this.tokens + passed * this.rate);
    if (this.tokens <= 0) return Math.max(1, Math.ceil((1 - this.tokens) / this.rate));
    this.tokens -= count;
    return 0;
  }
}
