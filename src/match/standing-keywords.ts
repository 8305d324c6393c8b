/**
 * Which searches for keywords a line may meet.
 *
 *   line's bytes ──one pass for the words of all rules──▶ none: nothing is met │ some may stand there ──one for the words of each──▶ needs
 *
 * Few lines have one, but to search one's event takes as long as dozens of lines do: only rules whose own words stand there are asked.
 */
import type { LineScanner } from '../format/line-shape.ts';
import { type Marks, mark } from './byte-marks.ts';
import { foldsOddly, type KeywordFilter } from './keyword-filter.ts';
import { type Entry, marksOf, needOf } from './need-entries.ts';
import type { PlannedLines } from './sieve-plan.ts';

interface Part {
  readonly filter: KeywordFilter;
  readonly marks: Marks;
}

/** Rules whose words are looked for by themselves. */
const MOST_PARTS = 64;

export class StandingKeywords {
  private readonly filter: KeywordFilter;
  private readonly entries: readonly Entry[];
  private readonly lines: Pick<PlannedLines, 'filters' | 'book'>;
  /** Made for the first line that has one. */
  private parts: readonly Part[] | undefined;

  /** @param filter for the words of all */
  constructor(filter: KeywordFilter, entries: readonly Entry[], lines: Pick<PlannedLines, 'filters' | 'book'>) {
    this.filter = filter;
    this.entries = entries;
    this.lines = lines;
  }

  /** Of the line that was scanned last. */
  meet(scanner: LineScanner<unknown>, met: Int32Array): void {
    if (!mayStandIn(this.filter, scanner)) return;
    this.parts ??= this.findParts();
    for (const { filter, marks } of this.parts)
      if (filter === this.filter || mayStandIn(filter, scanner)) mark(marks, met);
  }

  private findParts(): readonly Part[] {
    const { filter, entries, lines } = this;
    const byNeed = new Map<number, Entry[]>();
    for (const entry of entries) {
      const ofNeed = byNeed.get(needOf(entry));
      if (ofNeed === undefined) byNeed.set(needOf(entry), [entry]);
      else ofNeed.push(entry);
    }
    if (byNeed.size > MOST_PARTS) return [{ filter, marks: marksOf(entries.map(needOf), lines.book) }];
    return [...byNeed].map(([need, own]) => ({
      filter: lines.filters.of(own.map(([text]) => text?.literal)),
      marks: marksOf([need], lines.book),
    }));
  }
}

/** False only where none of the words stands in the line that was scanned last. */
export function mayStandIn(filter: KeywordFilter, scanner: LineScanner<unknown>): boolean {
  if (scanner.hasOddEscapes) {
    if (filter.mayStandInEscaped(scanner.bytes.subarray(0, scanner.length))) return true;
  } else if (filter.mayStandInLine(scanner)) return true;
  return scanner.isOdd && foldsOddly(scanner.bytes.subarray(0, scanner.length));
}
