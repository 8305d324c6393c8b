/**
 * Counts how often each of many names occurs, in bounded memory: so many names are counted each, all that come new after
 * that together. What is counted is exact; what is not is said.
 */
export interface Counted {
  readonly name: string;
  readonly count: number;
}

export interface Counts {
  /** Most frequent first, equals by name. */
  readonly top: readonly Counted[];
  /** Different names, as far as counted each. */
  readonly different: number;
  /** Occurrences that are not in `top`. */
  readonly rest: number;
  /** More names came than are counted each, so that one of those might belong into `top`. */
  readonly exceeded: boolean;
}

export class BoundedCount {
  private readonly most: number;
  private readonly counts = new Map<string, number>();
  private total = 0;
  private exceeded = false;

  /** `most`: how many names are counted each. */
  constructor(most: number) {
    this.most = most;
  }

  add(name: string): void {
    this.total += 1;
    const count = this.counts.get(name);
    if (count !== undefined) this.counts.set(name, count + 1);
    else if (this.counts.size < this.most) this.counts.set(ownCopy(name), 1);
    else this.exceeded = true;
  }

  summary(shown: number): Counts {
    const sorted = [...this.counts].map(([name, count]): Counted => ({ name, count }));
    sorted.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
    const top = sorted.slice(0, shown);
    const rest = this.total - top.reduce((sum, { count }) => sum + count, 0);
    return { top, different: this.counts.size, rest, exceeded: this.exceeded };
  }
}

// A name is often a slice of its line, which would be kept with it.
function ownCopy(name: string): string {
  return Buffer.from(name, 'utf16le').toString('utf16le');
}
