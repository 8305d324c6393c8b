/**
 * How many lines may be read with care, to learn of them, for those that were asked about: where values hardly ever come again, learning
 * them takes longer than reading the lines.
 *
 * A budget that is spent comes back while lines are only read, slowly enough that what is learned then takes an eighth more at most: a log may
 * come to lines that are worth it, and what was learned by then is of use.
 */

/** What it takes to read a line with care, in lines that are only read. */
const LINES_FOR_ONE_READ = 4;
/** What a line that is only read is worth. */
const WORTH_OF_GIVEN_UP = 1 / 8;

export class LearningBudget {
  /** In lines that are only read. */
  private left: number;

  /** @param ahead so much may be spent before any line was asked about */
  constructor(ahead: number) {
    this.left = ahead;
  }

  get isSpent(): boolean {
    return this.left < 0;
  }

  /** A line was asked about, and lines were read with care for it. */
  asked(reads: number): void {
    this.left += 1 - reads * LINES_FOR_ONE_READ;
  }

  /** A line was not asked about, as too much was spent. */
  gaveUp(): void {
    this.left += WORTH_OF_GIVEN_UP;
  }
}
